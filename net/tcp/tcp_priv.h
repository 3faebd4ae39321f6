/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp_priv.h: the control block and what the files of this folder ask of each other.  Includable only from
 * net/tcp and its tests.
 *
 * Sequence variables are RFC 9293's (section 3.3.1) with one addition: snd_cursor, the next to be sent, is snd_nxt
 * unless a retransmission timeout has put it back to snd_una.  snd_nxt is the highest ever sent, so it decides
 * what a peer may acknowledge.  Invariant: snd_una <= snd_cursor <= snd_nxt <= end of the send queue (+1 for FIN). */
#pragma once

#include "net/net.h"
#include "net/tcp/tcp_cong.h"
#include "net/tcp/tcp_recvq.h"
#include "net/tcp/tcp_rtt.h"
#include "net/tcp/tcp_sendq.h"
#include "net/tcp/tcp_seq.h"
#include "net/wire/tcp_wire.h"

#define NS_PER_MS 1000000ull
#define NS_PER_US 1000ull

/* RFC 9293 section 3.7.1: what a peer takes that announces nothing. */
#define TCP_MSS_DEFAULT 536
/* A smaller announced MSS is raised to this: a peer must not make us spend a 2 KB mbuf on every few bytes. */
#define TCP_MSS_MIN 216
/* RFC 9293 section 3.8.3: R2.  A peer silent for so long is given up: the user sees TCP_END_TIMEOUT. */
#define TCP_GIVE_UP_NS (60000 * NS_PER_MS)
/* The same while connecting, in either direction.  RFC 1122 asks for 3 minutes; a gateway has answered 504 by then. */
#define TCP_SYN_GIVE_UP_NS (15000 * NS_PER_MS)
/* The longest pause between probes of a closed window: several fit into TCP_GIVE_UP_NS. */
#define TCP_PROBE_INTERVAL_MAX_NS (10000 * NS_PER_MS)
/* RFC 9293 section 3.8.6.3 allows 500 ms.  Reached only when neither data nor a second segment comes. */
#define TCP_DELACK_NS (40 * NS_PER_MS)
/* A released connection whose peer never sends its FIN is dropped after this. */
#define TCP_FIN_WAIT_2_NS (60000 * NS_PER_MS)
/* At most one answer in this time to unacceptable segments without data: two confused ends cannot keep each other busy. */
#define TCP_STRAY_ACK_INTERVAL_NS (500 * NS_PER_MS)
/* RFC 7323 section 5.5: a recent timestamp older than 24 days says nothing. */
#define TCP_PAWS_IDLE_NS (24ull * 24 * 3600 * 1000 * NS_PER_MS)

enum tcp_owner {
	TCP_OWNER_NOBODY_YET, /* accepted, not taken from the ready list so far */
	TCP_OWNER_USER,
	TCP_OWNER_RELEASED, /* the user is done; the block frees itself at the end */
};

/* Whether, and how soon, an acknowledgement is owed. */
enum tcp_ack_debt {
	TCP_ACK_NONE,
	TCP_ACK_DELAYED,
	TCP_ACK_NOW,
};

struct tcp_conn {
	/* identity, fixed while in the table */
	struct tcp_conn *hash_next;
	struct ip4_endpoint local, remote;
	void *user;
	const struct tcp_params *params; /* the stack's */
	uint32_t listener_idx;
	uint32_t ts_offset; /* RFC 7323 section 5.4: our clock as this peer sees it */
	/* lists it may stand in; age is half_open or recyclable */
	struct list ready, dirty, age, fat;
	/* timers, armed only in tcp_timer.c */
	struct timer_entry rexmit; /* retransmission, or window probe when nothing is outstanding */
	struct timer_entry delack;
	struct timer_entry linger; /* TIME-WAIT, FIN-WAIT-2 without a user */

	enum tcp_state state;
	enum tcp_end end;
	enum tcp_owner owner;
	enum tcp_ack_debt ack_debt;
	bool in_table;
	bool is_passive;
	bool aborting;     /* tcp_abort(): a reset is due, then the block is freed */
	bool fin_wanted;   /* tcp_shutdown() */
	bool fin_sent;     /* at least once; its sequence number is snd_nxt - 1 */
	bool tell_at_half; /* the send buffer was fuller: its user learns when half of it is free, */
	bool tell_at_empty;  /* and when all of it is, if half was not enough */
	bool has_timestamps; /* agreed in the handshake; so is has_window_shift */
	bool has_window_shift;
	bool syn_sent; /* at least once */
	bool probing;  /* rexmit is a window probe */
	uint8_t snd_shift, rcv_shift;
	uint8_t timeouts_count; /* in a row, for the same snd_una */

	/* sending */
	uint32_t iss, snd_una, snd_cursor, snd_nxt;
	uint32_t snd_wnd, snd_wnd_max, snd_wl1, snd_wl2;
	uint16_t mss_bytes; /* payload of a full segment, options already taken off */
	struct tcp_sendq sendq;
	struct tcp_rtt rtt;
	struct tcp_cong cong;
	uint64_t
		progress_ns; /* when the peer last acknowledged something, or outstanding data first went out */
	uint64_t sent_ns; /* the last segment with a sequence number */
	uint64_t
		syn_ns; /* first SYN, for the first round-trip sample; 0: it was a cookie, nobody noted */

	/* receiving */
	uint32_t irs, rcv_nxt;
	uint32_t rcv_edge; /* right edge of the window as the peer knows it: never moves back */
	uint32_t last_ack_sent;
	uint32_t fin_seq; /* of the peer's FIN; meaningful while fin_known */
	uint32_t ts_recent;
	uint16_t peer_mss_bytes; /* announced, or the default */
	bool fin_known;          /* a FIN has been seen, perhaps ahead of missing data */
	bool fin_received;       /* it was the next in order */
	uint32_t held_mbufs;     /* of recvq, as last accounted for */
	struct tcp_recvq recvq;
	uint64_t ts_recent_ns;
	uint64_t stray_ack_ns; /* when an unacceptable segment was last answered */
};

/* One received segment, past its checksum.  A handler that keeps m sets it to NULL. */
struct tcp_segment {
	struct tcp_header h;
	struct ip4_endpoint src, dst;
	struct rte_mbuf *m; /* the payload alone, a chain perhaps */
	uint32_t payload_bytes;
};

/* What the segment takes of the sequence space. */
static inline uint32_t tcp_segment_len(const struct tcp_segment *seg)
{
	return seg->payload_bytes + ((seg->h.flags & TCP_SYN) != 0) +
	       ((seg->h.flags & TCP_FIN) != 0);
}

/* tcp_conn.c: life of a control block */
/* A block in TCP_CLOSED, in the table, with sequence numbers chosen.  NULL, counted, when none can be had: first
 * the oldest TIME-WAIT block without a user is recycled. */
struct tcp_conn *tcp_conn_open(struct net *net, struct ip4_endpoint local,
			       struct ip4_endpoint remote, uint64_t now_ns);
/* The only way a connection changes state. */
void tcp_set_state(struct net *net, struct tcp_conn *c, enum tcp_state to);
/* The connection is over: out of the table, nothing queued, no timer.  A user is told by the ready list; without
 * one the block is freed, so c must not be used afterwards. */
void tcp_conn_end(struct net *net, struct tcp_conn *c, enum tcp_end why);
/* Both FINs have been acknowledged and we sent the first. */
void tcp_conn_time_wait(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* Out of the table, nothing queued in either direction, no timer; the block itself stays. */
void tcp_conn_shut(struct net *net, struct tcp_conn *c, enum tcp_end why);
/* Its user has let go of an open connection: TCP alone brings it to its end. */
void tcp_conn_orphaned(struct net *net, struct tcp_conn *c);
/* Frees the block, wherever it stands. */
void tcp_conn_free(struct net *net, struct tcp_conn *c);
/* Something happened that the user should look at. */
void tcp_conn_ready(struct net *net, struct tcp_conn *c);
/* The connection may have something to send at the end of the turn. */
void tcp_conn_dirty(struct net *net, struct tcp_conn *c);
/* 64 bits a peer cannot foresee. */
uint64_t tcp_random(struct tcp_stack *tcp);
/* Takes one from the budget; false when this second's is spent. */
bool tcp_budget_take(struct tcp_stack *tcp, struct tcp_budget *budget, uint32_t per_second,
		     uint64_t now_ns);
/* Milliseconds, as RFC 7323 timestamps of this connection count them. */
uint32_t tcp_conn_ts_now(const struct tcp_conn *c, uint64_t now_ns);
/* The same for one there is no block for. */
uint32_t tcp_ts_now(const struct tcp_stack *tcp, struct ip4_endpoint local,
		    struct ip4_endpoint remote, uint64_t now_ns);

/* tcp_pressure.c: what received bytes cost the worker */
/* c's receive queue has grown or shrunk: whoever changes it says so before anything else is done. */
void tcp_rx_account(struct net *net, struct tcp_conn *c);
/* Some payload found the worker's share spent: frees an eighth of it.  Called between turns. */
void tcp_pressure_relieve(struct net *net, uint64_t now_ns);

/* tcp_table.c: the connection table, keyed by both endpoints */
enum tcp_hash_purpose {
	TCP_HASH_TABLE,
	TCP_HASH_ISN,        /* RFC 6528 */
	TCP_HASH_TIMESTAMPS, /* RFC 7323 section 5.4 */
	TCP_HASH_RANDOM,
};
/* Secret, and different for each purpose. */
uint64_t tcp_tuple_hash(const struct tcp_stack *tcp, enum tcp_hash_purpose purpose,
			struct ip4_endpoint local, struct ip4_endpoint remote);
struct tcp_conn *tcp_table_find(const struct tcp_stack *tcp, struct ip4_endpoint local,
				struct ip4_endpoint remote);
void tcp_table_add(struct tcp_stack *tcp, struct tcp_conn *c);
void tcp_table_remove(struct tcp_stack *tcp, struct tcp_conn *c);

/* tcp_listen.c */
const struct tcp_listener *tcp_listener_find(const struct tcp_stack *tcp,
					     struct ip4_endpoint local);
/* A segment that belongs to no connection.  seg->m is NULL afterwards when it was kept. */
enum drop_reason tcp_listen_input(struct net *net, struct tcp_segment *seg, uint64_t now_ns);

/* tcp_input.c: a segment of a connection past SYN-SENT, in the order of RFC 9293 section 3.10.7.4.  c must not be used
 * afterwards. */
enum drop_reason tcp_synchronised_input(struct net *net, struct tcp_conn *c,
					struct tcp_segment *seg, uint64_t now_ns);

/* tcp_handshake.c: what both ways of opening share, and the states before ESTABLISHED */
/* Guesses for what is written before the handshake has settled them. */
void tcp_handshake_prepare(const struct net *net, struct tcp_conn *c);
/* The MSS, the window and the window shift that our SYN announces. */
uint16_t tcp_handshake_mss(const struct net *net, struct ip4 remote);
uint16_t tcp_handshake_window(const struct net *net);
uint8_t tcp_handshake_shift(const struct net *net);
/* Takes sequence number, window and options from the peer's SYN. */
void tcp_handshake_take_syn(struct net *net, struct tcp_conn *c, const struct tcp_segment *seg,
			    uint64_t now_ns);
/* Our SYN has been acknowledged. */
void tcp_handshake_done(struct net *net, struct tcp_conn *c, uint64_t now_ns);
enum drop_reason tcp_syn_sent_input(struct net *net, struct tcp_conn *c,
				    const struct tcp_segment *seg, uint64_t now_ns);

/* tcp_validate.c: is this segment one the connection may act on (RFC 9293 section 3.10.7.4, RFC 5961, RFC 7323)?
 * Changes no sequence state; answers by challenge acknowledgements.  *ret_gone: the connection has ended. */
enum drop_reason tcp_validate(struct net *net, struct tcp_conn *c, struct tcp_segment *seg,
			      uint64_t now_ns, bool *ret_gone);

/* tcp_ack.c: the acknowledgement and window of an acceptable segment.  False when the connection has ended. */
bool tcp_ack_input(struct net *net, struct tcp_conn *c, const struct tcp_segment *seg,
		   uint64_t now_ns);

/* tcp_data.c: the payload and FIN of an acceptable segment.  seg->m is NULL afterwards when it was kept.  May end the
 * connection: c must not be used afterwards. */
enum drop_reason tcp_data_input(struct net *net, struct tcp_conn *c, struct tcp_segment *seg,
				uint64_t now_ns);

/* tcp_output.c */
/* Everything the connection may send now. */
void tcp_output(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* An acknowledgement at once, without data. */
void tcp_output_ack(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* The first unacknowledged segment again. */
void tcp_output_retransmit(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* One byte beyond the peer's closed window. */
void tcp_output_probe(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* A reset for c as it stands. */
void tcp_output_reset(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* How far beyond rcv_nxt the peer may send from now on; never less than it has been told. */
uint32_t tcp_rcv_window(const struct net *net, const struct tcp_conn *c);
/* Reading has opened the window by so much that the peer must be told. */
bool tcp_window_update_due(const struct net *net, const struct tcp_conn *c);

/* tcp_reset.c: answers to segments that deserve no state */
/* Resets whoever sent seg, unless that was a reset or the budget is spent.  Returns why, counted by the caller. */
enum drop_reason tcp_reset_reply(struct net *net, const struct tcp_segment *seg,
				 enum drop_reason why, uint64_t now_ns);
/* RFC 5961 section 3: an acknowledgement that only the true peer can use, within the stack's budget. */
void tcp_challenge_ack(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* The answer to a segment outside the window, at most one per TCP_STRAY_ACK_INTERVAL_NS when it carries nothing. */
void tcp_stray_ack(struct net *net, struct tcp_conn *c, const struct tcp_segment *seg,
		   uint64_t now_ns);

/* tcp_emit.c: one segment */
/* Sends a segment with the sequence number and flags given (options and acknowledgement are added), and m's payload
 * behind it, which it consumes; NULL means none.  False when there was no mbuf, or no way to send it. */
bool tcp_emit(struct net *net, struct tcp_conn *c, uint32_t seq, uint8_t flags, struct rte_mbuf *m,
	      uint64_t now_ns);
/* A segment of no connection: header only. */
bool tcp_emit_bare(struct net *net, const struct tcp_header *h, struct ip4 src, struct ip4 dst,
		   uint64_t now_ns);

/* tcp_timer.c: the only file that arms or disarms */
void tcp_timers_init(struct tcp_conn *c);
/* Retransmission runs while something is outstanding: numbers went out, or were acknowledged. */
void tcp_timer_on_send(struct net *net, struct tcp_conn *c, uint64_t now_ns);
void tcp_timer_on_progress(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* There is data the peer's window does not admit and nothing outstanding. */
void tcp_timer_on_blocked(struct net *net, struct tcp_conn *c, uint64_t now_ns);
void tcp_timer_on_ack_owed(struct net *net, struct tcp_conn *c, uint64_t now_ns);
void tcp_timer_on_ack_sent(struct net *net, struct tcp_conn *c);
void tcp_timer_on_time_wait(struct net *net, struct tcp_conn *c, uint64_t now_ns);
/* Nobody waits for the peer's FIN any more: it gets TCP_FIN_WAIT_2_NS, counted once. */
void tcp_timer_on_fin_wait_2(struct net *net, struct tcp_conn *c, uint64_t now_ns);
void tcp_timers_stop(struct net *net, struct tcp_conn *c);

/* tcp_check.c */
void tcp_conn_check(const struct net *net, const struct tcp_conn *c);
