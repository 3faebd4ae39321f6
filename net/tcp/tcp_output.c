/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a connection may send, and when (RFC 9293 section 3.8.6, RFC 5681; no Nagle: the user writes whole records). */
#include "net/tcp/tcp_priv.h"

/* A peer that may still send this much need not be told of more. */
#define WINDOW_LOW_BYTES 32768u

static uint32_t u32_min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint32_t tcp_rcv_window(const struct net *net, const struct tcp_conn *c)
{
	const struct tcp_params *params = &net->tcp.params;
	uint32_t granted = c->rcv_edge - c->rcv_nxt, open;

	if (c->recvq.bytes >= params->rx_buf_bytes)
		return granted;
	/* The worker's share of the receive pool runs out: nobody is granted more until it recovers. */
	if (params->rx_mbufs_max != 0 && net->tcp.rx_held_mbufs >= params->rx_mbufs_max / 4 * 3)
		return granted;
	open = params->rx_buf_bytes - c->recvq.bytes;
	/* RFC 9293 section 3.8.6.2.2: the edge moves by a full segment or not at all. */
	if (open < granted + u32_min(params->rx_buf_bytes / 2, c->mss_bytes))
		return granted;
	return open;
}

bool tcp_window_update_due(const struct net *net, const struct tcp_conn *c)
{
	uint32_t half = net->tcp.params.rx_buf_bytes / 2, granted = c->rcv_edge - c->rcv_nxt;

	/* While data flows its acknowledgements tell; only a peer running out of window needs one of its own. */
	return !c->fin_received && granted < u32_min(half, WINDOW_LOW_BYTES) &&
	       tcp_rcv_window(net, c) >= granted + u32_min(half, 2u * c->mss_bytes);
}

/* Numbers up to end have been sent. */
static void advance_cursor(struct net *net, struct tcp_conn *c, uint32_t end, uint64_t now_ns)
{
	c->snd_cursor = end;
	c->snd_nxt = seq_max(c->snd_nxt, end);
	tcp_timer_on_send(net, c, now_ns);
	c->sent_ns = now_ns;
}

static void send_syn(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	if (c->snd_cursor != c->iss)
		return;
	if (!c->syn_sent)
		c->syn_ns = now_ns;
	/* A SYN that could not leave is as good as lost: the timer sends it again. */
	tcp_emit(net, c, c->iss, TCP_SYN, NULL, now_ns);
	c->syn_sent = true;
	advance_cursor(net, c, c->iss + 1, now_ns);
}

static void fin_went_out(struct net *net, struct tcp_conn *c)
{
	c->fin_sent = true;
	if (c->state == TCP_ESTABLISHED)
		tcp_set_state(net, c, TCP_FIN_WAIT_1);
	else if (c->state == TCP_CLOSE_WAIT)
		tcp_set_state(net, c, TCP_LAST_ACK);
}

/* Sends m, a segment of the queue, wherever it stands in it; *ret_end is one past its last number. */
static bool send_segment(struct net *net, struct tcp_conn *c, struct rte_mbuf *m, uint64_t now_ns,
			 uint32_t *ret_end)
{
	const struct tcp_seg *seg = tcp_seg_of(m);
	struct rte_mbuf *frame = tcp_sendq_frame(net->tx_pool, m);
	bool last = seg->next == NULL, with_fin = last && c->fin_wanted;
	uint8_t flags = (uint8_t)((last ? TCP_PSH : 0u) | (with_fin ? TCP_FIN : 0u));

	if (frame == NULL) {
		drop_count(net->count, DROP_tcp_no_tx_mbuf);
		return false;
	}
	if (seg->sent)
		counter_add(net->count, COUNTER_tcp_retransmits, 1);
	*ret_end = seg->seq + seg->len_bytes + with_fin;
	tcp_emit(net, c, seg->seq, flags, frame, now_ns);
	tcp_sendq_on_sent(&c->sendq, m, now_ns);
	if (with_fin)
		fin_went_out(net, c);
	return true;
}

/* How much of a segment of len bytes at the cursor may go out; 0 when it must wait. */
static uint16_t sendable(const struct tcp_conn *c, uint16_t len)
{
	uint32_t flight = c->snd_cursor - c->snd_una, cwnd = tcp_cong_window(&c->cong);
	uint32_t window = c->snd_wnd > flight ? c->snd_wnd - flight : 0;

	if (len > c->mss_bytes)
		len = c->mss_bytes;
	if (flight + len > cwnd)
		return 0;
	if (len <= window)
		return len;
	/* RFC 9293 section 3.8.6.2.1: less than that only when it is half of what the peer ever offered. */
	return window > 0 && window >= c->snd_wnd_max / 2 ? (uint16_t)window : 0;
}

static void send_data(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	uint32_t end;

	/* RFC 5681 section 4.1. */
	if (c->snd_una == c->snd_nxt && now_ns - c->sent_ns > c->rtt.rto_us * NS_PER_US)
		tcp_cong_on_idle(&c->cong);
	while (c->sendq.next != NULL) {
		struct rte_mbuf *m = c->sendq.next;
		uint16_t len = tcp_seg_of(m)->len_bytes, n = sendable(c, len);

		if (n == 0)
			break;
		if (n < len && !tcp_sendq_split(&c->sendq, net->tx_pool, m, n))
			break;
		if (!send_segment(net, c, m, now_ns, &end))
			break;
		advance_cursor(net, c, end, now_ns);
	}
	if (c->sendq.next != NULL && c->snd_cursor == c->snd_una)
		tcp_timer_on_blocked(net, c, now_ns);
}

/* A FIN that no segment could carry. */
static void send_fin(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	if (!c->fin_wanted || c->sendq.next != NULL || c->snd_cursor != c->sendq.end_seq)
		return;
	if (c->fin_sent)
		counter_add(net->count, COUNTER_tcp_retransmits, 1);
	tcp_emit(net, c, c->sendq.end_seq, TCP_FIN, NULL, now_ns);
	fin_went_out(net, c);
	advance_cursor(net, c, c->sendq.end_seq + 1, now_ns);
}

/* The number of a segment without data.  A probe may have used one that the peer, its window closed, did not take. */
static uint32_t bare_seq(const struct tcp_conn *c)
{
	return c->probing ? c->snd_cursor : c->snd_nxt;
}

void tcp_output_ack(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	if (tcp_emit(net, c, bare_seq(c), 0, NULL, now_ns))
		return;
	c->ack_debt = TCP_ACK_DELAYED;
	tcp_timer_on_ack_owed(net, c, now_ns);
}

void tcp_output(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	switch (c->state) {
	case TCP_CLOSED:
		return;
	case TCP_SYN_SENT:
	case TCP_SYN_RECEIVED:
		send_syn(net, c, now_ns);
		return;
	case TCP_ESTABLISHED:
	case TCP_CLOSE_WAIT:
	case TCP_FIN_WAIT_1:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		send_data(net, c, now_ns);
		send_fin(net, c, now_ns);
		break;
	case TCP_FIN_WAIT_2:
		if (c->owner == TCP_OWNER_RELEASED)
			tcp_timer_on_fin_wait_2(net, c, now_ns);
		break;
	case TCP_TIME_WAIT:
		break;
	}
	if (c->ack_debt == TCP_ACK_NOW || tcp_window_update_due(net, c))
		tcp_output_ack(net, c, now_ns);
	else if (c->ack_debt == TCP_ACK_DELAYED)
		tcp_timer_on_ack_owed(net, c, now_ns);
}

void tcp_output_retransmit(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	struct rte_mbuf *m = c->sendq.head;
	uint32_t end;

	if (m != NULL && tcp_seg_of(m)->sent) {
		/* It may have been cut for a path that has become narrower. */
		if (tcp_seg_of(m)->len_bytes > c->mss_bytes &&
		    !tcp_sendq_split(&c->sendq, net->tx_pool, m, c->mss_bytes))
			return;
		if (send_segment(net, c, m, now_ns, &end))
			advance_cursor(net, c, seq_max(c->snd_cursor, end), now_ns);
	} else if (c->fin_sent && c->snd_una == c->sendq.end_seq) {
		counter_add(net->count, COUNTER_tcp_retransmits, 1);
		tcp_emit(net, c, c->sendq.end_seq, TCP_FIN, NULL, now_ns);
	}
}

void tcp_output_probe(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	struct rte_mbuf *frame;

	if (c->sendq.head == NULL)
		return;
	frame = tcp_sendq_frame_byte(net->tx_pool, c->sendq.head);
	if (frame == NULL) {
		drop_count(net->count, DROP_tcp_no_tx_mbuf);
		return;
	}
	counter_add(net->count, COUNTER_tcp_window_probes, 1);
	tcp_emit(net, c, c->snd_una, 0, frame, now_ns);
	/* The peer may take the byte, so it may acknowledge it. */
	c->snd_nxt = seq_max(c->snd_nxt, c->snd_una + 1);
}

void tcp_output_reset(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	struct tcp_header h = {
		.src_port = c->local.port,
		.dst_port = c->remote.port,
		.seq = bare_seq(c),
		.ack = c->rcv_nxt,
		.flags = TCP_RST | TCP_ACK,
	};

	counter_add(net->count, COUNTER_tcp_resets_sent, 1);
	tcp_emit_bare(net, &h, c->local.addr, c->remote.addr, now_ns);
}

void tcp_output_all(struct net *net, uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;
	struct list *node;

	if (tcp->rx_share_spent)
		tcp_pressure_relieve(net, now_ns);
	while ((node = list_pop(&tcp->dirty)) != NULL) {
		struct tcp_conn *c = CONTAINER_OF(node, struct tcp_conn, dirty);

		if (!c->aborting) {
			tcp_output(net, c, now_ns);
			continue;
		}
		tcp_output_reset(net, c, now_ns);
		tcp_conn_free(net, c);
	}
	while ((node = list_pop(&tcp->ready_next)) != NULL)
		list_push(&tcp->ready, node);
}
