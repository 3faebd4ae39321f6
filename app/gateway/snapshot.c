/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/snapshot.h"

#include "base/assert.h"
#include "tls/trust/trust_allow.h"
#include "tls/trust/trust_store.h"

#include <stdlib.h>

static bool endpoint_eq(struct ip4_endpoint a, struct ip4_endpoint b)
{
	return ip4_eq(a.addr, b.addr) && a.port == b.port;
}

static void profiles_fill(struct snapshot *snap)
{
	const struct gateway_config *config = snap->config;

	for (size_t i = 0; i < config->ssl_profile_count; i++) {
		const struct ssl_profile_params *p = &config->ssl_profiles[i];

		snap->profiles[i].client_auth = p->client_auth;
		snap->profiles[i].on_failure = p->on_failure;
		snap->profiles[i].policy = p->policy;
		if (p->client_auth != CLIENT_AUTH_REQUEST && p->client_auth != CLIENT_AUTH_REQUIRE)
			continue;
		snap->profiles[i].store = snap->stores[p->trust_store_idx];
		if (p->advertise_ca_names)
			snap->profiles[i].ca_names = trust_store_ca_names(snap->profiles[i].store);
	}
}

/* Each profile's leaves, in the order that they are looked up in; the start-up file has its own. */
static enum gw_err leaves_fill(struct snapshot *snap)
{
	size_t total = 0, at = 0;

	for (size_t i = 0; i < snap->config->ssl_profile_count; i++)
		total += snap->profiles[i].policy.allow.leaf_count;
	snap->leaves = calloc(total + 1, sizeof(*snap->leaves));
	if (snap->leaves == NULL)
		return GW_ERR_NO_MEMORY;
	for (size_t i = 0; i < snap->config->ssl_profile_count; i++) {
		struct trust_allow *allow = &snap->profiles[i].policy.allow;

		for (size_t j = 0; j < allow->leaf_count; j++)
			memcpy(snap->leaves[at + j], allow->leaf_sha256[j], sizeof(*snap->leaves));
		trust_allow_sort(&snap->leaves[at], allow->leaf_count);
		allow->leaf_sha256 = (const uint8_t(*)[TRUST_SHA256_OCTETS]) & snap->leaves[at];
		at += allow->leaf_count;
	}
	return GW_ERR_OK;
}

/* Each listener's rules, in the order of the file. */
static enum gw_err rules_fill(struct snapshot *snap)
{
	const struct gateway_config *config = snap->config;
	size_t at = 0;

	snap->rules = calloc(config->rule_count + 1, sizeof(*snap->rules));
	if (snap->rules == NULL)
		return GW_ERR_NO_MEMORY;
	for (size_t i = 0; i < config->rule_count; i++)
		snap->listeners[config->rules[i].listener_idx].rule_count++;
	for (size_t i = 0; i < snap->listener_count; i++) {
		snap->listeners[i].rules = &snap->rules[at];
		at += snap->listeners[i].rule_count;
		snap->listeners[i].rule_count = 0;
	}
	for (size_t i = 0; i < config->rule_count; i++) {
		const struct rule_config *rule = &config->rules[i];
		struct listener *l = &snap->listeners[rule->listener_idx];

		l->rules[l->rule_count++] = (struct http_rule){
			.path = span_str(rule->path),
			.pool_idx = rule->pool_idx,
		};
	}
	return GW_ERR_OK;
}

static struct listener_group *group_of(struct snapshot *snap, struct ip4_endpoint address)
{
	struct listener_group *group;

	for (size_t i = 0; i < snap->group_count; i++) {
		if (endpoint_eq(snap->groups[i].address, address))
			return &snap->groups[i];
	}
	group = &snap->groups[snap->group_count++];
	group->address = address;
	return group;
}

static void listeners_fill(struct snapshot *snap)
{
	const struct gateway_config *config = snap->config;

	for (size_t i = 0; i < config->listener_count; i++) {
		const struct listener_config *lc = &config->listeners[i];
		struct listener_group *group = group_of(snap, lc->address);

		snap->listeners[i] = (struct listener){
			.config = lc,
			.group = group,
			.idx = (unsigned)i,
			.profile = lc->is_plain ? NULL : &snap->profiles[lc->ssl_profile_idx],
		};
		snap->listener_count++;
		if (group->first == NULL)
			group->first = &snap->listeners[i];
		if (lc->is_default)
			group->fallback = &snap->listeners[i];
		group->is_plain = lc->is_plain;
		group->allows_all |= lc->allow_from_count == 0;
		group->host_count += lc->host_count;
		group->prefix_count += lc->allow_from_count;
	}
}

static int range_compare(const void *left, const void *right)
{
	const struct ip4_range *a = left, *b = right;

	return (a->first > b->first) - (a->first < b->first);
}

static struct ip4_range range_of(struct ip4_prefix prefix)
{
	uint32_t host_bits = prefix.len == 0 ? UINT32_MAX : (1u << (32 - prefix.len)) - 1;

	return (struct ip4_range){prefix.addr.v & ~host_bits, prefix.addr.v | host_bits};
}

/* Sorts, and joins what overlaps, so that one can be found by halving. */
static void ranges_join(struct listener_group *group)
{
	size_t kept = 0;

	qsort(group->allowed, group->allowed_count, sizeof(*group->allowed), range_compare);
	for (size_t i = 0; i < group->allowed_count; i++) {
		struct ip4_range *last = &group->allowed[kept > 0 ? kept - 1 : 0];

		if (kept == 0 || group->allowed[i].first > last->last)
			group->allowed[kept++] = group->allowed[i];
		else if (group->allowed[i].last > last->last)
			last->last = group->allowed[i].last;
	}
	group->allowed_count = kept;
}

/* The tables of each address, whose sizes are known by now. */
static enum gw_err groups_fill(struct snapshot *snap)
{
	enum gw_err err;

	for (size_t i = 0; i < snap->group_count; i++) {
		struct listener_group *group = &snap->groups[i];

		err = host_table_init(&group->hosts, group->host_count);
		if (err != GW_ERR_OK)
			return err;
		group->allowed = calloc(group->prefix_count + 1, sizeof(*group->allowed));
		if (group->allowed == NULL)
			return GW_ERR_NO_MEMORY;
	}
	for (size_t i = 0; i < snap->listener_count; i++) {
		const struct listener *l = &snap->listeners[i];
		struct listener_group *group = group_of(snap, l->config->address);

		for (size_t j = 0; j < l->config->host_count; j++)
			GW_ASSERT(host_table_add(&group->hosts, span_str(l->config->hosts[j]), l));
		for (size_t j = 0; j < l->config->allow_from_count; j++)
			group->allowed[group->allowed_count++] = range_of(l->config->allow_from[j]);
	}
	for (size_t i = 0; i < snap->group_count; i++)
		ranges_join(&snap->groups[i]);
	return GW_ERR_OK;
}

enum gw_err snapshot_create(const struct gateway_config *config, struct trust_store **stores,
			    struct snapshot **ret_snap)
{
	struct snapshot *snap = calloc(1, sizeof(*snap));
	enum gw_err err = GW_ERR_NO_MEMORY;

	if (snap == NULL) {
		trust_stores_destroy(stores, config->trust_store_count);
		return GW_ERR_NO_MEMORY;
	}
	snap->config = config;
	snap->stores = stores;
	snap->profiles = calloc(config->ssl_profile_count + 1, sizeof(snap->profiles[0]));
	snap->listeners = calloc(config->listener_count, sizeof(snap->listeners[0]));
	snap->groups = calloc(config->listener_count, sizeof(snap->groups[0]));
	if (!snap->profiles || !snap->listeners || !snap->groups)
		goto destroy;
	profiles_fill(snap);
	listeners_fill(snap);
	err = leaves_fill(snap);
	if (err == GW_ERR_OK)
		err = rules_fill(snap);
	if (err == GW_ERR_OK)
		err = groups_fill(snap);
	if (err != GW_ERR_OK)
		goto destroy;
	*ret_snap = snap;
	return GW_ERR_OK;

destroy:
	snapshot_destroy(snap);
	return err;
}

void snapshot_destroy(struct snapshot *snap)
{
	if (snap == NULL)
		return;
	for (size_t i = 0; snap->groups != NULL && i < snap->group_count; i++) {
		host_table_fini(&snap->groups[i].hosts);
		free(snap->groups[i].allowed);
	}
	trust_stores_destroy(snap->stores, snap->config->trust_store_count);
	free(snap->rules);
	free(snap->leaves);
	free(snap->groups);
	free(snap->listeners);
	free(snap->profiles);
	free(snap);
}

const struct listener *listener_group_choose(const struct listener_group *group, struct span name)
{
	const struct listener *owner = host_table_find(&group->hosts, name);

	return owner != NULL ? owner : group->fallback;
}

bool listener_allows(const struct listener *l, struct ip4 client)
{
	if (l->config->allow_from_count == 0)
		return true;
	for (size_t i = 0; i < l->config->allow_from_count; i++) {
		if (ip4_prefix_has(l->config->allow_from[i], client))
			return true;
	}
	return false;
}

bool listener_group_allows(const struct listener_group *group, struct ip4 client)
{
	size_t low = 0,
	       high = group->allowed_count; /* the first range that ends at or behind client */

	if (group->allows_all)
		return true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (group->allowed[middle].last < client.v)
			low = middle + 1;
		else
			high = middle;
	}
	return low < group->allowed_count && group->allowed[low].first <= client.v;
}

bool listener_owns_host(const struct listener *l, struct span host)
{
	const struct listener *owner;
	bool has_root_dot = host.len > 1 && host.p[host.len - 1] == '.';

	/* "api.example." is the same host, and no name of the start-up file. */
	if (has_root_dot)
		host.len--;
	owner = host_table_find(&l->group->hosts, host);
	if (owner == NULL)
		return l->config->host_count == 0;
	return owner == l && !has_root_dot;
}
