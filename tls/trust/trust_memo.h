/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_memo.h: signatures that were found valid, so that a client that comes again costs
 * none.  One per worker, of fixed size; when it is full the one of its set that was not asked for
 * longest gives way.  It knows of nothing but signatures: dates, constraints and names are judged
 * every time.  Only successes are remembered, so nobody fills it without a CA's help, and which set an
 * entry belongs to is keyed, so nobody can aim at one. */
#pragma once

#include "base/span.h"
#include "tls/trust/x509.h"

struct trust_memo;

/* SHA-256 of all that a verification reads: two verifications with one key have one result. */
struct trust_memo_key {
	uint8_t octets[32];
};

/* Holds as many entries of 32 octets as fit into bytes, rounded down to a power of two of sets.  seed
 * is secret and random.  NULL: no memory, or bytes too few for one set. */
struct trust_memo *trust_memo_create(size_t bytes, const uint64_t seed[2]);
/* NULL is allowed. */
void trust_memo_destroy(struct trust_memo *memo);

/* digest is that of what was signed.  False: hashing failed. */
bool trust_memo_key_make(const struct x509 *cert, const struct x509_key *key, struct span digest,
			 struct trust_memo_key *ret_key);
/* All 256 bits are compared. */
bool trust_memo_knows(struct trust_memo *memo, const struct trust_memo_key *key);
/* Call it for a valid signature only. */
void trust_memo_add(struct trust_memo *memo, const struct trust_memo_key *key);
