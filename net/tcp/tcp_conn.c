/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Life of a control block, and of the stack that holds them. */
#include "net/tcp/tcp_priv.h"

#include <stdlib.h>

#define BIT(state) (1u << (state))

/* RFC 9293 figure 5.  A connection of a listener starts in SYN-RECEIVED. */
static const uint16_t legal_next[] = {
	[TCP_CLOSED] = BIT(TCP_SYN_SENT) | BIT(TCP_SYN_RECEIVED),
	[TCP_SYN_SENT] = BIT(TCP_SYN_RECEIVED) | BIT(TCP_ESTABLISHED) | BIT(TCP_CLOSED),
	[TCP_SYN_RECEIVED] = BIT(TCP_ESTABLISHED) | BIT(TCP_CLOSED),
	[TCP_ESTABLISHED] = BIT(TCP_FIN_WAIT_1) | BIT(TCP_CLOSE_WAIT) | BIT(TCP_CLOSED),
	[TCP_FIN_WAIT_1] = BIT(TCP_FIN_WAIT_2) | BIT(TCP_CLOSING) | BIT(TCP_TIME_WAIT) |
			   BIT(TCP_CLOSED),
	[TCP_FIN_WAIT_2] = BIT(TCP_TIME_WAIT) | BIT(TCP_CLOSED),
	[TCP_CLOSE_WAIT] = BIT(TCP_LAST_ACK) | BIT(TCP_CLOSED),
	[TCP_CLOSING] = BIT(TCP_TIME_WAIT) | BIT(TCP_CLOSED),
	[TCP_LAST_ACK] = BIT(TCP_CLOSED),
	[TCP_TIME_WAIT] = BIT(TCP_CLOSED),
};

static uint32_t buckets_for(uint32_t conns_max)
{
	uint32_t n = 16;

	while (n < 2 * conns_max)
		n *= 2;
	return n;
}

enum gw_err tcp_init(struct net *net, const struct tcp_params *params, const uint64_t secret[2],
		     uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;
	uint32_t buckets_count = buckets_for(params->conns_max);
	enum gw_err err;

	memset(tcp, 0, sizeof(*tcp));
	tcp->params = *params;
	tcp->secret[0] = secret[0];
	tcp->secret[1] = secret[1];
	/* At least one, so that a tiny table can still be connected to. */
	tcp->half_open_max = params->conns_max / 4 + 1;
	list_init(&tcp->ready);
	list_init(&tcp->ready_next);
	list_init(&tcp->dirty);
	list_init(&tcp->half_open);
	list_init(&tcp->recyclable);
	for (unsigned i = 0; i < TCP_FAT_CLASSES; i++)
		list_init(&tcp->fat[i]);
	timer_wheel_init(&tcp->timers, now_ns);
	tcp->buckets = calloc(buckets_count, sizeof(*tcp->buckets));
	if (tcp->buckets == NULL)
		return GW_ERR_NO_MEMORY;
	tcp->bucket_mask = buckets_count - 1;
	err = pool_init(&tcp->conns, sizeof(struct tcp_conn), params->conns_max);
	if (err != GW_ERR_OK)
		goto free_buckets;
	return GW_ERR_OK;

free_buckets:
	free(tcp->buckets);
	tcp->buckets = NULL;
	return err;
}

void tcp_fini(struct net *net)
{
	struct tcp_stack *tcp = &net->tcp;

	if (tcp->buckets == NULL)
		return;
	for (uint32_t i = 0; i < tcp->conns.size_count; i++) {
		if (tcp->conns.generations[i] % 2 != 0)
			tcp_conn_free(net, (struct tcp_conn *)(tcp->conns.objects +
							       i * tcp->conns.object_bytes));
	}
	pool_fini(&tcp->conns);
	free(tcp->buckets);
	tcp->buckets = NULL;
}

void tcp_set_state(struct net *net, struct tcp_conn *c, enum tcp_state to)
{
	GW_ASSERT((legal_next[c->state] & BIT(to)) != 0);
	if (c->state == TCP_TIME_WAIT)
		net->tcp.time_wait_count--;
	if (to == TCP_TIME_WAIT)
		net->tcp.time_wait_count++;
	c->state = to;
}

/* The oldest block in TIME-WAIT that nobody looks at any more gives way to a new connection. */
static bool recycle_time_wait(struct net *net)
{
	struct list *oldest = net->tcp.recyclable.next;

	if (list_is_empty(&net->tcp.recyclable))
		return false;
	counter_add(net->count, COUNTER_tcp_time_wait_recycled, 1);
	tcp_conn_free(net, CONTAINER_OF(oldest, struct tcp_conn, age));
	return true;
}

/* c, in TIME-WAIT, has no user any more; it stays, for it is the youngest. */
static void put_recyclable(struct net *net, struct tcp_conn *c)
{
	struct tcp_stack *tcp = &net->tcp;

	list_push(&tcp->recyclable, &c->age);
	tcp->recyclable_count++;
	if (tcp->params.time_wait_max != 0 && tcp->recyclable_count > tcp->params.time_wait_max)
		recycle_time_wait(net);
}

struct tcp_conn *tcp_conn_open(struct net *net, struct ip4_endpoint local,
			       struct ip4_endpoint remote, uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;
	struct tcp_conn *c = pool_take(&tcp->conns);

	if (c == NULL && recycle_time_wait(net))
		c = pool_take(&tcp->conns);
	if (c == NULL) {
		drop_count(net->count, DROP_tcp_no_conns);
		return NULL;
	}
	memset(c, 0, sizeof(*c));
	c->local = local;
	c->remote = remote;
	c->params = &tcp->params;
	list_init(&c->ready);
	list_init(&c->dirty);
	list_init(&c->age);
	list_init(&c->fat);
	tcp_timers_init(c);
	/* RFC 6528: a clock of 4 us plus a secret function of the tuple. */
	c->iss = (uint32_t)(now_ns / 4000 + tcp_tuple_hash(tcp, TCP_HASH_ISN, local, remote));
	c->ts_offset = (uint32_t)tcp_tuple_hash(tcp, TCP_HASH_TIMESTAMPS, local, remote);
	c->snd_una = c->iss;
	c->snd_cursor = c->iss;
	c->snd_nxt = c->iss;
	tcp_sendq_init(&c->sendq, c->iss + 1);
	tcp_recvq_init(&c->recvq);
	tcp_rtt_init(&c->rtt, tcp->params.rto_min_ms * 1000);
	tcp_table_add(tcp, c);
	return c;
}

static void discard_received(struct net *net, struct tcp_conn *c)
{
	tcp_recvq_clear(&c->recvq);
	tcp_rx_account(net, c);
}

/* Everything but the block, what has been received, and what its user may still ask. */
static void shut(struct net *net, struct tcp_conn *c)
{
	struct tcp_stack *tcp = &net->tcp;

	tcp_table_remove(tcp, c);
	tcp_timers_stop(net, c);
	tcp_sendq_clear(&c->sendq);
	if (c->state == TCP_SYN_RECEIVED && list_is_linked(&c->age))
		tcp->half_open_count--;
	if (c->state == TCP_TIME_WAIT && list_is_linked(&c->age))
		tcp->recyclable_count--;
	list_unlink(&c->age);
	c->ack_debt = TCP_ACK_NONE;
	if (c->state != TCP_CLOSED)
		tcp_set_state(net, c, TCP_CLOSED);
}

void tcp_conn_shut(struct net *net, struct tcp_conn *c, enum tcp_end why)
{
	shut(net, c);
	discard_received(net, c);
	c->end = why;
}

void tcp_conn_free(struct net *net, struct tcp_conn *c)
{
	shut(net, c);
	discard_received(net, c);
	list_unlink(&c->ready);
	list_unlink(&c->dirty);
	c->user = NULL;
	pool_release(&net->tcp.conns, c);
}

void tcp_conn_end(struct net *net, struct tcp_conn *c, enum tcp_end why)
{
	if (c->end == TCP_END_NONE)
		c->end = why;
	if (c->owner != TCP_OWNER_USER) {
		tcp_conn_free(net, c);
		return;
	}
	shut(net, c);
	/* What came in order may still be read, whatever ended the connection: a server that answers and resets, because
	 * it does not want the rest of a request, has answered.  What lies ahead of a gap is lost. */
	tcp_recvq_clear_ooo(&c->recvq);
	tcp_rx_account(net, c);
	list_unlink(&c->dirty);
	tcp_conn_ready(net, c);
}

void tcp_conn_time_wait(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	tcp_set_state(net, c, TCP_TIME_WAIT);
	c->end = TCP_END_NORMAL;
	if (c->owner == TCP_OWNER_RELEASED)
		put_recyclable(net, c);
	tcp_timer_on_time_wait(net, c, now_ns);
	tcp_conn_ready(net, c);
}

void tcp_conn_orphaned(struct net *net, struct tcp_conn *c)
{
	/* Nobody will read what TIME-WAIT still holds. */
	discard_received(net, c);
	if (c->state == TCP_TIME_WAIT)
		put_recyclable(net, c);
	tcp_conn_dirty(net, c);
}

void tcp_conn_ready(struct net *net, struct tcp_conn *c)
{
	if (c->owner == TCP_OWNER_RELEASED)
		return;
	/* News outranks a postponement. */
	list_unlink(&c->ready);
	list_push(&net->tcp.ready, &c->ready);
}

void tcp_conn_dirty(struct net *net, struct tcp_conn *c)
{
	if (!list_is_linked(&c->dirty))
		list_push(&net->tcp.dirty, &c->dirty);
}

uint64_t tcp_random(struct tcp_stack *tcp)
{
	struct ip4_endpoint counter = {.addr = {(uint32_t)tcp->random_counter}};
	struct ip4_endpoint high = {.addr = {(uint32_t)(tcp->random_counter >> 32)}};

	tcp->random_counter++;
	return tcp_tuple_hash(tcp, TCP_HASH_RANDOM, counter, high);
}

bool tcp_budget_take(struct tcp_stack *tcp, struct tcp_budget *budget, uint32_t per_second,
		     uint64_t now_ns)
{
	if (budget->window_start_ns == 0 || now_ns - budget->window_start_ns >= 1000 * NS_PER_MS) {
		budget->window_start_ns = now_ns;
		/* A fixed number could be counted down by one peer to learn about another (CVE-2016-5696). */
		budget->left_count = per_second / 2 +
				     (uint32_t)(tcp_random(tcp) % (per_second / 2 + 1));
	}
	if (budget->left_count == 0)
		return false;
	budget->left_count--;
	return true;
}

uint32_t tcp_ts_now(const struct tcp_stack *tcp, struct ip4_endpoint local,
		    struct ip4_endpoint remote, uint64_t now_ns)
{
	return (uint32_t)(now_ns / NS_PER_MS) +
	       (uint32_t)tcp_tuple_hash(tcp, TCP_HASH_TIMESTAMPS, local, remote);
}

uint32_t tcp_conn_ts_now(const struct tcp_conn *c, uint64_t now_ns)
{
	return (uint32_t)(now_ns / NS_PER_MS) + c->ts_offset;
}
