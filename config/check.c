/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/arena.h"
#include "config/read.h"
#include "config/value.h"

/* Names of one section: references and status tell entries apart by them. */
static void check_names(struct reader *r, const struct schema_row *items)
{
	const char *name, *before;
	size_t count;
	const char *entries = schema_array(items, r->config, &count);

	for (size_t i = 0; i < count; i++) {
		memcpy(&name, entries + i * items->value_bytes, sizeof(name));
		for (size_t j = 0; name != NULL && j < i; j++) {
			memcpy(&before, entries + j * items->value_bytes, sizeof(before));
			if (before == NULL || strcmp(before, name) != 0)
				continue;
			findings_error(r->findings,
				       read_place(r, items->section, i, "name", READ_NO_ITEM),
				       "is the name of an entry before; give each its own");
			break;
		}
	}
}

/* What a profile says about client certificates; NULL when the file does not have it. */
static const struct yaml_node *client_auth_node(const struct reader *r, size_t idx)
{
	const struct schema_row *items = schema_items_of(SECTION_ssl_profiles);

	return yaml_get(yaml_at(yaml_get(r->root, items->key), idx), "client_auth");
}

bool check_profile_says_off(const struct reader *r, size_t idx)
{
	const struct yaml_node *mode = yaml_get(client_auth_node(r, idx), "mode");

	return mode != NULL && mode->kind == YAML_SCALAR && mode->text != NULL &&
	       strcmp(mode->text, "off") == 0;
}

static struct finding_place profile_place(const struct reader *r, size_t idx, const char *key_path)
{
	return read_place(r, SECTION_ssl_profiles, idx, key_path, READ_NO_ITEM);
}

/* What asks something of clients that nobody judges would protect nothing. */
static void check_is_judged(struct reader *r, size_t idx, const char *key_path)
{
	if (check_profile_says_off(r, idx))
		findings_warning(r->findings, profile_place(r, idx, key_path),
				 "has no effect under mode off; remove it, or set mode to require");
	if (r->config->ssl_profiles[idx].client_auth == CLIENT_AUTH_PASSTHROUGH)
		findings_error(r->findings, profile_place(r, idx, key_path),
			       "judges nobody under mode passthrough; remove it, or set mode to "
			       "request or require");
}

/* Under passthrough there is no trust store whose CAs could be named. */
static void check_advertises(struct reader *r, size_t idx)
{
	static const char key_path[] = "client_auth.advertise_ca_names";

	if (!r->config->ssl_profiles[idx].advertise_ca_names)
		return;
	if (r->config->ssl_profiles[idx].client_auth == CLIENT_AUTH_PASSTHROUGH)
		findings_error(r->findings, profile_place(r, idx, key_path),
			       "names the CAs of a trust store, and mode passthrough has none; "
			       "remove it, or set mode to request or require");
	else
		check_is_judged(r, idx, key_path);
}

/* Its value lies in what a profile asks of a path. */
static bool is_of_policy(const struct schema_row *row)
{
	size_t begin = offsetof(struct ssl_profile_params, policy);

	return row->offset >= begin && row->offset < begin + sizeof(struct trust_policy);
}

/* What the file says in node, a section of a profile that is path, beyond what would count anyway. */
static void check_policy_is_used(struct reader *r, size_t idx, enum schema_section section,
				 const struct yaml_node *node, const char *path)
{
	for (size_t i = 0; i < schema_row_count; i++) {
		const struct schema_row *row = &schema_rows[i];
		const struct yaml_node *said = row->in == section ? yaml_get(node, row->key) : NULL;
		const char *key_path;

		if (said == NULL)
			continue;
		key_path = arena_printf(r->scratch, "%s.%s", path, row->key);
		if (key_path == NULL)
			r->findings->no_memory = true;
		else if (row->form == FORM_MAP)
			check_policy_is_used(r, idx, row->section, said, key_path);
		else if (is_of_policy(row) && !value_is_default(row, &r->config->ssl_profiles[idx]))
			check_is_judged(r, idx, key_path);
	}
}

static void check_profile(struct reader *r, size_t idx)
{
	const struct ssl_profile_params *profile = &r->config->ssl_profiles[idx];
	const struct yaml_node *node = client_auth_node(r, idx);
	bool judges = profile->client_auth == CLIENT_AUTH_REQUEST ||
		      profile->client_auth == CLIENT_AUTH_REQUIRE;

	if (judges && yaml_get(node, "trust_store") == NULL)
		findings_error(r->findings, profile_place(r, idx, "client_auth.trust_store"),
			       "is missing; modes request and require need the trust store that "
			       "judges client certificates");
	if (profile->trust_store_idx != CONFIG_IDX_NONE)
		check_is_judged(r, idx, "client_auth.trust_store");
	check_advertises(r, idx);
	check_policy_is_used(r, idx, SECTION_client_auth, node, "client_auth");
}

static void check_rule(struct reader *r, size_t idx)
{
	const struct rule_config *rules = r->config->rules;

	if (rules[idx].path == NULL || rules[idx].listener_idx == CONFIG_IDX_NONE)
		return;
	if (r->config->listeners[rules[idx].listener_idx].redirect_https) {
		findings_error(r->findings,
			       read_place(r, SECTION_rules, idx, "listener", READ_NO_ITEM),
			       "can never be reached, the listener redirects every request; remove "
			       "the rule or the redirect");
		return;
	}
	for (size_t i = 0; i < idx; i++) {
		if (rules[i].path == NULL || rules[i].listener_idx != rules[idx].listener_idx ||
		    strcmp(rules[i].path, rules[idx].path) != 0)
			continue;
		findings_error(
			r->findings, read_place(r, SECTION_rules, idx, "path", READ_NO_ITEM),
			"can never be reached, rule %zu has the same listener and path; remove one",
			i + 1);
		break;
	}
}

static void check_pool(struct reader *r, size_t idx)
{
	for (size_t i = 0; i < r->config->rule_count; i++)
		if (r->config->rules[i].pool_idx == idx)
			return;
	if (r->findings->error_count == 0)
		findings_warning(r->findings,
				 read_place(r, SECTION_backend_pools, idx, "name", READ_NO_ITEM),
				 "no rule uses the pool; add one under rules, or remove the pool");
}

/* A key of a section that is no list. */
static struct finding_place key_place(const struct reader *r, const char *section, const char *key,
				      const char *key_path)
{
	const struct yaml_node *node = yaml_get(yaml_get(r->root, section), key);

	return (struct finding_place){.pos = node != NULL ? node->pos : r->root->pos,
				      .key_path = key_path};
}

static void check_process(struct reader *r)
{
	const struct gateway_config *config = r->config;
	const struct port_config *port = config->metrics_address.port != 0
						 ? check_port_with_address(
							   config, config->metrics_address.addr)
						 : NULL;

	if (port != NULL)
		findings_error(
			r->findings, key_place(r, "metrics", "address", "metrics.address"),
			"is an address of port %s, which the kernel does not have; give one of "
			"the kernel's, such as 127.0.0.1",
			port->name);
	if (config->process_group != NULL && yaml_get(yaml_get(r->root, "process"), "user") == NULL)
		findings_error(r->findings, key_place(r, "process", "group", "process.group"),
			       "has no effect without process.user; name the user, or remove it");
}

void check_values(struct reader *r)
{
	for (size_t i = 0; i < schema_row_count; i++)
		if (schema_rows[i].form == FORM_ITEMS &&
		    schema_find(schema_rows[i].section, "name") != NULL)
			check_names(r, &schema_rows[i]);
	check_networks(r);
	for (size_t i = 0; i < r->config->ssl_profile_count; i++)
		check_profile(r, i);
	for (size_t i = 0; i < r->config->rule_count; i++)
		check_rule(r, i);
	check_listeners(r);
	for (size_t i = 0; i < r->config->pool_count; i++)
		check_pool(r, i);
	check_files(r);
	check_process(r);
}
