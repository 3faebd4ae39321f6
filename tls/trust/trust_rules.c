/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_rules.h"

#include <assert.h>

static_assert(TRUST_DIGEST_SHA256 == 1 << X509_DIGEST_SHA256 &&
		      TRUST_DIGEST_SHA384 == 1 << X509_DIGEST_SHA384 &&
		      TRUST_DIGEST_SHA512 == 1 << X509_DIGEST_SHA512,
	      "a bit for each digest");

/* Judges certificate i of the path. */
typedef enum auth_reason rule_fn(const struct trust_path *path, unsigned i,
				 const struct trust_policy *policy, int64_t now_s);

/* Both ends belong to the period (RFC 5280 section 4.1.2.5). */
static enum auth_reason validity_rule(const struct trust_path *path, unsigned i,
				      const struct trust_policy *policy, int64_t now_s)
{
	(void)policy;
	if (now_s < path->cert[i]->not_before_s)
		return AUTH_not_yet_valid;
	return now_s > path->cert[i]->not_after_s ? AUTH_expired : AUTH_ok;
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

static enum auth_reason algorithm_rule(const struct trust_path *path, unsigned i,
				       const struct trust_policy *policy, int64_t now_s)
{
	const struct x509 *cert = path->cert[i];
	enum auth_reason reason = trust_rules_key(&cert->key);

	(void)now_s;
	if (reason != AUTH_ok)
		return reason;
	if (key_is_short(&cert->key, policy))
		return AUTH_weak_key;
	/* The root is trusted for standing in the store, not for its signature by itself. */
	return i + 1 < path->count ? sig_alg_rule(&cert->sig_alg, policy) : AUTH_ok;
}

/* Intermediates between the leaf and certificate i that are not self-issued (RFC 5280 section
 * 4.2.1.9). */
static uint32_t intermediates_below(const struct trust_path *path, unsigned i)
{
	uint32_t count = 0;

	for (unsigned j = 1; j < i; j++)
		count += !x509_is_self_issued(path->cert[j]);
	return count;
}

static enum auth_reason constraints_rule(const struct trust_path *path, unsigned i,
					 const struct trust_policy *policy, int64_t now_s)
{
	const struct x509 *cert = path->cert[i];

	(void)policy;
	(void)now_s;
	if (cert->has_unprocessed)
		return AUTH_unknown_critical;
	if (i == 0)
		return AUTH_ok;
	/* Also for version 1, which has no extensions and so no way to say that it is one. */
	if (!cert->is_ca)
		return AUTH_not_a_ca;
	if (cert->has_path_length && intermediates_below(path, i) > cert->path_length)
		return AUTH_path_length;
	return AUTH_ok;
}

static enum auth_reason usage_rule(const struct trust_path *path, unsigned i,
				   const struct trust_policy *policy, int64_t now_s)
{
	const struct x509 *cert = path->cert[i];
	unsigned needed = i == 0 ? X509_USAGE_DIGITAL_SIGNATURE : X509_USAGE_KEY_CERT_SIGN;

	(void)policy;
	(void)now_s;
	if (cert->has_key_usage && (cert->key_usage & needed) == 0)
		return AUTH_key_usage;
	if (cert->has_ext_key_usage && !cert->allows_client_auth)
		return AUTH_extended_key_usage;
	return AUTH_ok;
}

static rule_fn *const rules[TRUST_RULE_KINDS] = {
	validity_rule,
	algorithm_rule,
	constraints_rule,
	usage_rule,
};

struct trust_finding trust_rules_apply(const struct trust_path *path,
				       const struct trust_policy *policy, int64_t now_s)
{
	struct trust_finding finding = {.reason = AUTH_ok, .progress = TRUST_RULE_KINDS};

	for (unsigned kind = 0; kind < TRUST_RULE_KINDS; kind++) {
		for (unsigned i = 0; i < path->count; i++) {
			enum auth_reason reason = rules[kind](path, i, policy, now_s);

			if (reason != AUTH_ok)
				return (struct trust_finding){reason, i, kind};
		}
	}
	return finding;
}
