/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is this segment one that a synchronised connection may act on?  The order of the steps is RFC 9293's (section
 * 3.10.7.4) with RFC 7323's timestamp check first and RFC 5961's answers: whoever does not see the connection's
 * packets can neither reset it, nor inject into it, nor move its state. */
#include "net/tcp/tcp_priv.h"

/* RFC 7323 section 5: a timestamp from before the latest one belongs to an old duplicate. */
static enum drop_reason check_timestamp(struct net *net, struct tcp_conn *c,
					const struct tcp_segment *seg, uint64_t now_ns)
{
	/* A reset need not carry one, and the SYN of a peer that has forgotten us must reach its challenge. */
	if (!c->has_timestamps || (seg->h.flags & (TCP_RST | TCP_SYN)) != 0)
		return DROP_none;
	if (!seg->h.opts.has_timestamps)
		return DROP_tcp_no_timestamp; /* section 3.2: silently */
	if (!seq_lt(seg->h.opts.ts_val, c->ts_recent))
		return DROP_none;
	if (now_ns - c->ts_recent_ns > TCP_PAWS_IDLE_NS)
		return DROP_none;
	tcp_stray_ack(net, c, seg, now_ns);
	return DROP_tcp_paws;
}

/* RFC 9293 section 3.4, table 6.  The window is the one the peer knows of. */
static bool in_window(const struct tcp_conn *c, const struct tcp_segment *seg)
{
	uint32_t len = tcp_segment_len(seg), window = c->rcv_edge - c->rcv_nxt;
	uint32_t first = seg->h.seq, last = first + len - 1;

	/* A closed window admits acknowledgements still; the data of such a probe is cut off later. */
	if (len == 0 || window == 0)
		return first == c->rcv_nxt ||
		       (seq_le(c->rcv_nxt, first) && seq_lt(first, c->rcv_edge));
	return (seq_le(c->rcv_nxt, first) && seq_lt(first, c->rcv_edge)) ||
	       (seq_le(c->rcv_nxt, last) && seq_lt(last, c->rcv_edge)) ||
	       (seq_lt(first, c->rcv_nxt) && seq_le(c->rcv_edge, last));
}

/* RFC 5961 section 3.2: only a reset at exactly the next sequence number is believed. */
static enum drop_reason take_reset(struct net *net, struct tcp_conn *c,
				   const struct tcp_segment *seg, uint64_t now_ns, bool *ret_gone)
{
	if (seg->h.seq != c->rcv_nxt) {
		tcp_challenge_ack(net, c, now_ns);
		return DROP_tcp_bad_reset;
	}
	/* RFC 1337: a stray reset must not end TIME-WAIT early. */
	if (c->state == TCP_TIME_WAIT)
		return DROP_tcp_bad_reset;
	counter_add(net->count, COUNTER_tcp_resets_received, 1);
	tcp_conn_end(net, c,
		     c->state == TCP_SYN_RECEIVED && !c->is_passive ? TCP_END_REFUSED
								    : TCP_END_RESET);
	*ret_gone = true;
	return DROP_none;
}

/* A SYN of the handshake we are in: theirs again (our answer was lost) or, in a simultaneous open, the one that
 * carries the acknowledgement.  Both count from irs; what is left afterwards is an ordinary segment. */
static enum drop_reason take_repeated_syn(struct net *net, struct tcp_conn *c,
					  struct tcp_segment *seg)
{
	if ((seg->h.flags & TCP_ACK) == 0) {
		c->snd_cursor = c->iss;
		tcp_conn_dirty(net, c);
		return DROP_tcp_duplicate;
	}
	seg->h.flags &= (uint8_t)~TCP_SYN;
	seg->h.seq++;
	return DROP_none;
}

/* RFC 5961 section 5.2: an acknowledgement of what was never sent, or of what lies further back than any window
 * reached, is not from the peer. */
static enum drop_reason check_ack(struct net *net, struct tcp_conn *c,
				  const struct tcp_segment *seg, uint64_t now_ns)
{
	if ((seg->h.flags & TCP_ACK) == 0)
		return DROP_tcp_no_ack;
	if (c->state == TCP_SYN_RECEIVED) {
		if (seg->h.ack != c->iss + 1 || !c->syn_sent)
			return tcp_reset_reply(net, seg, DROP_tcp_bad_ack, now_ns);
		return DROP_none;
	}
	if (seq_lt(c->snd_nxt, seg->h.ack) || seq_lt(seg->h.ack, c->snd_una - c->snd_wnd_max)) {
		tcp_challenge_ack(net, c, now_ns);
		return DROP_tcp_bad_ack;
	}
	return DROP_none;
}

static void note_timestamp(struct tcp_conn *c, const struct tcp_segment *seg, uint64_t now_ns)
{
	/* RFC 7323 section 4.3: only from the segment that the next acknowledgement answers. */
	if (!c->has_timestamps || !seq_le(seg->h.seq, c->last_ack_sent))
		return;
	if (seq_lt(seg->h.opts.ts_val, c->ts_recent) &&
	    now_ns - c->ts_recent_ns <= TCP_PAWS_IDLE_NS)
		return;
	c->ts_recent = seg->h.opts.ts_val;
	c->ts_recent_ns = now_ns;
}

enum drop_reason tcp_validate(struct net *net, struct tcp_conn *c, struct tcp_segment *seg,
			      uint64_t now_ns, bool *ret_gone)
{
	enum drop_reason why = check_timestamp(net, c, seg, now_ns);

	if (why != DROP_none)
		return why;
	if (c->state == TCP_SYN_RECEIVED && (seg->h.flags & TCP_SYN) != 0 && seg->h.seq == c->irs) {
		why = take_repeated_syn(net, c, seg);
		if (why != DROP_none)
			return why;
	}
	if (!in_window(c, seg)) {
		if ((seg->h.flags & TCP_RST) == 0)
			tcp_stray_ack(net, c, seg, now_ns);
		return DROP_tcp_out_of_window;
	}
	if ((seg->h.flags & TCP_RST) != 0)
		return take_reset(net, c, seg, now_ns, ret_gone);
	if ((seg->h.flags & TCP_SYN) != 0) {
		tcp_challenge_ack(net, c, now_ns); /* RFC 5961 section 4.2 */
		return DROP_tcp_syn_in_connection;
	}
	why = check_ack(net, c, seg, now_ns);
	if (why != DROP_none)
		return why;
	note_timestamp(c, seg, now_ns);
	return DROP_none;
}
