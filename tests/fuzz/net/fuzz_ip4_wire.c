/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/assert.h"
#include "net/wire/ip4_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct ip4_header *a, const struct ip4_header *b)
{
	return ip4_eq(a->src, b->src) && ip4_eq(a->dst, b->dst) &&
	       a->total_bytes == b->total_bytes && a->protocol == b->protocol && a->ttl == b->ttl;
}

/* As if it were the first fragment of itself: afterwards it is no fragment, and nothing else has changed. */
static void join_check(struct span in, const struct ip4_header *h)
{
	uint8_t wire[IP4_HEADER_BYTES];
	struct ip4_header joined;

	memcpy(wire, in.p, sizeof(wire));
	ip4_header_join(wire, h->total_bytes);
	GW_ASSERT(ip4_header_parse(SPAN(wire), in.len, &joined) == DROP_none);
	GW_ASSERT(!ip4_is_fragment(&joined) && same(h, &joined) && joined.id == h->id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);
	uint8_t wire[IP4_HEADER_BYTES];
	struct ip4_header h, again, quoted;

	if (ip4_header_parse(in, size, &h) != DROP_none) {
		(void)!ip4_header_parse_quoted(in, &quoted);
		return 0;
	}
	GW_ASSERT(h.total_bytes >= IP4_HEADER_BYTES && h.total_bytes <= size);
	GW_ASSERT(ip4_header_parse_quoted(in, &quoted) == DROP_none && same(&h, &quoted));
	join_check(in, &h);
	ip4_header_emit(&h, true, wire);
	GW_ASSERT(ip4_header_parse(SPAN(wire), size, &again) == DROP_none && same(&h, &again));
	/* A packet that is cut anywhere is refused. */
	GW_ASSERT(ip4_header_parse(span_head(in, h.total_bytes - 1u), h.total_bytes - 1u, &again) !=
		  DROP_none);
	return 0;
}
