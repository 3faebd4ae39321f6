/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_rules.h"

#include <assert.h>

static_assert(TRUST_DIGEST_SHA256 == 1 << X509_DIGEST_SHA256 &&
		      TRUST_DIGEST_SHA384 == 1 << X509_DIGEST_SHA384 &&
		      TRUST_DIGEST_SHA512 == 1 << X509_DIGEST_SHA512,
	      "a bit for each digest");

typedef enum auth_reason rule_fn(const struct trust_place *place, const struct trust_policy *policy,
				 int64_t now_s);

/* Both ends belong to the period (RFC 5280 section 4.1.2.5). */
static enum auth_reason validity_rule(const struct trust_place *place,
				      const struct trust_policy *policy, int64_t now_s)
{
	(void)policy;
	if (now_s < place->cert->not_before_s)
		return AUTH_not_yet_valid;
	return now_s > place->cert->not_after_s ? AUTH_expired : AUTH_ok;
}

enum auth_reason trust_rules_key(const struct x509_key *key)
{
	if (key->kind == X509_KEY_NONE)
		return AUTH_unsupported_algorithm;
	if (key->kind != X509_KEY_RSA)
		return AUTH_ok;
	if (key->modulus_bits < TRUST_RSA_BITS_MIN)
		return AUTH_weak_key;
	if (key->modulus_bits > TRUST_RSA_BITS_MAX ||
	    key->exponent.len > TRUST_RSA_EXPONENT_OCTETS_MAX)
		return AUTH_unsupported_algorithm;
	/* With the exponent 1 everybody can sign; an even one is no RSA key. */
	if ((key->exponent.p[key->exponent.len - 1] & 1) == 0 ||
	    span_eq(key->exponent, SPAN_LIT("\x01")))
		return AUTH_weak_key;
	return AUTH_ok;
}

static bool key_is_short(const struct x509_key *key, const struct trust_policy *policy)
{
	static const unsigned curve_bits[] = {
		[X509_CURVE_P256] = 256, [X509_CURVE_P384] = 384, [X509_CURVE_P521] = 521};

	switch (key->kind) {
	case X509_KEY_RSA:
		return key->modulus_bits < policy->rsa_bits_min;
	case X509_KEY_EC:
		return curve_bits[key->curve] < policy->ec_bits_min;
	case X509_KEY_ED25519:
		return policy->ec_bits_min > 256;
	case X509_KEY_NONE:
		break;
	}
	return true;
}

static enum auth_reason sig_alg_rule(const struct x509_sig_alg *alg,
				     const struct trust_policy *policy)
{
	if (alg->kind == X509_KEY_NONE)
		return AUTH_unsupported_algorithm;
	/* The digest of Ed25519 is part of it, SHA-512. */
	if (alg->kind != X509_KEY_ED25519 && (policy->digests & 1u << alg->digest) == 0)
		return AUTH_weak_digest;
	return AUTH_ok;
}

static enum auth_reason algorithm_rule(const struct trust_place *place,
				       const struct trust_policy *policy, int64_t now_s)
{
	const struct x509 *cert = place->cert;
	enum auth_reason reason = trust_rules_key(&cert->key);

	(void)now_s;
	if (reason != AUTH_ok)
		return reason;
	if (key_is_short(&cert->key, policy))
		return AUTH_weak_key;
	/* An anchor is trusted for standing in the store, not for its signature by itself. */
	return place->is_anchor ? AUTH_ok : sig_alg_rule(&cert->sig_alg, policy);
}

static enum auth_reason constraints_rule(const struct trust_place *place,
					 const struct trust_policy *policy, int64_t now_s)
{
	const struct x509 *cert = place->cert;

	(void)policy;
	(void)now_s;
	if (cert->has_unprocessed)
		return AUTH_unknown_critical;
	if (place->depth == 0)
		return AUTH_ok;
	/* Also for version 1, which has no extensions and so no way to say that it is one. */
	if (!cert->is_ca)
		return AUTH_not_a_ca;
	if (cert->has_path_length && place->below > cert->path_length)
		return AUTH_path_length;
	return AUTH_ok;
}

static enum auth_reason usage_rule(const struct trust_place *place,
				   const struct trust_policy *policy, int64_t now_s)
{
	const struct x509 *cert = place->cert;
	unsigned needed = place->depth == 0 ? X509_USAGE_DIGITAL_SIGNATURE
					    : X509_USAGE_KEY_CERT_SIGN;

	(void)policy;
	(void)now_s;
	if (cert->has_key_usage && (cert->key_usage & needed) == 0)
		return AUTH_key_usage;
	/* To sign certificates and yet be no CA contradicts itself (RFC 5280 section 4.2.1.9). */
	if ((cert->key_usage & X509_USAGE_KEY_CERT_SIGN) != 0 && !cert->is_ca)
		return AUTH_key_usage;
	if (cert->has_ext_key_usage && !cert->allows_client_auth)
		return AUTH_extended_key_usage;
	return AUTH_ok;
}

enum auth_reason trust_rules_apply(enum trust_rule rule, const struct trust_place *place,
				   const struct trust_policy *policy, int64_t now_s)
{
	static rule_fn *const rules[] = {
		[TRUST_RULE_validity] = validity_rule,
		[TRUST_RULE_algorithm] = algorithm_rule,
		[TRUST_RULE_constraints] = constraints_rule,
		[TRUST_RULE_usage] = usage_rule,
	};

	return rules[rule](place, policy, now_s);
}
