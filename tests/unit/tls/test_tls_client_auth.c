/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may pass: when a chain is judged, and what a verdict does. trust_judge() is a stand-in here.
 * */
#include "tests/unit/tls/fake_trust.h"
#include "tests/unit/tls/tls_pair.h"
#include "tls/tls_arena.h"
#include "tls/tls_session_priv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct tls_pair pair;
static const int versions[] = {WOLFSSL_TLSV1_2, WOLFSSL_TLSV1_3};

static void open_version(int version)
{
	fake_trust = (struct fake_trust){.answer = AUTH_ok};
	pair_open(&pair, CLIENT_AUTH_REQUIRE);
	pair_client_version(&pair, version);
}

/* With NAME-chain.pem and its key; NULL: without a certificate. */
static enum tls_step handshake_as(const char *name, enum auth_reason answer)
{
	char chain[100];

	fake_trust.answer = answer;
	if (name != NULL) {
		snprintf(chain, sizeof(chain), "%s-chain", name);
		pair_client_certificate(&pair, chain, name);
	}
	pair_connect(&pair, 0);
	return pair_handshake(&pair);
}

static void assert_refused(enum auth_reason reason)
{
	cr_assert_eq(tls_session_verdict(pair.server), reason);
	cr_assert_not(tls_session_may_forward(pair.server));
	cr_assert_eq(tls_session_leaf(pair.server).len, 0);
}

/* The one alert that the client was sent; -1: none. */
static int alert_received(void)
{
	WOLFSSL_ALERT_HISTORY history;

	for (unsigned i = 0; i < 4; i++)
		pair_client_step(&pair);
	if (pair.to_client.len > 0) {
		char byte;

		wolfSSL_read(pair.client, &byte, 1);
	}
	cr_assert_eq(wolfSSL_get_alert_history(pair.client, &history), WOLFSSL_SUCCESS);
	cr_assert(history.last_rx.code == -1 || history.last_rx.level == alert_fatal);
	return history.last_rx.code;
}

static void assert_refused_by_alert(enum auth_reason reason, int alert)
{
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_client_refused);
	assert_refused(reason);
	cr_assert_eq(pair.count.event[COUNTER_client_ok + reason], 1);
	cr_assert_eq(pair.count.event[COUNTER_client_ok], 0);
	cr_assert_eq(pair.count.drop[DROP_tls_client_refused], 1);
	cr_assert_eq(pair.count.event[COUNTER_tls_handshakes_failed], 1);
	cr_assert_eq(alert_received(), alert, "%s: %d", auth_reason_name(reason), alert_received());
	cr_assert_eq(pair.to_client.len, 0, "more than one alert was sent");
}

Test(tls_client_auth, accepted_chain_may_forward)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		cr_assert_eq(handshake_as("client-good", AUTH_ok), TLS_DONE);
		cr_assert_eq(tls_session_verdict(pair.server), AUTH_ok);
		cr_assert(tls_session_may_forward(pair.server));
		cr_assert_eq(fake_trust.chain_count, 2);
		cr_assert_eq(fake_trust.now_s, PAIR_NOW_S);
		cr_assert_eq(pair.count.event[COUNTER_client_ok], 1);
		pair_assert_request(&pair, "x");
		pair_close(&pair);
	}
}

Test(tls_client_auth, accepted_session_ends_with_its_path)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		fake_trust.expires_s = PAIR_NOW_S + 60;
		cr_assert_eq(handshake_as("client-good", AUTH_ok), TLS_DONE);
		tls_session_expire(pair.server, PAIR_NOW_S + 60);
		cr_assert(tls_session_may_forward(pair.server), "the last second belongs to it");
		tls_session_expire(pair.server, PAIR_NOW_S + 61);
		cr_assert_not(tls_session_may_forward(pair.server));
		cr_assert_eq(tls_session_verdict(pair.server), AUTH_expired);
		tls_session_expire(pair.server, PAIR_NOW_S);
		cr_assert_not(tls_session_may_forward(pair.server),
			      "a clock set back revives nobody");
		pair_close(&pair);
	}
}

Test(tls_client_auth, expiry_changes_no_refusal)
{
	open_version(versions[1]);
	cr_assert_eq(handshake_as("client-good", AUTH_unknown_issuer), TLS_DONE);
	tls_session_expire(pair.server, PAIR_NOW_S + 61);
	cr_assert_eq(tls_session_verdict(pair.server), AUTH_unknown_issuer);
	pair_close(&pair);
}

Test(tls_client_auth, leaf_is_kept_until_it_is_forgotten)
{
	struct span leaf;

	open_version(WOLFSSL_TLSV1_3);
	cr_assert_eq(handshake_as("client-good", AUTH_ok), TLS_DONE);
	leaf = tls_session_leaf(pair.server);
	cr_assert_gt(leaf.len, 300);
	cr_assert_eq(leaf.p[0], 0x30);
	cr_assert_eq(((size_t)leaf.p[2] << 8 | leaf.p[3]) + 4, leaf.len);
	tls_session_forget_leaf(pair.server);
	cr_assert_eq(tls_session_leaf(pair.server).len, 0);
	cr_assert(tls_session_may_forward(pair.server));
	pair_close(&pair);
}

Test(tls_client_auth, refused_chain_completes_the_handshake_and_cannot_forward)
{
	static const char *const names[] = {"client-good", "client-other", "client-expired",
					    "client-direct", "client-server-auth"};

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			cr_assert_eq(handshake_as(names[i], AUTH_unknown_issuer), TLS_DONE, "%s",
				     names[i]);
			assert_refused(AUTH_unknown_issuer);
			pair_assert_request(&pair, "GET / HTTP/1.1\r\n\r\n");
			pair_assert_response(&pair, "HTTP/1.1 400 Bad Request\r\n\r\n");
		}
		cr_assert_eq(pair.count.event[COUNTER_client_unknown_issuer], 5);
		cr_assert_eq(pair.count.event[COUNTER_client_ok], 0);
		pair_close(&pair);
	}
}

Test(tls_client_auth, client_without_certificate_completes_and_cannot_forward)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		cr_assert_eq(handshake_as(NULL, AUTH_ok), TLS_DONE);
		assert_refused(AUTH_no_certificate);
		cr_assert_eq(fake_trust.call_count, 0);
		cr_assert_eq(pair.count.event[COUNTER_client_no_certificate], 1);
		pair_assert_request(&pair, "x");
		assert_refused(AUTH_no_certificate);
		pair_close(&pair);
	}
}

Test(tls_client_auth, chain_is_judged_once)
{
	WOLFSSL_X509_STORE_CTX store = {0};

	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		cr_assert_eq(handshake_as("client-good", AUTH_ok), TLS_DONE);
		cr_assert_eq(fake_trust.call_count, 1);
		store.userCtx = pair.server;
		cr_assert_eq(tls_verify_on_chain(1, &store), 0, "asked again, it refuses");
		pair_close(&pair);
	}
}

Test(tls_client_auth, session_starts_refused)
{
	struct tls_session *s;

	open_version(WOLFSSL_TLSV1_3);
	s = tls_session_create(pair.tw, 0, &pair.profile, &(struct tls_io_ops){0}, NULL);
	cr_assert_eq(tls_session_verdict(s), AUTH_no_certificate);
	cr_assert_not(tls_session_may_forward(s));
	tls_session_destroy(s);
	pair_close(&pair);
}

/* The chain is judged before the client has proved anything. */
Test(tls_client_auth, verdict_does_not_count_before_the_handshake_is_complete)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		size_t flight;

		open_version(version);
		pair_client_certificate(&pair, "client-good-chain", "client-good");
		pair_connect(&pair, 0);
		pair_client_step(&pair);
		pair_server_step(&pair);
		pair_client_step(&pair);
		/* all of the client's second flight but its last record, Finished */
		flight = pair.to_server.len;
		pair.rx_shown = flight - 1;
		cr_assert_eq(pair_server_step(&pair), TLS_WANT_READ);
		cr_assert_eq(fake_trust.call_count, 1);
		assert_refused(AUTH_no_certificate);
		pair.rx_shown = SIZE_MAX;
		cr_assert_eq(pair_server_step(&pair), TLS_DONE);
		cr_assert_eq(tls_session_verdict(pair.server), AUTH_ok);
		pair_close(&pair);
	}
}

Test(tls_client_auth, certificate_without_its_key_fails_the_handshake)
{
	static const char *const keys[] = {"client-other", "server", "partner-int"};

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			pair_client_certificate(&pair, "client-good-chain", keys[i]);
			pair_connect(&pair, 0);
			cr_assert_eq(pair_handshake(&pair), TLS_FAILED);
			cr_assert_eq(tls_session_drop(pair.server),
				     DROP_tls_handshake_bad_certificate_verify, "drop %d",
				     tls_session_drop(pair.server));
			assert_refused(AUTH_no_certificate);
		}
		cr_assert_eq(pair.count.drop[DROP_tls_handshake_bad_certificate_verify], 3);
		cr_assert_eq(pair.count.event[COUNTER_tls_handshakes_failed], 3);
		pair_close(&pair);
	}
}

Test(tls_client_auth, rsa_certificate_without_its_key_fails_the_handshake)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		cr_assert_eq(handshake_as("client-rsa", AUTH_ok), TLS_DONE);
		cr_assert(tls_session_may_forward(pair.server));
		pair_client_certificate(&pair, "client-rsa-chain", "server-rsa");
		pair_connect(&pair, 0);
		cr_assert_eq(pair_handshake(&pair), TLS_FAILED);
		cr_assert_eq(tls_session_drop(pair.server),
			     DROP_tls_handshake_bad_certificate_verify, "drop %d",
			     tls_session_drop(pair.server));
		assert_refused(AUTH_no_certificate);
		pair_close(&pair);
	}
}

/* The memory that wolfSSL keeps of the chains it has seen, which a leaf alone could then lean on:
 * none. Whether a leaf alone is refused is the validator's part; that it sees the leaf alone is
 * shown here. */
Test(tls_client_auth, chains_seen_before_leave_nothing_behind)
{
	struct tls_arena_stats before, after;

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		cr_assert_eq(handshake_as("client-good", AUTH_ok), TLS_DONE);
		pair_disconnect(&pair);
		tls_worker_arena_stats(pair.tw, &before);
		for (unsigned i = 0; i < 50; i++) {
			cr_assert_eq(handshake_as("client-twin-int", AUTH_unknown_issuer),
				     TLS_DONE);
			cr_assert_eq(fake_trust.chain_count, 2);
			pair_client_certificate(&pair, "client-twin-int", "client-twin-int");
			pair_connect(&pair, 0);
			cr_assert_eq(pair_handshake(&pair), TLS_DONE);
			cr_assert_eq(fake_trust.chain_count, 1);
			assert_refused(AUTH_unknown_issuer);
			pair_disconnect(&pair);
		}
		tls_worker_arena_stats(pair.tw, &after);
		cr_assert_eq(after.live_bytes, before.live_bytes);
		pair_close(&pair);
	}
}

/* The good client's leaf, and count times so many bytes that are no certificate. */
static void present_junk(unsigned count, size_t bytes)
{
	static const char name[] = "client-junk";
	char path[64],
		line[] = "QUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJDQUJD\n";
	FILE *from = fopen(pki_path("client-good.pem"), "r"), *to;
	int c;

	snprintf(path, sizeof(path), "/tmp/%s-XXXXXX", name);
	cr_assert_not_null(from);
	to = fdopen(mkstemp(path), "w");
	cr_assert_not_null(to);
	while ((c = fgetc(from)) != EOF)
		fputc(c, to);
	fclose(from);
	for (unsigned i = 0; i < count; i++) {
		fputs("-----BEGIN CERTIFICATE-----\n", to);
		for (size_t n = 0; n < bytes; n += 48)
			fputs(line, to);
		fputs("-----END CERTIFICATE-----\n", to);
	}
	fclose(to);
	pair_client_files(&pair, path, pki_path("client-good.key"));
	unlink(path);
}

Test(tls_client_auth, chain_longer_than_is_judged_is_said_to_be)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		for (unsigned count = TRUST_CHAIN_MAX; count <= TRUST_CHAIN_MAX + 1; count++) {
			present_junk(count - 1, 48);
			fake_trust.answer = AUTH_chain_too_long;
			pair_connect(&pair, 0);
			cr_assert_eq(pair_handshake(&pair), TLS_DONE);
			cr_assert_eq(fake_trust.chain_count, TRUST_CHAIN_MAX);
			cr_assert_eq(fake_trust.too_long, count > TRUST_CHAIN_MAX);
			assert_refused(AUTH_chain_too_long);
		}
		pair_close(&pair);
	}
}

/* Beyond what wolfSSL takes, nobody sees the chain: the verdict is known all the same, but no page can be sent, and in
 * TLS 1.2 the alert is wolfSSL's handshake_failure. */
Test(tls_client_auth, chain_that_wolfssl_does_not_take_is_refused_by_alert)
{
	static const struct {
		unsigned count;
		size_t bytes;
		enum auth_reason reason;
	} chains[] = {{24, 48, AUTH_chain_too_long}, {3, 24000, AUTH_too_large}};

	for (size_t v = 0; v < 2; v++) {
		for (size_t i = 0; i < 2; i++) {
			open_version(versions[v]);
			present_junk(chains[i].count, chains[i].bytes);
			pair_connect(&pair, 0);
			cr_assert_eq(pair_handshake(&pair), TLS_FAILED);
			cr_assert_eq(fake_trust.call_count, 0);
			assert_refused_by_alert(chains[i].reason,
						versions[v] == WOLFSSL_TLSV1_3 ? 46 : 40);
			pair_close(&pair);
		}
	}
}

/* Just below both, it is our validator that is asked. */
Test(tls_client_auth, certificates_that_are_none_are_shown_to_the_validator)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		present_junk(2, 32000);
		fake_trust.answer = AUTH_too_large;
		pair_connect(&pair, 0);
		cr_assert_eq(pair_handshake(&pair), TLS_DONE);
		cr_assert_eq(fake_trust.chain_count, 3);
		assert_refused(AUTH_too_large);
		pair_close(&pair);
	}
}

/* wolfSSL has no opinion of a certificate: the verdict, whatever it is, is ours, and the page can be sent. */
Test(tls_client_auth, wolfssl_likes_every_certificate_with_a_key_it_can_use)
{
	static const char *const names[] = {"client-v1", "client-weak-rsa", "client-sha1",
					    "client-ed25519", "client-unknown-critical"};

	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			cr_assert_eq(handshake_as(names[i], AUTH_weak_key), TLS_DONE, "%s: %d",
				     names[i], tls_session_drop(pair.server));
			assert_refused(AUTH_weak_key);
			cr_assert_eq(handshake_as(names[i], AUTH_ok), TLS_DONE);
			cr_assert(tls_session_may_forward(pair.server));
		}
		pair_close(&pair);
	}
}

/* Nobody can prove to have a key that TLS does not compute with: no page, whatever on_failure says. */
Test(tls_client_auth, key_on_a_curve_that_tls_has_not_is_refused_by_alert)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		cr_assert_eq(handshake_as("client-secp256k1", AUTH_ok), TLS_FAILED);
		assert_refused_by_alert(AUTH_unsupported_algorithm, 43);
		pair_close(&pair);
		open_version(versions[v]);
		cr_assert_eq(handshake_as("client-secp256k1", AUTH_expired), TLS_FAILED);
		assert_refused_by_alert(AUTH_expired, 45);
		pair_close(&pair);
	}
}

/* Flips the first byte of the leaf, which TLS 1.2 sends in the clear. */
Test(tls_client_auth, leaf_without_a_key_is_refused_by_alert)
{
	struct pipe *pipe = &pair.to_server;
	uint8_t *leaf;

	open_version(WOLFSSL_TLSV1_2);
	pair_client_certificate(&pair, "client-good-chain", "client-good");
	pair_connect(&pair, 0);
	pair_client_step(&pair);
	pair_server_step(&pair);
	pair_client_step(&pair);
	leaf = memmem(pipe->bytes, pipe->len, "\x30\x82", 2);
	cr_assert_not_null(leaf);
	leaf[0] = 0x31;
	cr_assert_eq(pair_server_step(&pair), TLS_FAILED);
	assert_refused_by_alert(AUTH_parse_error, 42);
	pair_close(&pair);
}

/* TLS 1.2: the client's CertificateVerify is taken out of its flight. */
Test(tls_client_auth, certificate_verify_cannot_be_left_out)
{
	struct pipe *pipe = &pair.to_server;
	size_t pos = 0;

	open_version(WOLFSSL_TLSV1_2);
	pair_client_certificate(&pair, "client-good-chain", "client-good");
	pair_connect(&pair, 0);
	pair_client_step(&pair);
	pair_server_step(&pair);
	pair_client_step(&pair);
	while (pos < pipe->len && !(pipe->bytes[pos] == 0x16 && pipe->bytes[pos + 5] == 15))
		pos += 5 + (size_t)pipe->bytes[pos + 3] * 256 + pipe->bytes[pos + 4];
	cr_assert_lt(pos, pipe->len);
	{
		size_t record = 5 + (size_t)pipe->bytes[pos + 3] * 256 + pipe->bytes[pos + 4];

		memmove(pipe->bytes + pos, pipe->bytes + pos + record, pipe->len - pos - record);
		pipe->len -= record;
	}
	cr_assert_eq(pair_server_step(&pair), TLS_FAILED);
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_handshake_bad_certificate_verify);
	assert_refused(AUTH_no_certificate);
	pair_close(&pair);
}

static void *filler;

static void fill_the_arena(void *heap)
{
	struct tls_arena *arena = heap;

	filler = tls_arena_alloc(arena, arena->bytes_max - arena->live_bytes - 100);
	cr_assert_not_null(filler);
}

Test(tls_client_auth, leaf_that_does_not_fit_the_arena_fails_the_handshake)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		fake_trust.on_judge = fill_the_arena;
		cr_assert_eq(handshake_as("client-good", AUTH_ok), TLS_FAILED);
		cr_assert_eq(tls_session_drop(pair.server), DROP_tls_arena_full);
		assert_refused(AUTH_no_certificate);
		tls_arena_free(filler);
		pair_close(&pair);
	}
}

static enum tls_step handshake_by_alert(const char *name, enum auth_reason answer)
{
	pair.profile.on_failure = CLIENT_REFUSAL_ALERT;
	return handshake_as(name, answer);
}

Test(tls_client_auth, refusal_by_alert_says_why)
{
	static const int alerts[AUTH_REASON_COUNT] = {
		[AUTH_parse_error] = 42,
		[AUTH_too_large] = 46,
		[AUTH_chain_too_long] = 46,
		[AUTH_search_limit] = 46,
		[AUTH_unknown_issuer] = 48,
		[AUTH_not_yet_valid] = 45,
		[AUTH_expired] = 45,
		[AUTH_bad_signature] = 42,
		[AUTH_weak_key] = 43,
		[AUTH_weak_digest] = 43,
		[AUTH_unsupported_algorithm] = 43,
		[AUTH_not_a_ca] = 42,
		[AUTH_path_length] = 42,
		[AUTH_key_usage] = 43,
		[AUTH_extended_key_usage] = 43,
		[AUTH_name_constraint] = 42,
		[AUTH_policy] = 42,
		[AUTH_name_not_allowed] = 49,
		[AUTH_issuer_not_pinned] = 49,
		[AUTH_unknown_critical] = 46,
		[AUTH_duplicate_extension] = 42,
	};

	for (size_t v = 0; v < 2; v++) {
		for (int reason = 0; reason < AUTH_REASON_COUNT; reason++) {
			if (alerts[reason] == 0)
				continue; /* ok and no_certificate */
			open_version(versions[v]);
			cr_assert_eq(handshake_by_alert("client-good", (enum auth_reason)reason),
				     TLS_FAILED);
			assert_refused_by_alert((enum auth_reason)reason, alerts[reason]);
			pair_close(&pair);
		}
	}
}

Test(tls_client_auth, missing_certificate_is_refused_by_alert)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		cr_assert_eq(handshake_by_alert(NULL, AUTH_ok), TLS_FAILED);
		assert_refused_by_alert(AUTH_no_certificate,
					versions[v] == WOLFSSL_TLSV1_3 ? 116 : 40);
		pair_close(&pair);
	}
}

Test(tls_client_auth, refusal_by_alert_is_not_taken_back)
{
	static const char *const names[] = {"client-other", "client-expired", "client-server-auth"};

	for (size_t v = 0; v < 2; v++) {
		for (size_t i = 0; i < 3; i++) {
			open_version(versions[v]);
			cr_assert_eq(handshake_by_alert(names[i], AUTH_expired), TLS_FAILED);
			cr_assert_eq(fake_trust.call_count, 1);
			assert_refused_by_alert(AUTH_expired, 45);
			cr_assert_eq(pair_server_step(&pair), TLS_FAILED);
			pair_close(&pair);
		}
	}
}

Test(tls_client_auth, accepted_client_is_served_where_others_get_alerts)
{
	for (size_t v = 0; v < 2; v++) {
		open_version(versions[v]);
		cr_assert_eq(handshake_by_alert("client-good", AUTH_ok), TLS_DONE);
		cr_assert(tls_session_may_forward(pair.server));
		pair_assert_request(&pair, "x");
		pair_close(&pair);
	}
}

static void open_mode(int version, enum client_auth_mode mode)
{
	open_version(version);
	pair.profile.client_auth = mode;
}

Test(tls_client_auth, request_lets_a_client_without_certificate_through)
{
	for (size_t v = 0; v < 2; v++) {
		open_mode(versions[v], CLIENT_AUTH_REQUEST);
		cr_assert_eq(handshake_as(NULL, AUTH_ok), TLS_DONE);
		cr_assert_eq(tls_session_standing(pair.server), PEER_ANONYMOUS);
		cr_assert(tls_session_may_forward(pair.server));
		cr_assert_eq(tls_session_leaf(pair.server).len, 0);
		cr_assert_eq(pair.count.event[COUNTER_client_no_certificate], 1);
		cr_assert_eq(handshake_by_alert(NULL, AUTH_ok), TLS_DONE);
		cr_assert(tls_session_may_forward(pair.server));
		pair_close(&pair);
	}
}

Test(tls_client_auth, request_judges_a_certificate_that_is_presented)
{
	for (size_t v = 0; v < 2; v++) {
		open_mode(versions[v], CLIENT_AUTH_REQUEST);
		cr_assert_eq(handshake_as("client-good", AUTH_expired), TLS_DONE);
		cr_assert_eq(tls_session_standing(pair.server), PEER_REFUSED);
		assert_refused(AUTH_expired);
		cr_assert_eq(handshake_as("client-good", AUTH_ok), TLS_DONE);
		cr_assert_eq(tls_session_standing(pair.server), PEER_VERIFIED);
		cr_assert(tls_session_may_forward(pair.server));
		pair_close(&pair);
		open_mode(versions[v], CLIENT_AUTH_REQUEST);
		cr_assert_eq(handshake_by_alert("client-good", AUTH_expired), TLS_FAILED);
		assert_refused_by_alert(AUTH_expired, 45);
		pair_close(&pair);
	}
}

Test(tls_client_auth, passthrough_judges_nobody)
{
	for (size_t v = 0; v < 2; v++) {
		open_mode(versions[v], CLIENT_AUTH_PASSTHROUGH);
		cr_assert_eq(handshake_as(NULL, AUTH_ok), TLS_DONE);
		cr_assert_eq(tls_session_standing(pair.server), PEER_ANONYMOUS);
		cr_assert(tls_session_may_forward(pair.server));
		cr_assert_eq(handshake_as("client-other", AUTH_unknown_issuer), TLS_DONE);
		cr_assert_eq(fake_trust.call_count, 0);
		cr_assert_eq(tls_session_standing(pair.server), PEER_UNJUDGED);
		cr_assert_neq(tls_session_verdict(pair.server), AUTH_ok);
		cr_assert(tls_session_may_forward(pair.server));
		cr_assert_gt(tls_session_leaf(pair.server).len, 300);
		cr_assert_eq(pair.count.event[COUNTER_client_unjudged], 1);
		cr_assert_eq(pair.count.event[COUNTER_client_ok], 0);
		tls_session_expire(pair.server, INT64_MAX);
		cr_assert(tls_session_may_forward(pair.server),
			  "what nobody judged does not expire");
		pair_close(&pair);
	}
}

Test(tls_client_auth, passthrough_still_asks_for_the_key)
{
	for (size_t v = 0; v < 2; v++) {
		open_mode(versions[v], CLIENT_AUTH_PASSTHROUGH);
		pair_client_certificate(&pair, "client-good-chain", "client-other");
		pair_connect(&pair, 0);
		cr_assert_eq(pair_handshake(&pair), TLS_FAILED);
		cr_assert_eq(tls_session_drop(pair.server),
			     DROP_tls_handshake_bad_certificate_verify);
		assert_refused(AUTH_no_certificate);
		cr_assert_eq(handshake_as("client-secp256k1", AUTH_ok), TLS_FAILED);
		cr_assert_eq(tls_session_drop(pair.server), DROP_tls_client_refused);
		assert_refused(AUTH_unsupported_algorithm);
		pair_close(&pair);
	}
}

/* The key can be found in it, but it is no certificate: its validity ends before it begins. */
Test(tls_client_auth, passthrough_refuses_what_is_no_certificate)
{
	struct pipe *pipe = &pair.to_server;
	uint8_t *time;

	open_mode(WOLFSSL_TLSV1_2, CLIENT_AUTH_PASSTHROUGH);
	pair.profile.on_failure = CLIENT_REFUSAL_ALERT;
	pair_client_certificate(&pair, "client-good-chain", "client-good");
	pair_connect(&pair, 0);
	pair_client_step(&pair);
	pair_server_step(&pair);
	pair_client_step(&pair);
	time = memmem(pipe->bytes, pipe->len, "200101000000Z", 13);
	cr_assert_not_null(time);
	memcpy(time, "491231235959Z", 13);
	memcpy(time + 15, "491231235958Z", 13);
	cr_assert_eq(pair_server_step(&pair), TLS_FAILED);
	assert_refused_by_alert(AUTH_parse_error, 42);
	pair_close(&pair);
}
