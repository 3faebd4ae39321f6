/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that arms a connection's timers.  They are named after what the protocol awaits: rexmit, an
 * acknowledgement (or, as a probe, an open window); delack, something to put our acknowledgement on; linger, the end of
 * TIME-WAIT or of a peer that does not finish. */
#include "net/tcp/tcp_priv.h"

static uint64_t rto_ns(const struct tcp_conn *c)
{
	return c->rtt.rto_us * NS_PER_US;
}

static bool is_connecting(const struct tcp_conn *c)
{
	return c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED;
}

static bool has_given_up(const struct tcp_conn *c, uint64_t now_ns)
{
	return now_ns - c->progress_ns >= (is_connecting(c) ? TCP_SYN_GIVE_UP_NS : TCP_GIVE_UP_NS);
}

static void give_up(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	counter_add(net->count, COUNTER_tcp_timeouts, 1);
	/* A SYN nobody answers needs no reset; a peer that comes back to life does. */
	if (!is_connecting(c))
		tcp_output_reset(net, c, now_ns);
	tcp_conn_end(net, c, TCP_END_TIMEOUT);
}

static uint64_t probe_interval_ns(const struct tcp_conn *c)
{
	return rto_ns(c) < TCP_PROBE_INTERVAL_MAX_NS ? rto_ns(c) : TCP_PROBE_INTERVAL_MAX_NS;
}

/* RFC 9293 section 3.8.6.1: probes back off like retransmissions, but say nothing about congestion. */
static void probe_window(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	tcp_output_probe(net, c, now_ns);
	tcp_rtt_on_timeout(&c->rtt);
	timer_arm(&net->tcp.timers, &c->rexmit, now_ns + probe_interval_ns(c));
}

static void on_rexmit(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct tcp_conn *c = CONTAINER_OF(t, struct tcp_conn, rexmit);
	struct net *net = (struct net *)ctx;

	if (has_given_up(c, now_ns)) {
		give_up(net, c, now_ns);
		return;
	}
	if (c->probing) {
		probe_window(net, c, now_ns);
		return;
	}
	counter_add(net->count, COUNTER_tcp_retransmit_timeouts, 1);
	/* RFC 6298 section 5.4 to 5.6, RFC 5681 section 3.1: everything from the first again, one segment now. */
	tcp_cong_on_timeout(&c->cong, c->snd_nxt, c->snd_cursor - c->snd_una,
			    c->timeouts_count == 0);
	if (c->timeouts_count < UINT8_MAX)
		c->timeouts_count++;
	tcp_rtt_on_timeout(&c->rtt);
	tcp_sendq_rewind(&c->sendq);
	c->snd_cursor = c->snd_una;
	timer_arm(&net->tcp.timers, &c->rexmit, now_ns + rto_ns(c));
	tcp_conn_dirty(net, c);
}

static void on_delack(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct tcp_conn *c = CONTAINER_OF(t, struct tcp_conn, delack);
	struct net *net = (struct net *)ctx;

	(void)now_ns;
	if (c->ack_debt == TCP_ACK_NONE)
		return;
	counter_add(net->count, COUNTER_tcp_delayed_acks, 1);
	c->ack_debt = TCP_ACK_NOW;
	tcp_conn_dirty(net, c);
}

static void on_linger(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct tcp_conn *c = CONTAINER_OF(t, struct tcp_conn, linger);
	struct net *net = (struct net *)ctx;

	(void)now_ns;
	tcp_conn_end(net, c, c->state == TCP_TIME_WAIT ? TCP_END_NORMAL : TCP_END_TIMEOUT);
}

void tcp_timers_init(struct tcp_conn *c)
{
	timer_entry_init(&c->rexmit, on_rexmit);
	timer_entry_init(&c->delack, on_delack);
	timer_entry_init(&c->linger, on_linger);
}

void tcp_timer_on_send(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	bool idle = !timer_is_armed(&c->rexmit);

	if (!idle && !c->probing)
		return;
	if (idle)
		c->progress_ns = now_ns;
	if (c->probing)
		tcp_rtt_on_progress(
			&c->rtt); /* the probes' doublings were not the network's fault */
	c->probing = false;
	timer_arm(&net->tcp.timers, &c->rexmit, now_ns + rto_ns(c));
}

void tcp_timer_on_progress(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	c->probing = false;
	tcp_rtt_on_progress(&c->rtt);
	if (c->snd_una == c->snd_nxt)
		timer_disarm(&net->tcp.timers, &c->rexmit);
	else
		timer_arm(&net->tcp.timers, &c->rexmit, now_ns + rto_ns(c));
}

void tcp_timer_on_blocked(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	bool idle = !timer_is_armed(&c->rexmit);

	if (!idle && c->probing)
		return;
	if (idle)
		c->progress_ns = now_ns;
	c->probing = true;
	timer_arm(&net->tcp.timers, &c->rexmit, now_ns + probe_interval_ns(c));
}

void tcp_timer_on_ack_owed(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	if (!timer_is_armed(&c->delack))
		timer_arm(&net->tcp.timers, &c->delack, now_ns + TCP_DELACK_NS);
}

void tcp_timer_on_ack_sent(struct net *net, struct tcp_conn *c)
{
	timer_disarm(&net->tcp.timers, &c->delack);
}

void tcp_timer_on_time_wait(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	timer_disarm(&net->tcp.timers, &c->rexmit);
	timer_arm(&net->tcp.timers, &c->linger, now_ns + net->tcp.params.time_wait_ms * NS_PER_MS);
}

void tcp_timer_on_fin_wait_2(struct net *net, struct tcp_conn *c, uint64_t now_ns)
{
	if (!timer_is_armed(&c->linger))
		timer_arm(&net->tcp.timers, &c->linger, now_ns + TCP_FIN_WAIT_2_NS);
}

void tcp_timers_stop(struct net *net, struct tcp_conn *c)
{
	timer_disarm(&net->tcp.timers, &c->rexmit);
	timer_disarm(&net->tcp.timers, &c->delack);
	timer_disarm(&net->tcp.timers, &c->linger);
}

void tcp_timers_run(struct net *net, uint64_t now_ns)
{
	timer_wheel_run(&net->tcp.timers, now_ns, net);
}
