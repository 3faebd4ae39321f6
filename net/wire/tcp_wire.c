/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/tcp_wire.h"

#include "net/wire/be.h"

#define OPT_END 0
#define OPT_NOP 1
#define OPT_MSS 2
#define OPT_WINDOW_SHIFT 3
#define OPT_TIMESTAMPS 8

/* value is what follows kind and length.  False when its length is not the kind's. */
static bool opt_store(struct tcp_opts *opts, uint8_t kind, struct span value)
{
	switch (kind) {
	case OPT_MSS:
		if (value.len != 2)
			return false;
		if (!opts->has_mss)
			opts->mss = be16_get(value.p);
		opts->has_mss = true;
		return true;
	case OPT_WINDOW_SHIFT:
		if (value.len != 1)
			return false;
		if (!opts->has_window_shift)
			opts->window_shift = value.p[0] < TCP_WINDOW_SHIFT_MAX
						     ? value.p[0]
						     : TCP_WINDOW_SHIFT_MAX;
		opts->has_window_shift = true;
		return true;
	case OPT_TIMESTAMPS:
		if (value.len != 8)
			return false;
		if (!opts->has_timestamps) {
			opts->ts_val = be32_get(value.p);
			opts->ts_ecr = be32_get(value.p + 4);
		}
		opts->has_timestamps = true;
		return true;
	default:
		return true;
	}
}

/* The list every segment of an established connection carries: two NOPs and the timestamps. */
static bool opts_are_timestamps_only(struct span in)
{
	return in.len == TCP_OPT_TIMESTAMPS_BYTES && in.p[0] == OPT_NOP && in.p[1] == OPT_NOP &&
	       in.p[2] == OPT_TIMESTAMPS && in.p[3] == 10;
}

/* Every turn consumes at least one byte or returns: no list can spin a worker. */
enum drop_reason tcp_opts_parse(struct span in, struct tcp_opts *ret_opts)
{
	struct tcp_opts opts = {0};

	if (opts_are_timestamps_only(in)) {
		opts.has_timestamps = true;
		opts.ts_val = be32_get(in.p + 4);
		opts.ts_ecr = be32_get(in.p + 8);
		*ret_opts = opts;
		return DROP_none;
	}
	while (in.len > 0 && in.p[0] != OPT_END) {
		if (in.p[0] == OPT_NOP) {
			in = span_skip(in, 1);
			continue;
		}
		if (in.len < 2 || in.p[1] < 2 || in.p[1] > in.len)
			return DROP_tcp_bad_option;
		if (!opt_store(&opts, in.p[0], span_skip(span_head(in, in.p[1]), 2)))
			return DROP_tcp_bad_option;
		in = span_skip(in, in.p[1]);
	}
	*ret_opts = opts;
	return DROP_none;
}

enum drop_reason tcp_header_parse(struct span in, struct tcp_header *ret_header)
{
	struct tcp_header h;
	enum drop_reason why;

	if (in.len < TCP_HEADER_BYTES)
		return DROP_tcp_short;
	h.header_bytes = (uint8_t)((in.p[12] >> 4) * 4);
	if (h.header_bytes < TCP_HEADER_BYTES || h.header_bytes > in.len)
		return DROP_tcp_short;
	h.src_port = be16_get(in.p);
	h.dst_port = be16_get(in.p + 2);
	h.seq = be32_get(in.p + 4);
	h.ack = be32_get(in.p + 8);
	h.flags = in.p[13] & (TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK);
	h.window = be16_get(in.p + 14);
	/* Nobody opens and closes, or opens and resets, in one segment; port 0 names nothing. */
	if ((h.flags & TCP_SYN) != 0 && (h.flags & (TCP_FIN | TCP_RST)) != 0)
		return DROP_tcp_bad_flags;
	if (h.src_port == 0 || h.dst_port == 0)
		return DROP_tcp_bad_port;
	why = tcp_opts_parse(span_skip(span_head(in, h.header_bytes), TCP_HEADER_BYTES), &h.opts);
	if (why != DROP_none)
		return why;
	*ret_header = h;
	return DROP_none;
}

uint8_t tcp_header_size(const struct tcp_header *h)
{
	return (uint8_t)(TCP_HEADER_BYTES + (h->opts.has_mss ? 4 : 0) +
			 (h->opts.has_window_shift ? 4 : 0) +
			 (h->opts.has_timestamps ? TCP_OPT_TIMESTAMPS_BYTES : 0));
}

void tcp_header_emit(const struct tcp_header *h, uint8_t *out)
{
	uint8_t *p = out;

	p = be16_put(p, h->src_port);
	p = be16_put(p, h->dst_port);
	p = be32_put(p, h->seq);
	p = be32_put(p, h->ack);
	*p++ = (uint8_t)(tcp_header_size(h) / 4 << 4);
	*p++ = h->flags;
	p = be16_put(p, h->window);
	p = be16_put(p, 0); /* checksum */
	p = be16_put(p, 0); /* urgent pointer */
	if (h->opts.has_mss) {
		*p++ = OPT_MSS;
		*p++ = 4;
		p = be16_put(p, h->opts.mss);
	}
	if (h->opts.has_window_shift) {
		*p++ = OPT_NOP;
		*p++ = OPT_WINDOW_SHIFT;
		*p++ = 3;
		*p++ = h->opts.window_shift;
	}
	if (h->opts.has_timestamps) {
		*p++ = OPT_NOP;
		*p++ = OPT_NOP;
		*p++ = OPT_TIMESTAMPS;
		*p++ = 10;
		p = be32_put(p, h->opts.ts_val);
		be32_put(p, h->opts.ts_ecr);
	}
}
