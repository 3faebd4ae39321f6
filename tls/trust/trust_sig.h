/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_sig.h: one signature of one certificate, through wolfCrypt.  The only
 * expensive thing here: callers ask last, and only with a key that has passed the rules (its
 * size bounds the work). */
#pragma once

#include "tls/trust/x509.h"

/* What this build of wolfCrypt computes with (SP_INT_BITS). */
#define TRUST_RSA_BITS_MAX 4096

/* The key made this certificate's signature.  heap is wolfCrypt's heap hint, NULL for none.
 * False also when algorithm and key do not go together, are not known, or memory is short. */
bool trust_sig_verify(const struct x509 *cert, const struct x509_key *key, void *heap);
