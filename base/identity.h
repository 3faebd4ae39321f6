/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/identity.h: who the peer is, as plain data, the one thing that passes from the trust side to the HTTP
 * side.  Spans point into storage of whoever made it and live as long as that says. */
#pragma once

#include <stdint.h>

#include "base/span.h"

enum auth_reason {
#define AUTH_REASON(name, help, azure, aws, gcp) AUTH_##name,
#include "base/auth_reasons.def"
#undef AUTH_REASON
	AUTH_REASON_COUNT
};

/* The stable name of a reason ("unknown_issuer") and its explanation. */
const char *auth_reason_name(enum auth_reason reason);
const char *auth_reason_help(enum auth_reason reason);
/* What the gateways of others call it; empty where they have no word for it. */
const char *auth_reason_azure(enum auth_reason reason);
const char *auth_reason_aws(enum auth_reason reason);
const char *auth_reason_gcp(enum auth_reason reason);

/* How far a peer's certificate says who it is. */
enum peer_standing {
	PEER_ANONYMOUS, /* it presented none, and need not have */
	PEER_REFUSED,   /* a reason says why */
	PEER_UNJUDGED,  /* it has the certificate's key; nobody has judged the certificate */
	PEER_VERIFIED,
};

struct peer_identity {
	enum peer_standing standing;
	struct span
		leaf_der; /* the certificate as presented; empty for PEER_ANONYMOUS, and so is the rest */
	struct span subject_dn; /* RFC 2253 text, any length: "CN=device-7,O=Partner,C=SE" */
	struct span issuer_dn;
	struct span serial;   /* content octets of the INTEGER, big-endian, without sign padding */
	int64_t not_before_s; /* seconds since 1970-01-01 UTC */
	int64_t not_after_s;
	uint8_t sha1[20];
	uint8_t sha256[32];
};
