/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust.h: the one place where a client's chain is judged (RFC 5280 section 6, and
 * stricter).  Pure: bytes and time in, a verdict and its reason out.  wolfCrypt checks
 * signatures and nothing else. */
#pragma once

#include "base/err.h"
#include "base/identity.h"
#include "base/outbuf.h"

/* More certificates than this from a client: chain_too_long. */
#define TRUST_CHAIN_MAX 10
/* More bytes of certificates than this from a client: too_large. */
#define TRUST_CHAIN_BYTES_MAX 32768

/* As presented, leaf first.  Views into the handshake's memory. */
struct trust_chain {
	struct span cert[TRUST_CHAIN_MAX];
	unsigned count;
	bool too_long; /* the client sent more than fit */
};

struct trust_verdict {
	enum auth_reason reason; /* AUTH_ok: accepted; nothing else is */
	unsigned depth;          /* which certificate failed: 0 is the leaf */
	int64_t expires_s;       /* accepted: the earliest notAfter on the path */
};

struct trust_store;

/* Reads PEM files of CA certificates.  Several roots and intermediates may stand in one file; a
 * file without a CA certificate, or with a private key, is an error that names the file.
 * Immutable afterwards, shared by all workers. */
MUST_CHECK enum gw_err trust_store_load(const char *const *files, size_t file_count,
					struct err_note *note, struct trust_store **ret_store);
void trust_store_destroy(struct trust_store *store);

/* Judges a chain at now_s (seconds since 1970 UTC).  Bounded work: cheap checks first, at most
 * one signature verification per certificate of the chain plus the root's candidates.  heap is
 * the wolfCrypt heap hint of the calling worker. The verdict is always written. */
void trust_judge(const struct trust_store *store, const struct trust_chain *chain, int64_t now_s,
		 void *heap, struct trust_verdict *ret_verdict);

/* Describes a leaf.  DN texts are written into storage, spans of ret_identity point there and
 * into leaf_der.  False when the certificate cannot be parsed or storage is too small
 * (TRUST_IDENTITY_STORAGE_BYTES always suffices for a certificate of at most
 * TRUST_CHAIN_BYTES_MAX). */
#define TRUST_IDENTITY_STORAGE_BYTES (8 * TRUST_CHAIN_BYTES_MAX)
bool trust_identity_describe(struct span leaf_der, struct outbuf *storage,
			     struct peer_identity *ret_identity);
