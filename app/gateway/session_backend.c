/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which server a request goes to, and what happens when that fails: the next one while nothing has been sent, once more on a
 * fresh connection when a kept one was stale, else a refusal. */
#include "app/gateway/session_priv.h"

/* On a kept connection that turns out to be closed the request may have arrived: it goes out once more only when repeating it
 * does no harm (RFC 9110 section 9.2.2) and the head is all of it, so that no byte is lost. */
static bool may_repeat(const struct session *s)
{
	const struct http_exchange *x = &s->exchange;

	return s->backend->reused && !s->repeated && x->request.is_idempotent && !x->has_body;
}

/* Copies the head that is being sent, for as long as it may have to go elsewhere: while connecting nothing has been sent.
 * That there is no room costs the second chance only; half of the spills stay free for half heads. */
static void keep_head(struct worker *w, struct session *s, struct span head)
{
	if ((!s->connecting && !may_repeat(s)) || head.len > w->spill_bytes ||
	    w->spills.free_count < w->spills.size_count / 2)
		return;
	s->retry = pool_take(&w->spills);
	if (s->retry == NULL)
		return;
	memcpy(s->retry, head.p, head.len);
	s->retry_bytes = head.len;
}

void session_release_retry(struct worker *w, struct session *s)
{
	if (s->retry != NULL)
		pool_release(&w->spills, s->retry);
	s->retry = NULL;
}

static void await_backend(struct worker *w, struct session *s)
{
	s->connecting = tcp_state(s->backend->tcp) == TCP_SYN_SENT;
	session_set_limit(w, s,
			  s->connecting ? w->snap->config->time_limits.connect_ms
					: w->snap->config->time_limits.response_ms);
}

enum http_refusal session_take_backend(struct worker *w, struct session *s, unsigned pool_idx,
				       struct span head)
{
	enum http_refusal why;

	s->servers_tried = 0;
	s->repeated = false;
	why = backend_take(w, pool_idx, &s->servers_tried, s, &s->backend);
	if (why != HTTP_REFUSAL_none)
		return why;
	await_backend(w, s);
	keep_head(w, s, head);
	return HTTP_REFUSAL_none;
}

bool session_backend_is_open(struct worker *w, struct session *s)
{
	struct tcp_conn *c = s->backend->tcp;

	if (!s->connecting)
		return true;
	if (tcp_end(c) != TCP_END_NONE || tcp_state(c) == TCP_SYN_SENT)
		return false;
	s->connecting = false;
	session_release_retry(w, s);
	session_set_limit(w, s, w->snap->config->time_limits.response_ms);
	return true;
}

enum http_refusal session_refusal_of_end(const struct session *s)
{
	if (s->exchange.response_started)
		return HTTP_REFUSAL_backend_truncated;
	switch (tcp_end(s->backend->tcp)) {
	case TCP_END_TIMEOUT:
		return HTTP_REFUSAL_backend_timeout;
	case TCP_END_REFUSED:
	case TCP_END_UNREACHABLE:
		return HTTP_REFUSAL_backend_unreachable;
	case TCP_END_NONE:
	case TCP_END_NORMAL:
	case TCP_END_RESET:
	case TCP_END_ABORTED:
		break;
	}
	return s->connecting ? HTTP_REFUSAL_backend_unreachable : HTTP_REFUSAL_backend_closed;
}

/* The exchange goes on with another connection: the head once more, and the body behind it, of which nothing has been
 * taken from the client yet. */
static void send_again(struct worker *w, struct session *s, struct backend_conn *bc)
{
	session_drop_backend(w, s, false);
	s->backend = bc;
	await_backend(w, s);
	if (tcp_tx_write(&w->net, bc->tcp, span_of(s->retry, s->retry_bytes)) < s->retry_bytes) {
		session_drop(w, s, DROP_packets_exhausted);
		session_refuse(w, s, HTTP_REFUSAL_no_backend);
		return;
	}
	if (s->connecting)
		return;
	if (!may_repeat(s))
		session_release_retry(w, s);
	/* A kept connection takes the body at once, and nothing will happen there to remind us. */
	tcp_ready_put(&w->net, s->tcp);
}

static bool send_to_next_server(struct worker *w, struct session *s)
{
	struct backend_conn *bc;

	if (backend_take(w, s->backend->pool_idx, &s->servers_tried, s, &bc) != HTTP_REFUSAL_none)
		return false;
	counter_add(&w->count, COUNTER_backend_next_servers, 1);
	send_again(w, s, bc);
	return true;
}

static bool repeat_on_fresh_connection(struct worker *w, struct session *s)
{
	struct backend_conn *bc;

	if (backend_take_fresh(w, s->backend->pool_idx, s->backend->server_idx, s, &bc) !=
	    HTTP_REFUSAL_none)
		return false;
	s->repeated = true;
	counter_add(&w->count, COUNTER_backend_retries, 1);
	send_again(w, s, bc);
	return true;
}

void session_backend_failed(struct worker *w, struct session *s, enum http_refusal why)
{
	bool nothing_sent = s->connecting;
	bool has_head = s->retry != NULL && !s->exchange.response_seen;

	/* A stale connection says nothing about its server. */
	if (has_head && !nothing_sent && repeat_on_fresh_connection(w, s))
		return;
	backend_on_failure(w, s->backend);
	if (has_head && nothing_sent && send_to_next_server(w, s))
		return;
	session_refuse(w, s, why);
}
