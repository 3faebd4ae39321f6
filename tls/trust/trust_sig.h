/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_sig.h: one signature of one certificate, through wolfCrypt.  The only
 * expensive thing here: callers ask last, and only with a key that has passed the rules (its
 * size bounds the work). */
#pragma once

#include "tls/trust/x509.h"

/* What this build of wolfCrypt computes with (SP_INT_BITS). */
#define TRUST_RSA_BITS_MAX 4096

/* Of what was signed. */
struct trust_digest_value {
	uint8_t octets[64];
	unsigned len;
};

/* The digest that the signature of this certificate is about; of Ed25519, which has none of its own,
 * SHA-512.  False when algorithm and key do not go together (x509_key_suits()), are not known, or memory is short: no
 * such signature is valid. */
bool trust_sig_digest(const struct x509 *cert, const struct x509_key *key, void *heap,
		      struct trust_digest_value *ret_digest);
/* The key made this certificate's signature; digest is what trust_sig_digest() said. */
bool trust_sig_verify_digest(const struct x509 *cert, const struct x509_key *key,
			     const struct trust_digest_value *digest, void *heap);

/* Both in one: the key made this certificate's signature.  heap is wolfCrypt's heap hint, NULL for none.
 * False also when algorithm and key do not go together, are not known, or memory is short. */
bool trust_sig_verify(const struct x509 *cert, const struct x509_key *key, void *heap);
