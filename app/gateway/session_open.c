/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From an established TCP connection to a completed handshake: which listener the ClientHello asks for, and who the client is. */
#include "app/gateway/session_priv.h"

#include "http/identity_headers.h"
#include "tls/tls_hello.h"

static size_t io_rx_bytes(void *ctx)
{
	return tcp_rx_bytes(((struct session *)ctx)->tcp);
}

static size_t io_rx_copy(void *ctx, size_t offset, void *dst, size_t len)
{
	return tcp_rx_copy(((struct session *)ctx)->tcp, offset, dst, len);
}

static void io_rx_consume(void *ctx, size_t len)
{
	struct session *s = ctx;

	tcp_rx_consume(&s->worker->net, s->tcp, len);
}

static size_t io_tx(void *ctx, struct span bytes)
{
	return session_tx(ctx, bytes);
}

static const struct tls_io_ops tcp_io = {
	.rx_bytes = io_rx_bytes,
	.rx_copy = io_rx_copy,
	.rx_consume = io_rx_consume,
	.tx = io_tx,
};

static void client_ip_print(struct session *s)
{
	struct outbuf out = outbuf_of(s->client_ip, sizeof(s->client_ip) - 1);
	uint32_t v = tcp_remote(s->tcp).addr.v;

	for (int shift = 24; shift >= 0; shift -= 8) {
		outbuf_put_u64(&out, v >> shift & 255);
		if (shift > 0)
			outbuf_putc(&out, '.');
	}
	s->client_ip[out.len] = '\0';
}

void session_open(struct worker *w, struct tcp_conn *c)
{
	struct session *s = pool_take(&w->sessions);
	const struct listener_group *group;

	if (s == NULL) {
		drop_count(&w->count, DROP_sessions_exhausted);
		tcp_abort(&w->net, c);
		return;
	}
	group = &w->snap->groups[tcp_listener_idx(c)];
	*s = (struct session){
		.endpoint.kind = ENDPOINT_CLIENT,
		.state = group->is_plain ? SESSION_AWAIT_REQUEST : SESSION_AWAIT_HELLO,
		.worker = w,
		.tcp = c,
		.group = group,
		.hello_need_bytes = 1,
	};
	list_init(&s->handshake);
	tcp_user_set(c, s);
	client_ip_print(s);
	session_timer_init(s);
	session_log_open(w, s);
	if (group->is_plain)
		session_open_plain(w, s);
	else
		session_set_limit(w, s, w->snap->config->time_limits.tls_handshake_ms);
	counter_add(&w->count, COUNTER_sessions_opened, 1);
	session_advance(w, s);
}

/* curl http://gateway:443/ deserves a sentence rather than seven bytes of alert. */
static void refuse_hello(struct worker *w, struct session *s, const struct tls_hello *hello)
{
	if (hello->drop == DROP_tls_plain_http) {
		session_refuse_plain(w, s, HTTP_REFUSAL_plain_http_on_tls);
		return;
	}
	session_drop(w, s, hello->drop);
	session_alert(w, s,
		      hello->drop == DROP_tls_not_a_record ? SESSION_ALERT_UNEXPECTED_MESSAGE
							   : SESSION_ALERT_DECODE_ERROR);
}

static bool begin_handshake(struct worker *w, struct session *s, const struct tls_hello *hello)
{
	const struct listener *l = listener_group_choose(
		s->group, hello->has_sni ? span_str(hello->sni) : span_of(NULL, 0));
	uint64_t arena_full = w->count.drop[DROP_tls_arena_full];
	unsigned certificate_idx;

	if (l == NULL) {
		session_drop(w, s, DROP_tls_unrecognized_name);
		session_alert(w, s, SESSION_ALERT_UNRECOGNIZED_NAME);
		return true;
	}
	session_set_listener(w, s, l);
	if (!listener_allows(l, tcp_remote(s->tcp).addr)) {
		session_drop(w, s, DROP_listener_denied);
		session_alert(w, s, SESSION_ALERT_ACCESS_DENIED);
		return true;
	}
	if (hello->has_sni)
		session_log_sni(w, s, hello->sni);
	certificate_idx = tls_worker_choose(w->tls, l->config->certificate_idx,
					    l->config->certificate_idx_count, hello);
	s->tls = tls_session_create(w->tls, certificate_idx, l->profile, &tcp_io, s);
	if (s->tls == NULL) { /* counted by tls */
		s->log.error = w->count.drop[DROP_tls_arena_full] > arena_full
				       ? DROP_tls_arena_full
				       : DROP_tls_sessions_full;
		session_alert(w, s, SESSION_ALERT_INTERNAL_ERROR);
		return true;
	}
	session_set_state(s, SESSION_AWAIT_HANDSHAKE);
	return true;
}

/* More is needed; a client that has sent its FIN will not send it. */
static bool hello_incomplete(struct worker *w, struct session *s)
{
	tcp_ack_now(&w->net, s->tcp);
	if (!session_peer_finished(s->tcp))
		return false;
	session_drop(w, s, DROP_tls_closed_before_hello);
	session_close(w, s);
	return true;
}

bool session_advance_hello(struct worker *w, struct session *s)
{
	struct worker_scratch *scratch = w->scratch;
	struct tls_hello hello = {0};
	size_t len;

	if (tcp_rx_bytes(s->tcp) < s->hello_need_bytes)
		return hello_incomplete(w, s);
	len = tcp_rx_copy(s->tcp, 0, scratch->hello_raw, sizeof(scratch->hello_raw));
	switch (tls_hello_parse(span_of(scratch->hello_raw, len), scratch->hello_joined, &hello)) {
	case TLS_HELLO_MORE:
		s->hello_need_bytes = hello.need_bytes;
		return hello_incomplete(w, s);
	case TLS_HELLO_BAD:
		refuse_hello(w, s, &hello);
		return true;
	case TLS_HELLO_OK:
		break;
	}
	return begin_handshake(w, s, &hello);
}

/* Renders the identity headers once, to be injected into every request of the session.  False: the arena is
 * exhausted or the certificate cannot be described; without its headers the client must not get through.  A listener that
 * asks for no certificate has no identity_headers (config). */
static bool make_identity(struct worker *w, struct session *s)
{
	struct outbuf storage = outbuf_of(w->scratch->identity, TRUST_IDENTITY_STORAGE_BYTES);
	struct outbuf lines = outbuf_of(w->scratch->identity + TRUST_IDENTITY_STORAGE_BYTES,
					TRUST_IDENTITY_STORAGE_BYTES);
	struct peer_identity id = {0};
	struct span leaf = tls_session_leaf(s->tls);

	if (!tls_session_may_forward(s->tls) || s->listener->config->identity_headers == 0)
		return true;
	if (leaf.len > 0 && !trust_identity_describe(leaf, &storage, &id))
		return false;
	id.standing = tls_session_standing(s->tls);
	if (!http_identity_render(s->listener->config->identity_headers, &id, &lines))
		return false;
	if (lines.len == 0)
		return true;
	s->identity = tls_worker_alloc(w->tls, lines.len);
	if (s->identity == NULL)
		return false;
	memcpy(s->identity, lines.p, lines.len);
	s->identity_bytes = lines.len;
	return true;
}

static void on_handshake_done(struct worker *w, struct session *s)
{
	struct listener_counters *count = &w->listener_counts[s->listener->idx];

	shared_add(&count->handshakes_ok, 1);
	if (tls_session_standing(s->tls) == PEER_VERIFIED)
		shared_add(&count->auth_ok, 1);
	else if (tls_session_standing(s->tls) == PEER_REFUSED)
		shared_add(&count->auth_failed, 1);
	if (!make_identity(w, s)) {
		session_drop(w, s, DROP_identity_unavailable);
		session_reset(w, s);
		return;
	}
	session_log_peer(w, s);
	tls_session_forget_leaf(s->tls);
	/* The client's last flight gets no answer from TLS 1.3, and its request may wait for one. */
	tcp_ack_now(&w->net, s->tcp);
	http_exchange_init(&s->exchange, &w->snap->config->limits);
	session_set_state(s, SESSION_AWAIT_REQUEST);
	session_next_request(w, s);
}

bool session_advance_handshake(struct worker *w, struct session *s)
{
	switch (tls_session_handshake(s->tls, w->now_s)) {
	case TLS_DONE:
		on_handshake_done(w, s);
		return true;
	case TLS_WANT_READ:
		tcp_ack_now(&w->net, s->tcp);
		if (!session_peer_finished(s->tcp))
			return false;
		session_drop(w, s, DROP_tls_closed_in_handshake);
		break;
	case TLS_WANT_WRITE:
		return false;
	case TLS_CLOSED:
		session_drop(w, s, DROP_tls_closed_in_handshake);
		break;
	case TLS_FAILED: /* counted by tls */
		if (tls_session_drop(s->tls) != DROP_tls_client_refused)
			break;
		shared_add(&w->listener_counts[s->listener->idx].auth_failed, 1);
		session_log_peer(w, s);
		break;
	}
	shared_add(&w->listener_counts[s->listener->idx].handshakes_failed, 1);
	session_close(w, s);
	return true;
}
