/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp.h: TCP as its user sees it (RFC 9293, with RFC 6298, 6582, 5681, 7323, 5961, 6528).  A connection
 * belongs to one worker.  There are no upcalls: whatever happens puts the connection on the ready list, and its
 * user looks at it there once per turn.  Back-pressure is what the user leaves unread: it closes the window. */
#pragma once

#include "base/counters.h"
#include "base/err.h"
#include "base/list.h"
#include "base/span.h"
#include "net/ip4.h"

struct net;
struct tcp_conn;

#define TCP_LISTENERS_MAX 2048

struct tcp_params {
	uint32_t conns_max; /* control blocks, TIME-WAIT included */
	uint32_t
		rx_buf_bytes; /* receive buffer a connection advertises at most; >= 64 KiB so that a TLS record fits */
	uint32_t tx_buf_bytes; /* unsent plus unacknowledged bytes a connection may hold */
	uint32_t rto_min_ms;   /* RFC 6298 says 1 s; the default of 200 ms is what Linux does */
	uint32_t time_wait_ms; /* 2 MSL */
	/* Connections without a user that may be in TIME-WAIT; beyond it the oldest ends early, counted.  0: no bound. */
	uint32_t time_wait_max;
	/* Received mbufs all connections together may hold (half of the receive pool is sensible).  From three quarters on
	 * no window grows; beyond it payload is dropped and counted, and at the end of the turn the connections that hold
	 * most give it back: what lies ahead of a gap, then all, by a reset.  0: no bound. */
	uint32_t rx_mbufs_max;
};

enum tcp_state {
	TCP_CLOSED,
	TCP_SYN_SENT,
	TCP_SYN_RECEIVED,
	TCP_ESTABLISHED,
	TCP_FIN_WAIT_1,
	TCP_FIN_WAIT_2,
	TCP_CLOSE_WAIT,
	TCP_CLOSING,
	TCP_LAST_ACK,
	TCP_TIME_WAIT,
};

/* Why a connection is gone, once it is. */
enum tcp_end {
	TCP_END_NONE = 0,    /* it is not */
	TCP_END_NORMAL,      /* both sides sent FIN */
	TCP_END_RESET,       /* the peer reset it */
	TCP_END_TIMEOUT,     /* retransmissions or connection attempt gave up */
	TCP_END_REFUSED,     /* reset in answer to our SYN */
	TCP_END_UNREACHABLE, /* ICMP or no neighbour, while connecting */
	TCP_END_ABORTED, /* tcp_abort(), or reset because it held too much of the receive pool */
};

/* Accepts connections to addr:port.  user_idx comes back from tcp_listener_idx().  filter, when not NULL, is asked
 * with the client's address before any state is made; false drops the SYN silently, counted listener_denied. */
typedef bool tcp_accept_filter(void *ctx, struct ip4 client);
MUST_CHECK enum gw_err tcp_listen(struct net *net, struct ip4_endpoint local, uint32_t user_idx,
				  tcp_accept_filter *filter, void *filter_ctx);

/* Accepts nothing more on any address: a SYN, or the end of a handshake that has kept no state, is answered by a reset.
 * Connections that are half open or open are not touched. */
void tcp_listen_stop(struct net *net);

/* From now on SYNs, and the cookies that answer for earlier ones, are dropped and counted as why; DROP_none: no more.  What
 * is established, or has a block already, does not notice. */
void tcp_shed(struct net *net, enum drop_reason why);

/* Starts a connection from our address on the way to remote and a port we choose, one with which the answers come to this
 * worker.  NULL, with the drop counted, when there is no route, port or control block left.  Data may be written at
 * once. */
struct tcp_conn *tcp_connect(struct net *net, struct ip4_endpoint remote, uint64_t now_ns);
/* The same from any of several addresses of ours, which one by chance; the others are tried when it has no port left.  With
 * none it is tcp_connect(). */
struct tcp_conn *tcp_connect_from(struct net *net, const struct ip4 *sources, size_t source_count,
				  struct ip4_endpoint remote, uint64_t now_ns);

/* The next connection something happened to: established, data or FIN received, an end, or half of the send buffer
 * free again after it was fuller, and then all of it; after tcp_shutdown() also "everything acknowledged".  Each at
 * most once per turn, which ends with net_output_all(); NULL when there is none left.  A connection that has no user
 * yet (tcp_user() is NULL) has just been established by a client: give it one, or tcp_abort() it. */
struct tcp_conn *tcp_ready_take(struct net *net);
/* Puts a connection on the ready list itself: its user has unfinished work for the next turn.  One that is already
 * on the list of this turn stays there. */
void tcp_ready_put(struct net *net, struct tcp_conn *c);

void *tcp_user(const struct tcp_conn *c);
void tcp_user_set(struct tcp_conn *c, void *user);
uint32_t tcp_listener_idx(const struct tcp_conn *c);
struct ip4_endpoint tcp_local(const struct tcp_conn *c);
struct ip4_endpoint tcp_remote(const struct tcp_conn *c);
enum tcp_state tcp_state(const struct tcp_conn *c);
enum tcp_end tcp_end(const struct tcp_conn *c);

/* Received, in order, not consumed.  Stays readable after the end of the connection, a reset included. */
size_t tcp_rx_bytes(const struct tcp_conn *c);
/* The first received bytes that lie together in one mbuf, from offset on; empty when offset >= tcp_rx_bytes(). */
struct span tcp_rx_peek(const struct tcp_conn *c, size_t offset);
/* Copies up to len bytes from offset on without consuming them; returns how many. */
size_t tcp_rx_copy(const struct tcp_conn *c, size_t offset, void *dst, size_t len);
/* Gives n bytes back; opens the window. */
void tcp_rx_consume(struct net *net, struct tcp_conn *c, size_t n);
/* Whoever waits for more of something acknowledges what there is without delay: a peer with Nagle's algorithm
 * (RFC 9293 section 3.7.4) holds the rest back until then. */
void tcp_ack_now(struct net *net, struct tcp_conn *c);
/* The peer's FIN has been received and every byte before it consumed. */
bool tcp_rx_eof(const struct tcp_conn *c);

/* How many bytes tcp_tx_write() would take now. */
size_t tcp_tx_space(const struct tcp_conn *c);
/* Copies data into MSS-sized mbufs for transmission; returns how much was taken (less when the buffer or the
 * mbuf pool is full, 0 after tcp_shutdown() or the end). */
size_t tcp_tx_write(struct net *net, struct tcp_conn *c, struct span data);
/* Written and not yet acknowledged (unsent included). */
size_t tcp_tx_unacked(const struct tcp_conn *c);
/* No more data from us: FIN after what is queued.  Harmless twice. */
void tcp_shutdown(struct net *net, struct tcp_conn *c);
/* RST, with which everything is freed, at the end of the turn; the user is detached at once, so c must not be used
 * afterwards.  Harmless for one that is over already, and in the middle of a tcp_ready_take() loop. */
void tcp_abort(struct net *net, struct tcp_conn *c);
/* The user is done: detaches it.  Unread and later data is answered by RST (RFC 9293 section 3.6.1); what is queued is
 * still sent, then FIN; TIME-WAIT and all that is TCP's own business.  One that is over, or still connecting, is freed.
 * c must not be used afterwards. */
void tcp_release(struct net *net, struct tcp_conn *c);

/* Control blocks in use, those in TIME-WAIT among them. */
uint32_t tcp_conns_in_use(const struct net *net);
uint32_t tcp_time_wait_count(const struct net *net);
