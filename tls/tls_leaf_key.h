/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_leaf_key.h: which key a client has to prove that it has.  Found in its leaf by our own reader of DER, so that
 * nothing else of a client's chain is ever parsed by wolfSSL.  Judges nothing. */
#pragma once

#include "base/identity.h"
#include "base/span.h"

/* The SubjectPublicKeyInfo of a leaf (RFC 5280 section 4.1.2.7), a view into it.  What stands around it need not be well
 * formed.  AUTH_parse_error: it is not where it belongs; AUTH_unsupported_algorithm: a key of a kind that TLS cannot
 * verify with here, or one that would make a verification expensive.  *ret_info is written on AUTH_ok only. */
enum auth_reason tls_leaf_key_find(struct span leaf, struct span *ret_info);
