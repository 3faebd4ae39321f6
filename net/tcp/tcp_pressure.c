/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What received bytes cost the worker.  Every connection that holds buffers stands in the list of its class, by the binary
 * logarithm of their number, so the fattest is found without a search.  When all together hold more than their share,
 * somebody must give some back before the good traffic can go on: first what lies ahead of a gap, which the peer keeps
 * until it is acknowledged; then the fattest connection as a whole. */
#include "net/tcp/tcp_priv.h"

/* Buffers freed beyond the need, as a part of the share: or the next segment would be the next occasion. */
#define RELIEF_PART 8
/* Connections looked at in one turn. */
#define VICTIMS_MAX 64

static unsigned class_of(uint32_t mbufs_count)
{
	unsigned class = 31u - (unsigned)__builtin_clz(mbufs_count);

	return class < TCP_FAT_CLASSES ? class : TCP_FAT_CLASSES - 1;
}

void tcp_rx_account(struct net *net, struct tcp_conn *c)
{
	struct tcp_stack *tcp = &net->tcp;
	uint32_t was = c->held_mbufs, is = c->recvq.mbufs_count;

	if (was == is)
		return;
	tcp->rx_held_mbufs += is - was;
	c->held_mbufs = is;
	if (was != 0 && is != 0 && class_of(was) == class_of(is))
		return;
	list_unlink(&c->fat);
	if (is != 0)
		list_push(&tcp->fat[class_of(is)], &c->fat);
}

static struct tcp_conn *fattest(struct tcp_stack *tcp)
{
	for (unsigned i = TCP_FAT_CLASSES; i-- > 0;) {
		if (!list_is_empty(&tcp->fat[i]))
			return CONTAINER_OF(tcp->fat[i].next, struct tcp_conn, fat);
	}
	return NULL;
}

static void give_back(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	if (c->recvq.ooo_count > 0) {
		counter_add(net->count, COUNTER_tcp_gaps_pruned, 1);
		tcp_recvq_clear_ooo(&c->recvq);
		tcp_rx_account(net, c);
		return;
	}
	drop_count(net->count, DROP_tcp_fat_reset);
	if (c->in_table)
		tcp_output_reset(net, c, now_ns);
	tcp_recvq_clear(&c->recvq);
	tcp_rx_account(net, c);
	tcp_conn_end(net, c, TCP_END_ABORTED);
}

void tcp_pressure_relieve(struct net *net, uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;
	uint32_t max = tcp->params.rx_mbufs_max, target = max - max / RELIEF_PART;
	struct tcp_conn *c;

	tcp->rx_share_spent = false;
	for (unsigned i = 0; i < VICTIMS_MAX && tcp->rx_held_mbufs > target; i++) {
		c = fattest(tcp);
		if (c == NULL)
			return;
		give_back(net, c, now_ns);
	}
}
