/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_search.h"

void trust_judge(const struct trust_request *rq, struct trust_verdict *ret_verdict)
{
	struct trust_search search;

	if (rq->chain->count == 0) {
		*ret_verdict = (struct trust_verdict){.reason = AUTH_no_certificate};
		return;
	}
	trust_search_run(&search, rq);
	*ret_verdict = search.verdict;
	ret_verdict->work = search.work;
}
