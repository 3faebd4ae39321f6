/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passive open: segments that belong to no connection (RFC 9293 section 3.10.7.1 and .2). */
#include "net/tcp/tcp_priv.h"

static bool is_before(struct ip4_endpoint a, struct ip4_endpoint b)
{
	return a.addr.v != b.addr.v ? a.addr.v < b.addr.v : a.port < b.port;
}

/* Listeners lie in order: the first that is not before local. */
static unsigned listener_place(const struct tcp_stack *tcp, struct ip4_endpoint local)
{
	unsigned low = 0, high = tcp->listener_count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (is_before(tcp->listeners[middle].local, local))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum gw_err tcp_listen(struct net *net, struct ip4_endpoint local, uint32_t user_idx,
		       tcp_accept_filter *filter, void *filter_ctx)
{
	struct tcp_stack *tcp = &net->tcp;
	unsigned at = listener_place(tcp, local);

	if (tcp->listener_count == TCP_LISTENERS_MAX || tcp_listener_find(tcp, local) != NULL)
		return GW_ERR_CONFIG;
	memmove(&tcp->listeners[at + 1], &tcp->listeners[at],
		(tcp->listener_count - at) * sizeof(tcp->listeners[0]));
	tcp->listener_count++;
	tcp->listeners[at] = (struct tcp_listener){
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
	unsigned at = listener_place(tcp, local);
	const struct tcp_listener *l = &tcp->listeners[at];

	if (at < tcp->listener_count && l->local.port == local.port &&
	    ip4_eq(l->local.addr, local.addr))
		return l;
	return NULL;
}

void tcp_shed(struct net *net, enum drop_reason why)
{
	net->tcp.shed = why;
}

/* Answers a SYN without keeping anything of it. */
static void send_cookie(struct net *net, const struct tcp_segment *seg, uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;
	const struct tcp_opts *opts = &seg->h.opts;
	const uint64_t fresh_key[2] = {tcp_random(tcp), tcp_random(tcp)};
	const struct tcp_syncookie_syn syn = {
		.local = seg->dst,
		.remote = seg->src,
		.client_iss = seg->h.seq,
		.mss = opts->has_mss ? opts->mss : TCP_MSS_DEFAULT,
		.has_timestamps = opts->has_timestamps,
		.window_shift = opts->has_window_shift ? opts->window_shift
						       : TCP_SYNCOOKIE_NO_SHIFT,
	};
	struct tcp_header h = {
		.src_port = seg->dst.port,
		.dst_port = seg->src.port,
		.seq = tcp_syncookie_make(&tcp->syncookies, &syn, fresh_key, now_ns),
		.ack = seg->h.seq + 1,
		.flags = TCP_SYN | TCP_ACK,
		.window = tcp_handshake_window(net),
		.opts = {.has_mss = true, .mss = tcp_handshake_mss(net, seg->src.addr)},
	};
	uint32_t ts = tcp_ts_now(tcp, seg->dst, seg->src, now_ns);

	if (opts->has_timestamps) {
		h.opts.has_timestamps = true;
		/* Never ahead of the clock: what follows must not seem older. */
		h.opts.ts_val = (ts >> TCP_SYNCOOKIE_OPTION_BITS << TCP_SYNCOOKIE_OPTION_BITS) -
				(1u << TCP_SYNCOOKIE_OPTION_BITS) + tcp_syncookie_option_bits(&syn);
		h.opts.ts_ecr = opts->ts_val;
		h.opts.has_window_shift = opts->has_window_shift;
		h.opts.window_shift = tcp_handshake_shift(net);
	}
	counter_add(net->count, COUNTER_tcp_syncookies_sent, 1);
	tcp_emit_bare(net, &h, seg->dst.addr, seg->src.addr, now_ns);
}

/* The handshake's third segment, when the second was a cookie: the connection as it would be if its SYN had been kept. */
static enum drop_reason open_from_cookie(struct net *net, const struct tcp_listener *listener,
					 struct tcp_segment *seg,
					 const struct tcp_syncookie_syn *syn, uint64_t now_ns)
{
	struct tcp_segment first = {
		.h = {.seq = syn->client_iss, .window = seg->h.window, .opts = seg->h.opts},
	};
	struct tcp_conn *c = tcp_conn_open(net, seg->dst, seg->src, now_ns);

	if (c == NULL)
		return DROP_none; /* counted already */
	first.h.opts.has_mss = true;
	first.h.opts.mss = syn->mss;
	first.h.opts.has_window_shift = syn->window_shift != TCP_SYNCOOKIE_NO_SHIFT;
	first.h.opts.window_shift = syn->window_shift;
	c->is_passive = true;
	c->owner = TCP_OWNER_NOBODY_YET;
	c->listener_idx = listener->user_idx;
	c->iss = seg->h.ack - 1;
	c->snd_una = c->iss;
	c->snd_cursor = c->snd_nxt = seg->h.ack;
	c->syn_sent = true;
	tcp_sendq_init(&c->sendq, seg->h.ack);
	list_push(&net->tcp.half_open, &c->age);
	net->tcp.half_open_count++;
	tcp_handshake_take_syn(net, c, &first, now_ns);
	tcp_set_state(net, c, TCP_SYN_RECEIVED);
	counter_add(net->count, COUNTER_tcp_syncookies_accepted, 1);
	return tcp_synchronised_input(net, c, seg, now_ns);
}

static enum drop_reason take_cookie(struct net *net, const struct tcp_listener *listener,
				    struct tcp_segment *seg, uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;
	struct tcp_syncookie_syn syn = {
		.local = seg->dst,
		.remote = seg->src,
		.client_iss = seg->h.seq - 1,
		.has_timestamps = seg->h.opts.has_timestamps,
	};

	if (!tcp_syncookie_is_awaited(&tcp->syncookies, now_ns))
		return tcp_reset_reply(net, seg, DROP_tcp_no_connection, now_ns);
	/* Silently: it may be the second segment of a true client whose first was lost, and comes again. */
	if (!tcp_syncookie_check(&tcp->syncookies, &syn, seg->h.ack - 1, seg->h.opts.ts_ecr,
				 now_ns))
		return DROP_tcp_bad_syncookie;
	if (tcp->shed != DROP_none)
		return tcp->shed;
	return open_from_cookie(net, listener, seg, &syn, now_ns);
}

static enum drop_reason open_passive(struct net *net, const struct tcp_listener *listener,
				     const struct tcp_segment *seg, uint64_t now_ns)
{
	struct tcp_stack *tcp = &net->tcp;
	struct tcp_conn *c;

	if (listener->filter != NULL && !listener->filter(listener->filter_ctx, seg->src.addr))
		return DROP_listener_denied;
	if (tcp->shed != DROP_none)
		return tcp->shed;
	/* A flood of SYNs may use a share of the blocks only; beyond it handshakes cost no memory. */
	if (tcp->half_open_count >= tcp->half_open_max) {
		send_cookie(net, seg, now_ns);
		return seg->payload_bytes > 0 ? DROP_tcp_syn_data : DROP_none;
	}
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

enum drop_reason tcp_listen_input(struct net *net, struct tcp_segment *seg, uint64_t now_ns)
{
	const struct tcp_listener *listener = tcp_listener_find(&net->tcp, seg->dst);

	if (listener != NULL && (seg->h.flags & (TCP_ACK | TCP_RST | TCP_SYN)) == TCP_ACK)
		return take_cookie(net, listener, seg, now_ns);
	if (listener == NULL || (seg->h.flags & (TCP_ACK | TCP_RST)) != 0)
		return tcp_reset_reply(net, seg, DROP_tcp_no_connection, now_ns);
	if ((seg->h.flags & TCP_SYN) == 0)
		return DROP_tcp_bad_flags;
	return open_passive(net, listener, seg, now_ns);
}
