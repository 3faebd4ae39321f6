/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/read.h"

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
static const struct yaml_node *profile_node(const struct reader *r, size_t idx, const char *key)
{
	const struct schema_row *items = schema_items_of(SECTION_ssl_profiles);
	const struct yaml_node *profile = yaml_at(yaml_get(r->root, items->key), idx);

	return yaml_get(yaml_get(profile, "client_auth"), key);
}

/* A mode that was refused is not off. */
static bool profile_says_off(const struct reader *r, size_t idx)
{
	const struct yaml_node *mode = profile_node(r, idx, "mode");

	return mode != NULL && mode->kind == YAML_SCALAR && mode->text != NULL &&
	       strcmp(mode->text, "off") == 0;
}

static void check_profile(struct reader *r, size_t idx)
{
	const struct ssl_profile_params *profile = &r->config->ssl_profiles[idx];
	struct finding_place place = read_place(r, SECTION_ssl_profiles, idx,
						"client_auth.trust_store", READ_NO_ITEM);

	if (profile->client_auth == CLIENT_AUTH_REQUIRE &&
	    profile_node(r, idx, "trust_store") == NULL)
		findings_error(r->findings, place,
			       "is missing; mode require needs the trust store that judges client "
			       "certificates");
	if (profile_says_off(r, idx) && profile->trust_store_idx != CONFIG_IDX_NONE)
		findings_warning(r->findings, place,
				 "has no effect under mode off; remove it, or set mode to require");
}

static bool same_address(const struct listener_config *a, const struct listener_config *b)
{
	return a->address.port != 0 && a->address.port == b->address.port &&
	       ip4_eq(a->address.addr, b->address.addr);
}

static bool has_host(const struct listener_config *listener, const char *host, size_t host_count)
{
	for (size_t i = 0; i < host_count; i++)
		if (listener->hosts[i] != NULL && strcmp(listener->hosts[i], host) == 0)
			return true;
	return false;
}

/* The server name picks the listener of an address, so no two may claim one ... */
static void check_hosts_apart(struct reader *r, size_t idx, size_t before_idx)
{
	const struct listener_config *listener = &r->config->listeners[idx];
	const struct listener_config *before = &r->config->listeners[before_idx];

	for (size_t i = 0; i < listener->host_count; i++)
		if (listener->hosts[i] != NULL &&
		    has_host(before, listener->hosts[i], before->host_count))
			findings_error(
				r->findings, read_place(r, SECTION_listeners, idx, "hosts", i),
				"\"%.64s\" belongs to listener \"%s\" on the same address; keep it "
				"in one of them",
				listener->hosts[i], before->name != NULL ? before->name : "?");
}

/* ... nor may two take the rest.  Reports one finding at most; false then. */
static bool check_default_apart(struct reader *r, size_t idx, size_t before_idx)
{
	const struct listener_config *listener = &r->config->listeners[idx];
	const struct listener_config *before = &r->config->listeners[before_idx];
	const char *name = before->name != NULL ? before->name : "?";

	if (!listener->is_default || !before->is_default)
		return true;
	if (listener->host_count == 0 && before->host_count == 0)
		findings_error(r->findings,
			       read_place(r, SECTION_listeners, idx, "address", READ_NO_ITEM),
			       "is that of listener \"%s\", and both take any host; give each its "
			       "own hosts",
			       name);
	else if (listener->host_count == 0)
		findings_error(r->findings,
			       read_place(r, SECTION_listeners, idx, "hosts", READ_NO_ITEM),
			       "names none and so takes any, but listener \"%s\" is the default of "
			       "the address; name some",
			       name);
	else
		findings_error(r->findings,
			       read_place(r, SECTION_listeners, idx, "default", READ_NO_ITEM),
			       "listener \"%s\" takes the other clients of the address already; "
			       "set it to false",
			       name);
	return false;
}

static void check_listener_among(struct reader *r, size_t idx)
{
	const struct listener_config *listeners = r->config->listeners;
	bool default_is_free = true;

	for (size_t i = 0; i < idx; i++) {
		if (!same_address(&listeners[idx], &listeners[i]))
			continue;
		check_hosts_apart(r, idx, i);
		if (default_is_free)
			default_is_free = check_default_apart(r, idx, i);
	}
}

static void check_listener_hosts(struct reader *r, size_t idx)
{
	struct listener_config *listener = &r->config->listeners[idx];
	const struct schema_row *items = schema_items_of(SECTION_listeners);
	const struct yaml_node *entry = yaml_at(yaml_get(r->root, items->key), idx);

	for (size_t i = 0; i < listener->host_count; i++)
		if (listener->hosts[i] != NULL && has_host(listener, listener->hosts[i], i))
			findings_error(
				r->findings, read_place(r, SECTION_listeners, idx, "hosts", i),
				"\"%.64s\" is listed twice; keep one of them", listener->hosts[i]);
	if (yaml_get(entry, "hosts") != NULL && listener->host_count > 0)
		return;
	if (yaml_get(entry, "default") == NULL)
		listener->is_default = true;
	else if (!listener->is_default)
		findings_error(
			r->findings, read_place(r, SECTION_listeners, idx, "default", READ_NO_ITEM),
			"a listener without hosts takes any client; name hosts, or set it to true");
}

/* Identity headers promise the backend a verified client. */
static void check_listener_identity(struct reader *r, size_t idx)
{
	const struct listener_config *listener = &r->config->listeners[idx];

	if (listener->identity_headers == 0 || listener->ssl_profile_idx == CONFIG_IDX_NONE)
		return;
	if (profile_says_off(r, listener->ssl_profile_idx))
		findings_error(
			r->findings,
			read_place(r, SECTION_listeners, idx, "identity_headers", READ_NO_ITEM),
			"need client certificates; use an ssl_profile whose client_auth mode is "
			"require");
}

static bool listener_has_rule(const struct gateway_config *config, size_t idx)
{
	for (size_t i = 0; i < config->rule_count; i++)
		if (config->rules[i].listener_idx == idx)
			return true;
	return false;
}

static void check_listener(struct reader *r, size_t idx)
{
	check_listener_hosts(r, idx);
	check_listener_identity(r, idx);
	check_listener_among(r, idx);
	if (r->findings->error_count == 0 && !listener_has_rule(r->config, idx))
		findings_warning(r->findings,
				 read_place(r, SECTION_listeners, idx, "name", READ_NO_ITEM),
				 "has no rules, so every request gets 404; add one under rules");
}

static void check_rule(struct reader *r, size_t idx)
{
	const struct rule_config *rules = r->config->rules;

	if (rules[idx].path == NULL || rules[idx].listener_idx == CONFIG_IDX_NONE)
		return;
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

/* What tls loads: each pair of files once, however many listeners use it. */
static void collect_certificates(struct reader *r)
{
	struct gateway_config *config = r->config;
	struct tls_certificate_params *all = arena_alloc(config->memory, config->listener_count,
							 sizeof(*config->certificates));
	struct tls_certificate_params one;
	unsigned at;

	if (all == NULL) {
		r->findings->no_memory = true;
		return;
	}
	config->certificates = all;
	for (size_t i = 0; i < config->listener_count; i++) {
		one = config->listeners[i].certificate;
		if (one.certificate_file == NULL || one.key_file == NULL)
			continue;
		for (at = 0; at < config->certificate_count; at++)
			if (strcmp(all[at].certificate_file, one.certificate_file) == 0 &&
			    strcmp(all[at].key_file, one.key_file) == 0)
				break;
		if (at == config->certificate_count)
			all[config->certificate_count++] = one;
		config->listeners[i].certificate_idx = at;
	}
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
	for (size_t i = 0; i < r->config->listener_count; i++)
		check_listener(r, i);
	for (size_t i = 0; i < r->config->pool_count; i++)
		check_pool(r, i);
	collect_certificates(r);
}
