/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A client's plaintext, whichever way it travels: inside TLS, or as it is on a `tls: off` address.  Which of the two follows
 * from the address that the client connected to, never from what a session has or has not. */
#include "app/gateway/session_priv.h"

#include "app/gateway/decide.h"

enum tls_step session_read(struct session *s, uint8_t *buf, size_t cap, size_t *ret_len)
{
	size_t len;

	if (!s->group->is_plain)
		return tls_session_read(s->tls, buf, cap, ret_len);
	len = tcp_rx_copy(s->tcp, 0, buf, cap);
	tcp_rx_consume(&s->worker->net, s->tcp, len);
	*ret_len = len;
	return len > 0 ? TLS_DONE : TLS_WANT_READ;
}

size_t session_tx(struct session *s, struct span bytes)
{
	size_t taken = tcp_tx_write(&s->worker->net, s->tcp, bytes);

	s->sent_bytes += taken;
	return taken;
}

enum tls_step session_write(struct session *s, struct span plain, size_t *ret_len)
{
	size_t space = tcp_tx_space(s->tcp);

	if (!s->group->is_plain)
		return tls_session_write(s->tls, plain, space, ret_len);
	*ret_len = session_tx(s, span_head(plain, space));
	return *ret_len > 0 ? TLS_DONE : TLS_WANT_WRITE;
}

bool session_may_forward(const struct session *s)
{
	if (s->group->is_plain)
		return s->listener->config->is_plain;
	return s->tls != NULL && tls_session_may_forward(s->tls);
}

enum auth_reason session_verdict(const struct session *s)
{
	return s->group->is_plain ? AUTH_no_certificate : tls_session_verdict(s->tls);
}

void session_set_listener(struct worker *w, struct session *s, const struct listener *l)
{
	if (s->listener != NULL)
		shared_add(&w->listener_counts[s->listener->idx].sessions, (uint64_t)-1);
	s->listener = l;
	shared_add(&w->listener_counts[l->idx].sessions, 1);
}

void session_open_plain(struct worker *w, struct session *s)
{
	session_set_listener(w, s,
			     s->group->fallback != NULL ? s->group->fallback : s->group->first);
	http_exchange_init(&s->exchange, &w->snap->config->limits);
	session_next_request(w, s);
}

bool session_settle_listener(struct worker *w, struct session *s)
{
	const struct http_request *r = &s->exchange.request;
	const struct listener *l;

	if (!s->group->is_plain || s->is_settled)
		return true;
	if (!decide_is_health(s->listener, r)) {
		l = listener_group_choose(s->group, r->host);
		/* One that no listener owns is left to decide(), which answers 421. */
		if (l != NULL && l != s->listener)
			session_set_listener(w, s, l);
		s->is_settled = l != NULL;
	}
	if (listener_allows(s->listener, tcp_remote(s->tcp).addr))
		return true;
	session_drop(w, s, DROP_listener_denied);
	session_reset(w, s);
	return false;
}
