/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/checksum.h"

#include "net/wire/be.h"

/* One's complement addition does not care for byte order (RFC 1071 section 2 (B)), nor for the width of the words
 * (C), so memory is summed eight bytes at a time as it lies there. */
static uint64_t add_carry(uint64_t sum, uint64_t word)
{
	uint64_t total = sum + word;

	return total + (total < word);
}

static uint64_t load(const uint8_t *p, size_t len)
{
	uint64_t word = 0;

	memcpy(&word, p, len);
	return word;
}

static uint16_t fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

void checksum_add(struct checksum *c, struct span bytes)
{
	bool odd = bytes.len & 1;
	uint64_t sum = 0;

	while (bytes.len >= sizeof(uint64_t)) {
		sum = add_carry(sum, load(bytes.p, sizeof(uint64_t)));
		bytes.p += sizeof(uint64_t);
		bytes.len -= sizeof(uint64_t);
	}
	if (bytes.len > 0)
		sum = add_carry(sum, load(bytes.p, bytes.len));
	/* A piece that begins at an odd place contributes with its bytes exchanged. */
	c->sum = add_carry(c->sum, c->odd ? __builtin_bswap16(fold(sum)) : sum);
	c->odd ^= odd;
}

void checksum_add_pseudo(struct checksum *c, struct ip4 src, struct ip4 dst, uint8_t protocol,
			 uint16_t len)
{
	uint8_t pseudo[12], *p = pseudo;

	p = be32_put(p, src.v);
	p = be32_put(p, dst.v);
	p = be16_put(p, protocol);
	be16_put(p, len);
	checksum_add(c, SPAN(pseudo));
}

uint16_t checksum_partial(struct checksum c)
{
	uint16_t sum = fold(c.sum);

	return be16_get((const uint8_t *)&sum);
}

uint16_t checksum_value(struct checksum c)
{
	return (uint16_t)~checksum_partial(c);
}

void checksum_put(uint8_t *field, uint16_t value)
{
	be16_put(field, value);
}
