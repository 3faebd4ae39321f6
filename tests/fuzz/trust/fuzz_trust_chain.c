/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A presented chain (chain_from_input()) judged against the folder roots.  The verdict is whole and
 * the same again; of an accepted chain, the leaf is refused as soon as one bit of what was
 * signed differs. */
#include <string.h>

#include "base/assert.h"
#include "tests/support/trust_files.h"
#include "tls/trust/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct trust_store *store;
static uint8_t leaf[TRUST_CHAIN_BYTES_MAX];

static struct trust_verdict judged(const struct trust_chain *chain)
{
	struct trust_verdict verdict;

	memset(&verdict, 0xff, sizeof(verdict));
	judge(store, chain, CORPUS_NOW_S, &verdict);
	GW_ASSERT(verdict.reason < AUTH_REASON_COUNT);
	GW_ASSERT(verdict.depth < TRUST_PATH_MAX);
	return verdict;
}

static void check_changed_leaf(struct trust_chain *chain)
{
	struct x509 cert;
	size_t at;

	GW_ASSERT(chain->cert[0].len <= sizeof(leaf));
	GW_ASSERT(x509_parse(chain->cert[0], &cert) == AUTH_ok);
	memcpy(leaf, chain->cert[0].p, chain->cert[0].len);
	at = (size_t)(cert.serial.p - chain->cert[0].p) + cert.serial.len - 1;
	leaf[at] ^= 1;
	chain->cert[0].p = leaf;
	GW_ASSERT(judged(chain).reason != AUTH_ok);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct trust_verdict first, second;
	struct trust_chain chain;

	if (store == NULL)
		store = corpus_store_load();
	chain_from_input(span_of(data, len), &chain);
	first = judged(&chain);
	second = judged(&chain);
	GW_ASSERT(first.reason == second.reason && first.depth == second.depth);
	if (first.reason != AUTH_ok)
		return 0;
	GW_ASSERT(first.expires_s >= CORPUS_NOW_S && first.expires_s == second.expires_s);
	check_changed_leaf(&chain);
	return 0;
}
