/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/wire/ip4_wire.h: the IPv4 header (RFC 791), bytes to host-order values and back.  No state. */
#pragma once

#include "base/counters.h"
#include "base/span.h"
#include "net/ip4.h"

#define IP4_HEADER_BYTES 20

#define IP4_PROTOCOL_ICMP 1
#define IP4_PROTOCOL_TCP 6

struct ip4_header {
	struct ip4 src, dst;
	uint16_t total_bytes; /* header and payload; what the frame holds beyond that is padding */
	uint16_t id, offset_bytes; /* of a fragment: which packet's, and where in its payload */
	bool more_fragments;
	uint8_t protocol;
	uint8_t ttl;
};

static inline bool ip4_is_fragment(const struct ip4_header *h)
{
	return h->more_fragments || h->offset_bytes != 0;
}

/* in begins with the header and is what lies together of packet_bytes in all.  Checks version, lengths and checksum.
 * A header with options is refused (DROP_ip4_options). */
enum drop_reason ip4_header_parse(struct span in, size_t packet_bytes,
				  struct ip4_header *ret_header);
/* The same for the start of a packet that an ICMP error quotes (RFC 792): most of it may be missing, its checksum is
 * not looked at, since routers on the way have changed the header. */
enum drop_reason ip4_header_parse_quoted(struct span in, struct ip4_header *ret_header);
/* Writes IP4_HEADER_BYTES without options, "don't fragment" set, of no fragment.  The checksum is 0 unless with_checksum. */
void ip4_header_emit(const struct ip4_header *h, bool with_checksum, uint8_t *out);
/* header, of a packet's first fragment, becomes that of the whole packet of total_bytes. */
void ip4_header_join(uint8_t *header, uint16_t total_bytes);
