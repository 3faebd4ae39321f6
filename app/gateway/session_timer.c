/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time limits of a session.  Progress only moves deadline_ns; the timer finds out when it fires, so a busy session costs the
 * wheel nothing. */
#include "app/gateway/session_priv.h"

/* An exchange stalled.  Whose fault decides: a client that does not read or does not send, or a backend. */
static void on_exchange_stalled(struct worker *w, struct session *s)
{
	const struct http_exchange *x = &s->exchange;
	bool client_owes = !x->request_done && tcp_tx_unacked(s->backend->tcp) == 0;

	if (s->connecting) {
		session_backend_failed(w, s, HTTP_REFUSAL_backend_timeout);
	} else if (x->response_started) {
		bool client_stalled = session_client_room(s) == 0;

		drop_count(&w->count, client_stalled || client_owes ? DROP_client_stalled
								    : DROP_backend_stalled);
		session_reset(w, s);
	} else {
		session_refuse(w, s,
			       client_owes ? HTTP_REFUSAL_request_timeout
					   : HTTP_REFUSAL_backend_timeout);
	}
}

static void on_deadline(struct worker *w, struct session *s)
{
	switch (s->state) {
	case SESSION_AWAIT_HELLO:
	case SESSION_AWAIT_HANDSHAKE:
		drop_count(&w->count, DROP_tls_handshake_timeout);
		session_reset(w, s);
		break;
	case SESSION_AWAIT_REQUEST:
		if (s->in_bytes > 0)
			session_refuse(w, s, HTTP_REFUSAL_request_timeout);
		else
			session_close(w, s);
		break;
	case SESSION_AWAIT_RESPONSE:
		on_exchange_stalled(w, s);
		break;
	case SESSION_AWAIT_CLOSE:
		session_reset(w, s);
		break;
	case SESSION_ENDED:
		break;
	}
	if (s->state == SESSION_ENDED)
		session_destroy(w, s);
}

static void on_timer(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct worker *w = ctx;
	struct session *s = CONTAINER_OF(t, struct session, timer);

	if (now_ns < s->deadline_ns)
		timer_arm(&w->timers, t, s->deadline_ns);
	else
		on_deadline(w, s);
}

void session_timer_init(struct session *s)
{
	timer_entry_init(&s->timer, on_timer);
}

void session_set_limit(struct worker *w, struct session *s, uint32_t limit_ms)
{
	s->deadline_ns = w->now_ns + limit_ms * 1000000ull;
	if (!timer_is_armed(&s->timer) || s->timer.expiry_ns > s->deadline_ns)
		timer_arm(&w->timers, &s->timer, s->deadline_ns);
}
