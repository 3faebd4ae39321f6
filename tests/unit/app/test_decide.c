/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "app/gateway/decide.h"

static const char *hosts[] = {"api.example"};
static struct ip4_prefix allowed[] = {{{0xc6120000}, 24}};
static struct http_rule rules[] = {{SPAN_LIT("/api"), 7}};

static struct listener_config config = {
	.hosts = hosts,
	.host_count = 1,
	.allow_from = allowed,
	.allow_from_count = 1,
};

static struct listener listener = {
	.config = &config,
	.rules = rules,
	.rule_count = 1,
};

static struct http_request request(const char *host, const char *path)
{
	return (struct http_request){.host = span_str(host), .path = span_str(path)};
}

Test(decide, accepted_client_reaches_the_pool_of_its_path)
{
	struct http_request r = request("api.example", "/api/x");
	unsigned pool_idx = 0;

	cr_assert_eq(decide(&listener, true, AUTH_ok, &r, &pool_idx), HTTP_REFUSAL_none);
	cr_assert_eq(pool_idx, 7);
}

Test(decide, refused_client_reaches_nothing_whatever_it_asks)
{
	struct http_request r = request("api.example", "/api/x");
	unsigned pool_idx = 0;

	for (int reason = AUTH_no_certificate; reason < AUTH_REASON_COUNT; reason++)
		cr_assert_neq(decide(&listener, false, (enum auth_reason)reason, &r, &pool_idx),
			      HTTP_REFUSAL_none);
	cr_assert_neq(decide(&listener, false, AUTH_ok, &r, &pool_idx), HTTP_REFUSAL_none);
	cr_assert_eq(pool_idx, 0);
}

Test(decide, missing_certificate_has_its_own_page)
{
	struct http_request r = request("api.example", "/api");
	unsigned pool_idx;

	cr_assert_eq(decide(&listener, false, AUTH_no_certificate, &r, &pool_idx),
		     HTTP_REFUSAL_client_no_certificate);
	cr_assert_eq(decide(&listener, false, AUTH_expired, &r, &pool_idx),
		     HTTP_REFUSAL_client_certificate_refused);
}

Test(decide, stranger_learns_nothing_about_hosts_and_paths)
{
	struct http_request r = request("other.example", "/nowhere");
	unsigned pool_idx;

	cr_assert_eq(decide(&listener, false, AUTH_unknown_issuer, &r, &pool_idx),
		     HTTP_REFUSAL_client_certificate_refused);
}

Test(decide, foreign_host_is_misdirected)
{
	struct http_request r = request("other.example", "/api");
	unsigned pool_idx;

	cr_assert_eq(decide(&listener, true, AUTH_ok, &r, &pool_idx), HTTP_REFUSAL_host_mismatch);
	r = request("API.Example", "/api");
	cr_assert_eq(decide(&listener, true, AUTH_ok, &r, &pool_idx), HTTP_REFUSAL_none);
}

Test(decide, path_without_rule_is_not_found)
{
	struct http_request r = request("api.example", "/apix");
	unsigned pool_idx;

	cr_assert_eq(decide(&listener, true, AUTH_ok, &r, &pool_idx), HTTP_REFUSAL_host_not_found);
}

Test(decide, allow_from_is_by_prefix)
{
	cr_assert(listener_allows(&listener, (struct ip4){0xc6120002}));
	cr_assert_not(listener_allows(&listener, (struct ip4){0xc6120102}));
}

Test(decide, server_name_chooses_the_listener_and_unknown_ones_the_default_if_any)
{
	const struct listener *members[] = {&listener};
	struct listener other = listener;
	struct listener_group group = {.listeners = members, .listener_count = 1};

	cr_assert_eq(listener_group_choose(&group, "api.example"), &listener);
	cr_assert_null(listener_group_choose(&group, "other.example"));
	cr_assert_null(listener_group_choose(&group, NULL));
	group.fallback = &other;
	cr_assert_eq(listener_group_choose(&group, "other.example"), &other);
	cr_assert_eq(listener_group_choose(&group, NULL), &other);
}
