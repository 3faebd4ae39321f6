/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session knows about its client.  The only place where a verdict is made. */
#include "tls/tls_session_priv.h"

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

/* wolfSSL calls this at least once a handshake, also when the client has no certificate, and again
 * for each thing that it dislikes itself; the last call may claim that all is well. So its opinion
 * is not read, the first call judges, and a chain is refused by remembering that: the handshake
 * completes, for the client to get an answer that it can read. */
int tls_verify_on_chain(int preverify_ok, WOLFSSL_X509_STORE_CTX *store)
{
	struct tls_session *s = store->userCtx;
	struct trust_verdict verdict;
	struct trust_chain chain;

	(void)preverify_ok;
	if (s->is_judged)
		return 1;
	s->is_judged = true;
	chain_from(store, &chain);
	if (chain.count == 0)
		return 1; /* it stays AUTH_no_certificate */
	trust_judge(s->profile->store, &chain, s->now_s, &s->tw->arena, &verdict);
	if (verdict.reason == AUTH_ok && !leaf_keep(s, chain.cert[0])) {
		tls_session_fail(s, DROP_tls_arena_full);
		return 0;
	}
	s->verdict = verdict.reason;
	if (verdict.reason == AUTH_ok)
		s->expires_s = verdict.expires_s;
	return 1;
}

void tls_session_expire(struct tls_session *s, int64_t now_s)
{
	if (s->verdict == AUTH_ok && now_s > s->expires_s)
		s->verdict = AUTH_expired;
}

enum auth_reason tls_session_verdict(const struct tls_session *s)
{
	/* Before the handshake is complete nobody has proved to have the key. */
	return s->is_established ? s->verdict : AUTH_no_certificate;
}

bool tls_session_may_forward(const struct tls_session *s)
{
	if (!s->is_established || s->drop != DROP_none)
		return false;
	switch (s->profile->client_auth) {
	case CLIENT_AUTH_OFF:
		return true;
	case CLIENT_AUTH_REQUIRE:
		return s->verdict == AUTH_ok;
	}
	return false;
}

struct span tls_session_leaf(const struct tls_session *s)
{
	if (!s->is_established || s->verdict != AUTH_ok)
		return span_of(NULL, 0);
	return span_of(s->leaf, s->leaf_bytes);
}

void tls_session_forget_leaf(struct tls_session *s)
{
	tls_arena_free(s->leaf);
	s->leaf = NULL;
	s->leaf_bytes = 0;
}
