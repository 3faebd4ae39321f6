/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time limits of a session, and the least rates of its client.  Progress only moves deadline_ns; the timer finds out when it
 * fires, so a busy session costs the wheel nothing. */
#include "app/gateway/session_priv.h"

static struct pace_params request_pace_params(const struct worker *w)
{
	return (struct pace_params){w->snap->config->client_rates.request_bytes,
				    w->snap->config->client_rates.grace_ms * 1000000ull};
}

static struct pace_params response_pace_params(const struct worker *w)
{
	return (struct pace_params){w->snap->config->client_rates.response_bytes,
				    w->snap->config->client_rates.grace_ms * 1000000ull};
}

static bool credit_request(struct worker *w, struct session *s, bool is_waiting)
{
	struct pace_params params = request_pace_params(w);
	uint64_t bytes = s->read_bytes;

	s->read_bytes = 0;
	return pace_update(&s->request_pace, &params, bytes, is_waiting, w->now_ns);
}

/* What counts is what the client has acknowledged.  *ret_moved: that is more than before. */
static bool credit_response(struct worker *w, struct session *s, bool is_waiting, bool *ret_moved)
{
	struct pace_params params = response_pace_params(w);
	uint64_t acked = s->sent_bytes - tcp_tx_unacked(s->tcp);
	uint64_t bytes = acked - s->acked_bytes;

	s->acked_bytes = acked;
	*ret_moved = bytes > 0;
	return pace_update(&s->response_pace, &params, bytes, is_waiting, w->now_ns);
}

static void arm(struct worker *w, struct session *s)
{
	struct pace_params request = request_pace_params(w), response = response_pace_params(w);
	uint64_t request_ns, response_ns, first_ns = s->deadline_ns;

	if (s->state == SESSION_AWAIT_RESPONSE) {
		request_ns = pace_ends_ns(&s->request_pace, &request);
		response_ns = pace_ends_ns(&s->response_pace, &response);
		first_ns = request_ns < first_ns ? request_ns : first_ns;
		first_ns = response_ns < first_ns ? response_ns : first_ns;
	}
	if (!timer_is_armed(&s->timer) || s->timer.expiry_ns > first_ns)
		timer_arm(&w->timers, &s->timer, first_ns);
}

void session_pace_begin(struct worker *w, struct session *s)
{
	struct pace_params request = request_pace_params(w), response = response_pace_params(w);

	pace_init(&s->request_pace, &request);
	pace_init(&s->response_pace, &response);
	s->read_bytes = 0;
	s->acked_bytes = s->sent_bytes - tcp_tx_unacked(s->tcp);
	s->client_blocked = false;
}

void session_pace_watch(struct worker *w, struct session *s)
{
	bool wants_body = session_wants_body(w, s);
	bool is_blocked = s->state == SESSION_AWAIT_RESPONSE && s->client_blocked, moved;

	if (s->state == SESSION_ENDED)
		return;
	if (wants_body || s->request_pace.is_waiting)
		(void)credit_request(w, s, wants_body);
	if (is_blocked || s->response_pace.is_waiting)
		(void)credit_response(w, s, is_blocked, &moved);
	if (wants_body || is_blocked)
		arm(w, s);
}

static void on_client_too_slow_reading(struct worker *w, struct session *s)
{
	session_drop(w, s, DROP_client_too_slow_reading);
	session_reset(w, s);
}

/* An exchange stalled.  Whose fault decides: a client that does not read or does not send, or a backend. */
static void on_exchange_stalled(struct worker *w, struct session *s)
{
	const struct http_exchange *x = &s->exchange;
	bool client_owes = !x->request_done && tcp_tx_unacked(s->backend->tcp) == 0;
	bool client_stalled = s->client_blocked;

	if (s->connecting) {
		session_backend_failed(w, s, HTTP_REFUSAL_backend_timeout);
		return;
	}
	if (!client_owes && !client_stalled)
		backend_on_failure(w, s->backend);
	if (x->response_started) {
		session_drop(w, s,
			     client_stalled || client_owes ? DROP_client_stalled
							   : DROP_backend_stalled);
		session_reset(w, s);
	} else {
		session_refuse(w, s,
			       client_owes ? HTTP_REFUSAL_request_timeout
					   : HTTP_REFUSAL_backend_timeout);
	}
}

/* Lingering is over, unless the client is still taking our last words: as slowly as it may. */
static void on_linger_over(struct worker *w, struct session *s)
{
	bool is_behind = tcp_tx_unacked(s->tcp) > 0, moved;
	bool keeps_pace = credit_response(w, s, is_behind, &moved);

	if (w->snap->config->client_rates.response_bytes == 0)
		keeps_pace = moved;
	if (!is_behind)
		session_reset(w, s);
	else if (keeps_pace)
		session_set_limit(w, s, SESSION_LINGER_MS);
	else
		on_client_too_slow_reading(w, s);
}

static void on_deadline(struct worker *w, struct session *s)
{
	switch (s->state) {
	case SESSION_AWAIT_HELLO:
	case SESSION_AWAIT_HANDSHAKE:
		session_drop(w, s, DROP_tls_handshake_timeout);
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
		on_linger_over(w, s);
		break;
	case SESSION_ENDED:
		break;
	}
}

/* Settles both accounts of an exchange.  False: one is empty, and the client has been told or reset. */
static bool client_keeps_pace(struct worker *w, struct session *s)
{
	bool moved;

	if (s->request_pace.is_waiting && !credit_request(w, s, true)) {
		session_refuse(w, s, HTTP_REFUSAL_request_too_slow);
		return false;
	}
	if (!s->response_pace.is_waiting)
		return true;
	if (!credit_response(w, s, true, &moved)) {
		on_client_too_slow_reading(w, s);
		return false;
	}
	/* It reads, if slowly: the backend, which waits, cannot do anything about it. */
	if (moved)
		session_set_limit(w, s, w->snap->config->time_limits.response_ms);
	return true;
}

static void on_timer(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct worker *w = ctx;
	struct session *s = CONTAINER_OF(t, struct session, timer);

	if (s->state != SESSION_AWAIT_RESPONSE || client_keeps_pace(w, s)) {
		if (now_ns < s->deadline_ns)
			arm(w, s);
		else
			on_deadline(w, s);
	}
	if (s->state == SESSION_ENDED)
		session_destroy(w, s);
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
