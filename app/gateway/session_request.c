/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Client bytes to the backend: decrypt, parse, decide, forward.  session_forward() is the one door to a backend. */
#include "app/gateway/decide.h"
#include "app/gateway/session_priv.h"
#include "base/siphash.h"
#include "http/http_local.h"

/* What the backend's side takes now, as far as the worker's scratch can hold it.  While it is connecting the body waits at
 * the client, so that the request can still go elsewhere. */
static size_t backend_room(struct worker *w, struct session *s)
{
	size_t space;

	if (s->backend == NULL || !session_backend_is_open(w, s))
		return 0;
	space = tcp_tx_space(s->backend->tcp);
	return space < w->backend_out_bytes ? space : w->backend_out_bytes;
}

/* How much plaintext is worth having now: for a head all that the buffer holds, for a body what the backend takes; none once
 * the request is complete, so that pipelined requests wait in the client's window. */
static size_t input_room(struct worker *w, struct session *s)
{
	size_t room = w->spill_bytes - s->in_bytes, backend;

	if (s->state == SESSION_AWAIT_REQUEST)
		return room;
	if (s->exchange.request_done)
		return 0;
	backend = backend_room(w, s);
	if (backend <= s->in_bytes)
		return 0;
	return backend - s->in_bytes < room ? backend - s->in_bytes : room;
}

bool session_wants_body(struct worker *w, struct session *s)
{
	return s->state == SESSION_AWAIT_RESPONSE && !s->exchange.request_done &&
	       input_room(w, s) > 0;
}

/* No more requests will come.  One that is under way and complete still gets its response. */
static bool on_client_closed(struct worker *w, struct session *s)
{
	s->client_closed = true;
	if (s->state == SESSION_AWAIT_REQUEST) {
		if (s->in_bytes > 0)
			session_drop(w, s, DROP_client_closed_in_request);
		session_close(w, s);
	} else if (!s->exchange.request_done) {
		session_drop(w, s, DROP_client_closed_in_request);
		session_drop_backend(w, s, false);
		session_close(w, s);
	}
	return false;
}

bool session_pump_client_in(struct worker *w, struct session *s)
{
	size_t room, n = 0;

	if (s->client_closed ||
	    (s->state != SESSION_AWAIT_REQUEST && s->state != SESSION_AWAIT_RESPONSE))
		return false;
	room = input_room(w, s);
	if (room == 0)
		return false;
	switch (session_read(s, s->in + s->in_bytes, room, &n)) {
	case TLS_DONE:
		if (s->state == SESSION_AWAIT_REQUEST && s->in_bytes == 0)
			s->log.start_ns = w->now_ns;
		if (s->state == SESSION_AWAIT_REQUEST && s->in_bytes == 0)
			session_set_limit(w, s, w->snap->config->time_limits.header_ms);
		else if (s->state == SESSION_AWAIT_RESPONSE && !s->connecting)
			session_set_limit(w, s, w->snap->config->time_limits.response_ms);
		s->in_bytes += n;
		s->read_bytes += n;
		return true;
	case TLS_WANT_READ:
		if (s->in_bytes > 0)
			tcp_ack_now(&w->net, s->tcp); /* half a head */
		if (session_peer_finished(s->tcp))
			return on_client_closed(w, s);
		return false;
	case TLS_WANT_WRITE:
		return false;
	case TLS_CLOSED:
		return on_client_closed(w, s);
	case TLS_FAILED: /* counted by tls, which has sent its alert */
		session_drop_backend(w, s, false);
		session_close(w, s);
		return false;
	}
	return false;
}

static void consume_input(struct session *s, size_t n)
{
	s->log.bytes_in += n;
	s->in_bytes -= n;
	memmove(s->in, s->in + n, s->in_bytes);
}

/* A number nobody can guess and no two requests share, for the page, the log and support. */
void session_make_request_id(struct worker *w, struct session *s)
{
	struct outbuf out = outbuf_of(s->request_id, SESSION_REQUEST_ID_CHARS);
	uint64_t id[2], seq;

	if (s->log.is_open)
		return;
	s->log.is_open = true;
	seq = ++w->request_seq;
	id[0] = siphash24(w->request_id_key, span_of(&seq, sizeof(seq)));
	seq = ~seq;
	id[1] = siphash24(w->request_id_key, span_of(&seq, sizeof(seq)));
	outbuf_put_hex(&out, SPAN(id), false);
	s->request_id[out.len] = '\0';
}

/* Writes request bytes to the backend.  Room was asked for before; that they are not taken means the packet pool is
 * empty. */
static bool send_to_backend(struct worker *w, struct session *s, struct span bytes)
{
	if (tcp_tx_write(&w->net, s->backend->tcp, bytes) == bytes.len)
		return true;
	if (tcp_end(s->backend->tcp) != TCP_END_NONE)
		return true; /* it is gone: session_pump_response() answers for it */
	session_drop(w, s, DROP_packets_exhausted);
	session_refuse(w, s, HTTP_REFUSAL_no_backend);
	return false;
}

static bool session_forward(struct worker *w, struct session *s, unsigned pool_idx)
{
	struct outbuf out = outbuf_of(w->scratch->backend_out, w->backend_out_bytes);
	struct http_forward forward = {
		.client_ip = span_str(s->client_ip),
		.scheme = s->group->is_plain ? SPAN_LIT("http") : SPAN_LIT("https"),
		.listener_port = s->listener->config->address.port,
		.identity_block = span_of(s->identity, s->identity_bytes),
		.backend_keep_alive = true,
	};
	enum http_refusal why;
	size_t consumed = 0;

	GW_ASSERT(session_may_forward(s));
	if (!http_exchange_forward(&s->exchange, &forward, &consumed, &out)) {
		session_refuse(w, s, HTTP_REFUSAL_head_too_large);
		return false;
	}
	why = session_take_backend(w, s, pool_idx, outbuf_span(&out));
	if (why != HTTP_REFUSAL_none) {
		session_refuse(w, s, why);
		return false;
	}
	session_log_backend(w, s);
	session_set_state(s, SESSION_AWAIT_RESPONSE);
	consume_input(s, consumed);
	return send_to_backend(w, s, outbuf_span(&out));
}

/* A refusal that leaves the connection in order (404, 421) need not end it. */
static bool refuse_head(struct worker *w, struct session *s, enum http_refusal why)
{
	size_t consumed = 0;

	http_exchange_refuse(&s->exchange, why, &consumed);
	if (!s->exchange.client_keep_alive || w->drain_begun) {
		session_refuse(w, s, why);
		return false;
	}
	consume_input(s, consumed);
	if (!session_send_page(w, s, why, true))
		return false;
	session_next_request(w, s);
	return true;
}

/* A redirect or the health page: sent from here.  What of the request is unread ends the connection, as with a refusal. */
static bool answer_head(struct worker *w, struct session *s, enum decision_kind kind)
{
	struct outbuf out = outbuf_of(w->scratch->client_out, session_client_room(s));
	const struct http_exchange *x = &s->exchange;
	bool is_draining = __atomic_load_n(&w->draining, __ATOMIC_RELAXED);
	bool keep_alive = x->client_keep_alive && !x->has_body && !is_draining, fits;
	unsigned status = 308;
	size_t consumed = 0;

	if (kind == DECISION_REDIRECT) {
		fits = http_local_redirect(&x->request,
					   (uint16_t)s->listener->config->redirect_port, keep_alive,
					   &out);
	} else {
		fits = http_local_health(&x->request, is_draining, keep_alive, &out);
		status = is_draining ? 503 : 200;
	}
	if (!fits)
		return refuse_head(w, s, HTTP_REFUSAL_target_too_long);
	counter_add(&w->count,
		    kind == DECISION_REDIRECT ? COUNTER_redirects : COUNTER_health_answers, 1);
	shared_add(&w->listener_counts[s->listener->idx].status[status / 100], 1);
	http_exchange_refuse(&s->exchange, HTTP_REFUSAL_none, &consumed);
	consume_input(s, consumed);
	if (!session_send(w, s, outbuf_span(&out)))
		return false;
	session_log_done(w, s, status, DROP_none);
	if (!keep_alive) {
		session_close(w, s);
		return false;
	}
	session_next_request(w, s);
	return true;
}

static bool on_request_head(struct worker *w, struct session *s)
{
	struct decision d;

	if (!session_settle_listener(w, s))
		return false;
	session_make_request_id(w, s);
	session_log_request(w, s);
	shared_add(&w->listener_counts[s->listener->idx].requests, 1);
	if (s->tls != NULL)
		tls_session_expire(s->tls, w->now_s);
	d = decide(s->listener, session_may_forward(s), session_verdict(s), &s->exchange.request);
	switch (d.kind) {
	case DECISION_REFUSE:
		return refuse_head(w, s, d.refusal);
	case DECISION_FORWARD:
		return session_forward(w, s, d.pool_idx);
	case DECISION_REDIRECT:
	case DECISION_HEALTH:
		break;
	}
	return answer_head(w, s, d.kind);
}

/* A head is taken up only when the whole answer to a bad one fits, or a redirect. */
static bool may_start(const struct session *s)
{
	size_t need = s->group->is_plain ? s->worker->client_out_bytes : HTTP_PAGE_BYTES_MAX;

	return s->state == SESSION_AWAIT_REQUEST && s->in_bytes > 0 &&
	       session_client_room(s) >= need;
}

/* The client holds its body back until it is told to go on (RFC 9110 section 10.1.1): by us, once a backend is there to take
 * it, whether or not that backend knows of Expect. */
static bool send_continue(struct worker *w, struct session *s)
{
	s->exchange.wants_continue = false;
	return session_send(w, s, HTTP_CONTINUE_LINE);
}

/* The part of session_pump_request() that is about the body of a request under way. */
static bool may_go_on(struct worker *w, struct session *s)
{
	if (s->exchange.request_done || !session_backend_is_open(w, s))
		return false;
	if (s->in_bytes == 0 && s->exchange.wants_continue)
		(void)send_continue(w, s);
	return s->in_bytes > 0;
}

bool session_pump_request(struct worker *w, struct session *s)
{
	struct outbuf out;
	size_t consumed = 0;
	enum http_step step;

	if (s->state == SESSION_AWAIT_RESPONSE ? !may_go_on(w, s) : !may_start(s))
		return false;
	out = outbuf_of(w->scratch->backend_out, backend_room(w, s));
	step = http_exchange_request(&s->exchange, span_of(s->in, s->in_bytes), &consumed, &out);
	if (step == HTTP_STEP_HEAD)
		return on_request_head(w, s);
	consume_input(s, consumed);
	if (out.len > 0 && !send_to_backend(w, s, outbuf_span(&out)))
		return false;
	if (step == HTTP_STEP_REFUSED) {
		if (!s->log.is_open)
			s->log.bytes_in = s->in_bytes; /* all there was of it */
		session_refuse(w, s, s->exchange.refusal);
		return false;
	}
	return consumed > 0 || out.len > 0;
}
