/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The TCP header and option parser.  Whatever is accepted must survive being written and read again; whatever is
 * refused must leave the result alone. */
#include "base/assert.h"
#include "net/wire/tcp_wire.h"

static void check_refused(const struct tcp_header *h)
{
	const uint8_t *bytes = (const uint8_t *)h;

	for (size_t i = 0; i < sizeof(*h); i++)
		GW_ASSERT(bytes[i] == 0xa5);
}

static void check_same(const struct tcp_opts *a, const struct tcp_opts *b)
{
	GW_ASSERT(a->has_mss == b->has_mss && a->mss == b->mss);
	GW_ASSERT(a->has_window_shift == b->has_window_shift);
	GW_ASSERT(a->window_shift == b->window_shift && a->window_shift <= TCP_WINDOW_SHIFT_MAX);
	GW_ASSERT(a->has_timestamps == b->has_timestamps);
	GW_ASSERT(a->ts_val == b->ts_val && a->ts_ecr == b->ts_ecr);
}

static void check_accepted(const struct tcp_header *h, size_t len)
{
	uint8_t wire[TCP_HEADER_BYTES_MAX];
	struct tcp_header back;

	GW_ASSERT(h->header_bytes >= TCP_HEADER_BYTES && h->header_bytes <= TCP_HEADER_BYTES_MAX);
	GW_ASSERT(h->header_bytes % 4 == 0 && h->header_bytes <= len);
	tcp_header_emit(h, wire);
	GW_ASSERT(tcp_header_parse(span_of(wire, tcp_header_size(h)), &back) == DROP_none);
	GW_ASSERT(back.header_bytes == tcp_header_size(h));
	GW_ASSERT(back.seq == h->seq && back.ack == h->ack && back.flags == h->flags);
	GW_ASSERT(back.src_port == h->src_port && back.dst_port == h->dst_port);
	GW_ASSERT(back.window == h->window);
	check_same(&back.opts, &h->opts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tcp_header h;

	memset(&h, 0xa5, sizeof(h));
	if (tcp_header_parse(span_of(data, len), &h) != DROP_none)
		check_refused(&h);
	else
		check_accepted(&h, len);
	return 0;
}
