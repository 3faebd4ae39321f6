/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "http/http_route.h"

static const struct http_rule rules[] = {
	{.path = {(const uint8_t *)"/api", 4}, .pool_idx = 1},
	{.path = {(const uint8_t *)"/api/v2/", 8}, .pool_idx = 2},
	{.path = {(const uint8_t *)"/admin", 6}, .pool_idx = 3},
};

static unsigned pool_of(const char *path)
{
	const struct http_rule *rule = http_route_find(rules, 3, span_str(path));

	return rule != NULL ? rule->pool_idx : 0;
}

Test(http_route, longest_prefix_wins)
{
	cr_assert_eq(pool_of("/api"), 1);
	cr_assert_eq(pool_of("/api/x"), 1);
	cr_assert_eq(pool_of("/api/v2"), 2);
	cr_assert_eq(pool_of("/api/v2/x"), 2);
}

Test(http_route, prefix_ends_at_a_segment)
{
	cr_assert_eq(pool_of("/apix"), 0);
	cr_assert_eq(pool_of("/ap"), 0);
	cr_assert_eq(pool_of("/api/v20"), 1);
}

Test(http_route, case_matters)
{
	cr_assert_eq(pool_of("/API"), 0);
}

Test(http_route, no_rule_is_no_pool)
{
	cr_assert_eq(pool_of("/"), 0);
	cr_assert_null(http_route_find(rules, 0, SPAN_LIT("/")));
}

/* A backend decodes "%61" to 'a': it must not see a path that other rules guard. */
Test(http_route, escaped_letters_do_not_evade_a_rule)
{
	cr_assert_eq(pool_of("/%61dmin"), 3);
	cr_assert_eq(pool_of("/a%64min/x"), 3);
	cr_assert_eq(pool_of("/%61%64%6D%69%6e"), 3);
	cr_assert_eq(pool_of("/admin%20"), 0);
}

Test(http_route, root_rule_takes_everything)
{
	const struct http_rule root = {.path = SPAN_LIT("/"), .pool_idx = 7};

	cr_assert_eq(http_route_find(&root, 1, SPAN_LIT("/")), &root);
	cr_assert_eq(http_route_find(&root, 1, SPAN_LIT("/x/y")), &root);
	cr_assert_eq(http_route_find(&root, 1, SPAN_LIT("*")), &root);
}

Test(http_route, asterisk_needs_the_root_rule)
{
	cr_assert_eq(pool_of("*"), 0);
}

Test(http_route, host_is_one_of_the_listener_s_in_any_case)
{
	const struct span hosts[] = {SPAN_LIT("a.example"), SPAN_LIT("b.example")};

	cr_assert(http_route_owns_host(hosts, 2, SPAN_LIT("B.Example")));
	cr_assert_not(http_route_owns_host(hosts, 2, SPAN_LIT("c.example")));
	cr_assert_not(http_route_owns_host(hosts, 2, SPAN_LIT("a.example.")));
	cr_assert_not(http_route_owns_host(hosts, 2, SPAN_LIT("x.a.example")));
	cr_assert(http_route_owns_host(NULL, 0, SPAN_LIT("c.example")));
}
