/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invariants, for tests and fuzzers: each holds between any two calls. */
#include "net/tcp/tcp_priv.h"

static void check_sequence_space(const struct tcp_conn *c)
{
	bool connecting = c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED;

	GW_ASSERT(seq_le(c->snd_una, c->snd_cursor) && seq_le(c->snd_cursor, c->snd_nxt));
	GW_ASSERT(seq_le(c->snd_nxt, c->sendq.end_seq + c->fin_sent));
	GW_ASSERT(!connecting || c->snd_una == c->iss);
	GW_ASSERT(connecting || seq_lt(c->iss, c->snd_una) || c->snd_una - c->iss > 1u << 30);
	if (c->state == TCP_SYN_SENT)
		return;
	GW_ASSERT(seq_le(c->rcv_nxt, c->rcv_edge));
	GW_ASSERT(seq_le(c->last_ack_sent, c->rcv_nxt));
	GW_ASSERT(!c->fin_received || c->rcv_nxt == c->fin_seq + 1);
	GW_ASSERT(!c->fin_known || c->fin_received || seq_le(c->rcv_nxt, c->fin_seq));
	tcp_recvq_check(&c->recvq, c->rcv_nxt);
}

static void check_queues(const struct tcp_conn *c)
{
	const struct rte_mbuf *head = c->sendq.head;

	tcp_sendq_check(&c->sendq);
	if (head == NULL || c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED)
		return;
	GW_ASSERT(tcp_seg_of(head)->seq == c->snd_una);
	if (c->sendq.next != NULL)
		GW_ASSERT(tcp_seg_of(c->sendq.next)->seq == c->snd_cursor);
	else
		GW_ASSERT(seq_le(c->sendq.end_seq, c->snd_cursor));
}

/* Whatever is outstanding is watched by a timer: no connection can be forgotten. */
static void check_timers(const struct tcp_conn *c)
{
	bool outstanding = c->snd_una != c->snd_nxt;

	GW_ASSERT(!outstanding || timer_is_armed(&c->rexmit));
	GW_ASSERT(!c->probing || timer_is_armed(&c->rexmit));
	GW_ASSERT(c->state != TCP_TIME_WAIT || timer_is_armed(&c->linger));
}

static bool state_has_fin_sent(enum tcp_state state)
{
	switch (state) {
	case TCP_FIN_WAIT_1:
	case TCP_FIN_WAIT_2:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
	case TCP_TIME_WAIT:
		return true;
	case TCP_CLOSED:
	case TCP_SYN_SENT:
	case TCP_SYN_RECEIVED:
	case TCP_ESTABLISHED:
	case TCP_CLOSE_WAIT:
		return false;
	}
	return false;
}

static bool state_has_fin_received(enum tcp_state state)
{
	return state == TCP_CLOSE_WAIT || state == TCP_CLOSING || state == TCP_LAST_ACK ||
	       state == TCP_TIME_WAIT;
}

void tcp_conn_check(const struct net *net, const struct tcp_conn *c)
{
	if (c->state == TCP_CLOSED) {
		GW_ASSERT(!c->in_table && c->sendq.head == NULL && c->recvq.ooo == NULL);
		GW_ASSERT(!timer_is_armed(&c->rexmit) && !timer_is_armed(&c->delack));
		GW_ASSERT(!timer_is_armed(&c->linger));
		GW_ASSERT(c->aborting || c->end != TCP_END_NONE);
		return;
	}
	GW_ASSERT(c->in_table && tcp_table_find(&net->tcp, c->local, c->remote) == c);
	GW_ASSERT(c->fin_sent == state_has_fin_sent(c->state));
	GW_ASSERT(c->fin_received == state_has_fin_received(c->state));
	GW_ASSERT(c->owner != TCP_OWNER_RELEASED || !list_is_linked(&c->ready));
	GW_ASSERT(c->owner == TCP_OWNER_RELEASED || c->owner == TCP_OWNER_USER || c->user == NULL);
	check_sequence_space(c);
	check_queues(c);
	check_timers(c);
}

static uint32_t list_length(const struct list *head)
{
	uint32_t n = 0;

	for (const struct list *node = head->next; node != head; node = node->next)
		n++;
	return n;
}

void tcp_check(const struct net *net)
{
	const struct tcp_stack *tcp = &net->tcp;
	uint32_t time_wait_count = 0, held_mbufs = 0, taken = 0, half_open_count = 0, fat_count = 0;

	for (uint32_t i = 0; i < tcp->conns.size_count; i++) {
		const struct tcp_conn *c = (const struct tcp_conn *)(tcp->conns.objects +
								     i * tcp->conns.object_bytes);

		if (tcp->conns.generations[i] % 2 == 0)
			continue;
		tcp_conn_check(net, c);
		taken++;
		time_wait_count += c->state == TCP_TIME_WAIT;
		half_open_count += c->state == TCP_SYN_RECEIVED && c->is_passive;
		GW_ASSERT(c->held_mbufs == c->recvq.mbufs_count);
		GW_ASSERT(list_is_linked(&c->fat) == (c->held_mbufs > 0));
		held_mbufs += c->held_mbufs;
		fat_count += c->held_mbufs > 0;
	}
	for (unsigned i = 0; i < TCP_FAT_CLASSES; i++)
		fat_count -= list_length(&tcp->fat[i]);
	GW_ASSERT(fat_count == 0);
	GW_ASSERT(tcp->recyclable_count == list_length(&tcp->recyclable));
	GW_ASSERT(tcp->params.time_wait_max == 0 ||
		  tcp->recyclable_count <= tcp->params.time_wait_max);
	GW_ASSERT(taken == pool_in_use(&tcp->conns));
	GW_ASSERT(time_wait_count == tcp->time_wait_count);
	GW_ASSERT(held_mbufs == tcp->rx_held_mbufs);
	GW_ASSERT(half_open_count == tcp->half_open_count);
	GW_ASSERT(half_open_count == list_length(&tcp->half_open));
	GW_ASSERT(half_open_count <= tcp->half_open_max);
}
