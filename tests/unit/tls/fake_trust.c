/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tls/fake_trust.h"

struct fake_trust fake_trust = {.answer = AUTH_ok};

void trust_judge(const struct trust_request *rq, struct trust_verdict *ret_verdict)
{
	fake_trust.call_count++;
	fake_trust.chain_count = rq->chain->count;
	fake_trust.too_long = rq->chain->too_long;
	fake_trust.now_s = rq->now_s;
	if (fake_trust.on_judge != NULL)
		fake_trust.on_judge(rq->heap);
	*ret_verdict = (struct trust_verdict){
		.reason = fake_trust.answer,
		.expires_s = fake_trust.expires_s,
	};
}
