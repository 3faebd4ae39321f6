/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to segments that deserve no state.  Each kind has a budget, so that a flood is not answered by one. */
#include "net/tcp/tcp_priv.h"

/* RFC 5961 section 7.  Beyond it challenges are counted and not sent. */
#define CHALLENGES_PER_SECOND 1000
/* Port scans and leftovers of a restart; beyond it the sender waits for its own timeout. */
#define RESETS_PER_SECOND 1000

enum drop_reason tcp_reset_reply(struct net *net, const struct tcp_segment *seg,
				 enum drop_reason why, uint64_t now_ns)
{
	struct tcp_header h = {
		.src_port = seg->dst.port,
		.dst_port = seg->src.port,
		.flags = TCP_RST,
	};

	/* RFC 9293 section 3.5.2: never a reset for a reset. */
	if ((seg->h.flags & TCP_RST) != 0)
		return why;
	if (!tcp_budget_take(&net->tcp, &net->tcp.reset_budget, RESETS_PER_SECOND, now_ns)) {
		counter_add(net->count, COUNTER_tcp_resets_withheld, 1);
		return why;
	}
	if ((seg->h.flags & TCP_ACK) != 0) {
		h.seq = seg->h.ack;
	} else {
		h.flags |= TCP_ACK;
		h.ack = seg->h.seq + tcp_segment_len(seg);
	}
	counter_add(net->count, COUNTER_tcp_resets_sent, 1);
	tcp_emit_bare(net, &h, seg->dst.addr, seg->src.addr, now_ns);
	return why;
}

void tcp_challenge_ack(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	if (!tcp_budget_take(&net->tcp, &net->tcp.challenge_budget, CHALLENGES_PER_SECOND,
			     now_ns)) {
		counter_add(net->count, COUNTER_tcp_challenge_acks_withheld, 1);
		return;
	}
	counter_add(net->count, COUNTER_tcp_challenge_acks, 1);
	tcp_output_ack(net, c, now_ns);
}

void tcp_stray_ack(struct net *net, struct tcp_conn *c, const struct tcp_segment *seg,
		   uint64_t now_ns)
{
	bool empty = tcp_segment_len(seg) == 0;

	if (empty && c->stray_ack_ns != 0 && now_ns - c->stray_ack_ns < TCP_STRAY_ACK_INTERVAL_NS)
		return;
	if (empty)
		c->stray_ack_ns = now_ns;
	/* RFC 5961 section 4.2: a SYN is challenged wherever it points. */
	if ((seg->h.flags & TCP_SYN) != 0)
		tcp_challenge_ack(net, c, now_ns);
	else
		tcp_output_ack(net, c, now_ns);
}
