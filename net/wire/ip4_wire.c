/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/ip4_wire.h"

#include "net/wire/be.h"
#include "net/wire/checksum.h"

#define VERSION_IHL 0x45 /* version 4, five words: no options */
#define DONT_FRAGMENT 0x4000
#define MORE_FRAGMENTS 0x2000
#define OFFSET_MASK 0x1fff /* in units of 8 bytes */

static uint16_t header_checksum(const uint8_t *header, size_t len)
{
	struct checksum c = {0};

	checksum_add(&c, span_of(header, len));
	return checksum_value(c);
}

/* What both kinds of reader want to know.  in holds IP4_HEADER_BYTES. */
static enum drop_reason fields_get(struct span in, struct ip4_header *ret_header)
{
	if (in.p[0] != VERSION_IHL)
		return DROP_ip4_options;
	*ret_header = (struct ip4_header){
		.total_bytes = be16_get(in.p + 2),
		.id = be16_get(in.p + 4),
		.offset_bytes = (uint16_t)((be16_get(in.p + 6) & OFFSET_MASK) * 8),
		.more_fragments = (be16_get(in.p + 6) & MORE_FRAGMENTS) != 0,
		.ttl = in.p[8],
		.protocol = in.p[9],
		.src.v = be32_get(in.p + 12),
		.dst.v = be32_get(in.p + 16),
	};
	return DROP_none;
}

static bool lengths_fit(struct span in, size_t packet_bytes)
{
	size_t header_bytes = (size_t)(in.p[0] & 15) * 4;
	size_t total_bytes = be16_get(in.p + 2);

	return header_bytes >= IP4_HEADER_BYTES && header_bytes <= in.len &&
	       header_bytes <= total_bytes && total_bytes <= packet_bytes;
}

enum drop_reason ip4_header_parse(struct span in, size_t packet_bytes,
				  struct ip4_header *ret_header)
{
	if (in.len < IP4_HEADER_BYTES)
		return DROP_ip4_truncated;
	if (in.p[0] >> 4 != 4)
		return DROP_ip4_bad_version;
	if (!lengths_fit(in, packet_bytes))
		return DROP_ip4_bad_length;
	if (header_checksum(in.p, (size_t)(in.p[0] & 15) * 4) != 0)
		return DROP_ip4_bad_checksum;
	return fields_get(in, ret_header);
}

enum drop_reason ip4_header_parse_quoted(struct span in, struct ip4_header *ret_header)
{
	if (in.len < IP4_HEADER_BYTES)
		return DROP_ip4_truncated;
	if (in.p[0] >> 4 != 4)
		return DROP_ip4_bad_version;
	return fields_get(in, ret_header);
}

void ip4_header_emit(const struct ip4_header *h, bool with_checksum, uint8_t *out)
{
	uint8_t *p = out;

	*p++ = VERSION_IHL;
	*p++ = 0; /* no special service */
	p = be16_put(p, h->total_bytes);
	p = be16_put(p, 0); /* RFC 6864 section 4.1: an atomic packet needs no identification */
	p = be16_put(p, DONT_FRAGMENT);
	*p++ = h->ttl;
	*p++ = h->protocol;
	p = be16_put(p, 0);
	p = be32_put(p, h->src.v);
	be32_put(p, h->dst.v);
	if (with_checksum)
		be16_put(out + 10, header_checksum(out, IP4_HEADER_BYTES));
}

void ip4_header_join(uint8_t *header, uint16_t total_bytes)
{
	be16_put(header + 2, total_bytes);
	be16_put(header + 6, 0);
	be16_put(header + 10, 0);
	be16_put(header + 10, header_checksum(header, IP4_HEADER_BYTES));
}
