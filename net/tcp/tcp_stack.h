/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp_stack.h: all TCP state of one worker, embedded in struct net, and how net drives it.  Users of
 * connections want net/tcp/tcp.h. */
#pragma once

#include "base/list.h"
#include "base/pool.h"
#include "base/timer_wheel.h"
#include "net/pkt.h"
#include "net/tcp/tcp.h"
#include "net/tcp/tcp_syncookie.h"

struct icmp_quote;
struct ip4_header;

struct tcp_listener {
	struct ip4_endpoint local;
	uint32_t user_idx;
	tcp_accept_filter *filter;
	void *filter_ctx;
};

/* At most so many answers of one kind in a second: a bucket that is filled again when a second has passed. */
struct tcp_budget {
	uint64_t window_start_ns;
	uint32_t left_count;
};

/* Connections that hold buffers, by the binary logarithm of their number; the last class has no upper end. */
#define TCP_FAT_CLASSES 10

struct tcp_stack {
	/* fixed after tcp_init() */
	struct tcp_params params;
	uint64_t secret[2];     /* keys the table and everything a peer must not guess */
	uint32_t half_open_max; /* beyond it SYNs are answered by cookies */
	struct tcp_listener listeners[TCP_LISTENERS_MAX];
	unsigned listener_count;
	/* hot */
	struct pool conns;
	struct tcp_conn **buckets;
	uint32_t bucket_mask;
	struct timer_wheel timers;
	struct list ready;      /* to be seen by their users in this turn */
	struct list ready_next; /* in the next one */
	struct list dirty;      /* have something to send, or are to be freed */
	struct list half_open;  /* SYN-RECEIVED from a listener, oldest first */
	struct list recyclable; /* TIME-WAIT and without a user, oldest first */
	struct list fat[TCP_FAT_CLASSES];
	uint32_t half_open_count, time_wait_count, recyclable_count;
	uint32_t rx_held_mbufs; /* on all receive queues together */
	bool rx_share_spent;    /* payload was dropped for it */
	uint64_t random_counter;
	struct tcp_syncookies syncookies;
	enum drop_reason shed; /* why new connections are not wanted; DROP_none: they are */
	struct tcp_budget challenge_budget, reset_budget;
};

/* secret is random.  GW_ERR_NO_MEMORY when the control blocks do not fit. */
MUST_CHECK enum gw_err tcp_init(struct net *net, const struct tcp_params *params,
				const uint64_t secret[2], uint64_t now_ns);
/* Drops every connection without a word and frees every mbuf held. */
void tcp_fini(struct net *net);

/* One received segment: m's data begins at the TCP header and ends with the IP payload; ip is its header.
 * Consumes m on every path: queued on a connection, or freed; a drop is counted once. */
void tcp_input(struct net *net, struct rte_mbuf *m, const struct ip4_header *ip, uint64_t now_ns);
/* An ICMP error (RFC 5927 section 4) or a failed address resolution says that remote cannot be reached.  seq is that
 * of the segment it quotes.  Ends a connection that is still in SYN-SENT; anything else is only a hint, ignored. */
void tcp_on_unreachable(struct net *net, struct ip4_endpoint local, struct ip4_endpoint remote,
			uint32_t seq);
/* A router could not pass on the segment it quotes: the next network takes packets of mtu_bytes (RFC 1191), 0 when the router
 * does not say.  Of that connection alone segments get smaller, and all that is under way is sent again.  False when that is not believed
 * (RFC 5927 section 7): the segment is not under way, is not too big, or segments of its size have arrived and nothing has been
 * lost since. */
bool tcp_on_too_big(struct net *net, const struct icmp_quote *quote, uint16_t mtu_bytes);
/* Fires due timers. */
void tcp_timers_run(struct net *net, uint64_t now_ns);
/* The end of a turn: segments for every connection that has something to send, resets for the aborted ones, which
 * are freed.  Connections that tcp_ready_put() postponed are ready again afterwards. */
void tcp_output_all(struct net *net, uint64_t now_ns);

/* Asserts every invariant of every connection; linear in their number, for tests. */
void tcp_check(const struct net *net);
