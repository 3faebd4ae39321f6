/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The acknowledgement and the window of an acceptable segment (RFC 9293 section 3.10.7.4, fifth check; RFC 5681). */
#include "net/tcp/tcp_priv.h"

/* Our FIN is the last number we ever use. */
static bool fin_is_acked(const struct tcp_conn *c)
{
	return c->fin_sent && c->snd_una == c->sendq.end_seq + 1;
}

static void update_window(struct tcp_conn *c, const struct tcp_segment *seg)
{
	/* RFC 9293: an older segment must not bring back an older window. */
	if (!seq_lt(c->snd_wl1, seg->h.seq) &&
	    !(c->snd_wl1 == seg->h.seq && seq_le(c->snd_wl2, seg->h.ack)))
		return;
	c->snd_wnd = (uint32_t)seg->h.window << c->snd_shift;
	if (c->snd_wnd > c->snd_wnd_max)
		c->snd_wnd_max = c->snd_wnd;
	c->snd_wl1 = seg->h.seq;
	c->snd_wl2 = seg->h.ack;
}

/* Whoever waits for space learns of it once the buffer is half empty, and once it is empty; whoever has finished
 * writing, at the end. */
static void tell_about_space(struct net *net, struct tcp_conn *c)
{
	bool empty = c->sendq.bytes == 0, half = c->sendq.bytes <= c->params->tx_buf_bytes / 2;

	if (!(half && c->tell_at_half) && !(empty && (c->tell_at_empty || c->fin_wanted)))
		return;
	c->tell_at_half = false;
	c->tell_at_empty = c->tell_at_empty && !empty;
	tcp_conn_ready(net, c);
}

static void take_new_ack(struct net *net, struct tcp_conn *c, uint32_t ack, uint64_t now_ns)
{
	uint32_t acked_bytes = ack - c->snd_una, flight_bytes = c->snd_cursor - c->snd_una;
	enum tcp_cong_action action;
	uint64_t sent_ns;

	if (tcp_sendq_ack(&c->sendq, ack, &sent_ns))
		tcp_rtt_on_ack(&c->rtt, (uint32_t)((now_ns - sent_ns) / NS_PER_US));
	c->progress_ns = now_ns;
	c->timeouts_count = 0;
	c->snd_una = ack;
	c->snd_cursor = seq_max(c->snd_cursor, ack);
	action = tcp_cong_on_ack(&c->cong, ack, acked_bytes, flight_bytes);
	/* RFC 6582 section 4: only the first partial acknowledgement of a recovery restarts the timer. */
	if (action != TCP_CONG_RETRANSMIT_KEEP_TIMER)
		tcp_timer_on_progress(net, c, now_ns);
	if (action != TCP_CONG_NOTHING)
		tcp_output_retransmit(net, c, now_ns);
	tell_about_space(net, c);
}

/* RFC 5681 section 2. */
static bool is_duplicate_ack(const struct tcp_conn *c, const struct tcp_segment *seg)
{
	return seg->h.ack == c->snd_una && c->snd_cursor != c->snd_una &&
	       tcp_segment_len(seg) == 0 && (uint32_t)seg->h.window << c->snd_shift == c->snd_wnd;
}

static void take_duplicate_ack(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	counter_add(net->count, COUNTER_tcp_dupacks_received, 1);
	if (!tcp_cong_on_dupack(&c->cong, c->snd_una, c->snd_nxt, c->snd_cursor - c->snd_una))
		return;
	counter_add(net->count, COUNTER_tcp_fast_retransmits, 1);
	tcp_output_retransmit(net, c, now_ns);
}

/* Our FIN has been acknowledged.  False when that was the end. */
static bool advance_closing(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	if (c->state == TCP_FIN_WAIT_1) {
		tcp_set_state(net, c, TCP_FIN_WAIT_2);
		tcp_conn_dirty(net, c);
	} else if (c->state == TCP_CLOSING) {
		tcp_conn_time_wait(net, c, now_ns);
	} else if (c->state == TCP_LAST_ACK) {
		tcp_conn_end(net, c, TCP_END_NORMAL);
		return false;
	}
	return true;
}

bool tcp_ack_input(struct net *net, struct tcp_conn *c, const struct tcp_segment *seg,
		   uint64_t now_ns)
{
	if (c->state == TCP_SYN_RECEIVED) {
		tcp_handshake_done(net, c, now_ns);
		c->snd_wl1 = seg->h.seq - 1; /* whatever it carried is older */
	}
	if (seq_lt(c->snd_una, seg->h.ack))
		take_new_ack(net, c, seg->h.ack, now_ns);
	else if (is_duplicate_ack(c, seg))
		take_duplicate_ack(net, c, now_ns);
	/* A peer that answers probes of its closed window is alive, for as long as somebody waits for it. */
	if (c->probing && c->owner == TCP_OWNER_USER)
		c->progress_ns = now_ns;
	update_window(c, seg);
	if (c->sendq.next != NULL || c->fin_wanted)
		tcp_conn_dirty(net, c);
	return fin_is_acked(c) ? advance_closing(net, c, now_ns) : true;
}
