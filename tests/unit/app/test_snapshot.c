/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>

#include "app/gateway/snapshot.h"

#define MANY 1000

static struct gateway_config config;
static struct listener_config listeners[MANY];
static struct rule_config rules[MANY];
static struct ssl_profile_params profile = {.client_auth = CLIENT_AUTH_OFF};
static char names[MANY][32];
static const char *hosts[MANY];

static struct snapshot *create(size_t count)
{
	struct snapshot *snap = NULL;

	config.ssl_profiles = &profile;
	config.ssl_profile_count = 1;
	config.listeners = listeners;
	config.listener_count = count;
	config.rules = rules;
	cr_assert_eq(snapshot_create(&config, NULL, &snap), GW_ERR_OK);
	return snap;
}

Test(snapshot, thousand_listeners_of_one_address_are_found_by_name)
{
	struct snapshot *snap;

	for (unsigned i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), i % 2 ? "*.site%u.example" : "site%u.example",
			 i);
		hosts[i] = names[i];
		listeners[i] = (struct listener_config){
			.address = {{1}, 443}, .hosts = &hosts[i], .host_count = 1};
		rules[i] = (struct rule_config){
			.listener_idx = MANY - 1 - i, .path = "/", .pool_idx = i};
	}
	config.rule_count = MANY;
	snap = create(MANY);
	cr_assert_eq(snap->group_count, 1);
	for (unsigned i = 0; i < MANY; i++) {
		char name[40];
		const struct listener *l;

		snprintf(name, sizeof(name), i % 2 ? "www.site%u.example" : "site%u.example", i);
		l = listener_group_choose(&snap->groups[0], span_str(name));
		cr_assert_eq(l, &snap->listeners[i], "%s", name);
		cr_assert_eq(l->rule_count, 1);
		cr_assert_eq(l->rules[0].pool_idx, MANY - 1 - i);
	}
	cr_assert_null(listener_group_choose(&snap->groups[0], SPAN_LIT("site1000.example")));
	snapshot_destroy(snap);
}

Test(snapshot, addresses_are_apart)
{
	struct snapshot *snap;

	for (unsigned i = 0; i < 4; i++) {
		hosts[i] = "a.example";
		listeners[i] = (struct listener_config){
			.address = {{i / 2}, (uint16_t)(443 + i % 2)},
			.hosts = &hosts[i],
			.host_count = 1};
	}
	config.rule_count = 0;
	snap = create(4);
	cr_assert_eq(snap->group_count, 4);
	for (unsigned i = 0; i < 4; i++)
		cr_assert_eq(listener_group_choose(&snap->groups[i], SPAN_LIT("a.example")),
			     &snap->listeners[i]);
	snapshot_destroy(snap);
}

/* A file that is always there. */
#define EXE "/proc/self/exe"

/* What a start-up file leaves unsaid is what `trust explain --store` begins with. */
Test(snapshot, policy_that_nobody_changed_is_the_default_one)
{
	static const char text[] = "workers: { cores: [1] }\n"
				   "ports: [{ name: p, device: \"af_xdp:x\", "
				   "addresses: [198.18.0.1/24] }]\n"
				   "ssl_profiles: [{ name: a, client_auth: { mode: off } }]\n"
				   "listeners: [{ name: api, address: \"198.18.0.1:443\", "
				   "ssl_profile: a, health: /up, certificate: " EXE ", key: " EXE
				   " }]\n";
	struct trust_policy wanted = trust_policy_default();
	struct gateway_config *parsed = NULL;
	const struct trust_policy *policy;
	struct snapshot *snap = NULL;

	cr_assert_eq(config_parse("sp.yaml", span_str(text), stderr, &parsed), GW_ERR_OK);
	cr_assert_eq(snapshot_create(parsed, NULL, &snap), GW_ERR_OK);
	policy = &snap->profiles[0].policy;
	cr_expect_eq(policy->verify_issuer_dn, wanted.verify_issuer_dn);
	cr_expect_eq(policy->verify_depth, wanted.verify_depth);
	cr_expect_eq(policy->rsa_bits_min, wanted.rsa_bits_min);
	cr_expect_eq(policy->ec_bits_min, wanted.ec_bits_min);
	cr_expect_eq(policy->digests, wanted.digests);
	cr_expect_eq(policy->allow.name_count + policy->allow.leaf_count, 0);
	cr_expect_eq(policy->allow.spiffe_trust_domain.len, 0);
	cr_expect_eq(memcmp(&policy->limits, &wanted.limits, sizeof(wanted.limits)), 0);
	snapshot_destroy(snap);
	config_destroy(parsed);
}

Test(snapshot, policy_of_a_profile_is_what_its_file_says)
{
	struct snapshot *snap;

	profile.policy = trust_policy_default();
	profile.policy.verify_depth = 3;
	profile.policy.limits.signatures = 7;
	listeners[0] = (struct listener_config){.address = {{1}, 443}};
	config.rule_count = 0;
	snap = create(1);
	cr_expect_eq(snap->profiles[0].policy.verify_depth, 3);
	cr_expect_eq(snap->profiles[0].policy.limits.signatures, 7);
	snapshot_destroy(snap);
}

Test(snapshot, leaves_of_each_profile_are_put_in_order)
{
	static const uint8_t listed[][TRUST_SHA256_OCTETS] = {{3}, {1}, {2}};
	struct ssl_profile_params profiles[] = {
		{.policy.allow = {.leaf_sha256 = listed, .leaf_count = 2}},
		{.policy.allow = {.leaf_sha256 = listed, .leaf_count = 3}},
	};
	const struct trust_allow *allow;
	struct snapshot *snap = NULL;

	config = (struct gateway_config){.ssl_profiles = profiles,
					 .ssl_profile_count = 2,
					 .listeners = listeners,
					 .listener_count = 1};
	listeners[0] = (struct listener_config){.address = {{1}, 443}};
	cr_assert_eq(snapshot_create(&config, NULL, &snap), GW_ERR_OK);
	allow = &snap->profiles[0].policy.allow;
	cr_expect_eq(allow->leaf_sha256[0][0], 1);
	cr_expect_eq(allow->leaf_sha256[1][0], 3);
	allow = &snap->profiles[1].policy.allow;
	for (size_t i = 0; i < 3; i++)
		cr_expect_eq(allow->leaf_sha256[i][0], i + 1);
	cr_expect_eq(listed[0][0], 3);
	snapshot_destroy(snap);
}

/* A group's filter says yes exactly when one of its listeners would. */
Test(snapshot, who_may_connect_is_what_some_listener_allows)
{
	static struct ip4_prefix a[] = {{{0x0a000000}, 8}, {{0xc0a80100}, 24}};
	static struct ip4_prefix b[] = {{{0x0a010000}, 16}, {{0xc0a80000}, 24}, {{7}, 32}};
	static const uint32_t clients[] = {
		0,          6,          7,          8,          0x09ffffff, 0x0a000000, 0x0a01ffff,
		0x0affffff, 0x0b000000, 0xc0a7ffff, 0xc0a80000, 0xc0a801ff, 0xc0a80200, UINT32_MAX};
	struct snapshot *snap;

	listeners[0] = (struct listener_config){
		.address = {{1}, 443}, .allow_from = a, .allow_from_count = 2};
	listeners[1] = (struct listener_config){
		.address = {{1}, 443}, .allow_from = b, .allow_from_count = 3};
	config.rule_count = 0;
	snap = create(2);
	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]); i++) {
		struct ip4 client = {clients[i]};

		cr_assert_eq(listener_group_allows(&snap->groups[0], client),
			     listener_allows(&snap->listeners[0], client) ||
				     listener_allows(&snap->listeners[1], client),
			     "%08x", clients[i]);
	}
	snapshot_destroy(snap);
	a[0].len = 0;
	a[0].addr.v = 0;
	snap = create(2);
	cr_assert(listener_group_allows(&snap->groups[0], (struct ip4){UINT32_MAX}));
	cr_assert(listener_group_allows(&snap->groups[0], (struct ip4){0}));
	snapshot_destroy(snap);
	listeners[1].allow_from_count = 0;
	snap = create(2);
	cr_assert(listener_group_allows(&snap->groups[0], (struct ip4){0x55555555}));
	snapshot_destroy(snap);
}
