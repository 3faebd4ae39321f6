/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the access log says of a session: one line for each request, however it ended, and one for what went wrong outside of
 * requests.  Only gathers and hands over; text is made elsewhere. */
#include "app/gateway/session_priv.h"

struct session_peer {
	uint8_t sha256[32];
	uint16_t subject_bytes;
	char subject[ACCESS_SUBJECT_BYTES + 1]; /* one more than is shown, so that a cut is seen */
};

enum drop_reason session_drop(struct worker *w, struct session *s, enum drop_reason why)
{
	s->log.error = why;
	return drop_count(&w->count, why);
}

void session_log_open(struct worker *w, struct session *s)
{
	s->log.start_ns = w->now_ns;
	s->log.pool_idx = ACCESS_IDX_NONE;
}

void session_log_sni(struct worker *w, struct session *s, const char *sni)
{
	size_t bytes = strlen(sni) + 1;

	if (!w->access_lines)
		return;
	s->log.sni = tls_worker_alloc(w->tls, bytes); /* no memory: the line says null */
	if (s->log.sni != NULL)
		memcpy(s->log.sni, sni, bytes);
}

void session_log_peer(struct worker *w, struct session *s)
{
	struct outbuf storage = outbuf_of(w->scratch->identity, TRUST_IDENTITY_STORAGE_BYTES);
	struct span leaf = tls_session_presented_leaf(s->tls), subject;
	struct peer_identity id;

	if (!w->access_lines || leaf.len == 0 || !trust_identity_describe(leaf, &storage, &id))
		return;
	subject = span_head(id.subject_dn, ACCESS_SUBJECT_BYTES + 1);
	s->log.peer = tls_worker_alloc(w->tls,
				       offsetof(struct session_peer, subject) + subject.len);
	if (s->log.peer == NULL)
		return;
	memcpy(s->log.peer->sha256, id.sha256, sizeof(id.sha256));
	s->log.peer->subject_bytes = (uint16_t)subject.len;
	memcpy(s->log.peer->subject, subject.p, subject.len);
}

/* Texts are kept from the head on, for its spans do not live until the end.  That no record is left costs the line its texts. */
void session_log_request(struct worker *w, struct session *s)
{
	const struct http_request *r = &s->exchange.request;

	s->log.is_open = true;
	if (!w->access_lines || s->log.record != NULL)
		return;
	s->log.record = pool_take(&w->access_records);
	if (s->log.record == NULL)
		return;
	access_record_init(s->log.record);
	access_record_set(s->log.record, ACCESS_TEXT_METHOD, r->method);
	access_record_set(s->log.record, ACCESS_TEXT_HOST, r->authority);
	access_record_set(s->log.record, ACCESS_TEXT_TARGET, r->target);
}

void session_log_backend(struct worker *w, struct session *s)
{
	if (s->backend == NULL || s->backend->tcp == NULL)
		return;
	s->log.backend = tcp_remote(s->backend->tcp);
	s->log.pool_idx = s->backend->pool_idx;
	if (s->log.backend_start_ns == 0)
		s->log.backend_start_ns = w->now_ns;
}

static const enum access_verify verify_of[] = {
	[PEER_ANONYMOUS] = ACCESS_VERIFY_NONE,
	[PEER_REFUSED] = ACCESS_VERIFY_JUDGED,
	[PEER_UNJUDGED] = ACCESS_VERIFY_PASSED,
	[PEER_VERIFIED] = ACCESS_VERIFY_JUDGED,
};

static void fill_client(const struct session *s, struct access_record *r)
{
	const struct ip4_endpoint client = tcp_remote(s->tcp);

	r->client_ip = client.addr.v;
	r->client_port = client.port;
	if (s->listener != NULL)
		r->listener_idx = (uint16_t)s->listener->idx;
	if (s->log.sni != NULL)
		access_record_set(r, ACCESS_TEXT_SNI, span_str(s->log.sni));
	if (s->log.peer != NULL) {
		memcpy(r->sha256, s->log.peer->sha256, sizeof(r->sha256));
		r->has_sha256 = true;
		access_record_set(r, ACCESS_TEXT_SUBJECT,
				  span_of(s->log.peer->subject, s->log.peer->subject_bytes));
	}
	if (s->group->is_plain)
		r->verify = ACCESS_VERIFY_NONE;
	if (s->tls == NULL)
		return;
	if (tls_session_is_established(s->tls)) {
		r->tls_version = tls_session_version(s->tls);
		r->tls_cipher = tls_session_cipher(s->tls);
	} else if (tls_session_drop(s->tls) != DROP_tls_client_refused) {
		return;
	}
	r->verify = verify_of[tls_session_standing(s->tls)];
	r->reason = tls_session_verdict(s->tls);
}

static void fill_exchange(const struct worker *w, const struct session *s, struct access_record *r)
{
	r->end_ns = w->now_ns;
	r->duration_us = (w->now_ns - s->log.start_ns) / 1000;
	r->bytes_in = s->log.bytes_in;
	r->bytes_out = s->log.bytes_out;
	r->status = s->log.status;
	r->error = s->log.error;
	r->is_request = s->log.is_open;
	if (s->log.is_open)
		memcpy(r->id, s->request_id, sizeof(r->id));
	if (s->log.backend_start_ns == 0)
		return;
	r->pool_idx = s->log.pool_idx;
	r->backend_ip = s->log.backend.addr.v;
	r->backend_port = s->log.backend.port;
	r->backend_us = (w->now_ns - s->log.backend_start_ns) / 1000;
	r->backend_status = (uint16_t)s->exchange.response_status;
}

/* Hands a line over.  Without a log, only refusals: they are events as well. */
static void hand_over(struct worker *w, struct session *s)
{
	struct access_record *r = s->log.record, fresh;

	if (!w->access_lines && s->log.error == DROP_none)
		return;
	if (r == NULL) {
		r = &fresh;
		access_record_init(r);
	}
	fill_client(s, r);
	fill_exchange(w, s, r);
	if (spsc_push(&w->access, r, 1) == 0)
		drop_count(&w->count, DROP_access_log_behind);
}

void session_log_done(struct worker *w, struct session *s, unsigned status, enum drop_reason error)
{
	s->log.status = (uint16_t)status;
	if (error != DROP_none)
		s->log.error = error;
	session_log_backend(w, s);
	hand_over(w, s);
	if (s->log.record != NULL)
		pool_release(&w->access_records, s->log.record);
	s->log.record = NULL;
	s->log.is_open = false;
	s->log.error = DROP_none;
	s->log.status = 0;
	s->log.bytes_in = s->log.bytes_out = 0;
	s->log.backend_start_ns = 0;
	s->log.start_ns = w->now_ns;
}

void session_log_end(struct worker *w, struct session *s)
{
	if (s->log.error == DROP_none && s->tls != NULL)
		s->log.error = tls_session_drop(s->tls);
	if (s->log.is_open)
		session_log_done(w, s,
				 s->exchange.response_started ? s->exchange.response_status
							      : s->log.status,
				 s->log.error);
	else if (s->log.error != DROP_none)
		session_log_done(w, s, 0, s->log.error);
}

void session_log_fini(struct worker *w, struct session *s)
{
	if (s->log.record != NULL)
		pool_release(&w->access_records, s->log.record);
	tls_worker_free(w->tls, s->log.peer);
	tls_worker_free(w->tls, s->log.sni);
	s->log = (struct session_log){0};
}
