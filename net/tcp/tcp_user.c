/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user of a connection calls.  Nothing is sent here: that is for the end of the turn. */
#include "net/tcp/tcp_priv.h"

/* Of an mbuf's share of the send buffer: fewer bytes than this in each, and their number is the limit. */
#define TX_BYTES_PER_SEG_MIN 512

struct tcp_conn *tcp_ready_take(struct net *net)
{
	struct list *node = list_pop(&net->tcp.ready);

	return node != NULL ? CONTAINER_OF(node, struct tcp_conn, ready) : NULL;
}

void tcp_ready_put(struct net *net, struct tcp_conn *c)
{
	if (c->owner != TCP_OWNER_RELEASED && !list_is_linked(&c->ready))
		list_push(&net->tcp.ready_next, &c->ready);
}

void *tcp_user(const struct tcp_conn *c)
{
	return c->user;
}

void tcp_user_set(struct tcp_conn *c, void *user)
{
	c->user = user;
	c->owner = TCP_OWNER_USER;
}

uint32_t tcp_listener_idx(const struct tcp_conn *c)
{
	return c->listener_idx;
}

struct ip4_endpoint tcp_local(const struct tcp_conn *c)
{
	return c->local;
}

struct ip4_endpoint tcp_remote(const struct tcp_conn *c)
{
	return c->remote;
}

enum tcp_state tcp_state(const struct tcp_conn *c)
{
	return c->state;
}

enum tcp_end tcp_end(const struct tcp_conn *c)
{
	return c->end;
}

size_t tcp_rx_bytes(const struct tcp_conn *c)
{
	return c->recvq.bytes;
}

struct span tcp_rx_peek(const struct tcp_conn *c, size_t offset)
{
	return tcp_recvq_peek(&c->recvq, offset);
}

size_t tcp_rx_copy(const struct tcp_conn *c, size_t offset, void *dst, size_t len)
{
	return tcp_recvq_copy(&c->recvq, offset, dst, len);
}

void tcp_rx_consume(struct net *net, struct tcp_conn *c, size_t n)
{
	tcp_recvq_consume(&c->recvq, n);
	tcp_rx_account(net, c);
	if (c->state != TCP_CLOSED && tcp_window_update_due(net, c))
		tcp_conn_dirty(net, c);
}

void tcp_ack_now(struct net *net, struct tcp_conn *c)
{
	if (c->ack_debt == TCP_ACK_NONE)
		return;
	c->ack_debt = TCP_ACK_NOW;
	tcp_conn_dirty(net, c);
}

bool tcp_rx_eof(const struct tcp_conn *c)
{
	return c->fin_received && c->recvq.bytes == 0;
}

static uint32_t segs_max(const struct tcp_conn *c)
{
	return c->params->tx_buf_bytes / TX_BYTES_PER_SEG_MIN + 1;
}

static bool may_write(const struct tcp_conn *c)
{
	return !c->fin_wanted && (c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED ||
				  c->state == TCP_ESTABLISHED || c->state == TCP_CLOSE_WAIT);
}

size_t tcp_tx_space(const struct tcp_conn *c)
{
	uint32_t max = c->params->tx_buf_bytes;

	if (!may_write(c) || c->sendq.bytes >= max || c->sendq.segs_count >= segs_max(c))
		return 0;
	return max - c->sendq.bytes;
}

size_t tcp_tx_write(struct net *net, struct tcp_conn *c, struct span data)
{
	size_t taken;

	if (!may_write(c))
		return 0;
	taken = tcp_sendq_append(&c->sendq, net->tx_pool, span_head(data, tcp_tx_space(c)),
				 c->mss_bytes, segs_max(c));
	if (taken > 0)
		tcp_conn_dirty(net, c);
	if (taken < data.len || c->sendq.bytes > c->params->tx_buf_bytes / 2)
		c->tell_at_half = c->tell_at_empty = true;
	/* The pool is empty and no acknowledgement will tell when that has changed. */
	if (taken < data.len && c->sendq.bytes == 0)
		tcp_ready_put(net, c);
	return taken;
}

size_t tcp_tx_unacked(const struct tcp_conn *c)
{
	return c->sendq.bytes;
}

void tcp_shutdown(struct net *net, struct tcp_conn *c)
{
	if (c->fin_wanted || c->state == TCP_CLOSED)
		return;
	c->fin_wanted = true;
	tcp_conn_dirty(net, c);
}

/* Detaches the user for good. */
static void disown(struct tcp_conn *c)
{
	c->user = NULL;
	c->owner = TCP_OWNER_RELEASED;
	list_unlink(&c->ready);
}

void tcp_abort(struct net *net, struct tcp_conn *c)
{
	bool silent = c->state == TCP_CLOSED || c->state == TCP_SYN_SENT ||
		      c->state == TCP_TIME_WAIT;

	disown(c);
	if (silent) {
		tcp_conn_free(net, c);
		return;
	}
	tcp_conn_shut(net, c, TCP_END_ABORTED);
	c->aborting = true;
	tcp_conn_dirty(net, c);
}

void tcp_release(struct net *net, struct tcp_conn *c)
{
	disown(c);
	if (c->state == TCP_CLOSED || c->state == TCP_SYN_SENT) {
		tcp_conn_free(net, c);
		return;
	}
	/* Unread bytes, lost: the peer must not take the FIN for "all read". */
	if (c->recvq.bytes > 0 && c->state != TCP_TIME_WAIT) {
		tcp_abort(net, c);
		return;
	}
	tcp_shutdown(net, c);
	tcp_conn_orphaned(net, c);
}

uint32_t tcp_conns_in_use(const struct net *net)
{
	return pool_in_use(&net->tcp.conns);
}

uint32_t tcp_time_wait_count(const struct net *net)
{
	return net->tcp.time_wait_count;
}
