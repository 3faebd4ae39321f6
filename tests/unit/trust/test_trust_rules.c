/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/trust/trust_rules.h"

static struct x509_key rsa_key(unsigned bits, struct span exponent)
{
	return (struct x509_key){.kind = X509_KEY_RSA, .modulus_bits = bits, .exponent = exponent};
}

Test(trust_rules, rsa_moduli_have_two_bounds)
{
	struct x509_key key = rsa_key(2047, SPAN_LIT("\x01\x00\x01"));

	cr_expect_eq(trust_rules_key(&key), AUTH_weak_key);
	key.modulus_bits = 2048;
	cr_expect_eq(trust_rules_key(&key), AUTH_ok);
	key.modulus_bits = 4096;
	cr_expect_eq(trust_rules_key(&key), AUTH_ok);
	key.modulus_bits = 4097;
	cr_expect_eq(trust_rules_key(&key), AUTH_unsupported_algorithm);
}

Test(trust_rules, rsa_exponent_is_odd_above_one_and_short)
{
	struct x509_key key = rsa_key(2048, SPAN_LIT("\x01"));

	cr_expect_eq(trust_rules_key(&key), AUTH_weak_key, "everybody can sign for 1");
	key.exponent = SPAN_LIT("\x02");
	cr_expect_eq(trust_rules_key(&key), AUTH_weak_key);
	key.exponent = SPAN_LIT("\x03");
	cr_expect_eq(trust_rules_key(&key), AUTH_ok);
	key.exponent = SPAN_LIT("\xff\xff\xff\xff");
	cr_expect_eq(trust_rules_key(&key), AUTH_ok);
	key.exponent = SPAN_LIT("\x01\x00\x00\x00\x01");
	cr_expect_eq(trust_rules_key(&key), AUTH_unsupported_algorithm);
}

static enum auth_reason ruled(enum trust_rule rule, const struct x509 *cert, unsigned depth,
			      bool is_anchor, unsigned below, const struct trust_policy *policy)
{
	const struct trust_place place = {cert, depth, is_anchor, below};

	return trust_rules_apply(rule, &place, policy, 50);
}

/* A CA with which everything is in order. */
static struct x509 good_ca(void)
{
	return (struct x509){
		.version = 3,
		.not_after_s = 100,
		.key = {.kind = X509_KEY_EC, .curve = X509_CURVE_P256},
		.sig_alg = {X509_KEY_EC, X509_DIGEST_SHA256, false},
		.is_ca = true,
		.subject = SPAN_LIT("\x30\x00"),
		.issuer = SPAN_LIT("\x30\x02\x31\x00"),
	};
}

Test(trust_rules, digest_of_an_anchor_does_not_matter)
{
	struct trust_policy policy = trust_policy_default();
	struct x509 ca = good_ca();

	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 2, true, 1, &policy), AUTH_ok);
	ca.sig_alg.digest = X509_DIGEST_SHA1;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 2, true, 1, &policy), AUTH_ok);
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 2, false, 1, &policy), AUTH_weak_digest);
}

Test(trust_rules, key_sizes_and_digests_are_the_policys)
{
	struct trust_policy policy = trust_policy_default();
	struct x509 ca = good_ca();

	policy.ec_bits_min = 384;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_weak_key);
	ca.key.curve = X509_CURVE_P384;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_ok);
	ca.key.kind = X509_KEY_ED25519;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_weak_key);
	policy.ec_bits_min = 256;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_ok);
	policy.digests = TRUST_DIGEST_SHA384;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_weak_digest);
	ca.sig_alg.digest = X509_DIGEST_SHA384;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_ok);
	ca.sig_alg = (struct x509_sig_alg){.kind = X509_KEY_ED25519};
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_ok);
	ca.key = rsa_key(2048, SPAN_LIT("\x01\x00\x01"));
	policy.rsa_bits_min = 3072;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_weak_key);
	ca.key.modulus_bits = 3072;
	cr_expect_eq(ruled(TRUST_RULE_algorithm, &ca, 1, false, 0, &policy), AUTH_ok);
}

Test(trust_rules, path_length_counts_what_is_below)
{
	struct trust_policy policy = trust_policy_default();
	struct x509 ca = good_ca();

	ca.has_path_length = true;
	ca.path_length = 1;
	cr_expect_eq(ruled(TRUST_RULE_constraints, &ca, 2, false, 1, &policy), AUTH_ok);
	cr_expect_eq(ruled(TRUST_RULE_constraints, &ca, 3, true, 2, &policy), AUTH_path_length);
}
