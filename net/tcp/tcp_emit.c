/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One segment: header in front of a payload, and off to IP. */
#include "net/tcp/tcp_priv.h"
#include "net/wire/ip4_wire.h"

/* Consumes m. */
static bool send(struct net *net, struct rte_mbuf *m, const struct tcp_header *h, struct ip4 src,
		 struct ip4 dst, uint64_t now_ns)
{
	uint8_t size = tcp_header_size(h);
	char *at = rte_pktmbuf_prepend(m, size);

	GW_ASSERT(at != NULL);
	tcp_header_emit(h, (uint8_t *)at);
	m->l4_len = size;
	counter_add(net->count, COUNTER_tcp_segments_sent, 1);
	return ip4_output(net, m, src, dst, IP4_PROTOCOL_TCP, now_ns) == DROP_none;
}

bool tcp_emit_bare(struct net *net, const struct tcp_header *h, struct ip4 src, struct ip4 dst,
		   uint64_t now_ns)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(net->tx_pool);

	if (m == NULL) {
		drop_count(net->count, DROP_tcp_no_tx_mbuf);
		return false;
	}
	return send(net, m, h, src, dst, now_ns);
}

/* The window field, and the edge the peer knows of from now on.  A scaled window is rounded down, so the field may lie
 * a little behind what was granted before; what was granted stays acceptable (RFC 7323 section 2.4). */
static uint16_t window_field(const struct net *net, struct tcp_conn *c, uint8_t flags)
{
	uint32_t window = tcp_rcv_window(net, c);
	uint8_t shift = (flags & TCP_SYN) != 0 ? 0 : c->rcv_shift;

	if (window >> shift > UINT16_MAX)
		window = (uint32_t)UINT16_MAX << shift;
	c->rcv_edge = seq_max(c->rcv_edge, c->rcv_nxt + (window >> shift << shift));
	return (uint16_t)(window >> shift);
}

static void put_options(const struct net *net, const struct tcp_conn *c, struct tcp_header *h,
			uint64_t now_ns)
{
	if ((h->flags & TCP_SYN) != 0) {
		h->opts.has_mss = true;
		h->opts.mss = tcp_handshake_mss(net, c->remote.addr);
		h->opts.has_window_shift = c->has_window_shift;
		h->opts.window_shift = c->rcv_shift;
	}
	h->opts.has_timestamps = c->has_timestamps;
	h->opts.ts_val = tcp_conn_ts_now(c, now_ns);
	h->opts.ts_ecr = (h->flags & TCP_ACK) != 0 ? c->ts_recent : 0;
}

bool tcp_emit(struct net *net, struct tcp_conn *c, uint32_t seq, uint8_t flags, struct rte_mbuf *m,
	      uint64_t now_ns)
{
	struct tcp_header h = {
		.src_port = c->local.port,
		.dst_port = c->remote.port,
		.seq = seq,
		.flags = flags,
	};

	if (m == NULL)
		m = rte_pktmbuf_alloc(net->tx_pool);
	if (m == NULL) {
		drop_count(net->count, DROP_tcp_no_tx_mbuf);
		return false;
	}
	/* Everything but the first SYN acknowledges. */
	if (c->state != TCP_SYN_SENT) {
		h.flags |= TCP_ACK;
		h.ack = c->rcv_nxt;
		c->last_ack_sent = c->rcv_nxt;
		c->ack_debt = TCP_ACK_NONE;
		tcp_timer_on_ack_sent(net, c);
	}
	h.window = window_field(net, c, flags);
	put_options(net, c, &h, now_ns);
	return send(net, m, &h, c->local.addr, c->remote.addr, now_ns);
}
