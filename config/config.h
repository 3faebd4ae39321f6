/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/config.h: the start-up file as checked, immutable data.  Reading it reports every error of
 * the file at once and yields nothing unless all is well.  Indexes refer to the arrays of the same
 * struct; strings and arrays belong to it.  Which keys there are, with bounds and defaults, is
 * config/schema.def. */
#pragma once

#include "base/err.h"
#include "base/span.h"
#include "http/http_params.h"
#include "net/ip4.h"
#include "tls/tls_params.h"
#include "tls/trust/trust_store_params.h"

#include <stdio.h>

/* An optional reference that the file does not make. */
#define CONFIG_IDX_NONE UINT32_MAX
/* Entries of a section that grows with what a gateway serves.  Rules and pairs of files: more. */
#define CONFIG_ENTRIES_MAX 2048

/* A request remembers in 64 bits which servers of its pool it has tried. */
#define POOL_SERVERS_MAX 64

struct arena;

struct port_config {
	const char *name;
	const char *device;           /* "af_xdp:gw0", "af_packet:gw0" */
	struct ip4_prefix *addresses; /* addr is ours, len its network */
	size_t address_count;
};

struct route_config {
	struct ip4_prefix to;
	struct ip4 via; /* on a connected network */
};

struct listener_config {
	const char *name;
	struct ip4_endpoint address;
	bool is_plain;      /* tls: off */
	const char **hosts; /* lower case; "name" or "*.name", which covers one label; empty: any */
	size_t host_count;
	bool is_default; /* takes clients with no or unknown SNI (plain: Host) on its address */
	/* Written as certificate and key, or as a list of such pairs; the other is empty. */
	struct tls_certificate_params certificate;
	struct tls_certificate_params *certificates;
	size_t certificate_count;
	/* Either of them, as indexes into gateway_config.certificates; none when plain. */
	unsigned certificate_idx[TLS_KEY_KINDS];
	size_t certificate_idx_count;
	unsigned ssl_profile_idx;  /* CONFIG_IDX_NONE when plain */
	unsigned identity_headers; /* enum http_identity_dialect bits */
	const char *health;        /* the path that is answered locally; NULL: none */
	bool redirect_https;       /* plain only: everything is sent to https, redirect_port */
	uint32_t redirect_port;
	struct ip4_prefix *allow_from; /* empty: everyone */
	size_t allow_from_count;
};

struct pool_config {
	const char *name;
	struct ip4_endpoint *servers; /* at most POOL_SERVERS_MAX */
	size_t server_count;
	uint32_t max_failures; /* in a row; 0: a server is never left out */
	uint32_t fail_timeout_ms;
	struct ip4 *sources; /* of ours; empty: by the route */
	size_t source_count;
};

struct rule_config {
	unsigned listener_idx;
	const char *path; /* prefix at a segment boundary, case-sensitive */
	unsigned pool_idx;
};

struct gateway_config {
	unsigned *cores; /* of the workers, all different */
	size_t core_count;
	uint32_t handshake_budget_us;
	bool idle_backoff;        /* workers.idle: backoff (default) or poll */
	uint64_t hugepages_bytes; /* 0: none */
	uint32_t sessions_max;
	struct port_config *ports;
	size_t port_count;
	struct route_config *routes;
	size_t route_count;
	struct trust_store_params *trust_stores;
	size_t trust_store_count;
	struct ssl_profile_params *ssl_profiles;
	size_t ssl_profile_count;
	struct tls_certificate_params *certificates; /* every pair that listeners use, once */
	size_t certificate_count;
	struct listener_config *listeners;
	size_t listener_count;
	struct pool_config *pools;
	size_t pool_count;
	struct rule_config *rules;
	size_t rule_count;
	struct http_limits limits;
	struct {
		uint32_t tls_handshake_ms, header_ms, idle_ms, connect_ms, response_ms;
	} time_limits;
	struct {
		uint64_t request_bytes, response_bytes; /* a second; 0: as slow as they like */
		uint32_t grace_ms;
	} client_rates;
	uint32_t tcp_rto_min_ms;
	uint32_t drain_ms;           /* shutdown.drain; 0: none */
	const char *access_log_path; /* NULL: none */
	bool access_log_stdout;
	struct ip4_endpoint metrics_address;      /* port 0: none */
	const char *process_user, *process_group; /* NULL: none named */
	const char *control_socket;
	char digest[65]; /* SHA-256 of the file, hex */
	struct arena
		*memory; /* holds this struct's strings and arrays; for config_destroy() alone */
};

/* SHA-256 of len bytes.  The caller brings it, because config uses no cryptographic library. */
typedef void config_sha256_fn(const void *bytes, size_t len, uint8_t ret_digest[32]);

/* What config asks of its caller, because it uses no cryptographic library and knows no machine.  Each may be NULL, and
 * is then not looked at. */
struct config_probes {
	config_sha256_fn *sha256;
	/* Can a server use the pair?  If not, GW_ERR_CONFIG and a note: "FILE: WHAT; WHAT TO DO". */
	enum gw_err (*certificate)(void *ctx, const struct tls_certificate_params *pair,
				   struct tls_certificate_facts *ret_facts, struct err_note *note);
	/* Can a trust store be used?  If not, GW_ERR_CONFIG or GW_ERR_IO, and why in sink. */
	enum gw_err (*trust_store)(void *ctx, const struct trust_store_params *store,
				   const struct trust_store_sink *sink,
				   struct trust_store_facts *ret_facts);
	/* What the gateway may come to hold of memory, and what the machine has. */
	uint64_t (*memory_need)(const struct gateway_config *config);
	uint64_t memory_bytes;
	int64_t now_s; /* UTC, for the dates of certificates */
	void *ctx;
};

/* Reads and checks the file at path, and writes every finding to messages as `FILE:LINE:COL:
 * error|warning: KEY.PATH[NAME]: WHAT; WHAT TO DO`, then their count; nothing when there are none.
 * Files it names are looked for relative to its folder, and their paths in the result are absolute.
 * GW_ERR_CONFIG when there was an error; *ret_config, to be freed by config_destroy(), is then
 * untouched. */
MUST_CHECK enum gw_err config_load(const char *path, const struct config_probes *probes,
				   FILE *messages, struct gateway_config **ret_config);
/* The same for a text in memory that counts as the content of path; nothing is probed, and the digest stays empty. */
MUST_CHECK enum gw_err config_parse(const char *path, struct span text, FILE *messages,
				    struct gateway_config **ret_config);
/* NULL is allowed. */
void config_destroy(struct gateway_config *config);

/* Writes config as a start-up file: every default filled in, keys in the order of the schema, no
 * comments.  Fed back to config_load() it yields the same configuration and, printed again, the
 * same bytes. */
void config_print(const struct gateway_config *config, FILE *out);
/* Writes the line that --check ends with: `FILE: ok, N listeners, M pools, digest sha256:HEX`. */
void config_print_summary(const struct gateway_config *config, const char *path, FILE *out);
