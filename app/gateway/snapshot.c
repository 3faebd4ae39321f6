/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/snapshot.h"

#include "tls/trust/trust.h"

#include <stdlib.h>

static bool endpoint_eq(struct ip4_endpoint a, struct ip4_endpoint b)
{
	return ip4_eq(a.addr, b.addr) && a.port == b.port;
}

static enum gw_err stores_load(struct snapshot *snap, struct err_note *note)
{
	const struct gateway_config *config = snap->config;
	enum gw_err err;

	for (size_t i = 0; i < config->trust_store_count; i++) {
		const struct trust_store_params *p = &config->trust_stores[i];

		err = trust_store_load(p->files, p->file_count, note, &snap->stores[i]);
		if (err != GW_ERR_OK)
			return err;
	}
	return GW_ERR_OK;
}

static void profiles_fill(struct snapshot *snap)
{
	const struct gateway_config *config = snap->config;

	for (size_t i = 0; i < config->ssl_profile_count; i++) {
		const struct ssl_profile_params *p = &config->ssl_profiles[i];

		snap->profiles[i].client_auth = p->client_auth;
		if (p->client_auth != CLIENT_AUTH_OFF)
			snap->profiles[i].store = snap->stores[p->trust_store_idx];
	}
	snap->profiles[config->ssl_profile_count].client_auth = CLIENT_AUTH_OFF;
}

static enum gw_err rules_fill(struct snapshot *snap, struct listener *l)
{
	const struct gateway_config *config = snap->config;

	l->rules = calloc(config->rule_count + 1, sizeof(*l->rules));
	if (l->rules == NULL)
		return GW_ERR_NO_MEMORY;
	for (size_t i = 0; i < config->rule_count; i++) {
		const struct rule_config *rule = &config->rules[i];

		if (rule->listener_idx != l->idx)
			continue;
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
	group = &snap->groups[snap->group_count];
	group->listeners = calloc(snap->config->listener_count, sizeof(group->listeners[0]));
	if (group->listeners == NULL)
		return NULL;
	group->address = address;
	snap->group_count++;
	return group;
}

static enum gw_err listeners_fill(struct snapshot *snap)
{
	const struct gateway_config *config = snap->config;

	for (size_t i = 0; i < config->listener_count; i++) {
		struct listener *l = &snap->listeners[i];
		struct listener_group *group;
		unsigned profile_idx;

		l->config = &config->listeners[i];
		l->idx = (unsigned)i;
		snap->listener_count++;
		profile_idx = l->config->ssl_profile_idx != CONFIG_IDX_NONE
				      ? l->config->ssl_profile_idx
				      : (unsigned)config->ssl_profile_count;
		l->profile = &snap->profiles[profile_idx];
		if (rules_fill(snap, l) != GW_ERR_OK)
			return GW_ERR_NO_MEMORY;
		group = group_of(snap, l->config->address);
		if (group == NULL)
			return GW_ERR_NO_MEMORY;
		group->listeners[group->listener_count++] = l;
		if (l->config->is_default)
			group->fallback = l;
	}
	return GW_ERR_OK;
}

enum gw_err snapshot_create(const struct gateway_config *config, struct err_note *note,
			    struct snapshot **ret_snap)
{
	struct snapshot *snap = calloc(1, sizeof(*snap));
	enum gw_err err = GW_ERR_NO_MEMORY;

	if (snap == NULL)
		return GW_ERR_NO_MEMORY;
	snap->config = config;
	snap->stores = calloc(config->trust_store_count + 1, sizeof(snap->stores[0]));
	snap->profiles = calloc(config->ssl_profile_count + 1, sizeof(snap->profiles[0]));
	snap->listeners = calloc(config->listener_count, sizeof(snap->listeners[0]));
	snap->groups = calloc(config->listener_count, sizeof(snap->groups[0]));
	if (!snap->stores || !snap->profiles || !snap->listeners || !snap->groups)
		goto destroy;
	err = stores_load(snap, note);
	if (err != GW_ERR_OK)
		goto destroy;
	profiles_fill(snap);
	err = listeners_fill(snap);
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
	for (size_t i = 0; snap->groups != NULL && i < snap->group_count; i++)
		free(snap->groups[i].listeners);
	for (size_t i = 0; snap->listeners != NULL && i < snap->listener_count; i++)
		free(snap->listeners[i].rules);
	for (size_t i = 0; snap->stores != NULL && i < snap->config->trust_store_count; i++)
		trust_store_destroy(snap->stores[i]);
	free(snap->groups);
	free(snap->listeners);
	free(snap->profiles);
	free(snap->stores);
	free(snap);
}

const struct listener *listener_group_choose(const struct listener_group *group, const char *sni)
{
	if (sni == NULL || sni[0] == '\0')
		return group->fallback;
	for (size_t i = 0; i < group->listener_count; i++) {
		const struct listener *l = group->listeners[i];

		if (l->config->host_count > 0 && listener_owns_host(l, span_str(sni)))
			return l;
	}
	return group->fallback;
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
	for (size_t i = 0; i < group->listener_count; i++) {
		if (listener_allows(group->listeners[i], client))
			return true;
	}
	return false;
}

bool listener_owns_host(const struct listener *l, struct span host)
{
	if (l->config->host_count == 0)
		return true;
	for (size_t i = 0; i < l->config->host_count; i++) {
		if (span_eq_nocase(span_str(l->config->hosts[i]), host))
			return true;
	}
	return false;
}
