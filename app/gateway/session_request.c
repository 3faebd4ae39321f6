/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Client bytes to the backend: decrypt, parse, decide, forward.  session_forward() is the one door to a backend. */
#include "app/gateway/decide.h"
#include "app/gateway/session_priv.h"
#include "base/siphash.h"

/* What the backend's side takes now, as far as the worker's scratch can hold it. */
static size_t backend_room(const struct worker *w, const struct session *s)
{
	size_t space;

	if (s->backend == NULL)
		return 0;
	space = tcp_tx_space(s->backend->tcp);
	return space < w->backend_out_bytes ? space : w->backend_out_bytes;
}

/* How much plaintext is worth having now: for a head all that the buffer holds, for a body what the backend takes; none once
 * the request is complete, so that pipelined requests wait in the client's window. */
static size_t input_room(const struct worker *w, const struct session *s)
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

/* No more requests will come.  One that is under way and complete still gets its response. */
static bool on_client_closed(struct worker *w, struct session *s)
{
	s->client_closed = true;
	if (s->state == SESSION_AWAIT_REQUEST) {
		if (s->in_bytes > 0)
			drop_count(&w->count, DROP_client_closed_in_request);
		session_close(w, s);
	} else if (!s->exchange.request_done) {
		drop_count(&w->count, DROP_client_closed_in_request);
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
	switch (tls_session_read(s->tls, s->in + s->in_bytes, room, &n)) {
	case TLS_DONE:
		if (s->state == SESSION_AWAIT_REQUEST && s->in_bytes == 0)
			session_set_limit(w, s, w->snap->config->time_limits.header_ms);
		else if (s->state == SESSION_AWAIT_RESPONSE && !s->connecting)
			session_set_limit(w, s, w->snap->config->time_limits.response_ms);
		s->in_bytes += n;
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
	s->in_bytes -= n;
	memmove(s->in, s->in + n, s->in_bytes);
}

/* A number nobody can guess and no two requests share, for the page, the log and support. */
static void make_request_id(struct worker *w, struct session *s)
{
	struct outbuf out = outbuf_of(s->request_id, SESSION_REQUEST_ID_CHARS);
	uint64_t id[2], seq = ++w->request_seq;

	id[0] = siphash24(w->request_id_key, span_of(&seq, sizeof(seq)));
	seq = ~seq;
	id[1] = siphash24(w->request_id_key, span_of(&seq, sizeof(seq)));
	outbuf_put_hex(&out, SPAN(id), false);
	s->request_id[out.len] = '\0';
}

/* The request may be sent again only if the connection may have been stale, repeating it does no harm (RFC 9110 section
 * 9.2.2) and the head is all of it. */
static void keep_for_retry(struct worker *w, struct session *s, struct span head)
{
	const struct http_exchange *x = &s->exchange;

	if (!s->backend->reused || !x->request.is_idempotent || x->has_body ||
	    head.len > w->spill_bytes)
		return;
	s->retry = pool_take(&w->spills);
	if (s->retry == NULL)
		return; /* no memory, no second chance: the client gets 502 */
	memcpy(s->retry, head.p, head.len);
	s->retry_bytes = head.len;
}

static void await_backend(struct worker *w, struct session *s)
{
	s->connecting = tcp_state(s->backend->tcp) == TCP_SYN_SENT;
	session_set_limit(w, s,
			  s->connecting ? w->snap->config->time_limits.connect_ms
					: w->snap->config->time_limits.response_ms);
}

void session_release_retry(struct worker *w, struct session *s)
{
	if (s->retry != NULL)
		pool_release(&w->spills, s->retry);
	s->retry = NULL;
}

bool session_retry(struct worker *w, struct session *s)
{
	unsigned pool_idx = s->backend->pool_idx;
	size_t taken;

	if (s->retry == NULL || s->exchange.response_seen)
		return false;
	session_drop_backend(w, s, false);
	s->backend = backend_take(w, pool_idx, true, s);
	if (s->backend == NULL)
		return false;
	taken = tcp_tx_write(&w->net, s->backend->tcp, span_of(s->retry, s->retry_bytes));
	if (taken < s->retry_bytes)
		return false;
	session_release_retry(w, s);
	counter_add(&w->count, COUNTER_backend_retries, 1);
	await_backend(w, s);
	return true;
}

/* Writes request bytes to the backend.  Room was asked for before; that they are not taken means the packet pool is
 * empty. */
static bool send_to_backend(struct worker *w, struct session *s, struct span bytes)
{
	if (tcp_tx_write(&w->net, s->backend->tcp, bytes) == bytes.len)
		return true;
	if (tcp_end(s->backend->tcp) != TCP_END_NONE)
		return true; /* it is gone: session_pump_response() answers for it */
	drop_count(&w->count, DROP_packets_exhausted);
	session_refuse(w, s, HTTP_REFUSAL_no_backend);
	return false;
}

static bool session_forward(struct worker *w, struct session *s, unsigned pool_idx)
{
	struct outbuf out = outbuf_of(w->scratch->backend_out, w->backend_out_bytes);
	struct http_forward forward = {
		.client_ip = span_str(s->client_ip),
		.scheme = SPAN_LIT("https"),
		.listener_port = s->listener->config->address.port,
		.identity_block = span_of(s->identity, s->identity_bytes),
		.backend_keep_alive = true,
	};
	size_t consumed = 0;
	bool fits;

	GW_ASSERT(tls_session_may_forward(s->tls));
	fits = http_exchange_forward(&s->exchange, &forward, &consumed, &out);
	if (!fits) {
		session_refuse(w, s, HTTP_REFUSAL_head_too_large);
		return false;
	}
	s->backend = backend_take(w, pool_idx, false, s);
	if (s->backend == NULL) {
		session_refuse(w, s, HTTP_REFUSAL_no_backend);
		return false;
	}
	session_set_state(s, SESSION_AWAIT_RESPONSE);
	await_backend(w, s);
	consume_input(s, consumed);
	keep_for_retry(w, s, outbuf_span(&out));
	if (!send_to_backend(w, s, outbuf_span(&out)))
		return false;
	if (!s->exchange.wants_continue)
		return true;
	s->exchange.wants_continue = false;
	return session_send(w, s, HTTP_CONTINUE_LINE);
}

/* A refusal that leaves the connection in order (404, 421) need not end it. */
static bool refuse_head(struct worker *w, struct session *s, enum http_refusal why)
{
	size_t consumed = 0;

	http_exchange_refuse(&s->exchange, why, &consumed);
	if (!s->exchange.client_keep_alive) {
		session_refuse(w, s, why);
		return false;
	}
	consume_input(s, consumed);
	if (!session_send_page(w, s, why, true))
		return false;
	session_next_request(w, s);
	return true;
}

static bool on_request_head(struct worker *w, struct session *s)
{
	enum http_refusal refusal;
	unsigned pool_idx = 0;

	make_request_id(w, s);
	shared_add(&w->listener_counts[s->listener->idx].requests, 1);
	tls_session_expire(s->tls, w->now_s);
	refusal = decide(s->listener, tls_session_may_forward(s->tls), tls_session_verdict(s->tls),
			 &s->exchange.request, &pool_idx);
	if (refusal != HTTP_REFUSAL_none)
		return refuse_head(w, s, refusal);
	return session_forward(w, s, pool_idx);
}

/* A head is taken up only when the whole answer to a bad one fits. */
static bool may_start(const struct session *s)
{
	return s->state == SESSION_AWAIT_REQUEST && s->in_bytes > 0 &&
	       session_client_room(s) >= HTTP_PAGE_BYTES_MAX;
}

bool session_pump_request(struct worker *w, struct session *s)
{
	struct outbuf out = outbuf_of(w->scratch->backend_out, backend_room(w, s));
	size_t consumed = 0;
	enum http_step step;

	if (s->state == SESSION_AWAIT_RESPONSE ? s->exchange.request_done || s->in_bytes == 0
					       : !may_start(s))
		return false;
	step = http_exchange_request(&s->exchange, span_of(s->in, s->in_bytes), &consumed, &out);
	if (step == HTTP_STEP_HEAD)
		return on_request_head(w, s);
	consume_input(s, consumed);
	if (out.len > 0 && !send_to_backend(w, s, outbuf_span(&out)))
		return false;
	if (step == HTTP_STEP_REFUSED) {
		make_request_id(w, s);
		session_refuse(w, s, s->exchange.refusal);
		return false;
	}
	return consumed > 0 || out.len > 0;
}
