/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_allow.h: whether a leaf is among those that a profile lets in. */
#pragma once

#include "tls/trust/trust_allow_params.h"
#include "tls/trust/x509.h"

/* AUTH_ok or AUTH_name_not_allowed.  *looked_at counts, up to looked_at_max, the names of the leaf that were held against
 * one that is allowed; one more: AUTH_search_limit. */
enum auth_reason trust_allow_check(const struct trust_allow *allow, const struct x509 *leaf,
				   unsigned looked_at_max, unsigned *looked_at);
/* Puts digests into the order that trust_allow_check() looks them up in. */
void trust_allow_sort(uint8_t (*sha256)[TRUST_SHA256_OCTETS], size_t count);
