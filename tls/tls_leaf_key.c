/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_leaf_key.h"

#include "tls/trust/trust_rules.h"

#include <assert.h>

/* serialNumber, signature, issuer, validity, subject */
#define FIELDS_BEFORE_KEY 5

static bool info_take(struct span leaf, struct der_element *ret_info)
{
	struct span certificate, tbs, version;
	struct der_element field;

	if (!der_take_only(leaf, DER_SEQUENCE, &certificate) ||
	    !der_take(&certificate, DER_SEQUENCE, &tbs))
		return false;
	if (der_next_is(tbs, DER_CONTEXT_CONSTRUCTED(0)) &&
	    !der_take(&tbs, DER_CONTEXT_CONSTRUCTED(0), &version))
		return false;
	for (unsigned i = 0; i < FIELDS_BEFORE_KEY; i++)
		if (!der_take_any(&tbs, &field))
			return false;
	return der_take_any(&tbs, ret_info);
}

/* rsa_pss_rsae_sha256 is 0x0804, rsa_pss_pss_sha256 0x0809. */
#define SCHEMES(sha256) (7 << (sha256))
#define RSAE_SHA256 4
#define PSS_SHA256 9

static_assert(X509_DIGEST_SHA384 == X509_DIGEST_SHA256 + 1 &&
		      X509_DIGEST_SHA512 == X509_DIGEST_SHA256 + 2,
	      "digests are in the order of the schemes");

static unsigned short rsa_schemes_of(const struct x509_key *key)
{
	if (key->kind != X509_KEY_RSA)
		return 0;
	if (!key->is_pss)
		return SCHEMES(RSAE_SHA256);
	if (key->pss_digest == X509_DIGEST_NONE)
		return SCHEMES(PSS_SHA256);
	return (unsigned short)(1 << (PSS_SHA256 + key->pss_digest - X509_DIGEST_SHA256));
}

static bool is_affordable(const struct x509_key *key)
{
	switch (key->kind) {
	case X509_KEY_NONE:
		return false;
	case X509_KEY_RSA:
		return key->modulus_bits <= TRUST_RSA_BITS_MAX &&
		       key->exponent.len <= TRUST_RSA_EXPONENT_OCTETS_MAX;
	case X509_KEY_EC:
	case X509_KEY_ED25519:
		break;
	}
	return true;
}

enum auth_reason tls_leaf_key_find(struct span leaf, bool pss_too, struct tls_leaf_key *ret_key)
{
	struct der_element info;
	struct x509_key key;
	struct span rest;

	if (!info_take(leaf, &info))
		return AUTH_parse_error;
	rest = info.whole;
	if (!x509_key_take(&rest, &key))
		return AUTH_parse_error;
	if (!is_affordable(&key) || (key.is_pss && !pss_too))
		return AUTH_unsupported_algorithm;
	*ret_key = (struct tls_leaf_key){info.whole, rsa_schemes_of(&key)};
	return AUTH_ok;
}
