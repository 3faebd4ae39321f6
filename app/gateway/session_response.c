/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backend bytes to the client: parse, re-frame, encrypt; and the end of an exchange. */
#include "app/gateway/session_priv.h"

size_t session_client_room(const struct session *s)
{
	const size_t most = s->worker->client_out_bytes;
	size_t space = tcp_tx_space(s->tcp);
	size_t overhead = (most / WORKER_RECORD_BYTES + 1) * SESSION_RECORD_OVERHEAD_BYTES;

	if (space <= overhead)
		return 0;
	return space - overhead < most ? space - overhead : most;
}

bool session_send(struct worker *w, struct session *s, struct span plain)
{
	while (plain.len > 0) {
		size_t taken = 0;
		enum tls_step step = session_write(s, plain, &taken);

		if (step != TLS_DONE || taken == 0) {
			if (step != TLS_FAILED)
				session_drop(w, s, DROP_packets_exhausted);
			session_reset(w, s);
			return false;
		}
		s->log.bytes_out += taken;
		plain = span_skip(plain, taken);
	}
	return true;
}

void session_next_request(struct worker *w, struct session *s)
{
	http_exchange_begin(&s->exchange);
	session_pace_begin(w, s);
	session_set_limit(w, s,
			  s->in_bytes > 0 || w->drain_begun ? w->snap->config->time_limits.header_ms
							    : w->snap->config->time_limits.idle_ms);
}

/* Response and request are complete: keeps what can be kept, on both sides. */
static void on_exchange_done(struct worker *w, struct session *s)
{
	const struct http_exchange *x = &s->exchange;

	shared_add(&w->listener_counts[s->listener->idx].status[x->response_status / 100 % 6], 1);
	session_log_done(w, s, x->response_status, DROP_none);
	session_release_retry(w, s);
	if (x->backend_keep_alive && x->request_done) {
		backend_release(w, s->backend);
		s->backend = NULL;
	} else {
		session_drop_backend(w, s, x->request_done);
	}
	if (!x->client_keep_alive || !x->request_done || s->client_closed || w->drain_begun) {
		session_close(w, s);
		return;
	}
	session_set_state(s, SESSION_AWAIT_REQUEST);
	session_next_request(w, s);
}

/* The next response bytes that lie together.  A head that spans segments is joined in the worker's scratch. */
static struct span next_input(struct worker *w, struct session *s, bool join)
{
	struct tcp_conn *c = s->backend->tcp;

	if (!join)
		return tcp_rx_peek(c, 0);
	return span_of(w->scratch->backend_head,
		       tcp_rx_copy(c, 0, w->scratch->backend_head, w->spill_bytes));
}

/* Parses and re-frames what the backend has sent until out is full or nothing is left.  *ret_moved: anything was consumed. */
static enum http_step fill_output(struct worker *w, struct session *s, struct outbuf *out,
				  bool *ret_moved)
{
	struct tcp_conn *c = s->backend->tcp;
	bool join = false;

	for (;;) {
		struct span in = next_input(w, s, join);
		bool eof = session_peer_finished(c) && in.len == tcp_rx_bytes(c);
		size_t consumed = 0;
		enum http_step step = http_exchange_response(&s->exchange, in, eof, &consumed, out);

		tcp_rx_consume(&w->net, c, consumed);
		*ret_moved |= consumed > 0;
		if (step != HTTP_STEP_WANT_INPUT)
			return step;
		if (consumed == 0 && (join || in.len == tcp_rx_bytes(c)))
			return step; /* all there is was shown */
		join = consumed == 0;
	}
}

/* Is there anything to parse?  A connection that failed is dealt with here, once what came before is read; so is one closed
 * before any answer, which is what a stale one looks like. */
static bool backend_has_news(struct worker *w, struct session *s)
{
	struct tcp_conn *c = s->backend->tcp;

	if (tcp_end(c) != TCP_END_NONE && tcp_rx_bytes(c) == 0) {
		session_backend_failed(w, s, session_refusal_of_end(s));
		return false;
	}
	if (!session_backend_is_open(w, s))
		return false;
	if (tcp_rx_bytes(c) > 0)
		return true;
	if (!session_peer_finished(c))
		return false;
	if (s->retry != NULL) {
		session_backend_failed(w, s, HTTP_REFUSAL_backend_closed);
		return false;
	}
	return true;
}

bool session_pump_response(struct worker *w, struct session *s)
{
	struct outbuf out;
	enum http_step step;
	bool moved = false;

	s->client_blocked = false;
	if (s->state != SESSION_AWAIT_RESPONSE || !backend_has_news(w, s))
		return false;
	out = outbuf_of(w->scratch->client_out, session_client_room(s));
	if (out.cap < (s->exchange.response_started
			       ? SESSION_RECORD_MIN_BYTES
			       : HTTP_EMIT_HEAD_MAX(&w->snap->config->limits))) {
		s->client_blocked = true;
		return false;
	}
	if (w->drain_begun && !s->exchange.response_started)
		s->exchange.client_keep_alive = false; /* `Connection: close` in the head to come */
	step = fill_output(w, s, &out, &moved);
	/* Half a head is an answer too: the request is not sent again. */
	if (s->exchange.response_seen)
		session_release_retry(w, s);
	if (s->exchange.response_started)
		backend_on_answer(w, s->backend);
	if (out.len > 0 && !session_send(w, s, outbuf_span(&out)))
		return false;
	if (moved)
		session_set_limit(w, s, w->snap->config->time_limits.response_ms);
	if (step == HTTP_STEP_FAILED)
		session_backend_failed(w, s, s->exchange.refusal);
	else if (step == HTTP_STEP_DONE)
		on_exchange_done(w, s);
	else if (step == HTTP_STEP_WANT_INPUT && tcp_end(s->backend->tcp) != TCP_END_NONE)
		session_backend_failed(w, s, session_refusal_of_end(s));
	return moved;
}
