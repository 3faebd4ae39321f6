/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "config/config.h"

#include <stdlib.h>
#include <unistd.h>

/* Any file does for a certificate: what it holds is not config's to judge. */
#define FILES "certificate: server.pem, key: server.key"

#define HEAD                                                                                       \
	"workers: { cores: [1] }\n"                                                                \
	"ports:\n"                                                                                 \
	"  - { name: front, device: \"af_xdp:gw0\", addresses: [198.18.0.1/24] }\n"                \
	"  - { name: back, device: \"af_packet:gw1\", addresses: [198.19.0.1/24] }\n"              \
	"trust_stores: [{ name: partners, files: [server.pem] }]\n"                                \
	"ssl_profiles:\n"                                                                          \
	"  - { name: closed, client_auth: { mode: require, trust_store: partners, "                \
	"advertise_ca_names: true } }\n"                                                           \
	"  - { name: open, client_auth: { mode: off } }\n"                                         \
	"backend_pools: [{ name: app, servers: [\"198.19.0.2:8080\"] }]\n"

#define API                                                                                        \
	"  - { name: api, address: \"198.18.0.1:443\", ssl_profile: closed, " FILES                \
	", identity_headers: [azure, rfc9440] }\n"
#define RULES "rules: [{ listener: api, path: \"/\", pool: app }]\n"

static char folder[] = "/tmp/test_config.XXXXXX";

static void touch(const char *name)
{
	FILE *file = fopen(name, "w");

	cr_assert_not_null(file);
	fclose(file);
}

static void enter_folder(void)
{
	cr_assert_not_null(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
	touch("server.pem");
	touch("server.key");
}

static void leave_folder(void)
{
	unlink("server.pem");
	unlink("server.key");
	unlink("sp.yaml");
	cr_assert_eq(chdir("/"), 0);
	cr_assert_eq(rmdir(folder), 0);
}

TestSuite(config, .init = enter_folder, .fini = leave_folder);

/* Reads text as sp.yaml; *ret_messages, to be freed, is all it said. */
static enum gw_err parse(const char *text, char **ret_messages, struct gateway_config **ret_config)
{
	size_t len;
	FILE *messages = open_memstream(ret_messages, &len);
	enum gw_err err = config_parse("sp.yaml", span_str(text), messages, ret_config);

	fclose(messages);
	return err;
}

static void refuses(const char *text, const char *wanted)
{
	struct gateway_config *config = NULL;
	char *messages;

	cr_assert_eq(parse(text, &messages, &config), GW_ERR_CONFIG, "%s", text);
	cr_assert_null(config);
	cr_assert_str_eq(messages, wanted);
	free(messages);
}

static struct gateway_config *accepts(const char *text)
{
	struct gateway_config *config = NULL;
	char *messages;

	cr_assert_eq(parse(text, &messages, &config), GW_ERR_OK, "%s", messages);
	cr_assert_str_eq(messages, "");
	free(messages);
	return config;
}

Test(config, identity_headers_need_a_profile_that_requires_certificates)
{
	refuses(HEAD "listeners:\n  - { name: api, address: \"198.18.0.1:443\", ssl_profile: "
		     "open, " FILES ", identity_headers: [azure] }\n" RULES,
		"sp.yaml:11:124: error: listeners.identity_headers[api]: need client certificates; "
		"use an "
		"ssl_profile whose client_auth mode is not off\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

Test(config, every_listener_says_whether_clients_need_a_certificate)
{
	refuses(HEAD "listeners:\n  - { name: api, address: \"198.18.0.1:443\", " FILES
		     " }\n" RULES,
		"sp.yaml:11:5: error: listeners.ssl_profile[api]: is missing; give the profile "
		"that says "
		"whether clients need a certificate\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

Test(config, a_profile_says_its_mode)
{
	refuses("workers: { cores: [1] }\n"
		"ports: [{ name: p, device: \"af_xdp:x\", addresses: [198.18.0.1/24] }]\n"
		"ssl_profiles: [{ name: a }]\n"
		"listeners:\n  - { name: api, address: \"198.18.0.1:443\", ssl_profile: a, " FILES
		" }\n",
		"sp.yaml:3:16: error: ssl_profiles.client_auth.mode[a]: is missing; give what is "
		"asked of clients: off (nothing), request (a certificate, which has to be accepted "
		"where there is one), require (an accepted certificate) or passthrough (a "
		"certificate, which only the backend judges)\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

Test(config, a_profile_that_requires_certificates_names_who_judges_them)
{
	refuses("workers: { cores: [1] }\n"
		"ports: [{ name: p, device: \"af_xdp:x\", addresses: [198.18.0.1/24] }]\n"
		"ssl_profiles: [{ name: a, client_auth: { mode: require } }]\n"
		"listeners:\n  - { name: api, address: \"198.18.0.1:443\", ssl_profile: a, " FILES
		" }\n",
		"sp.yaml:3:27: error: ssl_profiles.client_auth.trust_store[a]: is missing; modes "
		"request and require need the trust store that judges client certificates\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

Test(config, a_key_that_is_not_built_is_refused)
{
	refuses(HEAD "listeners:\n" API RULES "revocation: { mode: soft }\n",
		"sp.yaml:13:1: error: revocation: unknown key; remove it, docs/CONFIG.md lists the "
		"keys\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

#define LISTENER(name, more)                                                                       \
	"  - { name: " name ", address: \"198.18.0.1:443\", ssl_profile: open, " FILES more " }\n"

Test(config, a_host_belongs_to_one_listener_of_an_address)
{
	refuses(HEAD "listeners:\n" LISTENER("api", ", hosts: [a.example]")
			LISTENER("b", ", hosts: [a.example]") RULES,
		"sp.yaml:12:112: error: listeners.hosts[b]: \"a.example\" belongs to listener "
		"\"api\" on the "
		"same address; keep it in one of them\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

Test(config, wildcards_overlap_only_with_themselves)
{
	config_destroy(accepts(
		HEAD "listeners:\n" LISTENER("api", ", hosts: [\"*.example\", \"*.a.example\"]")
			LISTENER("b", ", hosts: [b.example]") "rules: [{ listener: api, path: "
							      "\"/\", pool: app }, { listener: b, "
							      "path: \"/\", pool: app }]\n"));
	refuses(HEAD "listeners:\n" LISTENER("api", ", hosts: [\"*.example\"]")
			LISTENER("b", ", hosts: [\"*.example\"]") RULES,
		"sp.yaml:12:112: error: listeners.hosts[b]: \"*.example\" belongs to listener "
		"\"api\" on the "
		"same address; keep it in one of them\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

#define PLAIN(more)                                                                                \
	HEAD "listeners:\n  - { name: api, address: \"198.18.0.1:80\", tls: off" more " }\n" RULES
/* The rule is for another listener. */
#define PLAIN_ALONE(more)                                                                          \
	HEAD "listeners:\n  - { name: plain, address: \"198.18.0.1:80\", tls: off" more            \
	     " }\n" API RULES

/* text is refused, among others with the words of says. */
static void refuses_saying(const char *text, const char *says)
{
	struct gateway_config *config = NULL;
	char *messages;

	cr_assert_eq(parse(text, &messages, &config), GW_ERR_CONFIG, "%s", text);
	cr_assert(strstr(messages, says), "%s", messages);
	free(messages);
}

Test(config, a_listener_without_tls_says_so)
{
	struct gateway_config *config = accepts(PLAIN(""));

	cr_assert(config->listeners[0].is_plain);
	cr_assert_eq(config->listeners[0].certificate_idx_count, 0);
	cr_assert_eq(config->listeners[0].ssl_profile_idx, CONFIG_IDX_NONE);
	config_destroy(config);
	refuses(HEAD "listeners:\n  - { name: api, address: \"198.18.0.1:443\", ssl_profile: open "
		     "}\n" RULES,
		"sp.yaml:11:5: error: listeners.certificate[api]: is missing; give certificate and "
		"key, or say tls: off to serve plain HTTP\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

Test(config, without_tls_there_is_no_certificate_profile_or_identity)
{
	refuses_saying(PLAIN(", certificate: server.pem"),
		       "listeners.certificate[api]: has no place");
	refuses_saying(PLAIN(", key: server.key"), "listeners.key[api]: has no place");
	refuses_saying(PLAIN(", certificates: [{ " FILES " }]"),
		       "listeners.certificates[api]: has no place");
	refuses_saying(PLAIN(", ssl_profile: open"), "listeners.ssl_profile[api]: has no place");
	refuses_saying(PLAIN(", identity_headers: [azure]"),
		       "listeners.identity_headers[api]: promise a verified client");
}

Test(config, an_address_speaks_tls_or_not)
{
	refuses_saying(
		HEAD "listeners:\n" LISTENER(
			"api", ", hosts: [a.example]") "  - { name: b, address: "
						       "\"198.18.0.1:443\", tls: off, hosts: "
						       "[b.example] }\n" RULES,
		"listeners.address[b]: is that of listener \"api\", and one has TLS, the "
		"other not");
}

Test(config, only_named_hosts_are_redirected_and_only_to_where_tls_may_be)
{
	struct gateway_config *config = accepts(
		PLAIN_ALONE(", hosts: [a.example], redirect: https, redirect_port: 8443"));

	cr_assert(config->listeners[0].redirect_https);
	cr_assert_eq(config->listeners[0].redirect_port, 8443);
	config_destroy(config);
	refuses_saying(PLAIN_ALONE(", redirect: https"), "listeners.redirect[plain]: needs hosts");
	refuses_saying(PLAIN_ALONE(", hosts: [a.example], redirect: https, redirect_port: 80"),
		       "listeners.redirect_port[plain]: is the port of the listener itself");
	refuses_saying(PLAIN(", hosts: [a.example], redirect: https"),
		       "rules.listener[1]: can never be reached");
	refuses_saying(HEAD "listeners:\n" LISTENER("api", ", hosts: [a.example], redirect: https"),
		       "listeners.redirect[api]: needs tls: off");
}

Test(config, a_health_page_is_for_those_who_show_no_certificate)
{
	struct gateway_config *config = accepts(PLAIN_ALONE(", health: /health"));

	cr_assert_str_eq(config->listeners[0].health, "/health");
	config_destroy(config);
	config_destroy(accepts(HEAD "listeners:\n" LISTENER("api", ", health: /health") RULES));
	refuses_saying(HEAD "listeners:\n  - { name: api, address: \"198.18.0.1:443\", "
			    "ssl_profile: closed, health: /health, " FILES " }\n" RULES,
		       "listeners.health[api]: is answered without a client certificate");
}

Test(config, certificates_come_as_a_pair_or_as_a_list_of_pairs)
{
	struct gateway_config *config = accepts(
		HEAD "listeners:\n  - { name: api, address: \"198.18.0.1:443\", ssl_profile: open, "
		     "certificates: [{ " FILES " }, { certificate: server.pem, key: server.pem }] "
		     "}\n" RULES);

	cr_assert_eq(config->certificate_count, 2);
	cr_assert_eq(config->listeners[0].certificate_idx_count, 2);
	cr_assert_eq(config->listeners[0].certificate_idx[1], 1);
	config_destroy(config);
	refuses_saying(HEAD "listeners:\n" LISTENER("api", ", certificates: [{ " FILES " }]") RULES,
		       "listeners.certificates[api]: stands beside certificate or key");
	refuses_saying(HEAD "listeners:\n  - { name: api, address: \"198.18.0.1:443\", "
			    "ssl_profile: open, certificate: server.pem }\n" RULES,
		       "listeners.key[api]: is missing; certificate and key go together");
	refuses_saying(HEAD "listeners:\n  - { name: api, address: \"198.18.0.1:443\", "
			    "ssl_profile: open, certificates: [{ certificate: server.pem }] "
			    "}\n" RULES,
		       "listeners.certificates.key[api]: is missing");
}

Test(config, an_address_has_one_default)
{
	refuses(HEAD "listeners:\n" LISTENER("api", "")
			LISTENER("b", ", hosts: [b.example], default: true") RULES,
		"sp.yaml:12:133: error: listeners.default[b]: listener \"api\" takes the other "
		"clients of the "
		"address already; set it to false\n"
		"sp.yaml: 1 errors, 0 warnings\n");
}

Test(config, one_mistake_is_one_finding)
{
	refuses("workers: { cores: [1] }\nports: [{ name: p, device: \"af_xdp:x\", addresses: "
		"[nonsense] }]\n"
		"listeners: 7\n",
		"sp.yaml:2:52: error: ports.addresses[p]: \"nonsense\" is no IPv4 address with the "
		"length of its "
		"network; write one such as 198.18.0.1/24\n"
		"sp.yaml:3:12: error: listeners: must be a list; write it in brackets, or one \"- "
		"\" line an item\n"
		"sp.yaml: 2 errors, 0 warnings\n");
}

Test(config, a_missing_file_is_an_error)
{
	struct gateway_config *config = NULL;
	size_t len;
	char *text;
	FILE *messages = open_memstream(&text, &len);

	cr_assert_eq(config_load("none.yaml", NULL, messages, &config), GW_ERR_CONFIG);
	fclose(messages);
	cr_assert_str_eq(
		text,
		"none.yaml:1:1: error: file: cannot be read (No such file or directory); give the "
		"path of a start-up file\nnone.yaml: 1 errors, 0 warnings\n");
	free(text);
}

Test(config, warnings_do_not_refuse)
{
	struct gateway_config *config = NULL;
	char *messages;

	cr_assert_eq(parse(HEAD "listeners:\n" API, &messages, &config), GW_ERR_OK);
	cr_assert_str_eq(messages, "sp.yaml:9:25: warning: backend_pools.name[app]: no rule uses "
				   "the pool; add one under "
				   "rules, or remove the pool\n"
				   "sp.yaml:11:13: warning: listeners.name[api]: has no rules, so "
				   "every request gets 404; "
				   "add one under rules\n"
				   "sp.yaml: 0 errors, 2 warnings\n");
	free(messages);
	config_destroy(config);
}

Test(config, values_and_defaults_arrive)
{
	struct gateway_config *c = accepts(HEAD "listeners:\n" API RULES
						"limits: { body: 1MiB }\n");

	cr_assert_eq(c->core_count, 1);
	cr_assert_eq(c->cores[0], 1);
	cr_assert(c->idle_backoff);
	cr_assert_eq(c->sessions_max, 20000);
	cr_assert_eq(c->port_count, 2);
	cr_assert_str_eq(c->ports[1].device, "af_packet:gw1");
	cr_assert_eq(c->ports[1].addresses[0].addr.v, 0xc6130001);
	cr_assert_eq(c->ssl_profiles[0].client_auth, CLIENT_AUTH_REQUIRE);
	cr_assert_eq(c->ssl_profiles[0].trust_store_idx, 0);
	cr_assert_eq(c->ssl_profiles[1].trust_store_idx, CONFIG_IDX_NONE);
	cr_assert_eq(c->listeners[0].address.port, 443);
	cr_assert_eq(c->listeners[0].identity_headers, HTTP_IDENTITY_AZURE | HTTP_IDENTITY_RFC9440);
	cr_assert(c->listeners[0].is_default,
		  "a listener without hosts is the default of its address");
	cr_assert_eq(c->pools[0].servers[0].port, 8080);
	cr_assert_str_eq(c->rules[0].path, "/");
	cr_assert_eq(c->limits.body_bytes, 1 << 20);
	cr_assert_eq(c->limits.requests_per_connection, 0);
	cr_assert_eq(c->time_limits.tls_handshake_ms, 5000);
	cr_assert_eq(c->tcp_rto_min_ms, 200);
	cr_assert_str_eq(c->control_socket, "/run/sallyport/control.sock");
	config_destroy(c);
}

Test(config, files_are_found_beside_the_start_up_file)
{
	struct gateway_config *config = accepts(HEAD "listeners:\n" API RULES);
	char wanted[64];

	snprintf(wanted, sizeof(wanted), "%s/server.pem", folder);
	cr_assert_str_eq(config->trust_stores[0].files[0], wanted);
	cr_assert_str_eq(config->listeners[0].certificate.certificate_file, wanted);
	config_destroy(config);
}

Test(config, listeners_share_a_certificate)
{
	struct gateway_config *config = accepts(
		HEAD "listeners:\n" API
		     "  - { name: b, address: \"198.18.0.1:444\", ssl_profile: open, " FILES
		     " }\nrules: [{ listener: api, path: \"/\", pool: app }, { listener: b, path: "
		     "/x, pool: app }]\n");

	cr_assert_eq(config->certificate_count, 1);
	cr_assert_eq(config->listeners[1].certificate_idx_count, 1);
	cr_assert_eq(config->listeners[1].certificate_idx[0], 0);
	cr_assert_eq(config->rules[1].listener_idx, 1);
	config_destroy(config);
}

/* Not SHA-256, but it shows who was asked about what. */
static void first_and_length(const void *bytes, size_t len, uint8_t ret_digest[32])
{
	memset(ret_digest, *(const uint8_t *)bytes, 32);
	ret_digest[31] = (uint8_t)len;
}

Test(config, the_digest_is_of_the_bytes_of_the_file)
{
	static const struct config_probes probes = {.sha256 = first_and_length};
	static const char text[] = HEAD "listeners:\n" API RULES;
	struct gateway_config *config;
	FILE *file = fopen("sp.yaml", "w");
	char *line, tail[3];
	size_t len;

	fputs(text, file);
	fclose(file);
	cr_assert_eq(config_load("sp.yaml", &probes, stderr, &config), GW_ERR_OK);
	snprintf(tail, sizeof(tail), "%02x", (unsigned)(sizeof(text) - 1) & 0xff);
	cr_assert_eq(strlen(config->digest), 64);
	cr_assert_str_eq(config->digest + 62, tail);
	file = open_memstream(&line, &len);
	config_print_summary(config, "sp.yaml", file);
	fclose(file);
	cr_assert_eq(strncmp(line, "sp.yaml: ok, 1 listeners, 1 pools, digest sha256:7777", 53), 0);
	free(line);
	config_destroy(config);
}

/* What the probe says of every certificate. */
static struct tls_certificate_facts facts;
static enum gw_err certificate_err, store_err;
static unsigned probe_count;

static enum gw_err probe_certificate(void *ctx, const struct tls_certificate_params *pair,
				     struct tls_certificate_facts *ret_facts, struct err_note *note)
{
	(void)ctx;
	probe_count++;
	*ret_facts = facts;
	if (certificate_err != GW_ERR_OK)
		err_note_set(note, "%s: not the key of the certificate in %s; give both",
			     pair->key_file, pair->certificate_file);
	return certificate_err;
}

static struct trust_store_facts store_facts;
static bool store_ties;

static enum gw_err probe_store(void *ctx, const struct trust_store_params *store,
			       const struct trust_store_sink *sink,
			       struct trust_store_facts *ret_facts)
{
	static const struct trust_store_finding found[] = {
		{"no_ca", TRUST_SEVERITY_ERROR, 0, 0, "", "has no CA certificate", "give some"},
		{"expired", TRUST_SEVERITY_ERROR, 0, 2, "CN=x", "has expired", "renew it"},
		{"expires_soon", TRUST_SEVERITY_WARNING, 0, 3, "", "expires", "renew it"},
		{"leaf_ignored", TRUST_SEVERITY_NOTE, 0, 4, "", "is a leaf", "do as you like"},
	};

	static const struct trust_store_finding tie = {
		"pinning_tie", TRUST_SEVERITY_WARNING, 0, 2, "CN=y", "ties", "part them"};

	(void)ctx;
	(void)store;
	*ret_facts = store_facts;
	if (store_ties)
		sink->found(sink->ctx, &tie);
	for (size_t i = 0; store_err != GW_ERR_OK && i < sizeof(found) / sizeof(found[0]); i++)
		sink->found(sink->ctx, &found[i]);
	return store_err;
}

static uint64_t probe_memory(const struct gateway_config *config)
{
	return (uint64_t)config->sessions_max << 20;
}

/* What profile `closed` asks of its clients besides. */
static const char *closed_asks = "";

/* What is said of a file with two listeners that share a certificate. */
static void probes_say(int64_t now_s, uint64_t memory_bytes, const char *wanted)
{
	static const char text[] = HEAD "listeners:\n" LISTENER(
		"api", "") "  - { name: b, address: "
			   "\"198.18.0.1:444\", ssl_profile: open, " FILES " }\n"
			   "rules: [{ listener: api, path: \"/\", pool: app "
			   "}, { listener: b, path: \"/\", pool: app }]\n"
			   "memory: { sessions: 100 }\n";
	const struct config_probes probes = {.certificate = probe_certificate,
					     .trust_store = probe_store,
					     .memory_need = probe_memory,
					     .memory_bytes = memory_bytes,
					     .now_s = now_s};
	struct gateway_config *config = NULL;
	const char *rest = strstr(text, "mode: require") + strlen("mode: require");
	FILE *file = fopen("sp.yaml", "w"), *messages;
	char *said;
	size_t len;

	fprintf(file, "%.*s%s%s", (int)(rest - text), text, closed_asks, rest);
	fclose(file);
	probe_count = 0;
	messages = open_memstream(&said, &len);
	cr_assert_eq(config_load("sp.yaml", &probes, messages, &config) == GW_ERR_OK,
		     strstr(wanted, "error:") == NULL);
	fclose(messages);
	cr_assert_eq(probe_count, 1, "a shared pair was asked about %u times", probe_count);
	if (wanted[0] == '\0')
		cr_assert_str_eq(said, "");
	else
		cr_assert(strstr(said, wanted), "%s", said);
	free(said);
	config_destroy(config);
}

#define DAY_S 86400ll
#define NEVER_TOO_MUCH UINT64_MAX

Test(config, a_tie_is_said_where_a_profile_asks_for_pinned_issuers)
{
	facts = (struct tls_certificate_facts){.not_after_s = 2000 * DAY_S};
	store_ties = true;
	probes_say(0, NEVER_TOO_MUCH, "");
	closed_asks = ", verify_issuer_dn: true";
	probes_say(0, NEVER_TOO_MUCH,
		   "warning: trust_stores.files[partners]: server.pem: certificate 2 (CN=y): "
		   "pinning_tie: ties; part them\nsp.yaml: 0 errors, 1 warnings");
}

Test(config, dates_of_certificates_are_said)
{
	facts = (struct tls_certificate_facts){.not_before_s = 1000 * DAY_S,
					       .not_after_s = 2000 * DAY_S};
	probes_say(1500 * DAY_S, NEVER_TOO_MUCH, "");
	probes_say(1970 * DAY_S, NEVER_TOO_MUCH, "");
	probes_say(1970 * DAY_S + 1, NEVER_TOO_MUCH,
		   "sp.yaml:11:77: warning: listeners.certificate[api]: expires on 1975-06-24; "
		   "renew it\nsp.yaml: 0 errors, 1 warnings");
	probes_say(2000 * DAY_S, NEVER_TOO_MUCH, "warning: listeners.certificate[api]: expires");
	probes_say(2000 * DAY_S + 1, NEVER_TOO_MUCH,
		   "error: listeners.certificate[api]: expired on 1975-06-24; renew it\n");
	probes_say(1000 * DAY_S - 1, NEVER_TOO_MUCH,
		   "error: listeners.certificate[api]: is not valid before 1972-09-27");
}

Test(config, unusable_files_are_said_where_they_stand)
{
	facts = (struct tls_certificate_facts){.not_after_s = 2000 * DAY_S};
	certificate_err = GW_ERR_CONFIG;
	probes_say(0, NEVER_TOO_MUCH,
		   "sp.yaml:11:94: error: listeners.key[api]: server.key: not the key of the "
		   "certificate in server.pem; give both\nsp.yaml: 1 errors, 0 warnings");
	certificate_err = GW_ERR_OK;
	store_err = GW_ERR_CONFIG;
	probes_say(0, NEVER_TOO_MUCH,
		   "sp.yaml:5:42: error: trust_stores.files[partners]: server.pem: no_ca: has no "
		   "CA certificate; give some\n"
		   "sp.yaml:5:42: error: trust_stores.files[partners]: server.pem: certificate 2 "
		   "(CN=x): expired: has expired; renew it\n"
		   "sp.yaml:5:42: warning: trust_stores.files[partners]: server.pem: certificate "
		   "3: expires_soon: expires; renew it\n"
		   "sp.yaml: 2 errors, 1 warnings");
	store_err = GW_ERR_OK;
}

Test(config, more_names_than_a_handshake_has_room_for_are_an_error)
{
	facts = (struct tls_certificate_facts){.not_after_s = 2000 * DAY_S};
	store_facts.ca_names_bytes = TRUST_CA_NAMES_BYTES_MAX;
	probes_say(0, NEVER_TOO_MUCH, "");
	store_facts.ca_names_bytes = TRUST_CA_NAMES_BYTES_MAX + 1;
	probes_say(
		0, NEVER_TOO_MUCH,
		"sp.yaml:7:94: error: ssl_profiles.client_auth.advertise_ca_names[closed]: the "
		"CAs of trust store \"partners\" have names of 10001 octets, and a handshake has "
		"room for 10000; set it to false, or divide the store among profiles\n"
		"sp.yaml: 1 errors, 0 warnings");
	store_facts.ca_names_bytes = 0;
}

Test(config, more_memory_than_the_machine_has_is_an_error)
{
	facts = (struct tls_certificate_facts){.not_after_s = 2000 * DAY_S};
	probes_say(0, 100 << 20, "");
	probes_say(0, (100 << 20) - 1,
		   "sp.yaml:14:21: error: memory.sessions: 100 sessions need 100 MiB, and this "
		   "machine has 99 MiB; lower it\n");
}
