/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/wire/checksum.h: the Internet checksum (RFC 1071), as a running sum over pieces of any length, so that chains
 * and pseudo headers need no copy.  Values are in host order: the bytes of a header are what be16_put() makes of
 * them. */
#pragma once

#include "base/span.h"
#include "net/ip4.h"

struct checksum {
	uint64_t sum; /* of 16-bit words as they lie in memory */
	bool odd;     /* an odd number of bytes so far */
};

void checksum_add(struct checksum *c, struct span bytes);
/* The pseudo header of TCP (RFC 9293 section 3.1); len is that of the transport header and payload. */
void checksum_add_pseudo(struct checksum *c, struct ip4 src, struct ip4 dst, uint8_t protocol,
			 uint16_t len);
/* The field's value: what makes the whole sum up to 0.  Over a received header with its checksum: 0 when intact. */
uint16_t checksum_value(struct checksum c);
/* What a port that fills in the checksum wants to find in its place: the sum so far, not complemented. */
uint16_t checksum_partial(struct checksum c);
/* Writes a value where a header keeps it. */
void checksum_put(uint8_t *field, uint16_t value);
