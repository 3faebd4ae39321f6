/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/tls/fake_trust.h: stands in for trust_judge(): gives the answer that the test set, and
 * remembers what it was asked. The tests of tls_session are about when a chain is judged and what a
 * verdict does; whether it is right is for the tests of tls/trust. */
#pragma once

#include "tls/trust/trust.h"

struct fake_trust {
	enum auth_reason answer;
	int64_t expires_s; /* of an acceptance */
	unsigned call_count;
	unsigned chain_count; /* of the last call */
	bool too_long;
	int64_t now_s;
	void (*on_judge)(void *heap); /* called before the answer is given, unless NULL */
};
extern struct fake_trust fake_trust;
