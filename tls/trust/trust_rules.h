/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_rules.h: what each certificate of a path must satisfy by itself (RFC 5280
 * section 6.1 and stricter).  Cheap, so all of it comes before the first signature.  Where
 * readers of RFC 5280 differ, we take this side:
 * - an absent keyUsage or extendedKeyUsage allows everything (sections 4.2.1.3, 4.2.1.12); a
 *   present extendedKeyUsage must name clientAuth, on every certificate of the path:
 *   anyExtendedKeyUsage is not enough;
 * - an anchor is held to the same rules as an intermediate, its validity and path length
 *   included; only the algorithm of its own signature does not matter. */
#pragma once

#include "tls/trust/trust.h"
#include "tls/trust/trust_sig.h"

#define TRUST_RSA_BITS_MIN 2048
/* A longer public exponent would multiply the work of a verification: unsupported. */
#define TRUST_RSA_EXPONENT_OCTETS_MAX 4

/* A certificate at its place on a path. */
struct trust_place {
	const struct x509 *cert;
	unsigned depth; /* 0: the leaf */
	bool is_anchor;
	/* Intermediates between it and the leaf that are not self-issued (RFC 5280 section
	 * 4.2.1.9). */
	unsigned below;
};

/* The rules of this file, one after the other. */
#define TRUST_RULES_FIRST TRUST_RULE_validity
#define TRUST_RULES_LAST TRUST_RULE_usage

/* AUTH_ok, or why the certificate may not stand there by this rule. */
enum auth_reason trust_rules_apply(enum trust_rule rule, const struct trust_place *place,
				   const struct trust_policy *policy, int64_t now_s);

/* What no policy allows: AUTH_ok, AUTH_weak_key or AUTH_unsupported_algorithm. */
enum auth_reason trust_rules_key(const struct x509_key *key);
