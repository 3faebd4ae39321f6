/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_rules.h: everything a path must satisfy except its signatures (RFC 5280
 * section 6.1 and stricter). Cheap, so all of it comes before the first signature.  Where
 * readers of RFC 5280 differ, we take this side: - an absent keyUsage or extendedKeyUsage allows
 * everything (sections 4.2.1.3, 4.2.1.12); a present   extendedKeyUsage must name clientAuth, on
 * every certificate of the path: anyExtendedKeyUsage is not enough; - a root is held to the same
 * rules as an intermediate, its validity and path length included; only the digest of   its
 * signature by itself does not matter; - an extension that narrows what a CA may certify and
 * that we do not apply is refused, critical or not. */
#pragma once

#include "tls/trust/trust.h"
#include "tls/trust/trust_sig.h"

#define TRUST_RSA_BITS_MIN 2048
/* A longer public exponent would multiply the work of a verification: unsupported. */
#define TRUST_RSA_EXPONENT_OCTETS_MAX 4

struct trust_path {
	const struct x509 *cert[TRUST_PATH_MAX]; /* leaf first */
	unsigned count;
};

struct trust_finding {
	enum auth_reason reason;
	unsigned depth;    /* of the certificate that failed */
	unsigned progress; /* how many kinds of rules were passed before it */
};

/* Kinds of rules: how far a path can get here. */
#define TRUST_RULE_KINDS 4

/* Applies the rules in the order of their kinds: validity, key and digest policy, constraints,
 * usage; within a kind from the leaf upwards.  The first that fails is the finding; AUTH_ok
 * when none does. */
struct trust_finding trust_rules_apply(const struct trust_path *path,
				       const struct trust_policy *policy, int64_t now_s);

/* What no policy allows: AUTH_ok, AUTH_weak_key or AUTH_unsupported_algorithm. */
enum auth_reason trust_rules_key(const struct x509_key *key);
