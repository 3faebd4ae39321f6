/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "config/config.h"
#include "config/value.h"

#include <stdlib.h>

/* A file that is always there. */
#define EXE "/proc/self/exe"

static struct gateway_config *parsed(const char *text)
{
	struct gateway_config *config = NULL;

	cr_assert_eq(config_parse("sp.yaml", span_str(text), stderr, &config), GW_ERR_OK);
	return config;
}

static char *printed(const struct gateway_config *config)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	config_print(config, out);
	fclose(out);
	return text;
}

static const char terse[] =
	"rules: [{ pool: app, path: \"/\", listener: api }]\n"
	"backend_pools: [{ name: app, servers: [\"198.18.0.2:80\"] }]\n"
	"listeners: [{ ssl_profile: open, key: " EXE ", certificate: " EXE
	", address: \"198.18.0.1:443\", name: api }]\n"
	"ssl_profiles: [{ client_auth: { mode: off }, name: open }]\n"
	"ports: [{ addresses: [198.18.0.1/24], device: \"af_xdp:gw0\", name: front }]\n"
	"time_limits: { idle: 3600s, header: 61000ms }\n"
	"memory: { hugepages: 0 }\n"
	"limits: { body: 2048KiB }\n"
	"workers: { cores: [1] }\n";

static const char canonical[] = "workers:\n"
				"  cores: [1]\n"
				"  idle: backoff\n"
				"  handshake_budget: 500us\n"
				"memory:\n"
				"  hugepages: none\n"
				"  sessions: 20000\n"
				"ports:\n"
				"  - name: front\n"
				"    device: \"af_xdp:gw0\"\n"
				"    addresses: [198.18.0.1/24]\n"
				"routes: []\n"
				"trust_stores: []\n"
				"ssl_profiles:\n"
				"  - name: open\n"
				"    client_auth:\n"
				"      mode: off\n"
				"      on_failure: http-400\n"
				"      advertise_ca_names: false\n"
				"      verify_issuer_dn: false\n"
				"      verify_depth: 10\n"
				"      rsa_bits_min: 2048\n"
				"      ec_bits_min: 256\n"
				"      digests: [sha256, sha384, sha512]\n"
				"      allowed_names: []\n"
				"      allowed_leaves: []\n"
				"      search_limits:\n"
				"        certificates: 16\n"
				"        bytes: 64KiB\n"
				"        candidates: 256\n"
				"        signatures: 64\n"
				"        names: 20000\n"
				"        policies: 1000\n"
				"listeners:\n"
				"  - name: api\n"
				"    address: \"198.18.0.1:443\"\n"
				"    tls: on\n"
				"    hosts: []\n"
				"    certificate: \"/proc/self/exe\"\n"
				"    key: \"/proc/self/exe\"\n"
				"    certificates: []\n"
				"    ssl_profile: open\n"
				"    identity_headers: []\n"
				"    allow_from: []\n"
				"    default: true\n"
				"    redirect: none\n"
				"    redirect_port: 443\n"
				"backend_pools:\n"
				"  - name: app\n"
				"    servers: [\"198.18.0.2:80\"]\n"
				"    source_addresses: []\n"
				"    max_failures: 3\n"
				"    fail_timeout: 10s\n"
				"rules:\n"
				"  - listener: api\n"
				"    path: \"/\"\n"
				"    pool: app\n"
				"limits:\n"
				"  header_bytes: 16KiB\n"
				"  header_count: 100\n"
				"  body: 2MiB\n"
				"  requests_per_connection: unlimited\n"
				"time_limits:\n"
				"  tls_handshake: 5s\n"
				"  header: 61s\n"
				"  idle: 1h\n"
				"  connect: 3s\n"
				"  response: 1m\n"
				"client_rates:\n"
				"  request_body: 500B\n"
				"  response: 500B\n"
				"  grace: 20s\n"
				"tcp:\n"
				"  rto_min: 200ms\n"
				"shutdown:\n"
				"  drain: 30s\n"
				"access_log:\n"
				"  stdout: false\n"
				"metrics:\n"
				"process:\n"
				"control:\n"
				"  socket: \"/run/sallyport/control.sock\"\n";

Test(print, every_default_is_filled_in_and_the_order_is_fixed)
{
	struct gateway_config *config = parsed(terse);
	char *text = printed(config);

	cr_assert_str_eq(text, canonical);
	free(text);
	config_destroy(config);
}

Test(print, what_is_printed_reads_back_to_the_same_bytes)
{
	struct gateway_config *config = parsed(canonical);
	char *text = printed(config);

	cr_assert_str_eq(text, canonical);
	free(text);
	config_destroy(config);
}

static void prints_as(const char *text, const char *wanted)
{
	char *printed_text;
	size_t len;
	FILE *out = open_memstream(&printed_text, &len);

	value_print_text(span_str(text), out);
	fclose(out);
	cr_assert_str_eq(printed_text, wanted);
	free(printed_text);
}

Test(print, text_that_yaml_would_misread_is_quoted)
{
	prints_as("", "\"\"");
	prints_as("null", "\"null\"");
	prints_as("-", "\"-\"");
	prints_as("/a", "\"/a\"");
	prints_as("a: b", "\"a: b\"");
	prints_as("a #b", "\"a #b\"");
	prints_as("a\"b\\c", "\"a\\\"b\\\\c\"");
	prints_as("\xc3\xa9", "\"\xc3\xa9\"");
	prints_as("api.example", "api.example");
}
