/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What listeners mean, each by itself and beside those of the same address. */
#include "config/read.h"

#include <stdlib.h>

static const struct yaml_node *listener_node(const struct reader *r, size_t idx, const char *key)
{
	const struct schema_row *items = schema_items_of(SECTION_listeners);

	return yaml_get(yaml_at(yaml_get(r->root, items->key), idx), key);
}

/* Whether the file gives the key something, right or wrong. */
static bool listener_says(const struct reader *r, size_t idx, const char *key)
{
	const struct yaml_node *node = listener_node(r, idx, key);

	return node != NULL && (node->kind != YAML_LIST || node->member_count > 0);
}

static struct finding_place listener_place(const struct reader *r, size_t idx, const char *key)
{
	return read_place(r, SECTION_listeners, idx, key, READ_NO_ITEM);
}

/* Without TLS there is no certificate, no profile and nobody whose identity could be told. */
static void check_plain(struct reader *r, size_t idx)
{
	static const char *const keys[] = {"certificate", "key", "certificates", "ssl_profile"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (listener_says(r, idx, keys[i]))
			findings_error(r->findings, listener_place(r, idx, keys[i]),
				       "has no place beside tls: off; remove one of the two");
	if (r->config->listeners[idx].identity_headers != 0)
		findings_error(r->findings, listener_place(r, idx, "identity_headers"),
			       "promise a verified client, which tls: off never has; remove them, "
			       "or serve TLS");
}

static void check_certificate_given(struct reader *r, size_t idx)
{
	bool certificate = listener_says(r, idx, "certificate"), key = listener_says(r, idx, "key");

	if (listener_says(r, idx, "certificates")) {
		if (certificate || key)
			findings_error(r->findings, listener_place(r, idx, "certificates"),
				       "stands beside certificate or key; keep one of the two "
				       "forms");
	} else if (!certificate && !key) {
		findings_error(r->findings, listener_place(r, idx, "certificate"),
			       "is missing; give certificate and key, or say tls: off to serve "
			       "plain HTTP");
	} else if (!certificate || !key) {
		findings_error(r->findings,
			       listener_place(r, idx, certificate ? "key" : "certificate"),
			       "is missing; certificate and key go together");
	}
}

/* A word that was refused decides nothing. */
static bool tls_is_unclear(const struct reader *r, size_t idx)
{
	const struct yaml_node *node = listener_node(r, idx, "tls");

	return node != NULL && (node->kind != YAML_SCALAR || node->text == NULL ||
				(strcmp(node->text, "on") != 0 && strcmp(node->text, "off") != 0));
}

static void check_tls(struct reader *r, size_t idx)
{
	if (tls_is_unclear(r, idx))
		return;
	check_certificate_given(r, idx);
	if (!listener_says(r, idx, "ssl_profile") &&
	    (listener_says(r, idx, "certificate") || listener_says(r, idx, "certificates")))
		findings_error(r->findings, listener_place(r, idx, "ssl_profile"),
			       "is missing; give the profile that says whether clients need a "
			       "certificate");
}

static bool asks_no_certificate(const struct reader *r, const struct listener_config *listener)
{
	return listener->is_plain || listener->ssl_profile_idx == CONFIG_IDX_NONE ||
	       check_profile_says_off(r, listener->ssl_profile_idx);
}

static bool profile_passes_through(const struct reader *r, const struct listener_config *listener)
{
	return !listener->is_plain && listener->ssl_profile_idx != CONFIG_IDX_NONE &&
	       r->config->ssl_profiles[listener->ssl_profile_idx].client_auth ==
		       CLIENT_AUTH_PASSTHROUGH;
}

/* Identity headers promise the backend a verified client; a health page is for those who are none. */
static void check_what_it_promises(struct reader *r, size_t idx)
{
	const struct listener_config *listener = &r->config->listeners[idx];

	if (!listener->is_plain && listener->identity_headers != 0 &&
	    listener->ssl_profile_idx != CONFIG_IDX_NONE && asks_no_certificate(r, listener))
		findings_error(r->findings, listener_place(r, idx, "identity_headers"),
			       "need client certificates; use an ssl_profile whose client_auth "
			       "mode is not off");
	if ((listener->identity_headers & HTTP_IDENTITY_RFC9440) &&
	    profile_passes_through(r, listener))
		findings_error(
			r->findings, listener_place(r, idx, "identity_headers"),
			"rfc9440 cannot say that nobody has judged a certificate; use azure, or "
			"an ssl_profile whose client_auth mode is not passthrough");
	if (listener->health != NULL && !asks_no_certificate(r, listener))
		findings_error(r->findings, listener_place(r, idx, "health"),
			       "is answered without a client certificate, which the ssl_profile "
			       "requires; give it a listener whose client_auth mode is off, or "
			       "tls: off");
}

static void check_redirect(struct reader *r, size_t idx)
{
	const struct listener_config *listener = &r->config->listeners[idx];

	if (!listener->redirect_https) {
		if (listener->redirect_port != 0 && listener->redirect_port != 443)
			findings_warning(r->findings, listener_place(r, idx, "redirect_port"),
					 "has no effect without redirect; remove it, or set "
					 "redirect to https");
		return;
	}
	if (!listener->is_plain)
		findings_error(r->findings, listener_place(r, idx, "redirect"),
			       "needs tls: off, a client of TLS has arrived already; remove it");
	if (!listener_says(r, idx, "hosts"))
		findings_error(r->findings, listener_place(r, idx, "redirect"),
			       "needs hosts; list the names that clients may be sent to");
	if (listener->is_plain && listener->address.port != 0 &&
	    listener->address.port == listener->redirect_port)
		findings_error(r->findings, listener_place(r, idx, "redirect_port"),
			       "is the port of the listener itself, where there is no TLS; give "
			       "that of the other listener");
}

static void check_default(struct reader *r, size_t idx)
{
	struct listener_config *listener = &r->config->listeners[idx];

	if (listener_node(r, idx, "hosts") != NULL && listener->host_count > 0)
		return;
	if (listener_node(r, idx, "default") == NULL)
		listener->is_default = true;
	else if (!listener->is_default)
		findings_error(
			r->findings, listener_place(r, idx, "default"),
			"a listener without hosts takes any client; name hosts, or set it to true");
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
	const struct listener_config *listener = &r->config->listeners[idx];

	if (listener->is_plain)
		check_plain(r, idx);
	else
		check_tls(r, idx);
	check_what_it_promises(r, idx);
	check_redirect(r, idx);
	check_default(r, idx);
}

static void check_has_use(struct reader *r, size_t idx)
{
	const struct listener_config *listener = &r->config->listeners[idx];

	if (r->findings->error_count == 0 && !listener->redirect_https &&
	    listener->health == NULL && !listener_has_rule(r->config, idx))
		findings_warning(r->findings, listener_place(r, idx, "name"),
				 "has no rules, so every request gets 404; add one under rules");
}

/* A host name of a listener (host NULL: the listener itself), ordered so that what must not meet
 * stands side by side. */
struct claim {
	struct ip4_endpoint address;
	const char *host;
	unsigned listener_idx, item_idx;
};

static int compare(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int claim_compare_address(const struct claim *a, const struct claim *b)
{
	int order = compare(a->address.addr.v, b->address.addr.v);

	return order != 0 ? order : compare(a->address.port, b->address.port);
}

static int claim_compare(const void *left, const void *right)
{
	const struct claim *a = left, *b = right;
	int order = claim_compare_address(a, b);

	if (order == 0 && a->host != NULL && b->host != NULL)
		order = strcmp(a->host, b->host);
	if (order == 0)
		order = compare(a->listener_idx, b->listener_idx);
	return order != 0 ? order : compare(a->item_idx, b->item_idx);
}

static const char *name_of(const struct listener_config *listener)
{
	return listener->name != NULL ? listener->name : "?";
}

/* Every claim of listeners whose address is understood, in order. */
static struct claim *claims_collect(struct reader *r, bool of_hosts, size_t *ret_count)
{
	const struct gateway_config *config = r->config;
	size_t most = config->listener_count, count = 0;
	struct claim *claims;

	for (size_t i = 0; of_hosts && i < config->listener_count; i++)
		most += config->listeners[i].host_count;
	claims = arena_alloc(r->scratch, most + 1, sizeof(*claims));
	if (claims == NULL) {
		r->findings->no_memory = true;
		*ret_count = 0;
		return NULL;
	}
	for (size_t i = 0; i < config->listener_count; i++) {
		const struct listener_config *l = &config->listeners[i];
		struct claim claim = {.address = l->address, .listener_idx = (unsigned)i};

		if (!of_hosts && l->address.port != 0)
			claims[count++] = claim;
		for (size_t j = 0; of_hosts && j < l->host_count; j++) {
			claim.host = l->hosts[j];
			claim.item_idx = (unsigned)j;
			if (claim.host != NULL)
				claims[count++] = claim;
		}
	}
	qsort(claims, count, sizeof(*claims), claim_compare);
	*ret_count = count;
	return claims;
}

/* The server name picks the listener of an address, so no two may claim one ... */
static void check_hosts_apart(struct reader *r)
{
	size_t count;
	const struct claim *claims = claims_collect(r, true, &count);

	for (size_t i = 1; i < count; i++) {
		const struct claim *claim = &claims[i], *before = &claims[i - 1];
		struct finding_place place = read_place(r, SECTION_listeners, claim->listener_idx,
							"hosts", claim->item_idx);

		if (claim_compare_address(claim, before) != 0 ||
		    strcmp(claim->host, before->host) != 0)
			continue;
		if (claim->listener_idx == before->listener_idx)
			findings_error(r->findings, place,
				       "\"%.64s\" is listed twice; keep one of them", claim->host);
		else if (claim->address.port != 0)
			findings_error(r->findings, place,
				       "\"%.64s\" belongs to listener \"%s\" on the same address; "
				       "keep it in one of them",
				       claim->host,
				       name_of(&r->config->listeners[before->listener_idx]));
	}
}

/* ... nor may two take the rest. */
static void report_second_default(struct reader *r, size_t idx, size_t before_idx)
{
	const struct listener_config *listener = &r->config->listeners[idx];
	const struct listener_config *before = &r->config->listeners[before_idx];

	if (listener->host_count == 0 && before->host_count == 0)
		findings_error(r->findings, listener_place(r, idx, "address"),
			       "is that of listener \"%s\", and both take any host; give each its "
			       "own hosts",
			       name_of(before));
	else if (listener->host_count == 0)
		findings_error(r->findings, listener_place(r, idx, "hosts"),
			       "names none and so takes any, but listener \"%s\" is the default of "
			       "the address; name some",
			       name_of(before));
	else
		findings_error(r->findings, listener_place(r, idx, "default"),
			       "listener \"%s\" takes the other clients of the address already; "
			       "set it to false",
			       name_of(before));
}

/* The first bytes of a client are read before its listener is known, so all of an address speak TLS,
 * or none. */
static void check_addresses_shared(struct reader *r)
{
	const struct listener_config *listeners = r->config->listeners;
	const struct claim *default_claim = NULL;
	size_t count, first = 0;
	const struct claim *claims = claims_collect(r, false, &count);

	for (size_t i = 0; i < count; i++) {
		const struct listener_config *listener = &listeners[claims[i].listener_idx];

		if (i == 0 || claim_compare_address(&claims[i], &claims[first]) != 0) {
			first = i;
			default_claim = NULL;
		}
		if (listener->is_plain != listeners[claims[first].listener_idx].is_plain)
			findings_error(
				r->findings, listener_place(r, claims[i].listener_idx, "address"),
				"is that of listener \"%s\", and one has TLS, the other not; "
				"give each its own port",
				name_of(&listeners[claims[first].listener_idx]));
		if (!listener->is_default)
			continue;
		if (default_claim != NULL)
			report_second_default(r, claims[i].listener_idx,
					      default_claim->listener_idx);
		else
			default_claim = &claims[i];
	}
}

static bool same_pair(const struct tls_certificate_params *a,
		      const struct tls_certificate_params *b)
{
	return strcmp(a->certificate_file, b->certificate_file) == 0 &&
	       strcmp(a->key_file, b->key_file) == 0;
}

/* What tls loads: each pair of files once, however many listeners use it. */
static void certificate_collect(struct gateway_config *config, struct listener_config *listener,
				const struct tls_certificate_params *pair)
{
	unsigned at = 0;

	if (pair->certificate_file == NULL || pair->key_file == NULL)
		return;
	while (at < config->certificate_count && !same_pair(&config->certificates[at], pair))
		at++;
	if (at == config->certificate_count)
		config->certificates[config->certificate_count++] = *pair;
	listener->certificate_idx[listener->certificate_idx_count++] = at;
}

static void certificates_collect(struct reader *r)
{
	struct gateway_config *config = r->config;

	config->certificates = arena_alloc(config->memory, TLS_KEY_KINDS * config->listener_count,
					   sizeof(*config->certificates));
	if (config->certificates == NULL) {
		r->findings->no_memory = true;
		return;
	}
	for (size_t i = 0; i < config->listener_count; i++) {
		struct listener_config *listener = &config->listeners[i];

		if (listener->is_plain)
			continue;
		if (listener->certificate_count == 0)
			certificate_collect(config, listener, &listener->certificate);
		for (size_t j = 0; j < listener->certificate_count; j++)
			certificate_collect(config, listener, &listener->certificates[j]);
	}
}

void check_listeners(struct reader *r)
{
	for (size_t i = 0; i < r->config->listener_count; i++)
		check_listener(r, i);
	check_hosts_apart(r);
	check_addresses_shared(r);
	for (size_t i = 0; i < r->config->listener_count; i++)
		check_has_use(r, i);
	certificates_collect(r);
}
