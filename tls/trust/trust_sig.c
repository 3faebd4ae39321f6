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

struct digest {
	uint8_t octets[WC_MAX_DIGEST_SIZE];
	word32 len;
	enum wc_HashType type;
	int mgf; /* mask generation by the same digest */
};

static bool digest_type(enum x509_digest which, struct digest *digest)
{
	switch (which) {
	case X509_DIGEST_SHA1: /* for the signature of a root by itself, which nobody relies on */
		digest->type = WC_HASH_TYPE_SHA;
		digest->mgf = WC_MGF1SHA1;
		return true;
	case X509_DIGEST_SHA256:
		digest->type = WC_HASH_TYPE_SHA256;
		digest->mgf = WC_MGF1SHA256;
		return true;
	case X509_DIGEST_SHA384:
		digest->type = WC_HASH_TYPE_SHA384;
		digest->mgf = WC_MGF1SHA384;
		return true;
	case X509_DIGEST_SHA512:
		digest->type = WC_HASH_TYPE_SHA512;
		digest->mgf = WC_MGF1SHA512;
		return true;
	case X509_DIGEST_NONE:
	case X509_DIGEST_MD5:
		break;
	}
	return false;
}

static bool digest_of(enum x509_digest which, struct span message, void *heap, struct digest *ret)
{
	wc_HashAlg hash;
	bool ok;

	if (!digest_type(which, ret))
		return false;
	ret->len = (word32)wc_HashGetDigestSize(ret->type);
	if (wc_HashInit_ex(&hash, ret->type, heap, INVALID_DEVID) != 0)
		return false;
	ok = wc_HashUpdate(&hash, ret->type, message.p, (word32)message.len) == 0 &&
	     wc_HashFinal(&hash, ret->type, ret->octets) == 0;
	wc_HashFree(&hash, ret->type);
	return ok;
}

/* RFC 8017 section 8.2.2: the whole encoded message is compared with the one it should be,
 * nothing in it is parsed. */
static bool rsa_pkcs1_is(struct span signature, const struct digest *digest, RsaKey *key)
{
	uint8_t recovered[TRUST_RSA_BITS_MAX / 8], expected[DIGEST_INFO_OCTETS_MAX];
	word32 expected_len = wc_EncodeSignature(expected, digest->octets, digest->len,
						 wc_HashGetOID(digest->type));
	int len = wc_RsaSSL_Verify(signature.p, (word32)signature.len, recovered, sizeof(recovered),
				   key);

	return len > 0 && (word32)len == expected_len &&
	       memcmp(recovered, expected, expected_len) == 0;
}

/* The signature is not longer than the longest modulus. */
static bool rsa_pss_is(struct span signature, const struct digest *digest, RsaKey *key)
{
	uint8_t recovered[TRUST_RSA_BITS_MAX / 8], *data;

	memcpy(recovered, signature.p, signature.len);
	return wc_RsaPSS_VerifyCheckInline(recovered, (word32)signature.len, &data, digest->octets,
					   digest->len, digest->type, digest->mgf, key) > 0;
}

static bool rsa_verify(const struct x509 *cert, const struct x509_key *key, void *heap)
{
	struct digest digest;
	RsaKey rsa;
	bool ok;

	if (key->modulus_bits > TRUST_RSA_BITS_MAX || cert->signature.len != key->modulus.len)
		return false;
	if (!digest_of(cert->sig_alg.digest, cert->tbs, heap, &digest))
		return false;
	if (wc_InitRsaKey_ex(&rsa, heap, INVALID_DEVID) != 0)
		return false;
	ok = wc_RsaPublicKeyDecodeRaw(key->modulus.p, (word32)key->modulus.len, key->exponent.p,
				      (word32)key->exponent.len, &rsa) == 0 &&
	     (cert->sig_alg.is_pss ? rsa_pss_is(cert->signature, &digest, &rsa)
				   : rsa_pkcs1_is(cert->signature, &digest, &rsa));
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

static bool ec_verify(const struct x509 *cert, const struct x509_key *key, void *heap)
{
	struct digest digest;
	ecc_key ecc;
	int is_valid = 0;
	bool ok;

	if (!digest_of(cert->sig_alg.digest, cert->tbs, heap, &digest))
		return false;
	if (wc_ecc_init_ex(&ecc, heap, INVALID_DEVID) != 0)
		return false;
	ok = wc_ecc_import_x963_ex(key->point.p, (word32)key->point.len, &ecc,
				   curve_id_of(key->curve)) == 0 &&
	     wc_ecc_verify_hash(cert->signature.p, (word32)cert->signature.len, digest.octets,
				digest.len, &is_valid, &ecc) == 0;
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

bool trust_sig_verify(const struct x509 *cert, const struct x509_key *key, void *heap)
{
	if (cert->sig_alg.kind != key->kind)
		return false;
	switch (key->kind) {
	case X509_KEY_RSA:
		return rsa_verify(cert, key, heap);
	case X509_KEY_EC:
		return ec_verify(cert, key, heap);
	case X509_KEY_ED25519:
		return ed25519_verify(cert, key, heap);
	case X509_KEY_NONE:
		break;
	}
	return false;
}
