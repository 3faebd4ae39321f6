/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/header_rules.h"

enum rule_from { CLIENT, ANYONE };
enum rule_match { EXACT, PREFIX };

static const struct header_rule {
	enum rule_from from;
	enum rule_match match;
	struct span name;
} rules[] = {
#define HEADER_RULE(from, match, name) {from, match, {(const uint8_t *)(name), sizeof(name) - 1}},
#include "http/header_rules.def"
#undef HEADER_RULE
};

static uint8_t fold(uint8_t c)
{
	c = ascii_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
}

static bool rule_fits(const struct header_rule *rule, struct span name)
{
	if (rule->match == EXACT ? name.len != rule->name.len : name.len < rule->name.len)
		return false;
	for (size_t i = 0; i < rule->name.len; i++) {
		if (fold(name.p[i]) != rule->name.p[i])
			return false;
	}
	return true;
}

bool header_rules_strip_request(struct span name)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rule_fits(&rules[i], name))
			return true;
	}
	return false;
}

bool header_rules_strip_response(struct span name)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].from == ANYONE && rule_fits(&rules[i], name))
			return true;
	}
	return false;
}
