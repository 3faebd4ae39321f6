/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_allow_params.h: which of the clients with a good chain a profile lets in, as
 * plain data.  Each list that is not empty must have an entry for the leaf. */
#pragma once

#include "base/span.h"

/* A kind of subjectAltName. */
enum trust_name_kind { TRUST_NAME_DNS, TRUST_NAME_URI, TRUST_NAME_EMAIL, TRUST_NAME_IP };

/* Parts of a name end where its kind has them end: host names at a period, email addresses also at
 * "@", URIs at "/"; so the suffix example.com does not fit evil-example.com. */
enum trust_name_match { TRUST_MATCH_EXACT, TRUST_MATCH_PREFIX, TRUST_MATCH_SUFFIX };

struct trust_allow_name {
	enum trust_name_kind kind;
	enum trust_name_match match;
	/* Characters, not empty.  IP: 4 or 16 octets; for a prefix followed by a mask of as many. A
	 * suffix of addresses fits none. */
	struct span value;
};

/* Most names that a profile may list: each is compared with each name of a leaf. */
#define TRUST_ALLOW_NAMES_MAX 64
/* Most leaves. */
#define TRUST_ALLOW_LEAVES_MAX 4096

#define TRUST_SHA256_OCTETS 32

struct trust_allow {
	const struct trust_allow_name *names;
	size_t name_count;
	/* SPIFFE trust domain: the leaf is an X.509-SVID of it.  Empty: any or none. */
	struct span spiffe_trust_domain;
	/* SHA-256 of leaves, in ascending order (trust_allow_sort()). */
	const uint8_t (*leaf_sha256)[TRUST_SHA256_OCTETS];
	size_t leaf_count;
};
