/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session knows about its client.  The only place where a verdict is made. */
#include "tls/tls_leaf_key.h"
#include "tls/tls_session_priv.h"
#include "tls/trust/x509.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

static void chain_from(const WOLFSSL_X509_STORE_CTX *store, struct trust_chain *ret_chain)
{
	*ret_chain = (struct trust_chain){.too_long = store->totalCerts > TRUST_CHAIN_MAX};
	for (int i = 0; i < store->totalCerts && i < TRUST_CHAIN_MAX; i++)
		ret_chain->cert[ret_chain->count++] = span_of(store->certs[i].buffer,
							      store->certs[i].length);
}

/* The leaf outlives the handshake's memory: the identity headers are made from it. */
static bool leaf_keep(struct tls_session *s, struct span leaf)
{
	s->leaf = tls_arena_alloc(&s->tw->arena, leaf.len);
	if (s->leaf == NULL)
		return false;
	memcpy(s->leaf, leaf.p, leaf.len);
	s->leaf_bytes = (uint32_t)leaf.len;
	return true;
}

/* Of wolfSSL's library but not of its interface.  A callback that refuses makes wolfSSL send
 * bad_certificate whatever the reason is, so the alert that fits goes out first. */
int SendAlert(WOLFSSL *ssl, int severity, int type);

static bool is_13(const struct tls_session *s)
{
	return wolfSSL_GetVersion(s->ssl) == WOLFSSL_TLSV1_3;
}

/* RFC 8446 section 6.2, RFC 5246 section 7.2.2. */
static int alert_of(const struct tls_session *s, enum auth_reason reason)
{
	switch (reason) {
	case AUTH_no_certificate:
		return is_13(s) ? certificate_required : handshake_failure;
	case AUTH_unknown_issuer:
		return unknown_ca;
	case AUTH_not_yet_valid:
	case AUTH_expired:
		return certificate_expired;
	case AUTH_weak_key:
	case AUTH_weak_digest:
	case AUTH_unsupported_algorithm:
	case AUTH_key_usage:
	case AUTH_extended_key_usage:
		return unsupported_certificate;
	case AUTH_parse_error:
	case AUTH_bad_signature:
	case AUTH_not_a_ca:
	case AUTH_path_length:
	case AUTH_name_constraint:
	case AUTH_policy:
	case AUTH_duplicate_extension:
		return bad_certificate;
	case AUTH_issuer_not_pinned:
	case AUTH_name_not_allowed:
		return access_denied;
	case AUTH_too_large:
	case AUTH_chain_too_long:
	case AUTH_search_limit:
	case AUTH_unknown_critical:
	case AUTH_ok:
	case AUTH_REASON_COUNT:
		break;
	}
	return certificate_unknown;
}

void tls_verify_end(struct tls_session *s, enum auth_reason reason)
{
	WOLFSSL_ALERT_HISTORY alerts;

	s->is_judged = true;
	s->verdict = reason;
	counter_add(s->tw->count, COUNTER_client_ok + reason, 1);
	tls_session_fail(s, DROP_tls_client_refused);
	if (wolfSSL_get_alert_history(s->ssl, &alerts) == WOLFSSL_SUCCESS &&
	    alerts.last_tx.code == -1)
		SendAlert(s->ssl, alert_fatal, alert_of(s, reason));
	s->is_muted = true;
}

/* What wolfSSL is to do with a client whose verdict is there: go on, so that it gets an answer that it can read, or end
 * the handshake. */
static int refuse(struct tls_session *s, enum auth_reason reason, bool can_go_on)
{
	if (can_go_on && s->profile->on_failure != CLIENT_REFUSAL_ALERT) {
		s->verdict = reason;
		return 1;
	}
	tls_verify_end(s, reason);
	return 0;
}

/* Passthrough asks only that the leaf is a certificate: one that cannot be read cannot be described to a backend either. */
static void judge(struct tls_session *s, const struct trust_chain *chain,
		  struct trust_verdict *ret_verdict)
{
	const struct trust_request rq = {
		.store = s->profile->store,
		.policy = &s->profile->policy,
		.chain = chain,
		.now_s = s->now_s,
		.heap = &s->tw->arena,
		.memo = s->tw->memo,
	};
	struct x509 leaf;

	if (s->profile->client_auth == CLIENT_AUTH_PASSTHROUGH) {
		*ret_verdict = (struct trust_verdict){.reason = x509_parse(chain->cert[0], &leaf)};
		return;
	}
	trust_judge(&rq, ret_verdict);
	counter_add(s->tw->count, COUNTER_trust_signatures, ret_verdict->work.signatures);
	counter_add(s->tw->count, COUNTER_trust_memo_hits, ret_verdict->work.memo_hits);
}

/* What the client has to prove: to have this key, by a signature that such a key may make. */
static void key_hand_over(struct tls_session *s, const struct tls_leaf_key *key,
			  WOLFSSL_X509_STORE_CTX *store)
{
	store->certs[0] = (WOLFSSL_BUFFER_INFO){(unsigned char *)key->info.p,
						(unsigned int)key->info.len};
	wolfSSL_set_peer_rsa_schemes(s->ssl, key->rsa_schemes);
}

/* Asked once a handshake (scripts/deps/wolfssl-chain-not-read.patch), also when the client has no certificate.  wolfSSL
 * has read nothing of the chain and has no opinion of it; the key that it goes on with is the one that this leaves in
 * certs[0].  Where there is none that it can use, the client cannot prove anything and the handshake ends here, whatever
 * on_failure says. */
int tls_verify_on_chain(int preverify_ok, WOLFSSL_X509_STORE_CTX *store)
{
	struct tls_session *s = store->userCtx;
	struct trust_verdict verdict;
	struct trust_chain chain;
	enum auth_reason key_reason;
	struct tls_leaf_key key;
	bool is_kept;

	(void)preverify_ok;
	if (s->is_judged)
		return 0;
	s->is_judged = true;
	chain_from(store, &chain);
	if (chain.count == 0 && s->profile->client_auth != CLIENT_AUTH_REQUIRE) {
		s->standing = PEER_ANONYMOUS;
		return 1;
	}
	if (chain.count == 0)
		return refuse(s, AUTH_no_certificate, true);
	judge(s, &chain, &verdict);
	is_kept = leaf_keep(s, chain.cert[0]);
	key_reason = tls_leaf_key_find(chain.cert[0], TLS_VERIFIES_PSS_KEYS && is_13(s), &key);
	if (verdict.reason == AUTH_ok)
		verdict.reason = key_reason;
	if (key_reason == AUTH_ok)
		key_hand_over(s, &key, store);
	if (verdict.reason != AUTH_ok)
		return refuse(s, verdict.reason, key_reason == AUTH_ok);
	if (!is_kept) {
		tls_session_fail(s, DROP_tls_arena_full);
		return 0;
	}
	if (s->profile->client_auth == CLIENT_AUTH_PASSTHROUGH) {
		s->standing = PEER_UNJUDGED; /* the verdict stays what it was: nobody is accepted */
		return 1;
	}
	s->verdict = AUTH_ok;
	s->standing = PEER_VERIFIED;
	s->expires_s = verdict.expires_s;
	return 1;
}

void tls_session_expire(struct tls_session *s, int64_t now_s)
{
	if (s->standing != PEER_VERIFIED || now_s <= s->expires_s)
		return;
	s->standing = PEER_REFUSED;
	s->verdict = AUTH_expired;
}

enum auth_reason tls_session_verdict(const struct tls_session *s)
{
	/* Before the handshake is complete nobody has proved to have the key. */
	if (s->is_established || s->drop == DROP_tls_client_refused)
		return s->verdict;
	return AUTH_no_certificate;
}

enum peer_standing tls_session_standing(const struct tls_session *s)
{
	return s->is_established ? s->standing : PEER_REFUSED;
}

bool tls_session_may_forward(const struct tls_session *s)
{
	if (!s->is_established || s->drop != DROP_none)
		return false;
	switch (s->standing) {
	case PEER_ANONYMOUS:
		return s->profile->client_auth != CLIENT_AUTH_REQUIRE;
	case PEER_UNJUDGED:
		return s->profile->client_auth == CLIENT_AUTH_PASSTHROUGH;
	case PEER_VERIFIED:
		return true;
	case PEER_REFUSED:
		break;
	}
	return false;
}

struct span tls_session_leaf(const struct tls_session *s)
{
	if (!tls_session_may_forward(s))
		return span_of(NULL, 0);
	return span_of(s->leaf, s->leaf_bytes);
}

struct span tls_session_presented_leaf(const struct tls_session *s)
{
	if (!s->is_established && s->drop != DROP_tls_client_refused)
		return span_of(NULL, 0);
	return span_of(s->leaf, s->leaf_bytes);
}

bool tls_session_is_established(const struct tls_session *s)
{
	return s->is_established;
}

void tls_session_forget_leaf(struct tls_session *s)
{
	tls_arena_free(s->leaf);
	s->leaf = NULL;
	s->leaf_bytes = 0;
}
