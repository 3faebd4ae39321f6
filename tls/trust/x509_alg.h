/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/x509_alg.h: public keys and signature algorithms of certificates (RFC 3279, 4055,
 * 5480, 8410), as far as we verify them.  What we do not know is no error here: its kind is
 * NONE, and the judge refuses it. */
#pragma once

#include "tls/trust/der.h"

enum x509_key_kind { X509_KEY_NONE, X509_KEY_RSA, X509_KEY_EC, X509_KEY_ED25519 };
enum x509_curve { X509_CURVE_NONE, X509_CURVE_P256, X509_CURVE_P384, X509_CURVE_P521 };
/* MD5 is known to be refused for what it is; it is never computed. */
enum x509_digest {
	X509_DIGEST_NONE,
	X509_DIGEST_MD5,
	X509_DIGEST_SHA1,
	X509_DIGEST_SHA256,
	X509_DIGEST_SHA384,
	X509_DIGEST_SHA512,
};

struct x509_sig_alg {
	enum x509_key_kind kind;
	enum x509_digest digest; /* none for Ed25519 */
	bool is_pss;             /* salt as long as the digest, MGF1 with the same digest */
};

struct x509_key {
	enum x509_key_kind kind;
	enum x509_curve curve;         /* EC */
	struct span modulus, exponent; /* RSA: big-endian, no leading zero */
	unsigned modulus_bits;         /* RSA */
	/* RSA: id-RSASSA-PSS, signs with RSASSA-PSS alone (RFC 4055 section 1.2); with this digest
	 * alone, or NONE: with any. */
	bool is_pss;
	enum x509_digest pss_digest;
	struct span point; /* EC: uncompressed, its first octet 4; Ed25519: 32 octets */
};

/* Takes an AlgorithmIdentifier of a signature.  False: malformed. */
bool x509_sig_alg_take(struct span *in, struct x509_sig_alg *ret_alg);
/* A key of this kind makes such signatures, and may: the parameters of an RSASSA-PSS key are those of its signatures
 * (RFC 4055 section 3.3). */
bool x509_key_suits(const struct x509_key *key, const struct x509_sig_alg *alg);
/* Takes a SubjectPublicKeyInfo.  False: malformed, or a key of a kind we know that cannot be
 * one. */
bool x509_key_take(struct span *in, struct x509_key *ret_key);
