/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "app/gateway/decide.h"

#include "base/assert.h"

static const char *hosts[] = {"api.example"};
static const char *wild_hosts[] = {"*.example", "*.deep.example"};
static struct ip4_prefix allowed[] = {{{0xc6120000}, 24}};
static struct http_rule rules[] = {{SPAN_LIT("/api"), 7}};
static const struct tls_profile require = {.client_auth = CLIENT_AUTH_REQUIRE};
static const struct tls_profile off = {.client_auth = CLIENT_AUTH_OFF};

static struct listener_config config = {
	.hosts = hosts,
	.host_count = 1,
	.allow_from = allowed,
	.allow_from_count = 1,
};
static struct listener_config wild_config = {.hosts = wild_hosts, .host_count = 2};
static struct listener_config any_config = {.is_default = true};

static struct listener_group group;
static struct listener listener, wild, any;

/* An address with a listener of one name, one of wildcards, and one that takes the rest. */
static void open_group(void)
{
	listener = (struct listener){.config = &config,
				     .group = &group,
				     .profile = &require,
				     .rules = rules,
				     .rule_count = 1};
	wild = listener;
	wild.config = &wild_config;
	any = listener;
	any.config = &any_config;
	group = (struct listener_group){.first = &listener};
	cr_assert_eq(host_table_init(&group.hosts, 3), GW_ERR_OK);
	cr_assert(host_table_add(&group.hosts, span_str(hosts[0]), &listener));
	for (size_t i = 0; i < 2; i++)
		cr_assert(host_table_add(&group.hosts, span_str(wild_hosts[i]), &wild));
}

static void close_group(void)
{
	host_table_fini(&group.hosts);
}

TestSuite(decide, .init = open_group, .fini = close_group);

static struct http_request request(const char *host, const char *path)
{
	return (struct http_request){
		.method = SPAN_LIT("GET"), .host = span_str(host), .path = span_str(path)};
}

static enum http_refusal refusal_of(const struct listener *l, const char *host, const char *path)
{
	struct http_request r = request(host, path);
	struct decision d = decide(l, true, AUTH_ok, &r);

	cr_assert_eq(d.kind == DECISION_REFUSE, d.refusal != HTTP_REFUSAL_none);
	return d.refusal;
}

Test(decide, accepted_client_reaches_the_pool_of_its_path)
{
	struct http_request r = request("api.example", "/api/x");
	struct decision d = decide(&listener, true, AUTH_ok, &r);

	cr_assert_eq(d.kind, DECISION_FORWARD);
	cr_assert_eq(d.pool_idx, 7);
}

Test(decide, refused_client_reaches_nothing_whatever_it_asks)
{
	struct http_request r = request("api.example", "/api/x");

	for (int reason = AUTH_no_certificate; reason < AUTH_REASON_COUNT; reason++)
		cr_assert_eq(decide(&listener, false, (enum auth_reason)reason, &r).kind,
			     DECISION_REFUSE);
	cr_assert_eq(decide(&listener, false, AUTH_ok, &r).kind, DECISION_REFUSE);
}

Test(decide, missing_certificate_has_its_own_page)
{
	struct http_request r = request("api.example", "/api");

	cr_assert_eq(decide(&listener, false, AUTH_no_certificate, &r).refusal,
		     HTTP_REFUSAL_client_no_certificate);
	cr_assert_eq(decide(&listener, false, AUTH_expired, &r).refusal,
		     HTTP_REFUSAL_client_certificate_refused);
}

Test(decide, stranger_learns_nothing_about_hosts_and_paths)
{
	struct http_request r = request("other.example", "/nowhere");

	cr_assert_eq(decide(&listener, false, AUTH_unknown_issuer, &r).refusal,
		     HTTP_REFUSAL_client_certificate_refused);
}

Test(decide, foreign_host_is_misdirected)
{
	cr_assert_eq(refusal_of(&listener, "other.example", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&listener, "api.example.", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&listener, "API.Example", "/api"), HTTP_REFUSAL_none);
}

Test(decide, name_of_another_listener_is_misdirected_although_a_wildcard_covers_it)
{
	cr_assert_eq(refusal_of(&wild, "other.example", "/api"), HTTP_REFUSAL_none);
	cr_assert_eq(refusal_of(&wild, "api.example", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&wild, "API.EXAMPLE", "/api"), HTTP_REFUSAL_host_mismatch);
}

Test(decide, name_of_another_listener_is_misdirected_where_any_host_is_served)
{
	cr_assert_eq(refusal_of(&any, "198.18.0.1", "/api"), HTTP_REFUSAL_none);
	cr_assert_eq(refusal_of(&any, "else.where", "/api"), HTTP_REFUSAL_none);
	cr_assert_eq(refusal_of(&any, "api.example", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&any, "api.example.", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&any, "other.example", "/api"), HTTP_REFUSAL_host_mismatch);
}

Test(decide, wildcard_covers_one_label)
{
	cr_assert_eq(refusal_of(&wild, "example", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&wild, ".example", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&wild, "a.b.example", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&wild, "a.deep.example", "/api"), HTTP_REFUSAL_none);
	cr_assert_eq(refusal_of(&wild, "a.b.deep.example", "/api"), HTTP_REFUSAL_host_mismatch);
	cr_assert_eq(refusal_of(&wild, "*.example", "/api"), HTTP_REFUSAL_host_mismatch);
}

Test(decide, path_without_rule_is_not_found)
{
	cr_assert_eq(refusal_of(&listener, "api.example", "/apix"), HTTP_REFUSAL_host_not_found);
}

Test(decide, redirect_is_for_the_hosts_of_the_listener)
{
	struct listener_config redirecting = {
		.hosts = hosts, .host_count = 1, .is_plain = true, .redirect_https = true};
	struct http_request r = request("api.example", "/api");

	listener.config = &redirecting;
	listener.profile = NULL;
	cr_assert_eq(decide(&listener, true, AUTH_no_certificate, &r).kind, DECISION_REDIRECT);
	r.host = SPAN_LIT("evil.test");
	cr_assert_eq(decide(&listener, true, AUTH_no_certificate, &r).refusal,
		     HTTP_REFUSAL_host_mismatch);
}

Test(decide, health_page_is_answered_whatever_the_host_but_never_where_certificates_are_asked_for)
{
	struct listener_config healthy = config;
	struct http_request r = request("198.18.0.1", "/health");

	healthy.health = "/health";
	listener.config = &healthy;
	cr_assert_eq(decide(&listener, true, AUTH_ok, &r).refusal, HTTP_REFUSAL_host_mismatch);
	listener.profile = &off;
	cr_assert_eq(decide(&listener, true, AUTH_no_certificate, &r).kind, DECISION_HEALTH);
	listener.profile = NULL;
	cr_assert_eq(decide(&listener, true, AUTH_no_certificate, &r).kind, DECISION_HEALTH);
	r.path = SPAN_LIT("/health/x");
	cr_assert_eq(decide(&listener, true, AUTH_no_certificate, &r).kind, DECISION_REFUSE);
	r = request("198.18.0.1", "/health");
	r.method = SPAN_LIT("POST");
	cr_assert_eq(decide(&listener, true, AUTH_no_certificate, &r).kind, DECISION_REFUSE);
}

Test(decide, allow_from_is_by_prefix)
{
	cr_assert(listener_allows(&listener, (struct ip4){0xc6120002}));
	cr_assert_not(listener_allows(&listener, (struct ip4){0xc6120102}));
}

Test(decide, server_name_chooses_the_listener_and_unknown_ones_the_default_if_any)
{
	cr_assert_eq(listener_group_choose(&group, SPAN_LIT("api.example")), &listener);
	cr_assert_eq(listener_group_choose(&group, SPAN_LIT("x.example")), &wild);
	cr_assert_null(listener_group_choose(&group, SPAN_LIT("x.other")));
	cr_assert_null(listener_group_choose(&group, SPAN_LIT("")));
	group.fallback = &any;
	cr_assert_eq(listener_group_choose(&group, SPAN_LIT("x.other")), &any);
	cr_assert_eq(listener_group_choose(&group, SPAN_LIT("")), &any);
	cr_assert_eq(listener_group_choose(&group, SPAN_LIT("api.example")), &listener);
}
