/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <unistd.h>

#include "tests/support/cert_build.h"
#include "tests/support/trust_files.h"
#include "tls/trust/trust_store.h"

#define NOW 1893456000   /* 2030-01-01 */
#define BEGIN 1577836800 /* 2020-01-01 */
#define END 2524607999   /* 2049-12-31 23:59:59 */

static struct chain_file file;

static struct trust_verdict judged_at(struct trust_store *store, int64_t now_s)
{
	struct trust_verdict verdict = {.reason = AUTH_REASON_COUNT};

	judge(store, &file.chain, now_s, &verdict);
	return verdict;
}

static void expect_verdict(struct trust_store *store, const char *what, enum auth_reason reason,
			   unsigned depth)
{
	struct trust_verdict verdict = judged_at(store, NOW);

	cr_expect_eq(verdict.reason, reason, "%s: %s, not %s", what,
		     auth_reason_name(verdict.reason), auth_reason_name(reason));
	cr_expect_eq(verdict.depth, depth, "%s: depth %u, not %u", what, verdict.depth, depth);
}

/* The chain of this client against a store of these files. */
static void expect_for(const char *store_names, const char *chain, enum auth_reason reason,
		       unsigned depth)
{
	struct trust_store *store = store_load(store_names);

	chain_load(&file, chain);
	expect_verdict(store, chain, reason, depth);
	trust_store_destroy(store);
}

static void expect_partner(const char *chain, enum auth_reason reason, unsigned depth)
{
	expect_for("partners", chain, reason, depth);
}

Test(trust_judge, no_certificate_is_refused)
{
	struct trust_store *store = store_load("partners");

	file.chain.count = 0;
	expect_verdict(store, "nothing", AUTH_no_certificate, 0);
	trust_store_destroy(store);
}

Test(trust_judge, unrelated_issuer_is_refused)
{
	expect_partner("client-other-chain", AUTH_unknown_issuer, 0);
	expect_for("other-root", "client-good-chain", AUTH_unknown_issuer, 1);
}

Test(trust_judge, unrelated_issuer_with_the_partners_name_is_refused)
{
	expect_partner("client-twin-chain", AUTH_bad_signature, 0);
	expect_partner("client-twin-int-chain", AUTH_bad_signature, 1);
	expect_for("twin-rsa-root", "client-good-chain", AUTH_bad_signature, 1);
}

Test(trust_judge, leaf_alone_is_refused_also_after_its_chain_was_accepted)
{
	struct trust_store *store = store_load("partners");

	chain_load(&file, "client-good");
	expect_verdict(store, "leaf before", AUTH_unknown_issuer, 0);
	chain_load(&file, "client-good-chain");
	expect_verdict(store, "chain", AUTH_ok, 0);
	chain_load(&file, "client-good");
	expect_verdict(store, "leaf after", AUTH_unknown_issuer, 0);
	trust_store_destroy(store);
}

Test(trust_judge, attackers_intermediate_is_not_remembered)
{
	struct trust_store *store = store_load("partners");

	chain_load(&file, "client-twin-int-chain");
	expect_verdict(store, "attack", AUTH_bad_signature, 1);
	chain_load(&file, "client-twin-int");
	expect_verdict(store, "leaf of the attacker", AUTH_unknown_issuer, 0);
	trust_store_destroy(store);
}

Test(trust_judge, changed_bytes_are_refused)
{
	struct trust_store *store = store_load("partners");
	uint8_t *leaf, *issuer;

	chain_load(&file, "client-good-chain");
	leaf = file.bytes;
	issuer = file.bytes + file.chain.cert[0].len;
	leaf[file.chain.cert[0].len - 1] ^= 1;
	expect_verdict(store, "signature of the leaf", AUTH_bad_signature, 0);
	leaf[file.chain.cert[0].len - 1] ^= 1;
	issuer[file.chain.cert[1].len - 1] ^= 1;
	expect_verdict(store, "signature of the issuer", AUTH_bad_signature, 1);
	issuer[file.chain.cert[1].len - 1] ^= 1;
	leaf[16] ^= 1; /* within the serial number */
	expect_verdict(store, "contents of the leaf", AUTH_bad_signature, 0);
	leaf[16] ^= 1;
	expect_verdict(store, "nothing changed", AUTH_ok, 0);
	trust_store_destroy(store);
}

Test(trust_judge, malformed_certificate_is_refused_wherever_it_stands)
{
	struct trust_store *store = store_load("partners");

	chain_load(&file, "client-good-chain");
	file.chain.cert[0].len--;
	expect_verdict(store, "leaf cut", AUTH_parse_error, 0);
	file.chain.cert[0].len++;
	file.chain.cert[1].len--;
	expect_verdict(store, "issuer cut", AUTH_parse_error, 1);
	file.chain.cert[1].len++;
	chain_append_der(&file, SPAN_LIT("\x30\x00"));
	expect_verdict(store, "rubbish at the end", AUTH_parse_error, 2);
	trust_store_destroy(store);
}

Test(trust_judge, duplicate_extension_is_refused)
{
	struct trust_store *store = store_load("partners");
	static uint8_t exts_bytes[256], cert_bytes[4096];
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));
	struct cert_parts parts = cert_parts_plain();

	ext_put(&exts, SPAN_LIT("\x55\x1d\x13"), true, SPAN_LIT("\x30\x00"));
	ext_put(&exts, SPAN_LIT("\x55\x1d\x13"), true, SPAN_LIT("\x30\x03\x01\x01\xff"));
	parts.extensions = outbuf_span(&exts);
	file.chain.count = 0;
	chain_append_der(&file, cert_build(&parts, &out));
	expect_verdict(store, "basicConstraints twice", AUTH_duplicate_extension, 0);
	trust_store_destroy(store);
}

/* Judged with one limit lowered. */
static void expect_limited(struct trust_store *store, const char *what, struct trust_policy policy,
			   enum auth_reason reason, unsigned depth)
{
	struct trust_verdict verdict;

	trust_judge(
		&(struct trust_request){
			.store = store, .policy = &policy, .chain = &file.chain, .now_s = NOW},
		&verdict);
	cr_expect_eq(verdict.reason, reason, "%s: %s", what, auth_reason_name(verdict.reason));
	cr_expect_eq(verdict.depth, depth, "%s: depth %u", what, verdict.depth);
}

Test(trust_judge, chain_over_the_limits_is_refused)
{
	struct trust_store *store = store_load("partners");
	struct trust_policy policy = trust_policy_default();
	unsigned bytes;

	chain_load(&file, "client-good-chain");
	bytes = (unsigned)(file.chain.cert[0].len + file.chain.cert[1].len);
	policy.limits.bytes = bytes;
	expect_limited(store, "as many bytes", policy, AUTH_ok, 0);
	policy.limits.bytes = bytes - 1;
	expect_limited(store, "a byte more", policy, AUTH_too_large, 1);
	policy = trust_policy_default();
	policy.limits.certificates = 2;
	expect_limited(store, "two certificates", policy, AUTH_ok, 0);
	policy.limits.certificates = 1;
	expect_limited(store, "one more than allowed", policy, AUTH_chain_too_long, 1);
	file.chain.too_long = true;
	expect_verdict(store, "more than are shown", AUTH_chain_too_long, 1);
	trust_store_destroy(store);
}

Test(trust_judge, depth_of_a_path_is_limited)
{
	struct trust_store *store = store_load("partners");
	struct trust_policy policy = trust_policy_default();

	chain_load(&file, "client-deep9-chain");
	policy.verify_depth = 9;
	expect_limited(store, "nine intermediates", policy, AUTH_ok, 0);
	policy.verify_depth = 8;
	expect_limited(store, "one more than allowed", policy, AUTH_chain_too_long, 8);
	trust_store_destroy(store);
}

Test(trust_judge, order_of_issuers_does_not_matter)
{
	struct trust_store *store = store_load("partners");

	chain_load(&file, "client-self-issued");
	chain_append(&file, "int-pathlen0");
	chain_append(&file, "int-pathlen0-next");
	expect_verdict(store, "self-issued at the end", AUTH_ok, 0);
	chain_load(&file, "client-pathlen");
	chain_append(&file, "int-pathlen0");
	chain_append(&file, "int-below-pathlen0");
	expect_verdict(store, "issuers exchanged", AUTH_path_length, 2);
	chain_load(&file, "partner-int");
	chain_append(&file, "client-good");
	expect_verdict(store, "leaf last", AUTH_key_usage, 0);
	chain_load(&file, "client-good-chain");
	chain_append(&file, "client-other");
	expect_verdict(store, "a stranger behind", AUTH_ok, 0);
	chain_load(&file, "client-good-chain");
	chain_append(&file, "other-root");
	expect_verdict(store, "a strange root behind", AUTH_ok, 0);
	trust_store_destroy(store);
}

Test(trust_judge, presented_root_gives_way_to_the_stores)
{
	struct trust_store *store = store_load("partners");

	chain_load(&file, "client-good-chain");
	chain_append(&file, "partner-root");
	expect_verdict(store, "its own root", AUTH_ok, 0);
	chain_load(&file, "client-good-chain");
	chain_append(&file, "twin-root");
	expect_verdict(store, "another root of that name", AUTH_ok, 0);
	chain_load(&file, "client-twin-chain");
	chain_append(&file, "twin-root");
	expect_verdict(store, "the attacker's root", AUTH_bad_signature, 1);
	chain_load(&file, "twin-root");
	expect_verdict(store, "the attacker's root alone", AUTH_key_usage, 0);
	trust_store_destroy(store);
}

Test(trust_judge, periods_are_kept_at_every_depth)
{
	expect_partner("client-expired-chain", AUTH_expired, 0);
	expect_partner("client-not-yet-valid-chain", AUTH_not_yet_valid, 0);
	expect_partner("client-of-int-expired-chain", AUTH_expired, 1);
	expect_partner("client-of-int-not-yet-valid-chain", AUTH_not_yet_valid, 1);
	expect_for("expired-root", "client-of-expired-root-chain", AUTH_expired, 1);
}

Test(trust_judge, both_ends_belong_to_the_period)
{
	struct trust_store *store = store_load("partners");

	chain_load(&file, "client-good-chain");
	cr_expect_eq(judged_at(store, BEGIN - 1).reason, AUTH_not_yet_valid);
	cr_expect_eq(judged_at(store, BEGIN).reason, AUTH_ok);
	cr_expect_eq(judged_at(store, END).reason, AUTH_ok);
	cr_expect_eq(judged_at(store, END + 1).reason, AUTH_expired);
	trust_store_destroy(store);
}

Test(trust_judge, verdict_expires_with_the_first_certificate)
{
	struct trust_store *store = store_load("partners");

	chain_load(&file, "client-good-chain");
	cr_expect_eq(judged_at(store, NOW).expires_s, END);
	chain_load(&file, "client-expired-chain");
	cr_expect_eq(judged_at(store, BEGIN).expires_s, 1609459200);
	chain_load(&file, "client-of-int-expired-chain");
	cr_expect_eq(judged_at(store, BEGIN).expires_s, 1609459200);
	trust_store_destroy(store);
}

Test(trust_judge, weak_keys_are_refused)
{
	expect_partner("client-weak-rsa-chain", AUTH_weak_key, 0);
	expect_partner("client-of-int-weak-rsa-chain", AUTH_weak_key, 1);
}

Test(trust_judge, weak_digests_are_refused)
{
	expect_partner("client-sha1-chain", AUTH_weak_digest, 0);
	expect_partner("client-of-int-sha1-chain", AUTH_weak_digest, 1);
	expect_for("rsa-root", "client-rsa-sha1-chain", AUTH_weak_digest, 0);
	expect_for("rsa-root", "client-rsa-md5-chain", AUTH_weak_digest, 0);
}

Test(trust_judge, unsupported_algorithms_are_refused)
{
	expect_partner("client-ed448-chain", AUTH_unsupported_algorithm, 0);
	expect_partner("client-secp256k1-chain", AUTH_unsupported_algorithm, 0);
	expect_partner("client-explicit-curve-chain", AUTH_unsupported_algorithm, 0);
	expect_for("rsa-root", "client-rsa-sha224-chain", AUTH_unsupported_algorithm, 0);
	expect_for("rsa-root", "client-pss-salt0-chain", AUTH_unsupported_algorithm, 0);
}

Test(trust_judge, issuer_that_is_no_ca_is_refused)
{
	expect_partner("client-of-int-not-ca-chain", AUTH_not_a_ca, 1);
	expect_partner("client-of-int-no-constraints-chain", AUTH_not_a_ca, 1);
	expect_partner("client-of-int-v1-chain", AUTH_not_a_ca, 1);
}

Test(trust_judge, path_length_is_kept)
{
	expect_partner("client-of-int-pathlen0-chain", AUTH_ok, 0);
	expect_partner("client-pathlen-chain", AUTH_path_length, 2);
}

Test(trust_judge, self_issued_certificates_do_not_count_for_path_length)
{
	expect_partner("client-self-issued-chain", AUTH_ok, 0);
}

Test(trust_judge, key_usage_is_kept)
{
	expect_partner("client-key-agreement-chain", AUTH_key_usage, 0);
	expect_partner("client-of-int-no-cert-sign-chain", AUTH_key_usage, 1);
	expect_partner("client-no-key-usage-chain", AUTH_ok, 0);
}

Test(trust_judge, purpose_is_kept_at_every_depth)
{
	expect_partner("client-server-auth-chain", AUTH_extended_key_usage, 0);
	expect_partner("client-any-purpose-chain", AUTH_extended_key_usage, 0);
	expect_partner("client-of-int-server-auth-chain", AUTH_extended_key_usage, 1);
	expect_partner("client-of-int-client-auth-chain", AUTH_ok, 0);
	expect_partner("client-no-purpose-chain", AUTH_ok, 0);
}

Test(trust_judge, unknown_critical_extension_is_refused_at_every_depth)
{
	expect_partner("client-unknown-critical-chain", AUTH_unknown_critical, 0);
	expect_partner("client-critical-policies-chain", AUTH_ok, 0);
	expect_partner("client-of-int-unknown-critical-chain", AUTH_unknown_critical, 1);
}

Test(trust_judge, name_constraints_are_applied)
{
	expect_partner("client-of-int-name-constraints-chain", AUTH_ok, 0);
	expect_partner("client-inside-constraints-chain", AUTH_ok, 0);
	expect_partner("client-outside-constraints-chain", AUTH_name_constraint, 0);
}

Test(trust_judge, explicit_policy_is_required_where_a_ca_says_so)
{
	expect_partner("client-of-explicit-policy-chain", AUTH_ok, 0);
	expect_partner("client-of-int-explicit-policy-chain", AUTH_policy, 0);
}

Test(trust_judge, leaf_that_may_sign_certificates_is_a_ca)
{
	expect_partner("client-cert-sign-chain", AUTH_key_usage, 0);
}

Test(trust_judge, intermediate_of_the_store_completes_a_chain)
{
	expect_for("partner-int+partner-root", "client-good", AUTH_ok, 0);
	expect_for("partner-root+partner-int", "client-good-chain", AUTH_ok, 0);
	expect_for("twin-root", "client-good", AUTH_unknown_issuer, 0);
	expect_for("int-expired+partner-root", "client-of-int-expired", AUTH_expired, 1);
}

Test(trust_judge, every_root_of_a_name_is_tried)
{
	expect_for("twin-rsa-root twin-root partner-root", "client-good-chain", AUTH_ok, 0);
	expect_for("partner-root twin-root", "client-twin-chain", AUTH_ok, 0);
	/* Version 1 has no key identifier, so the order of the store decides. */
	expect_for("twin-root+twin-int partner-root+partner-int", "client-v1", AUTH_ok, 0);
}

Test(trust_judge, candidate_that_got_furthest_is_reported)
{
	expect_for("expired-twin-root", "client-good-chain", AUTH_expired, 2);
	expect_for("expired-twin-root twin-root", "client-good-chain", AUTH_bad_signature, 1);
	expect_for("twin-root expired-twin-root", "client-good-chain", AUTH_bad_signature, 1);
}

Test(trust_judge, issuer_is_pinned_where_the_policy_asks)
{
	struct trust_policy policy = trust_policy_default();
	struct trust_store *store = store_load("partner-root+partner-int");

	policy.verify_issuer_dn = true;
	chain_load(&file, "client-good-chain");
	expect_limited(store, "issuer is the pinned one", policy, AUTH_ok, 0);
	chain_load(&file, "client-deep9-chain");
	expect_limited(store, "issuer is another", policy, AUTH_issuer_not_pinned, 0);
	expect_verdict(store, "nobody asks", AUTH_ok, 0);
	trust_store_destroy(store);
}

Test(trust_judge, search_stops_at_its_limit)
{
	struct trust_store *store = store_load("partners");
	struct trust_policy policy = trust_policy_default();

	chain_load(&file, "client-good-chain");
	policy.limits.candidates = 2;
	expect_limited(store, "two candidates", policy, AUTH_ok, 0);
	policy.limits.candidates = 1;
	expect_limited(store, "one more than allowed", policy, AUTH_search_limit, 0);
	policy = trust_policy_default();
	policy.limits.signatures = 2;
	expect_limited(store, "two signatures", policy, AUTH_ok, 0);
	policy.limits.signatures = 1;
	expect_limited(store, "one more than allowed", policy, AUTH_search_limit, 0);
	trust_store_destroy(store);
}

/* A leaf of CN=ca, and 15 CAs of that name with a key each, all issued by issuer; nobody signed. */
static void hostile_chain(struct span issuer)
{
	static uint8_t exts_bytes[256], cert_bytes[4096], key[91];
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct cert_parts parts = cert_parts_plain();

	memcpy(key, parts.key.p, sizeof(key));
	file.chain.count = 0;
	for (uint8_t i = 0; i < TRUST_CHAIN_MAX; i++) {
		struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));

		chain_append_der(&file, cert_build(&parts, &out));
		key[sizeof(key) - 1] = i;
		parts.key = SPAN(key);
		parts.subject = cert_parts_plain().issuer;
		parts.issuer = issuer;
		exts.len = 0;
		parts.extensions = ext_put(&exts, SPAN_LIT("\x55\x1d\x13"), true,
					   SPAN_LIT("\x30\x03\x01\x01\xff"));
	}
}

Test(trust_judge, hostile_forest_costs_bounded_work)
{
	struct trust_store *store = store_load("partners");
	struct trust_limits limits = trust_policy_default().limits;
	struct trust_verdict verdict;

	/* All certify each other, and none leads to the store. */
	hostile_chain(cert_parts_plain().issuer);
	verdict = judged_at(store, NOW);
	cr_expect_eq(verdict.reason, AUTH_unknown_issuer, "%s", auth_reason_name(verdict.reason));
	cr_expect_leq(verdict.work.candidates, limits.candidates);
	cr_expect_eq(verdict.work.signatures, 0);
	/* All claim to be the root's: one signature each, and none is built upon. */
	hostile_chain(store->cas[0].cert.subject);
	verdict = judged_at(store, NOW);
	cr_expect_eq(verdict.reason, AUTH_bad_signature, "%s", auth_reason_name(verdict.reason));
	cr_expect_leq(verdict.work.candidates, limits.candidates);
	cr_expect_eq(verdict.work.signatures, TRUST_CHAIN_MAX - 1);
	trust_store_destroy(store);
}

Test(trust_judge, every_supported_algorithm_is_accepted_and_really_verified)
{
	static const struct {
		const char *root, *chain;
	} row[] = {
		{"rsa-root", "client-rsa-sha256-chain"},
		{"rsa-root", "client-rsa-sha384-chain"},
		{"rsa-root", "client-rsa-sha512-chain"},
		{"rsa-root", "client-pss-sha256-chain"},
		{"rsa-root", "client-pss-sha384-chain"},
		{"rsa-root", "client-pss-sha512-chain"},
		{"rsa3072-root", "client-rsa3072-chain"},
		{"p384-root", "client-of-p384-chain"},
		{"p521-root", "client-of-p521-chain"},
		{"ed25519-root", "client-of-ed25519-chain"},
		{"sha1-root", "client-of-sha1-root-chain"},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct trust_store *store = store_load(row[i].root);

		chain_load(&file, row[i].chain);
		expect_verdict(store, row[i].chain, AUTH_ok, 0);
		file.bytes[file.chain.cert[0].len - 1] ^= 1;
		expect_verdict(store, row[i].chain, AUTH_bad_signature, 0);
		file.bytes[file.chain.cert[0].len - 1] ^= 1;
		file.bytes[20] ^= 1; /* within the serial number */
		expect_verdict(store, row[i].chain, AUTH_bad_signature, 0);
		trust_store_destroy(store);
	}
}

Test(trust_judge, keys_of_every_supported_kind_are_accepted_from_a_client)
{
	expect_partner("client-good-chain", AUTH_ok, 0);
	expect_partner("client-direct-chain", AUTH_ok, 0);
	expect_partner("client-rsa-chain", AUTH_ok, 0);
	expect_partner("client-p384-chain", AUTH_ok, 0);
	expect_partner("client-p521-chain", AUTH_ok, 0);
	expect_partner("client-ed25519-chain", AUTH_ok, 0);
	expect_partner("client-v1-chain", AUTH_ok, 0);
	expect_partner("client-long-dn-chain", AUTH_ok, 0);
	expect_partner("client-odd-dn-chain", AUTH_ok, 0);
}
