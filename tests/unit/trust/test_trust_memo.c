/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/support/trust_files.h"
#include "tls/trust/trust_memo.h"
#include "tls/trust/trust_store.h"

#define NOW 1893456000 /* 2030-01-01 */

static const uint64_t seed[2] = {1, 2};
static struct chain_file file;

/* A made-up entry. */
static struct trust_memo_key numbered(uint64_t number)
{
	struct trust_memo_key key = {{0}};

	memcpy(key.octets, &number, sizeof(number));
	key.octets[31] = 1;
	return key;
}

Test(trust_memo, what_was_added_is_known)
{
	struct trust_memo *memo = trust_memo_create(4096, seed);
	struct trust_memo_key a = numbered(1), b = numbered(2);

	cr_assert_not_null(memo);
	cr_expect_not(trust_memo_knows(memo, &a));
	trust_memo_add(memo, &a);
	cr_expect(trust_memo_knows(memo, &a));
	cr_expect_not(trust_memo_knows(memo, &b));
	trust_memo_destroy(memo);
}

Test(trust_memo, every_bit_is_compared)
{
	struct trust_memo *memo = trust_memo_create(256, seed); /* one set */
	struct trust_memo_key key = numbered(1);

	trust_memo_add(memo, &key);
	for (unsigned bit = 0; bit < 256; bit++) {
		key.octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
		cr_expect_not(trust_memo_knows(memo, &key), "bit %u", bit);
		key.octets[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	cr_expect(trust_memo_knows(memo, &key));
	trust_memo_destroy(memo);
}

Test(trust_memo, entry_not_asked_for_longest_gives_way)
{
	struct trust_memo *memo = trust_memo_create(256, seed); /* one set of eight */
	struct trust_memo_key key;

	for (unsigned i = 0; i < 8; i++) {
		key = numbered(i);
		trust_memo_add(memo, &key);
	}
	key = numbered(0);
	cr_expect(trust_memo_knows(memo, &key));
	key = numbered(8);
	trust_memo_add(memo, &key);
	key = numbered(1);
	cr_expect_not(trust_memo_knows(memo, &key));
	for (unsigned i = 0; i <= 8; i++) {
		key = numbered(i);
		cr_expect(i == 1 || trust_memo_knows(memo, &key), "%u", i);
	}
	trust_memo_destroy(memo);
}

Test(trust_memo, too_little_memory_is_refused)
{
	cr_expect_null(trust_memo_create(255, seed));
	trust_memo_destroy(NULL);
}

static bool keys_eq(const struct x509 *cert, const struct x509_key *key, struct span digest,
		    const struct trust_memo_key *expected)
{
	struct trust_memo_key made;

	cr_assert(trust_memo_key_make(cert, key, digest, &made));
	return memcmp(made.octets, expected->octets, sizeof(made.octets)) == 0;
}

Test(trust_memo, key_depends_on_all_that_a_verification_reads)
{
	const struct x509 cert = {.sig_alg = {X509_KEY_EC, X509_DIGEST_SHA256, false},
				  .signature = SPAN_LIT("signature")};
	const struct x509_key key = {
		.kind = X509_KEY_EC, .curve = X509_CURVE_P256, .point = SPAN_LIT("point")};
	struct span digest = SPAN_LIT("digest");
	struct trust_memo_key expected;
	struct x509 other = cert;
	struct x509_key other_key = key;

	cr_assert(trust_memo_key_make(&cert, &key, digest, &expected));
	cr_expect(keys_eq(&cert, &key, digest, &expected));
	cr_expect_not(keys_eq(&cert, &key, SPAN_LIT("digesT"), &expected));
	other.signature = SPAN_LIT("signaturE");
	cr_expect_not(keys_eq(&other, &key, digest, &expected));
	other = cert;
	other.sig_alg.digest = X509_DIGEST_SHA384;
	cr_expect_not(keys_eq(&other, &key, digest, &expected));
	other = cert;
	other.sig_alg.is_pss = true;
	cr_expect_not(keys_eq(&other, &key, digest, &expected));
	other_key.point = SPAN_LIT("poinT");
	cr_expect_not(keys_eq(&cert, &other_key, digest, &expected));
	other_key = key;
	other_key.curve = X509_CURVE_P384;
	cr_expect_not(keys_eq(&cert, &other_key, digest, &expected));
	/* The same octets, parted elsewhere. */
	other = cert;
	other.signature = SPAN_LIT("tsignature");
	cr_expect_not(keys_eq(&other, &key, SPAN_LIT("diges"), &expected));
}

static struct trust_verdict judged_at(struct trust_store *store, struct trust_memo *memo,
				      int64_t now_s)
{
	struct trust_policy policy = trust_policy_default();
	struct trust_verdict verdict;

	trust_judge(&(struct trust_request){.store = store,
					    .policy = &policy,
					    .chain = &file.chain,
					    .now_s = now_s,
					    .memo = memo},
		    &verdict);
	return verdict;
}

Test(trust_memo, returning_client_costs_no_signature_and_is_judged_again)
{
	static const struct {
		const char *store, *chain;
	} row[] = {{"partners", "client-good-chain"},
		   {"rsa-root", "client-rsa-sha256-chain"},
		   {"rsa-root", "client-pss-sha256-chain"},
		   {"p521-root", "client-of-p521-chain"},
		   {"ed25519-root", "client-of-ed25519-chain"}};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct trust_memo *memo = trust_memo_create(4096, seed);
		struct trust_store *store = store_load(row[i].store);
		struct trust_verdict first, second;

		chain_load(&file, row[i].chain);
		first = judged_at(store, memo, NOW);
		second = judged_at(store, memo, NOW);
		cr_expect_eq(first.reason, AUTH_ok, "%s", row[i].chain);
		cr_expect_eq(first.work.signatures, file.chain.count);
		cr_expect_eq(first.work.memo_hits, 0);
		cr_expect_eq(second.reason, AUTH_ok);
		cr_expect_eq(second.work.signatures, 0);
		cr_expect_eq(second.work.memo_hits, file.chain.count);
		cr_expect_eq(judged_at(store, memo, INT64_MAX).reason, AUTH_expired);
		trust_store_destroy(store);
		trust_memo_destroy(memo);
	}
}

Test(trust_memo, bad_signature_is_not_remembered)
{
	struct trust_memo *memo = trust_memo_create(4096, seed);
	struct trust_store *store = store_load("partners");

	chain_load(&file, "client-twin-chain");
	for (unsigned i = 0; i < 2; i++) {
		struct trust_verdict verdict = judged_at(store, memo, NOW);

		cr_expect_eq(verdict.reason, AUTH_bad_signature);
		cr_expect_eq(verdict.work.signatures, 1);
		cr_expect_eq(verdict.work.memo_hits, 0);
	}
	trust_store_destroy(store);
	trust_memo_destroy(memo);
}
