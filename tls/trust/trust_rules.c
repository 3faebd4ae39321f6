/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_rules.h"

/* Judges certificate i of the path. */
typedef enum auth_reason rule_fn(const struct trust_path *path, unsigned i, int64_t now_s);

/* Both ends belong to the period (RFC 5280 section 4.1.2.5). */
static enum auth_reason validity_rule(const struct trust_path *path, unsigned i, int64_t now_s)
{
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

static enum auth_reason sig_alg_rule(const struct x509_sig_alg *alg)
{
	if (alg->kind == X509_KEY_NONE)
		return AUTH_unsupported_algorithm;
	if (alg->digest == X509_DIGEST_MD5 || alg->digest == X509_DIGEST_SHA1)
		return AUTH_weak_digest;
	return AUTH_ok;
}

static enum auth_reason algorithm_rule(const struct trust_path *path, unsigned i, int64_t now_s)
{
	enum auth_reason reason = trust_rules_key(&path->cert[i]->key);

	(void)now_s;
	if (reason != AUTH_ok)
		return reason;
	/* The root is trusted for standing in the store, not for its signature by itself. */
	return i + 1 < path->count ? sig_alg_rule(&path->cert[i]->sig_alg) : AUTH_ok;
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

static enum auth_reason constraints_rule(const struct trust_path *path, unsigned i, int64_t now_s)
{
	const struct x509 *cert = path->cert[i];

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

static enum auth_reason usage_rule(const struct trust_path *path, unsigned i, int64_t now_s)
{
	const struct x509 *cert = path->cert[i];
	unsigned needed = i == 0 ? X509_USAGE_DIGITAL_SIGNATURE : X509_USAGE_KEY_CERT_SIGN;

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

struct trust_finding trust_rules_apply(const struct trust_path *path, int64_t now_s)
{
	struct trust_finding finding = {.reason = AUTH_ok, .progress = TRUST_RULE_KINDS};

	for (unsigned kind = 0; kind < TRUST_RULE_KINDS; kind++) {
		for (unsigned i = 0; i < path->count; i++) {
			enum auth_reason reason = rules[kind](path, i, now_s);

			if (reason != AUTH_ok)
				return (struct trust_finding){reason, i, kind};
		}
	}
	return finding;
}
