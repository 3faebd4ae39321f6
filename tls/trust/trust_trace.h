/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_trace.h: a judgement step by step, for who wants to know why. */
#pragma once

#include "base/identity.h"
#include "tls/trust/x509.h"

enum trust_rule {
#define TRUST_RULE(name, help) TRUST_RULE_##name,
#include "tls/trust/trust_rules.def"
#undef TRUST_RULE
	TRUST_RULE_COUNT
};

/* The stable name of a rule ("validity") and what it asks. */
const char *trust_rule_name(enum trust_rule rule);
const char *trust_rule_help(enum trust_rule rule);

/* Where a certificate of a path is from. */
enum trust_source { TRUST_SOURCE_CLIENT, TRUST_SOURCE_STORE };

enum trust_result {
	TRUST_RESULT_PASS,
	TRUST_RESULT_FAIL,
	/* Not looked at: a certificate that the path has already, a signature known to be bad, or a
	 * path that cannot get further than one before it. */
	TRUST_RESULT_SKIP,
};

/* Views that live as long as the call. */
struct trust_step {
	unsigned n;                   /* counts from 0 */
	unsigned depth;               /* of cert on the path; before there is one, in the chain */
	const struct x509 *cert;      /* NULL: it was not parsed */
	enum x509_part part;          /* at fault where the rule is parse and has failed */
	const struct x509 *candidate; /* the issuer that is tried or whose key is; NULL: none */
	enum trust_source source;     /* of the candidate */
	enum trust_rule rule;
	enum trust_result result;
	enum auth_reason reason; /* AUTH_ok unless it failed */
};

struct trust_trace {
	void (*step)(void *ctx, const struct trust_step *step);
	void *ctx;
};
