/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_memo.h"

#include <stdlib.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/sha256.h>

#include "base/siphash.h"

#define WAYS 8

/* The one asked for last is the first. */
struct set {
	struct trust_memo_key way[WAYS];
};

struct trust_memo {
	uint64_t seed[2];
	size_t set_mask;
	struct set sets[];
};

struct trust_memo *trust_memo_create(size_t bytes, const uint64_t seed[2])
{
	struct trust_memo *memo;
	size_t set_count = 1;

	if (bytes < sizeof(struct set))
		return NULL;
	while (2 * set_count * sizeof(struct set) <= bytes)
		set_count *= 2;
	/* Zeros are no entry: nobody knows of what they are the SHA-256. */
	memo = calloc(1, sizeof(*memo) + set_count * sizeof(struct set));
	if (memo == NULL)
		return NULL;
	memo->seed[0] = seed[0];
	memo->seed[1] = seed[1];
	memo->set_mask = set_count - 1;
	return memo;
}

void trust_memo_destroy(struct trust_memo *memo)
{
	free(memo);
}

/* A part behind its length, so that no two rows of parts read the same. */
static bool part_hash(wc_Sha256 *sha, struct span part)
{
	const uint8_t len[4] = {(uint8_t)(part.len >> 24), (uint8_t)(part.len >> 16),
				(uint8_t)(part.len >> 8), (uint8_t)part.len};

	return wc_Sha256Update(sha, len, sizeof(len)) == 0 &&
	       (part.len == 0 || wc_Sha256Update(sha, part.p, (word32)part.len) == 0);
}

bool trust_memo_key_make(const struct x509 *cert, const struct x509_key *key, struct span digest,
			 struct trust_memo_key *ret_key)
{
	const uint8_t algorithm[] = {(uint8_t)cert->sig_alg.kind, (uint8_t)cert->sig_alg.digest,
				     cert->sig_alg.is_pss, (uint8_t)key->kind, (uint8_t)key->curve};
	wc_Sha256 sha;
	bool ok;

	if (wc_InitSha256(&sha) != 0)
		return false;
	ok = part_hash(&sha, SPAN(algorithm)) && part_hash(&sha, key->modulus) &&
	     part_hash(&sha, key->exponent) && part_hash(&sha, key->point) &&
	     part_hash(&sha, digest) && part_hash(&sha, cert->signature) &&
	     wc_Sha256Final(&sha, ret_key->octets) == 0;
	wc_Sha256Free(&sha);
	return ok;
}

static struct set *set_of(struct trust_memo *memo, const struct trust_memo_key *key)
{
	return &memo->sets[siphash24(memo->seed, SPAN(key->octets)) & memo->set_mask];
}

/* Puts a key in front of the first n ways; the last of them is gone. */
static void put_first(struct set *set, unsigned n, const struct trust_memo_key *key)
{
	memmove(&set->way[1], &set->way[0], (n - 1) * sizeof(set->way[0]));
	set->way[0] = *key;
}

bool trust_memo_knows(struct trust_memo *memo, const struct trust_memo_key *key)
{
	struct set *set = set_of(memo, key);

	for (unsigned i = 0; i < WAYS; i++) {
		if (memcmp(set->way[i].octets, key->octets, sizeof(key->octets)) == 0) {
			put_first(set, i + 1, key);
			return true;
		}
	}
	return false;
}

void trust_memo_add(struct trust_memo *memo, const struct trust_memo_key *key)
{
	put_first(set_of(memo, key), WAYS, key);
}
