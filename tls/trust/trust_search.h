/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_search.h: looks for a path from the leaf to an anchor (RFC 4158).  Depth first, from
 * the leaf upwards.  First for a path that is accepted; if there is none, again for the reason.  Two
 * things keep it from getting lost in a forest of cross-signed certificates:
 * where a presented certificate is tried, some chain of sound issuers that are not yet on the path leads
 * on to the store; and a signature that was found bad is not built upon again.  So each path that is
 * completed is accepted, or tells something new about a signature, or fails for something that only a
 * whole path can show: its path lengths, names or policies.
 *
 * A certificate of the store is continued with certificates of the store alone: whoever may stand
 * between two of them the operator has said.  A presented copy of it is a presented certificate: what
 * the store has must not hide a way that is good without it.
 *
 * Signatures are verified from the anchor downwards, after everything else: no key is computed with
 * before a key that we trust has vouched for it, so a stranger cannot make us do more than one
 * verification for each certificate that he presents and each of the store that bears the name of its
 * issuer. */
#pragma once

#include "tls/trust/trust_presented.h"

/* A signature of a presented certificate and what came of it. */
struct trust_link {
	unsigned child; /* presented */
	struct trust_path_entry issuer;
	bool is_valid;
};

/* One more of them, known to the memo or not: search_limit. */
#define TRUST_LINKS_MAX TRUST_SIGNATURES_MAX

struct trust_path {
	const struct x509 *cert[TRUST_PATH_MAX]; /* leaf first */
	struct trust_path_entry entry[TRUST_PATH_MAX];
	unsigned count;
};

struct trust_search {
	const struct trust_request *rq;
	struct trust_presented presented;
	uint32_t to_store; /* presented ones with a sound issuer in the store, as far as is known */
	uint32_t on_path;  /* presented ones */
	struct trust_path path;
	struct trust_link links[TRUST_LINKS_MAX];
	unsigned link_count;
	/* The certificate at this depth has another issuer than the path says: go back to it. */
	unsigned back_to;
	bool limit_hit;
	/* The profile lets the leaf in: AUTH_ok. */
	bool allowed_is_known;
	enum auth_reason allowed;
	/* None is accepted; what is left of the candidates goes into finding the path that got
	 * furthest, now also over unsound issuers and where none leads to the store. */
	bool is_for_reason;
	unsigned step_count;
	struct trust_work work;
	struct trust_verdict verdict; /* acceptance, or why the furthest path failed */
	unsigned progress;            /* of that path */
};

/* The verdict over rq->chain, which has at least one certificate. */
void trust_search_run(struct trust_search *s, const struct trust_request *rq);
