/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust.h: the one place where a client's chain is judged (RFC 5280 section 6, and
 * stricter).  Pure: bytes and time in, a verdict and its reasons out.  wolfCrypt checks
 * signatures and nothing else. */
#pragma once

#include "base/err.h"
#include "base/identity.h"
#include "base/outbuf.h"
#include "tls/trust/trust_params.h"
#include "tls/trust/trust_trace.h"

/* As presented, leaf first.  Views into the handshake's memory. */
struct trust_chain {
	struct span cert[TRUST_CHAIN_MAX];
	unsigned count;
	bool too_long; /* the client sent more than fit */
};

struct trust_memo;
struct trust_store;

/* One judgement: all of it outlives the call. */
struct trust_request {
	const struct trust_store *store;
	const struct trust_policy *policy;
	const struct trust_chain *chain;
	int64_t now_s;           /* since 1970 UTC */
	void *heap;              /* wolfCrypt's heap hint of the calling worker; NULL: none */
	struct trust_memo *memo; /* of the calling worker; NULL: none */
	const struct trust_trace *trace; /* NULL: silent */
};

/* What a judgement did; each is at most its limit. */
struct trust_work {
	unsigned candidates; /* issuers tried as the next of a path */
	unsigned signatures; /* computed with */
	unsigned memo_hits;  /* not computed with: the memo knew them to be valid */
	unsigned names;      /* and subtrees looked at, long ones by their length (trust_look.h) */
	unsigned policies;   /* entered into sets of policies */
	unsigned bytes;      /* of presented certificates that were read */
};

struct trust_path_entry {
	enum trust_source source;
	unsigned idx; /* among the presented ones, or in the store */
};

/* Certificates from a leaf to an anchor, both included. */
#define TRUST_PATH_MAX (TRUST_DEPTH_MAX + 2)

struct trust_verdict {
	enum auth_reason reason; /* AUTH_ok: accepted; nothing else is */
	unsigned depth;          /* which certificate of the path failed: 0 is the leaf */
	int64_t expires_s;       /* accepted: the earliest notAfter on the path */
	struct trust_work work;
	/* The accepted path, leaf first; empty when refused. */
	struct trust_path_entry path[TRUST_PATH_MAX];
	unsigned path_count;
};

/* Judges a chain.  Candidates for a path are the presented certificates, in any order, and those
 * of the store; key identifiers decide who is tried first and nothing else.  Bounded work: cheap
 * checks first, signatures last, from the anchor downwards, no more of anything than the
 * policy's limits; if a valid path can be found within them it is.
 *
 * Of all candidate paths the one that got furthest by the order of trust_rules.def is reported,
 * of several the first; within it the first failed rule, nearest to the leaf.
 *
 * The verdict is always written. */
void trust_judge(const struct trust_request *rq, struct trust_verdict *ret_verdict);

/* Describes a leaf.  DN texts are written into storage, spans of ret_identity point there and
 * into leaf_der.  False when the certificate cannot be parsed or storage is too small
 * (TRUST_IDENTITY_STORAGE_BYTES always suffices for a certificate of at most
 * TRUST_CHAIN_BYTES_MAX). */
#define TRUST_IDENTITY_STORAGE_BYTES (8 * TRUST_CHAIN_BYTES_MAX)
bool trust_identity_describe(struct span leaf_der, struct outbuf *storage,
			     struct peer_identity *ret_identity);
