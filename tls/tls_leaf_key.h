/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_leaf_key.h: which key a client has to prove that it has.  Found in its leaf by our own reader of DER, so that
 * nothing else of a client's chain is ever parsed by wolfSSL.  Judges nothing. */
#pragma once

#include "base/identity.h"
#include "base/span.h"

/* Of wolfSSL: 5.7.2 does not know rsa_pss_pss_*, whatever it offers. */
#define TLS_VERIFIES_PSS_KEYS (LIBWOLFSSL_VERSION_HEX >= 0x05009002)

struct tls_leaf_key {
	/* SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), a view into the leaf. */
	struct span info;
	/* With which RSASSA-PSS schemes it may sign in TLS 1.3, 1 << the second octet of each (RFC 8446 section 4.2.3):
	 * rsa_pss_rsae_* with rsaEncryption, rsa_pss_pss_* with id-RSASSA-PSS, by its digest alone where it has one. */
	unsigned short rsa_schemes;
};

/* Finds it; what stands around it need not be well formed.  AUTH_parse_error: it is not where it belongs;
 * AUTH_unsupported_algorithm: a key of a kind that TLS cannot verify with here (pss_too: id-RSASSA-PSS is not one), or
 * one that would make a verification expensive.  *ret_key is written on AUTH_ok only. */
enum auth_reason tls_leaf_key_find(struct span leaf, bool pss_too, struct tls_leaf_key *ret_key);
