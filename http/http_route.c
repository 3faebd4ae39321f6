/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_route.h"

bool http_route_owns_host(const struct span *hosts, size_t host_count, struct span host)
{
	for (size_t i = 0; i < host_count; i++) {
		if (span_eq_nocase(hosts[i], host))
			return true;
	}
	return host_count == 0;
}

static uint8_t hex_value(uint8_t c)
{
	return (uint8_t)(c <= '9' ? c - '0' : ascii_lower(c) - 'a' + 10);
}

/* Takes one character off *path, its escape undone.  The request's parser has seen that escapes are whole. */
static uint8_t take_char(struct span *path)
{
	uint8_t c = path->p[0];

	if (c == '%' && path->len >= 3) {
		c = (uint8_t)(hex_value(path->p[1]) * 16 + hex_value(path->p[2]));
		*path = span_skip(*path, 2);
	}
	*path = span_skip(*path, 1);
	return c;
}

static bool rule_fits(struct span rule, struct span path)
{
	/* "/api/" and "/api" are the same rule. */
	if (rule.len > 0 && rule.p[rule.len - 1] == '/')
		rule.len--;
	for (size_t i = 0; i < rule.len; i++) {
		if (path.len == 0 || take_char(&path) != rule.p[i])
			return false;
	}
	return path.len == 0 || path.p[0] == '/';
}

const struct http_rule *http_route_find(const struct http_rule *rules, size_t rule_count,
					struct span path)
{
	const struct http_rule *best = NULL;

	if (span_eq(path, SPAN_LIT("*")))
		path = SPAN_LIT("/");
	for (size_t i = 0; i < rule_count; i++) {
		if ((best == NULL || rules[i].path.len > best->path.len) &&
		    rule_fits(rules[i].path, path))
			best = &rules[i];
	}
	return best;
}
