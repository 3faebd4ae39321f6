/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What both ways of opening share, and the SYN-SENT state (RFC 9293 section 3.10.7.3). */
#include "net/tcp/tcp_priv.h"

static uint16_t u16_min(uint16_t a, uint16_t b)
{
	return a < b ? a : b;
}

/* RFC 791: what every path carries; also for a peer to whom no route leads any more. */
#define PATH_BYTES_MIN (TCP_MSS_DEFAULT + TCP_HEADER_BYTES)

/* RFC 6691: options are not taken off. */
uint16_t tcp_handshake_mss(const struct net *net, struct ip4 remote)
{
	uint16_t path = ip4_path_mtu(net, remote);

	return (uint16_t)((path > PATH_BYTES_MIN ? path : PATH_BYTES_MIN) - TCP_HEADER_BYTES);
}

/* Payload of a full segment: what the peer takes and the path carries, less our options. */
static uint16_t payload_max(const struct net *net, const struct tcp_conn *c)
{
	uint16_t peer = c->peer_mss_bytes > TCP_MSS_MIN ? c->peer_mss_bytes : TCP_MSS_MIN;
	uint16_t opts = c->has_timestamps ? TCP_OPT_TIMESTAMPS_BYTES : 0;

	return (uint16_t)(u16_min(tcp_handshake_mss(net, c->remote.addr), peer) - opts);
}

/* Unscaled, as it is in every SYN. */
uint16_t tcp_handshake_window(const struct net *net)
{
	uint32_t buf_bytes = net->tcp.params.rx_buf_bytes;

	return (uint16_t)(buf_bytes < UINT16_MAX ? buf_bytes : UINT16_MAX);
}

/* Our window as large as the receive buffer, and the shift it needs (RFC 7323 section 2.3). */
uint8_t tcp_handshake_shift(const struct net *net)
{
	uint8_t shift = 0;

	while (shift < TCP_WINDOW_SHIFT_MAX && net->tcp.params.rx_buf_bytes >> shift > UINT16_MAX)
		shift++;
	return shift;
}

void tcp_handshake_prepare(const struct net *net, struct tcp_conn *c)
{
	/* Until the peer's SYN says more: what is written now is cut again if it was cut too large. */
	c->peer_mss_bytes = UINT16_MAX;
	c->has_window_shift = true;
	c->has_timestamps = true;
	c->mss_bytes = payload_max(net, c);
	c->rcv_shift = tcp_handshake_shift(net);
}

void tcp_handshake_take_syn(struct net *net, struct tcp_conn *c, const struct tcp_segment *seg,
			    uint64_t now_ns)
{
	const struct tcp_opts *opts = &seg->h.opts;

	c->irs = seg->h.seq;
	c->rcv_nxt = c->irs + 1;
	c->last_ack_sent = c->rcv_nxt;
	c->rcv_edge = c->rcv_nxt + tcp_handshake_window(net);
	c->peer_mss_bytes = opts->has_mss ? opts->mss : TCP_MSS_DEFAULT;
	/* RFC 7323 sections 2.2 and 3.2: both sides or neither. */
	c->rcv_shift = opts->has_window_shift ? tcp_handshake_shift(net) : 0;
	c->snd_shift = opts->has_window_shift ? opts->window_shift : 0;
	c->has_window_shift = opts->has_window_shift;
	c->has_timestamps = opts->has_timestamps;
	c->ts_recent = opts->ts_val;
	c->ts_recent_ns = now_ns;
	c->mss_bytes = payload_max(net, c);
	c->snd_wnd = seg->h.window; /* never scaled in a SYN */
	c->snd_wnd_max = c->snd_wnd;
	c->snd_wl1 = seg->h.seq;
	c->snd_wl2 = seg->h.ack;
	tcp_cong_init(&c->cong, c->mss_bytes, c->iss);
}

void tcp_handshake_done(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;

	if (list_is_linked(&c->age)) {
		list_unlink(&c->age);
		tcp->half_open_count--;
	}
	tcp_set_state(net, c, TCP_ESTABLISHED);
	c->snd_una = c->iss + 1;
	c->snd_cursor = seq_max(c->snd_cursor, c->snd_una);
	if (c->timeouts_count == 0 && c->syn_ns != 0) {
		tcp_rtt_on_ack(&c->rtt, (uint32_t)((now_ns - c->syn_ns) / NS_PER_US));
	} else if (c->timeouts_count > 0) {
		/* RFC 6298 section 5.7: the SYN was lost, so the network may be slow: 3 s until known.  RFC
		 * 6928 section 2: and the initial window is one segment. */
		c->rtt.rto_us = 3 * TCP_RTO_INITIAL_US;
		c->cong.cwnd_bytes = c->mss_bytes;
	}
	c->progress_ns = now_ns;
	c->timeouts_count = 0;
	tcp_timer_on_progress(net, c, now_ns);
	counter_add(net->count,
		    c->is_passive ? COUNTER_tcp_opened_passive : COUNTER_tcp_opened_active, 1);
	tcp_conn_ready(net, c);
	tcp_conn_dirty(net, c);
}

/* Their SYN crossed ours, or answers it. */
static void syn_sent_take_syn(struct net *net, struct tcp_conn *c, const struct tcp_segment *seg,
			      bool acknowledged, uint64_t now_ns)
{
	tcp_handshake_take_syn(net, c, seg, now_ns);
	c->ack_debt = TCP_ACK_NOW;
	if (acknowledged) {
		tcp_handshake_done(net, c, now_ns);
		return;
	}
	/* RFC 9293 figure 7, simultaneous open: our SYN again, now with their acknowledgement. */
	tcp_set_state(net, c, TCP_SYN_RECEIVED);
	c->snd_cursor = c->iss;
	tcp_conn_dirty(net, c);
}

enum drop_reason tcp_syn_sent_input(struct net *net, struct tcp_conn *c,
				    const struct tcp_segment *seg, uint64_t now_ns)
{
	bool acknowledged = (seg->h.flags & TCP_ACK) != 0;

	if (acknowledged && seg->h.ack != c->snd_nxt)
		return tcp_reset_reply(net, seg, DROP_tcp_bad_ack, now_ns);
	if (acknowledged && !c->syn_sent)
		return DROP_tcp_bad_ack;
	if ((seg->h.flags & TCP_RST) != 0) {
		/* RFC 5961 section 3.2: only one that acknowledges our SYN is believed. */
		if (!acknowledged)
			return DROP_tcp_bad_reset;
		counter_add(net->count, COUNTER_tcp_resets_received, 1);
		tcp_conn_end(net, c, TCP_END_REFUSED);
		return DROP_none;
	}
	if ((seg->h.flags & TCP_SYN) == 0)
		return DROP_tcp_bad_flags;
	syn_sent_take_syn(net, c, seg, acknowledged, now_ns);
	return seg->payload_bytes > 0 ? DROP_tcp_syn_data : DROP_none;
}
