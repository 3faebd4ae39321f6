/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The payload and FIN of an acceptable segment (RFC 9293 section 3.10.7.4, seventh and eighth check). */
#include "net/tcp/tcp_priv.h"

/* Memory a connection's received bytes may pin, as a multiple of the window it grants.  Copying small segments
 * together (tcp_recvq.c) keeps an honest peer below it, whatever the size of its segments. */
#define CHARGE_PER_WINDOW_BYTE 3

/* Leaves the first keep bytes of a chain; its first mbuf stays whatever is left in it. */
static void chain_cut(struct rte_mbuf *m, uint32_t keep)
{
	for (; m != NULL && m->data_len <= keep && m->next != NULL; m = m->next)
		keep -= m->data_len;
	m->data_len = (uint16_t)(m->data_len < keep ? m->data_len : keep);
	rte_pktmbuf_free(m->next);
	m->next = NULL;
}

/* Cuts the payload to what may be kept: nothing beyond the window, nothing behind a FIN. */
static enum drop_reason cut_payload(struct tcp_conn *c, struct tcp_segment *seg)
{
	uint32_t end = seg->h.seq + seg->payload_bytes, limit = c->rcv_edge;
	enum drop_reason why = DROP_tcp_out_of_window;
	uint32_t over;

	if (c->fin_known && seq_lt(c->fin_seq, limit)) {
		limit = c->fin_seq;
		why = DROP_tcp_data_after_fin;
	}
	if (seq_le(end, limit))
		return DROP_none;
	over = end - limit;
	if (over > seg->payload_bytes)
		over = seg->payload_bytes;
	seg->payload_bytes -= over;
	chain_cut(seg->m, seg->payload_bytes);
	return why;
}

/* Remembers where the peer's bytes end.  A FIN that contradicts bytes accepted already is not believed. */
static enum drop_reason note_fin(struct tcp_conn *c, uint32_t fin_seq)
{
	if (c->fin_known)
		return fin_seq == c->fin_seq ? DROP_none : DROP_tcp_data_after_fin;
	if (seq_lt(fin_seq, tcp_recvq_end(&c->recvq, c->rcv_nxt)))
		return DROP_tcp_data_after_fin;
	if (seq_lt(c->rcv_edge, fin_seq))
		return DROP_tcp_out_of_window;
	c->fin_known = true;
	c->fin_seq = fin_seq;
	return DROP_none;
}

static void take_fin(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	c->fin_received = true;
	c->rcv_nxt++;
	c->rcv_edge = seq_max(c->rcv_edge, c->rcv_nxt);
	c->ack_debt = TCP_ACK_NOW;
	tcp_conn_dirty(net, c);
	if (c->state == TCP_ESTABLISHED)
		tcp_set_state(net, c, TCP_CLOSE_WAIT);
	else if (c->state == TCP_FIN_WAIT_1)
		tcp_set_state(net, c, TCP_CLOSING);
	else if (c->state == TCP_FIN_WAIT_2)
		tcp_conn_time_wait(net, c, now_ns);
	tcp_conn_ready(net, c);
}

static bool pool_share_spent(const struct tcp_stack *tcp)
{
	return tcp->params.rx_mbufs_max != 0 && tcp->rx_held_mbufs >= tcp->params.rx_mbufs_max;
}

/* Puts the payload on the receive queue; consumes it. */
static enum drop_reason keep_payload(struct net *net, struct tcp_conn *c, struct tcp_segment *seg)
{
	struct tcp_stack *tcp = &net->tcp;
	enum drop_reason why;

	if (pool_share_spent(tcp)) {
		tcp->rx_share_spent = true;
		return DROP_tcp_rx_pool_full;
	}
	why = tcp_recvq_put(&c->recvq, seg->m, seg->h.seq,
			    CHARGE_PER_WINDOW_BYTE * tcp->params.rx_buf_bytes, &c->rcv_nxt);
	seg->m = NULL;
	tcp_rx_account(net, c);
	return why;
}

static enum drop_reason take_payload(struct net *net, struct tcp_conn *c, struct tcp_segment *seg,
				     bool was_cut, uint64_t now_ns)
{
	uint32_t nxt_before = c->rcv_nxt;
	bool had_gap = c->recvq.ooo != NULL;
	enum drop_reason why = keep_payload(net, c, seg);

	if (c->rcv_nxt == nxt_before) {
		/* RFC 5681 section 4.2: at once, for the sender's fast retransmit counts them. */
		if (why == DROP_none)
			counter_add(net->count, COUNTER_tcp_out_of_order, 1);
		tcp_output_ack(net, c, now_ns);
		return why;
	}
	/* The same when a gap is filled, or the peer has run into the window; otherwise every second full segment
	 * (RFC 9293 section 3.8.6.3). */
	if (had_gap || was_cut || c->rcv_nxt - c->last_ack_sent >= 2u * c->mss_bytes)
		c->ack_debt = TCP_ACK_NOW;
	else if (c->ack_debt == TCP_ACK_NONE)
		c->ack_debt = TCP_ACK_DELAYED;
	tcp_conn_dirty(net, c);
	tcp_conn_ready(net, c);
	return why;
}

/* RFC 9293 section 3.6.1: nobody will read it, and the peer should know. */
static enum drop_reason refuse_data(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	tcp_output_reset(net, c, now_ns);
	tcp_conn_end(net, c, TCP_END_RESET);
	return DROP_tcp_data_after_release;
}

enum drop_reason tcp_data_input(struct net *net, struct tcp_conn *c, struct tcp_segment *seg,
				uint64_t now_ns)
{
	uint32_t end = seg->h.seq + seg->payload_bytes;
	enum drop_reason cut_why = DROP_none, put_why = DROP_none, fin_why = DROP_none;

	if (tcp_segment_len(seg) == 0)
		return DROP_none;
	/* A FIN has been received in order: whatever is new is from nobody honest. */
	if (c->fin_received)
		return DROP_tcp_data_after_fin;
	if (seg->payload_bytes > 0 && c->owner == TCP_OWNER_RELEASED && seq_lt(c->rcv_nxt, end))
		return refuse_data(net, c, now_ns);
	if ((seg->h.flags & TCP_FIN) != 0)
		fin_why = note_fin(c, end);
	if (seg->payload_bytes > 0)
		cut_why = cut_payload(c, seg);
	if (seg->payload_bytes > 0)
		put_why = take_payload(net, c, seg, cut_why != DROP_none, now_ns);
	else if (!c->fin_known || c->rcv_nxt != c->fin_seq)
		tcp_output_ack(net, c,
			       now_ns); /* it says what is missing, or that there is no room */
	if (c->fin_known && c->rcv_nxt == c->fin_seq)
		take_fin(net, c, now_ns);
	if (cut_why != DROP_none)
		return cut_why;
	return put_why != DROP_none ? put_why : fin_why;
}
