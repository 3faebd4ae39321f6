/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passive open: segments that belong to no connection (RFC 9293 section 3.10.7.1 and .2). */
#include "net/tcp/tcp_priv.h"

enum gw_err tcp_listen(struct net *net, struct ip4_endpoint local, uint32_t user_idx,
		       tcp_accept_filter *filter, void *filter_ctx)
{
	struct tcp_stack *tcp = &net->tcp;

	if (tcp->listener_count == TCP_LISTENERS_MAX || tcp_listener_find(tcp, local) != NULL)
		return GW_ERR_CONFIG;
	tcp->listeners[tcp->listener_count++] = (struct tcp_listener){
		.local = local,
		.user_idx = user_idx,
		.filter = filter,
		.filter_ctx = filter_ctx,
	};
	return GW_ERR_OK;
}

void tcp_listen_stop(struct net *net)
{
	net->tcp.listener_count = 0;
}

const struct tcp_listener *tcp_listener_find(const struct tcp_stack *tcp, struct ip4_endpoint local)
{
	for (unsigned i = 0; i < tcp->listener_count; i++) {
		const struct tcp_listener *l = &tcp->listeners[i];

		if (l->local.port == local.port && ip4_eq(l->local.addr, local.addr))
			return l;
	}
	return NULL;
}

/* A flood of SYNs may use a share of the blocks only: the oldest half-open connection, which is the least likely to be
 * a real one, gives way. */
static void make_room_half_open(struct net *net)
{
	struct tcp_stack *tcp = &net->tcp;

	if (tcp->half_open_count < tcp->half_open_max)
		return;
	drop_count(net->count, DROP_tcp_half_open_evicted);
	tcp_conn_free(net, CONTAINER_OF(tcp->half_open.next, struct tcp_conn, age));
}

static enum drop_reason open_passive(struct net *net, const struct tcp_listener *listener,
				     const struct tcp_segment *seg, uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;
	struct tcp_conn *c;

	if (listener->filter != NULL && !listener->filter(listener->filter_ctx, seg->src.addr))
		return DROP_listener_denied;
	make_room_half_open(net);
	c = tcp_conn_open(net, seg->dst, seg->src, now_ns);
	if (c == NULL)
		return DROP_none; /* counted already */
	c->is_passive = true;
	c->owner = TCP_OWNER_NOBODY_YET;
	c->listener_idx = listener->user_idx;
	list_push(&tcp->half_open, &c->age);
	tcp->half_open_count++;
	tcp_handshake_take_syn(net, c, seg, now_ns);
	tcp_set_state(net, c, TCP_SYN_RECEIVED);
	tcp_conn_dirty(net, c);
	/* Data on a SYN is not ours to keep before the client's address is proven; it is sent again. */
	return seg->payload_bytes > 0 ? DROP_tcp_syn_data : DROP_none;
}

enum drop_reason tcp_listen_input(struct net *net, const struct tcp_segment *seg, uint64_t now_ns)
{
	const struct tcp_listener *listener = tcp_listener_find(&net->tcp, seg->dst);

	if (listener == NULL || (seg->h.flags & (TCP_ACK | TCP_RST)) != 0)
		return tcp_reset_reply(net, seg, DROP_tcp_no_connection, now_ns);
	if ((seg->h.flags & TCP_SYN) == 0)
		return DROP_tcp_bad_flags;
	return open_passive(net, listener, seg, now_ns);
}
