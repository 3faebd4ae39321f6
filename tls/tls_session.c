/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_session.h"

#include "tls/tls_io.h"
#include "tls/tls_session_priv.h"
#include "tls/trust/trust_store_params.h"

#include <limits.h>
#include <wolfssl/options.h>

#include <wolfssl/ssl.h>

#define RECORD_PLAIN_MAX 16384
/* What a record adds to its plaintext (TLS 1.2 with AES-GCM: 5 + 8 + 16; 1.3: 5 + 1 + 16), and a
 * KeyUpdate that wolfSSL may put before it when a key has served its time (27). */
#define RECORD_OVERHEAD_MAX 64

void tls_session_fail(struct tls_session *s, enum drop_reason why)
{
	if (s->drop != DROP_none)
		return;
	s->drop = drop_count(s->tw->count, why);
	if (!s->is_established)
		counter_add(s->tw->count, COUNTER_tls_handshakes_failed, 1);
}

/* After a call of wolfSSL that did not succeed: what it waits for, or why it is over. */
static enum tls_step stopped(struct tls_session *s, int ret)
{
	int error = wolfSSL_get_error(s->ssl, ret);
	enum auth_reason unseen = tls_reason_unseen(s, error);

	if (s->drop == DROP_none) {
		if (error == WOLFSSL_ERROR_WANT_READ)
			return tls_io_has_spill(s) ? TLS_WANT_WRITE : TLS_WANT_READ;
		if (error == WOLFSSL_ERROR_ZERO_RETURN && s->is_established) {
			s->is_closed = true;
			return TLS_CLOSED;
		}
		if (unseen != AUTH_ok)
			tls_verify_end(s, unseen);
		tls_session_fail(s, error == WOLFSSL_ERROR_ZERO_RETURN ? DROP_tls_handshake_closed
								       : tls_reason_of(s, error));
	}
	return TLS_FAILED;
}

static bool wolfssl_open(struct tls_session *s, struct WOLFSSL_CTX *context)
{
	bool asks = s->profile->client_auth != CLIENT_AUTH_OFF;
	char protocol[] = "http/1.1"; /* copied */

	s->ssl = wolfSSL_new(context);
	if (s->ssl == NULL)
		return false;
	wolfSSL_SetIOReadCtx(s->ssl, s);
	wolfSSL_SetIOWriteCtx(s->ssl, s);
	wolfSSL_SetCertCbCtx(s->ssl, s);
	wolfSSL_set_verify(s->ssl, asks ? WOLFSSL_VERIFY_PEER : WOLFSSL_VERIFY_NONE,
			   asks ? tls_verify_on_chain : NULL);
	GW_ASSERT(s->profile->ca_names.len <= TRUST_CA_NAMES_BYTES_MAX);
	wolfSSL_set_ca_names(s->ssl, s->profile->ca_names.p,
			     (unsigned short)s->profile->ca_names.len);
	if (wolfSSL_UseALPN(s->ssl, protocol, sizeof(protocol) - 1,
			    WOLFSSL_ALPN_FAILED_ON_MISMATCH) != WOLFSSL_SUCCESS) {
		wolfSSL_free(s->ssl);
		return false;
	}
	return true;
}

struct tls_session *tls_session_create(struct tls_worker *tw, unsigned certificate_idx,
				       const struct tls_profile *profile,
				       const struct tls_io_ops *ops, void *ctx)
{
	struct tls_session *s = pool_take(&tw->sessions);

	GW_ASSERT(certificate_idx < tw->context_count);
	if (s == NULL) {
		drop_count(tw->count, DROP_tls_sessions_full);
		return NULL;
	}
	*s = (struct tls_session){.tw = tw,
				  .profile = profile,
				  .ops = ops,
				  .io_ctx = ctx,
				  .standing = PEER_REFUSED,
				  .verdict = AUTH_no_certificate};
	if (profile->client_auth == CLIENT_AUTH_OFF)
		s->standing = PEER_ANONYMOUS;
	if (!wolfssl_open(s, tw->contexts[certificate_idx].wolfssl)) {
		drop_count(tw->count, DROP_tls_arena_full);
		pool_release(&tw->sessions, s);
		return NULL;
	}
	return s;
}

void tls_session_destroy(struct tls_session *s)
{
	wolfSSL_free(s->ssl);
	tls_session_forget_leaf(s);
	tls_io_free(s);
	s->ssl = NULL;
	pool_release(&s->tw->sessions, s);
}

static enum tls_step established(struct tls_session *s)
{
	bool is_13 = wolfSSL_GetVersion(s->ssl) == WOLFSSL_TLSV1_3;

	/* The verify callback has ended it before; were it ever not called, nobody gets in by that. */
	if (s->profile->client_auth != CLIENT_AUTH_OFF &&
	    s->profile->on_failure == CLIENT_REFUSAL_ALERT && s->standing == PEER_REFUSED) {
		tls_session_fail(s, DROP_tls_client_refused);
		return TLS_FAILED;
	}
	s->is_established = true;
	s->record_count = 0;
	counter_add(s->tw->count, is_13 ? COUNTER_tls_handshakes_13 : COUNTER_tls_handshakes_12, 1);
	if (s->standing == PEER_UNJUDGED)
		counter_add(s->tw->count, COUNTER_client_unjudged, 1);
	else if (s->profile->client_auth != CLIENT_AUTH_OFF)
		counter_add(s->tw->count, COUNTER_client_ok + s->verdict, 1);
	return TLS_DONE;
}

enum tls_step tls_session_handshake(struct tls_session *s, int64_t now_s)
{
	int ret;

	if (s->drop != DROP_none)
		return TLS_FAILED;
	if (s->is_established)
		return TLS_DONE;
	if (!tls_io_flush(s))
		return TLS_WANT_WRITE;
	s->now_s = now_s;
	ret = wolfSSL_accept(s->ssl);
	if (ret == WOLFSSL_SUCCESS && s->drop == DROP_none)
		return established(s);
	return stopped(s, ret);
}

enum tls_step tls_session_read(struct tls_session *s, uint8_t *buf, size_t cap, size_t *ret_len)
{
	int ret;

	*ret_len = 0;
	if (!s->is_established || s->drop != DROP_none)
		return TLS_FAILED;
	/* Answers to the peer first: what they need may not pile up. */
	if (!tls_io_flush(s))
		return TLS_WANT_WRITE;
	if (s->is_closed)
		return TLS_CLOSED;
	ret = wolfSSL_read(s->ssl, buf, cap < INT_MAX ? (int)cap : INT_MAX);
	if (ret <= 0)
		return stopped(s, ret);
	s->record_count = 0;
	*ret_len = (size_t)ret;
	return TLS_DONE;
}

size_t tls_session_pending(const struct tls_session *s)
{
	return s->is_established ? (size_t)wolfSSL_pending(s->ssl) : 0;
}

enum tls_step tls_session_write(struct tls_session *s, struct span plain, size_t sink_space,
				size_t *ret_len)
{
	size_t spilled = s->spill.len - s->spill.start;
	int ret;

	*ret_len = 0;
	if (!s->is_established || s->close_sent || s->drop != DROP_none)
		return TLS_FAILED;
	if (!tls_io_flush(s) || sink_space <= spilled + RECORD_OVERHEAD_MAX)
		return TLS_WANT_WRITE;
	plain = span_head(plain, sink_space - spilled - RECORD_OVERHEAD_MAX);
	plain = span_head(plain, RECORD_PLAIN_MAX);
	if (plain.len == 0)
		return TLS_DONE;
	ret = wolfSSL_write(s->ssl, plain.p, (int)plain.len);
	if (ret != (int)plain.len)
		return stopped(s, ret);
	*ret_len = plain.len;
	return TLS_DONE;
}

enum tls_step tls_session_close(struct tls_session *s)
{
	if (!s->is_established || s->drop != DROP_none)
		return TLS_FAILED;
	if (!s->close_sent) {
		/* Never twice: the second call would read. */
		s->close_sent = true;
		wolfSSL_shutdown(s->ssl);
	}
	if (s->drop != DROP_none)
		return TLS_FAILED;
	return tls_io_flush(s) ? TLS_DONE : TLS_WANT_WRITE;
}

enum drop_reason tls_session_drop(const struct tls_session *s)
{
	return s->drop;
}

const char *tls_session_version(const struct tls_session *s)
{
	return wolfSSL_get_version(s->ssl);
}

const char *tls_session_cipher(const struct tls_session *s)
{
	return wolfSSL_get_cipher(s->ssl);
}
