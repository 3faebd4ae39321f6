/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tls/fake_trust.h"

struct fake_trust fake_trust = {.answer = AUTH_ok};

void trust_judge(const struct trust_store *store, const struct trust_chain *chain, int64_t now_s,
		 void *heap, struct trust_verdict *ret_verdict)
{
	(void)store;
	fake_trust.call_count++;
	fake_trust.chain_count = chain->count;
	fake_trust.too_long = chain->too_long;
	fake_trust.now_s = now_s;
	if (fake_trust.on_judge != NULL)
		fake_trust.on_judge(heap);
	*ret_verdict = (struct trust_verdict){
		.reason = fake_trust.answer,
		.expires_s = fake_trust.expires_s,
	};
}
