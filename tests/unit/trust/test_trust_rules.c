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

/* A path on which everything is in order. */
static void good_path(struct x509 cert[3], struct trust_path *path)
{
	for (unsigned i = 0; i < 3; i++) {
		cert[i] = (struct x509){
			.version = 3,
			.not_after_s = 100,
			.key = {.kind = X509_KEY_EC, .curve = X509_CURVE_P256},
			.sig_alg = {X509_KEY_EC, X509_DIGEST_SHA256, false},
			.is_ca = i > 0,
			.subject = SPAN_LIT("\x30\x00"),
			.issuer = SPAN_LIT("\x30\x02\x31\x00"),
		};
		path->cert[i] = &cert[i];
	}
	path->count = 3;
}

Test(trust_rules, first_failure_in_order_of_kinds_is_reported)
{
	struct x509 cert[3];
	struct trust_policy policy = trust_policy_default();
	struct trust_path path;
	struct trust_finding finding;

	good_path(cert, &path);
	cr_expect_eq(trust_rules_apply(&path, &policy, 50).reason, AUTH_ok);
	cert[0].has_ext_key_usage = true;
	finding = trust_rules_apply(&path, &policy, 50);
	cr_expect_eq(finding.reason, AUTH_extended_key_usage);
	cr_expect_eq(finding.progress, 3);
	cert[1].is_ca = false;
	finding = trust_rules_apply(&path, &policy, 50);
	cr_expect_eq(finding.reason, AUTH_not_a_ca);
	cr_expect_eq(finding.depth, 1);
	cr_expect_eq(finding.progress, 2);
	cert[2].key.kind = X509_KEY_NONE;
	finding = trust_rules_apply(&path, &policy, 50);
	cr_expect_eq(finding.reason, AUTH_unsupported_algorithm);
	cr_expect_eq(finding.depth, 2);
	cr_expect_eq(finding.progress, 1);
	cert[1].not_after_s = 49;
	finding = trust_rules_apply(&path, &policy, 50);
	cr_expect_eq(finding.reason, AUTH_expired);
	cr_expect_eq(finding.depth, 1);
	cr_expect_eq(finding.progress, 0);
}

Test(trust_rules, digest_of_the_root_alone_does_not_matter)
{
	struct x509 cert[3];
	struct trust_policy policy = trust_policy_default();
	struct trust_path path;

	good_path(cert, &path);
	cert[2].sig_alg.digest = X509_DIGEST_SHA1;
	cr_expect_eq(trust_rules_apply(&path, &policy, 50).reason, AUTH_ok);
	cert[1].sig_alg.digest = X509_DIGEST_SHA1;
	cr_expect_eq(trust_rules_apply(&path, &policy, 50).reason, AUTH_weak_digest);
}
