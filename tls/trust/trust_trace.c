/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_trace.h"

static const struct {
	const char *name, *help;
} rules[TRUST_RULE_COUNT] = {
#define TRUST_RULE(name, help) {#name, help},
#include "tls/trust/trust_rules.def"
#undef TRUST_RULE
};

const char *trust_rule_name(enum trust_rule rule)
{
	return rules[rule].name;
}

const char *trust_rule_help(enum trust_rule rule)
{
	return rules[rule].help;
}
