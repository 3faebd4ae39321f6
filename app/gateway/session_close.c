/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every way a session ends: a refusal with its page, a clean close, a reset; and the lingering that lets the client read our
 * last words before a reset could erase them (RFC 9112 section 9.6). */
#include "app/gateway/session_priv.h"

void session_drop_backend(struct worker *w, struct session *s, bool is_complete)
{
	session_log_backend(w, s);
	if (s->backend != NULL)
		backend_close(w, s->backend, is_complete);
	s->backend = NULL;
}

void session_close(struct worker *w, struct session *s)
{
	session_log_end(w, s);
	session_drop_backend(w, s, false);
	if (s->tls != NULL) {
		tls_session_close(s->tls);
		tls_session_destroy(s->tls);
		s->tls = NULL;
	}
	tcp_shutdown(&w->net, s->tcp);
	s->in_bytes = 0;
	s->request_pace.is_waiting = s->response_pace.is_waiting = false;
	session_set_state(s, SESSION_AWAIT_CLOSE);
	session_set_limit(w, s, SESSION_LINGER_MS);
}

bool session_drain(struct worker *w, struct session *s)
{
	if (s->state != SESSION_AWAIT_REQUEST || s->in_bytes > 0 || tcp_rx_bytes(s->tcp) > 0)
		return false;
	session_close(w, s);
	return true;
}

void session_reset(struct worker *w, struct session *s)
{
	session_log_end(w, s);
	session_drop_backend(w, s, false);
	tcp_abort(&w->net, s->tcp);
	s->tcp = NULL;
	session_set_state(s, SESSION_ENDED);
}

void session_on_client_gone(struct worker *w, struct session *s)
{
	switch (s->state) {
	case SESSION_AWAIT_HELLO:
		session_drop(w, s, DROP_tls_closed_before_hello);
		break;
	case SESSION_AWAIT_HANDSHAKE:
		session_drop(w, s, DROP_tls_closed_in_handshake);
		shared_add(&w->listener_counts[s->listener->idx].handshakes_failed, 1);
		break;
	case SESSION_AWAIT_REQUEST:
		if (s->in_bytes > 0)
			session_drop(w, s, DROP_client_closed_in_request);
		break;
	case SESSION_AWAIT_RESPONSE:
		session_drop(w, s, DROP_client_aborted);
		break;
	case SESSION_AWAIT_CLOSE:
	case SESSION_ENDED:
		break;
	}
}

void session_alert(struct worker *w, struct session *s, enum session_alert alert)
{
	const uint8_t record[] = {21, 3, 3, 0, 2, 2, (uint8_t)alert}; /* alert, TLS 1.2, fatal */

	session_tx(s, SPAN(record));
	session_close(w, s);
}

/* The page says why in words, and by the stable reason code what the client's administrator can look up. */
static size_t render_page(struct worker *w, struct session *s, enum http_refusal refusal,
			  bool keep_alive)
{
	struct outbuf out = outbuf_of(w->scratch->client_out, HTTP_PAGE_BYTES_MAX);
	struct http_page_params page = {
		.request_id = span_str(s->request_id),
		.is_head = s->exchange.request.is_head,
		.keep_alive = keep_alive,
	};

	if (refusal == HTTP_REFUSAL_client_certificate_refused ||
	    refusal == HTTP_REFUSAL_client_no_certificate)
		page.detail = span_str(auth_reason_name(session_verdict(s)));
	return http_page_emit(&out, refusal, &page) ? out.len : 0;
}

bool session_send_page(struct worker *w, struct session *s, enum http_refusal refusal,
		       bool keep_alive)
{
	unsigned status = http_refusal_infos[refusal].status;
	size_t len;

	session_make_request_id(w, s);
	len = render_page(w, s, refusal, keep_alive);
	session_drop(w, s, http_refusal_infos[refusal].drop);
	shared_add(&w->listener_counts[s->listener->idx].status[status / 100], 1);
	if (!session_send(w, s, span_of(w->scratch->client_out, len)))
		return false;
	session_log_done(w, s, status, http_refusal_infos[refusal].drop);
	return true;
}

void session_refuse_plain(struct worker *w, struct session *s, enum http_refusal refusal)
{
	size_t len;

	session_make_request_id(w, s);
	len = render_page(w, s, refusal, false);
	session_drop(w, s, http_refusal_infos[refusal].drop);
	s->log.bytes_in = tcp_rx_bytes(s->tcp);
	s->log.bytes_out = session_tx(s, span_of(w->scratch->client_out, len));
	session_log_done(w, s, http_refusal_infos[refusal].status,
			 http_refusal_infos[refusal].drop);
	session_close(w, s);
}

void session_refuse(struct worker *w, struct session *s, enum http_refusal refusal)
{
	if (s->exchange.response_started) {
		session_drop(w, s, http_refusal_infos[refusal].drop);
		session_reset(w, s);
		return;
	}
	if (session_send_page(w, s, refusal, false))
		session_close(w, s);
}

void session_advance_linger(struct worker *w, struct session *s)
{
	size_t n = tcp_rx_bytes(s->tcp);

	tcp_rx_consume(&w->net, s->tcp, n);
	s->linger_bytes += n;
	if (tcp_rx_eof(s->tcp))
		session_set_state(s, SESSION_ENDED);
	else if (s->linger_bytes > SESSION_LINGER_BYTES)
		session_reset(w, s);
}

void session_destroy(struct worker *w, struct session *s)
{
	session_drop_backend(w, s, false);
	session_release_retry(w, s);
	if (s->in_spill != NULL)
		pool_release(&w->spills, s->in_spill);
	if (s->tcp != NULL)
		session_log_end(w, s);
	session_log_fini(w, s);
	tls_worker_free(w->tls, s->identity);
	if (s->tls != NULL)
		tls_session_destroy(s->tls);
	if (s->tcp != NULL)
		tcp_release(&w->net, s->tcp);
	if (s->listener != NULL)
		shared_add(&w->listener_counts[s->listener->idx].sessions, (uint64_t)-1);
	timer_disarm(&w->timers, &s->timer);
	list_unlink(&s->handshake);
	counter_add(&w->count, COUNTER_sessions_closed, 1);
	pool_release(&w->sessions, s);
}
