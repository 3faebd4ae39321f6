/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_sig.h"

#include <assert.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/ed25519.h>
#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/rsa.h>

/* A digest with its AlgorithmIdentifier (RFC 8017 section 9.2). */
#define DIGEST_INFO_OCTETS_MAX (WC_MAX_DIGEST_SIZE + 32)

static_assert(RSA_MAX_SIZE >= TRUST_RSA_BITS_MAX, "wolfCrypt computes with what the rules allow");

/* mgf is mask generation by the same digest. */
static bool digest_type(enum x509_digest which, enum wc_HashType *ret_type, int *ret_mgf)
{
	switch (which) {
	case X509_DIGEST_SHA1: /* for the signature of a root by itself, which nobody relies on */
		*ret_type = WC_HASH_TYPE_SHA;
		*ret_mgf = WC_MGF1SHA1;
		return true;
	case X509_DIGEST_SHA256:
		*ret_type = WC_HASH_TYPE_SHA256;
		*ret_mgf = WC_MGF1SHA256;
		return true;
	case X509_DIGEST_SHA384:
		*ret_type = WC_HASH_TYPE_SHA384;
		*ret_mgf = WC_MGF1SHA384;
		return true;
	case X509_DIGEST_SHA512:
		*ret_type = WC_HASH_TYPE_SHA512;
		*ret_mgf = WC_MGF1SHA512;
		return true;
	case X509_DIGEST_NONE:
	case X509_DIGEST_MD5:
		break;
	}
	return false;
}

bool trust_sig_digest(const struct x509 *cert, const struct x509_key *key, void *heap,
		      struct trust_digest_value *ret_digest)
{
	enum x509_digest which = cert->sig_alg.digest;
	enum wc_HashType type;
	wc_HashAlg hash;
	int mgf;
	bool ok;

	if (!x509_key_suits(key, &cert->sig_alg))
		return false;
	if (!digest_type(key->kind == X509_KEY_ED25519 ? X509_DIGEST_SHA512 : which, &type, &mgf) ||
	    wc_HashInit_ex(&hash, type, heap, INVALID_DEVID) != 0)
		return false;
	ret_digest->len = (unsigned)wc_HashGetDigestSize(type);
	ok = wc_HashUpdate(&hash, type, cert->tbs.p, (word32)cert->tbs.len) == 0 &&
	     wc_HashFinal(&hash, type, ret_digest->octets) == 0;
	wc_HashFree(&hash, type);
	return ok;
}

/* RFC 8017 section 8.2.2: the whole encoded message is compared with the one it should be,
 * nothing in it is parsed. */
static bool rsa_pkcs1_is(struct span signature, const struct trust_digest_value *digest,
			 enum wc_HashType type, RsaKey *key)
{
	uint8_t recovered[TRUST_RSA_BITS_MAX / 8], expected[DIGEST_INFO_OCTETS_MAX];
	word32 expected_len = wc_EncodeSignature(expected, digest->octets, digest->len,
						 wc_HashGetOID(type));
	int len = wc_RsaSSL_Verify(signature.p, (word32)signature.len, recovered, sizeof(recovered),
				   key);

	return len > 0 && (word32)len == expected_len &&
	       memcmp(recovered, expected, expected_len) == 0;
}

/* The signature is not longer than the longest modulus. */
static bool rsa_pss_is(struct span signature, const struct trust_digest_value *digest,
		       enum wc_HashType type, int mgf, RsaKey *key)
{
	uint8_t recovered[TRUST_RSA_BITS_MAX / 8], *data;

	memcpy(recovered, signature.p, signature.len);
	return wc_RsaPSS_VerifyCheckInline(recovered, (word32)signature.len, &data, digest->octets,
					   digest->len, type, mgf, key) > 0;
}

static bool rsa_verify(const struct x509 *cert, const struct x509_key *key,
		       const struct trust_digest_value *digest, void *heap)
{
	enum wc_HashType type;
	RsaKey rsa;
	int mgf;
	bool ok;

	if (key->modulus_bits > TRUST_RSA_BITS_MAX || cert->signature.len != key->modulus.len ||
	    !digest_type(cert->sig_alg.digest, &type, &mgf))
		return false;
	if (wc_InitRsaKey_ex(&rsa, heap, INVALID_DEVID) != 0)
		return false;
	ok = wc_RsaPublicKeyDecodeRaw(key->modulus.p, (word32)key->modulus.len, key->exponent.p,
				      (word32)key->exponent.len, &rsa) == 0 &&
	     (cert->sig_alg.is_pss ? rsa_pss_is(cert->signature, digest, type, mgf, &rsa)
				   : rsa_pkcs1_is(cert->signature, digest, type, &rsa));
	wc_FreeRsaKey(&rsa);
	return ok;
}

static int curve_id_of(enum x509_curve curve)
{
	switch (curve) {
	case X509_CURVE_P256:
		return ECC_SECP256R1;
	case X509_CURVE_P384:
		return ECC_SECP384R1;
	case X509_CURVE_P521:
		return ECC_SECP521R1;
	case X509_CURVE_NONE:
		break;
	}
	return ECC_CURVE_INVALID;
}

/* ECDSA-Sig-Value (RFC 3279 section 2.2.3) in DER: one encoding for each signature. */
static bool ec_signature_is_der(struct span signature)
{
	struct span body, r, s;

	return der_take_only(signature, DER_SEQUENCE, &body) && der_take_unsigned(&body, &r) &&
	       der_take_unsigned(&body, &s) && body.len == 0 && r.len > 0 && s.len > 0;
}

static bool ec_verify(const struct x509 *cert, const struct x509_key *key,
		      const struct trust_digest_value *digest, void *heap)
{
	ecc_key ecc;
	int is_valid = 0;
	bool ok;

	if (!ec_signature_is_der(cert->signature))
		return false;
	if (wc_ecc_init_ex(&ecc, heap, INVALID_DEVID) != 0)
		return false;
	ok = wc_ecc_import_x963_ex(key->point.p, (word32)key->point.len, &ecc,
				   curve_id_of(key->curve)) == 0 &&
	     wc_ecc_verify_hash(cert->signature.p, (word32)cert->signature.len, digest->octets,
				digest->len, &is_valid, &ecc) == 0;
	wc_ecc_free(&ecc);
	return ok && is_valid == 1;
}

static bool ed25519_verify(const struct x509 *cert, const struct x509_key *key, void *heap)
{
	ed25519_key ed;
	int is_valid = 0;
	bool ok;

	if (wc_ed25519_init_ex(&ed, heap, INVALID_DEVID) != 0)
		return false;
	ok = wc_ed25519_import_public(key->point.p, (word32)key->point.len, &ed) == 0 &&
	     wc_ed25519_verify_msg(cert->signature.p, (word32)cert->signature.len, cert->tbs.p,
				   (word32)cert->tbs.len, &is_valid, &ed) == 0;
	wc_ed25519_free(&ed);
	return ok && is_valid == 1;
}

bool trust_sig_verify_digest(const struct x509 *cert, const struct x509_key *key,
			     const struct trust_digest_value *digest, void *heap)
{
	switch (key->kind) {
	case X509_KEY_RSA:
		return rsa_verify(cert, key, digest, heap);
	case X509_KEY_EC:
		return ec_verify(cert, key, digest, heap);
	case X509_KEY_ED25519:
		return ed25519_verify(cert, key, heap);
	case X509_KEY_NONE:
		break;
	}
	return false;
}

bool trust_sig_verify(const struct x509 *cert, const struct x509_key *key, void *heap)
{
	struct trust_digest_value digest;

	return trust_sig_digest(cert, key, heap, &digest) &&
	       trust_sig_verify_digest(cert, key, &digest, heap);
}
