/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/x509_alg.h"

#define PKCS1 "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define ANSI_X962_SIG "\x2a\x86\x48\xce\x3d\x04"
#define OID_RSA_ENCRYPTION PKCS1 "\x01"
#define OID_RSASSA_PSS PKCS1 "\x0a"
#define OID_MGF1 PKCS1 "\x08"
#define OID_EC_PUBLIC_KEY "\x2a\x86\x48\xce\x3d\x02\x01"
#define OID_ED25519 "\x2b\x65\x70"

#define ED25519_KEY_OCTETS 32
#define EC_POINT_UNCOMPRESSED 4

static const struct {
	struct span oid;
	struct x509_sig_alg alg;
} sig_algs[] = {
	{SPAN_LIT(PKCS1 "\x04"), {X509_KEY_RSA, X509_DIGEST_MD5, false}},
	{SPAN_LIT(PKCS1 "\x05"), {X509_KEY_RSA, X509_DIGEST_SHA1, false}},
	{SPAN_LIT(PKCS1 "\x0b"), {X509_KEY_RSA, X509_DIGEST_SHA256, false}},
	{SPAN_LIT(PKCS1 "\x0c"), {X509_KEY_RSA, X509_DIGEST_SHA384, false}},
	{SPAN_LIT(PKCS1 "\x0d"), {X509_KEY_RSA, X509_DIGEST_SHA512, false}},
	{SPAN_LIT(ANSI_X962_SIG "\x01"), {X509_KEY_EC, X509_DIGEST_SHA1, false}},
	{SPAN_LIT(ANSI_X962_SIG "\x03\x02"), {X509_KEY_EC, X509_DIGEST_SHA256, false}},
	{SPAN_LIT(ANSI_X962_SIG "\x03\x03"), {X509_KEY_EC, X509_DIGEST_SHA384, false}},
	{SPAN_LIT(ANSI_X962_SIG "\x03\x04"), {X509_KEY_EC, X509_DIGEST_SHA512, false}},
	{SPAN_LIT(OID_ED25519), {X509_KEY_ED25519, X509_DIGEST_NONE, false}},
};

static const struct {
	struct span oid;
	enum x509_digest digest;
	uint32_t octets;
} digests[] = {
	{SPAN_LIT("\x2b\x0e\x03\x02\x1a"), X509_DIGEST_SHA1, 20},
	{SPAN_LIT("\x60\x86\x48\x01\x65\x03\x04\x02\x01"), X509_DIGEST_SHA256, 32},
	{SPAN_LIT("\x60\x86\x48\x01\x65\x03\x04\x02\x02"), X509_DIGEST_SHA384, 48},
	{SPAN_LIT("\x60\x86\x48\x01\x65\x03\x04\x02\x03"), X509_DIGEST_SHA512, 64},
};

static const struct {
	struct span oid;
	enum x509_curve curve;
	size_t field_octets;
} curves[] = {
	{SPAN_LIT("\x2a\x86\x48\xce\x3d\x03\x01\x07"), X509_CURVE_P256, 32},
	{SPAN_LIT("\x2b\x81\x04\x00\x22"), X509_CURVE_P384, 48},
	{SPAN_LIT("\x2b\x81\x04\x00\x23"), X509_CURVE_P521, 66},
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* An AlgorithmIdentifier; what stands behind the identifier, perhaps nothing, is the parameters. */
static bool algorithm_take(struct span *in, struct span *ret_oid, struct span *ret_params)
{
	struct span rest = *in, body, oid, params;
	struct der_element element;

	if (!der_take(&rest, DER_SEQUENCE, &body) || !der_take_oid(&body, &oid))
		return false;
	params = body;
	if (body.len > 0 && (!der_take_any(&body, &element) || body.len > 0))
		return false;
	*ret_oid = oid;
	*ret_params = params;
	*in = rest;
	return true;
}

static bool is_null(struct span params)
{
	return span_eq(params, SPAN_LIT("\x05\x00"));
}

/* A digest's AlgorithmIdentifier that is all of in. */
static bool digest_parse(struct span in, size_t *ret_row)
{
	struct span oid, params;

	if (!algorithm_take(&in, &oid, &params) || in.len > 0 ||
	    (params.len > 0 && !is_null(params)))
		return false;
	for (size_t i = 0; i < ROWS(digests); i++) {
		if (span_eq(oid, digests[i].oid)) {
			*ret_row = i;
			return true;
		}
	}
	return false;
}

/* The contents of the optional field [n]; false when it is absent. */
static bool field_take(struct span *in, unsigned n, struct span *ret_body)
{
	return der_take(in, DER_CONTEXT_CONSTRUCTED(n), ret_body);
}

/* RSASSA-PSS-params (RFC 4055 section 3.1), with one digest for both uses as everybody writes them.  Its defaults mean
 * SHA-1, which is known so as to be refused by name. */
static bool pss_params_parse(struct span params, size_t *ret_digest, uint32_t *ret_salt_octets)
{
	struct span body, field, mgf_oid, mgf_params;
	size_t digest = 0, mgf_digest = 0; /* SHA-1 */
	uint32_t salt_octets = 20, trailer = 1;

	if (!der_take_only(params, DER_SEQUENCE, &body))
		return false;
	if (field_take(&body, 0, &field) && !digest_parse(field, &digest))
		return false;
	if (field_take(&body, 1, &field) &&
	    (!algorithm_take(&field, &mgf_oid, &mgf_params) || field.len > 0 ||
	     !span_eq(mgf_oid, SPAN_LIT(OID_MGF1)) || !digest_parse(mgf_params, &mgf_digest)))
		return false;
	if (field_take(&body, 2, &field) &&
	    (!der_take_uint32(&field, &salt_octets) || field.len > 0))
		return false;
	if (field_take(&body, 3, &field) && (!der_take_uint32(&field, &trailer) || field.len > 0))
		return false;
	if (body.len > 0 || digest != mgf_digest || trailer != 1)
		return false;
	*ret_digest = digest;
	*ret_salt_octets = salt_octets;
	return true;
}

/* A salt as long as the digest, or it is of no kind that we verify. */
static void pss_alg_parse(struct span params, struct x509_sig_alg *alg)
{
	uint32_t salt_octets;
	size_t digest;

	if (pss_params_parse(params, &digest, &salt_octets) &&
	    salt_octets == digests[digest].octets)
		*alg = (struct x509_sig_alg){X509_KEY_RSA, digests[digest].digest, true};
}

bool x509_sig_alg_take(struct span *in, struct x509_sig_alg *ret_alg)
{
	struct span oid, params;

	if (!algorithm_take(in, &oid, &params))
		return false;
	*ret_alg = (struct x509_sig_alg){.kind = X509_KEY_NONE};
	if (span_eq(oid, SPAN_LIT(OID_RSASSA_PSS))) {
		pss_alg_parse(params, ret_alg);
		return true;
	}
	for (size_t i = 0; i < ROWS(sig_algs); i++) {
		if (!span_eq(oid, sig_algs[i].oid))
			continue;
		/* RSA alone may say NULL (RFC 4055 section 5, RFC 5758 section 3.2). */
		if (params.len == 0 || (is_null(params) && sig_algs[i].alg.kind == X509_KEY_RSA))
			*ret_alg = sig_algs[i].alg;
		return true;
	}
	return true;
}

bool x509_key_suits(const struct x509_key *key, const struct x509_sig_alg *alg)
{
	if (key->kind == X509_KEY_NONE || key->kind != alg->kind)
		return false;
	if (!key->is_pss)
		return true;
	return alg->is_pss &&
	       (key->pss_digest == X509_DIGEST_NONE || key->pss_digest == alg->digest);
}

/* RSAPublicKey (RFC 8017 appendix A.1.1). */
static bool rsa_key_parse(struct span octets, struct x509_key *key)
{
	struct span body;

	if (!der_take_only(octets, DER_SEQUENCE, &body) ||
	    !der_take_unsigned(&body, &key->modulus) || !der_take_unsigned(&body, &key->exponent) ||
	    body.len > 0)
		return false;
	if (key->modulus.len == 0 || key->exponent.len == 0)
		return false;
	key->kind = X509_KEY_RSA;
	key->modulus_bits = (unsigned)key->modulus.len * 8;
	for (uint8_t top = key->modulus.p[0]; (top & 0x80) == 0; top = (uint8_t)(top << 1))
		key->modulus_bits--;
	return true;
}

/* id-RSASSA-PSS (RFC 4055 section 1.2): parameters, where there are any, say what the key may sign with, of the salt the
 * least.  A key whose parameters no signature that we verify can have stays of kind NONE. */
static bool pss_key_parse(struct span params, struct span octets, struct x509_key *key)
{
	uint32_t salt_octets;
	size_t digest;

	key->is_pss = true;
	if (params.len > 0) {
		if (!pss_params_parse(params, &digest, &salt_octets) ||
		    digests[digest].digest == X509_DIGEST_SHA1 ||
		    salt_octets > digests[digest].octets)
			return true;
		key->pss_digest = digests[digest].digest;
	}
	return rsa_key_parse(octets, key);
}

/* RFC 5480: named curves only.  Explicit curve parameters let an attacker choose a generator
 * under which a key of somebody else's is his own: such a key stays of kind NONE, as does a
 * compressed point. */
static bool ec_key_parse(struct span params, struct span octets, struct x509_key *key)
{
	struct span oid;

	if (!der_take_oid(&params, &oid) || params.len > 0)
		return true;
	for (size_t i = 0; i < ROWS(curves); i++) {
		if (!span_eq(oid, curves[i].oid))
			continue;
		if (octets.len == 0)
			return false;
		if (octets.p[0] != EC_POINT_UNCOMPRESSED)
			return true;
		if (octets.len != 1 + 2 * curves[i].field_octets)
			return false;
		key->kind = X509_KEY_EC;
		key->curve = curves[i].curve;
		key->point = octets;
	}
	return true;
}

bool x509_key_take(struct span *in, struct x509_key *ret_key)
{
	struct span body, oid, params, octets;
	struct x509_key key = {.kind = X509_KEY_NONE};
	bool ok = true;

	if (!der_take(in, DER_SEQUENCE, &body) || !algorithm_take(&body, &oid, &params) ||
	    !der_take_bit_octets(&body, &octets) || body.len > 0)
		return false;
	if (span_eq(oid, SPAN_LIT(OID_RSA_ENCRYPTION))) {
		ok = is_null(params) && rsa_key_parse(octets, &key);
	} else if (span_eq(oid, SPAN_LIT(OID_RSASSA_PSS))) {
		ok = pss_key_parse(params, octets, &key);
	} else if (span_eq(oid, SPAN_LIT(OID_EC_PUBLIC_KEY))) {
		ok = ec_key_parse(params, octets, &key);
	} else if (span_eq(oid, SPAN_LIT(OID_ED25519))) {
		ok = params.len == 0 && octets.len == ED25519_KEY_OCTETS;
		key.kind = X509_KEY_ED25519;
		key.point = octets;
	}
	*ret_key = key;
	return ok;
}
