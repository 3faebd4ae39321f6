/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session and the real validator together: what an attacker sends must not help the next one. */
#include "tests/unit/tls/tls_pair.h"
#include "tls/trust/trust_store.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct tls_pair pair;
static struct trust_store *store;
static const struct trust_store_options store_options = {.max_chains = 1, .now_s = 1893456000};
static const int versions[] = {WOLFSSL_TLSV1_2, WOLFSSL_TLSV1_3};

static void open_version(int version)
{
	const char *file = pki_path("partners.pem");

	pair_open(&pair, CLIENT_AUTH_REQUIRE);
	pair_client_version(&pair, version);
	cr_assert_eq(trust_store_load(&file, 1, &store_options, NULL, &store), GW_ERR_OK);
	pair.profile.store = store;
}

static void close_version(void)
{
	pair_close(&pair);
	trust_store_destroy(store);
}

static void assert_verdict(const char *certificates, const char *key, enum auth_reason reason)
{
	pair_client_certificate(&pair, certificates, key);
	pair_connect(&pair, 0);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE, "%s", certificates);
	cr_assert_eq(tls_session_verdict(pair.server), reason, "%s: %s", certificates,
		     auth_reason_name(tls_session_verdict(pair.server)));
	cr_assert_eq(tls_session_may_forward(pair.server), reason == AUTH_ok);
}

Test(tls_trust, clients_get_the_verdict_they_deserve)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		assert_verdict("client-good-chain", "client-good", AUTH_ok);
		assert_verdict("client-rsa-chain", "client-rsa", AUTH_ok);
		assert_verdict("client-expired-chain", "client-expired", AUTH_expired);
		assert_verdict("client-not-yet-valid-chain", "client-not-yet-valid",
			       AUTH_not_yet_valid);
		assert_verdict("client-other-chain", "client-other", AUTH_unknown_issuer);
		assert_verdict("client-server-auth-chain", "client-server-auth",
			       AUTH_extended_key_usage);
		close_version();
	}
}

Test(tls_trust, leaf_alone_is_refused_after_its_full_chain_has_passed)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		assert_verdict("client-good", "client-good", AUTH_unknown_issuer);
		assert_verdict("client-good-chain", "client-good", AUTH_ok);
		assert_verdict("client-good", "client-good", AUTH_unknown_issuer);
		close_version();
	}
}

/* wolfSSL's own way would be to adopt the intermediate of a chain whose refusal was overridden. */
Test(tls_trust, leaf_of_an_attackers_ca_is_refused_after_the_attackers_chain)
{
	for (size_t v = 0; v < 2; v++) {
		struct tls_arena_stats before, after;

		open_version(versions[v]);
		assert_verdict("client-twin-int-chain", "client-twin-int", AUTH_bad_signature);
		pair_disconnect(&pair);
		tls_worker_arena_stats(pair.tw, &before);
		for (unsigned i = 0; i < 20; i++) {
			assert_verdict("client-twin-int-chain", "client-twin-int",
				       AUTH_bad_signature);
			assert_verdict("client-twin-int", "client-twin-int", AUTH_unknown_issuer);
		}
		pair_disconnect(&pair);
		tls_worker_arena_stats(pair.tw, &after);
		cr_assert_eq(after.live_bytes, before.live_bytes);
		close_version();
	}
}

Test(tls_trust, profile_of_another_store_judges_for_itself)
{
	const char *file = pki_path("other-root.pem");
	struct trust_store *other;

	open_version(WOLFSSL_TLSV1_3);
	assert_verdict("client-good-chain", "client-good", AUTH_ok);
	cr_assert_eq(trust_store_load(&file, 1, &store_options, NULL, &other), GW_ERR_OK);
	pair.profile.store = other;
	assert_verdict("client-good-chain", "client-good", AUTH_unknown_issuer);
	assert_verdict("client-other-chain", "client-other", AUTH_ok);
	pair_disconnect(&pair);
	trust_store_destroy(other);
	close_version();
}
