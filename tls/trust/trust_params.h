/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_params.h: what a profile asks of its clients' chains beside being valid, and how
 * much work a judgement may cost, as plain data. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tls/trust/trust_allow_params.h"

/* Most certificates a client may present, whatever a profile allows: storage is sized for it. */
#define TRUST_CHAIN_MAX 16
/* Most octets of them, whatever a profile allows. */
#define TRUST_CHAIN_BYTES_MAX 65536
/* Most intermediates on a path, whatever a profile allows. */
#define TRUST_DEPTH_MAX 16
/* Most candidates tried for one judgement, whatever a profile allows. */
#define TRUST_CANDIDATES_MAX 4096
/* Most signatures verified for one judgement, whatever a profile allows. */
#define TRUST_SIGNATURES_MAX 256
/* Most names and subtrees looked at for one judgement, whatever a profile allows. */
#define TRUST_NAMES_MAX 200000
/* Most policies entered into sets for one judgement, whatever a profile allows. */
#define TRUST_POLICIES_MAX 10000

/* Digests of signatures: bits of trust_policy.digests, one for each enum x509_digest. */
enum trust_digest {
	TRUST_DIGEST_SHA256 = 1 << 3,
	TRUST_DIGEST_SHA384 = 1 << 4,
	TRUST_DIGEST_SHA512 = 1 << 5,
};

/* Of one judgement, all candidate paths together. */
struct trust_limits {
	unsigned certificates; /* presented; more: chain_too_long */
	unsigned bytes;        /* of them; more: too_large */
	unsigned candidates;   /* issuers tried as the next of a path; more: search_limit */
	unsigned signatures;   /* verified; more: search_limit */
	unsigned names; /* and subtrees looked at, long ones by their length; more: search_limit */
	unsigned policies; /* entered into sets of policies; more: search_limit */
};

struct trust_policy {
	bool verify_issuer_dn;    /* the leaf's issuer is one that the store pins, else
				  issuer_not_pinned */
	unsigned verify_depth;    /* most intermediates between leaf and anchor, self-issued ones
				  included; a longer path: chain_too_long */
	unsigned rsa_bits_min;    /* a shorter modulus anywhere on the path: weak_key */
	unsigned ec_bits_min;     /* the same for curves (256, 384, 521); Ed25519 counts as 256 */
	unsigned digests;         /* allowed, as enum trust_digest; another: weak_digest */
	struct trust_allow allow; /* another leaf: name_not_allowed */
	struct trust_limits limits;
};

struct trust_policy trust_policy_default(void);
