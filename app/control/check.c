/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/check.h"

#include "app/control/memory.h"
#include "app/gateway/snapshot.h"
#include "tls/tls_worker.h"
#include "tls/trust/trust_store.h"

#include <stdlib.h>
#include <time.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>

/* config uses no cryptographic library; this is what it asks its caller for. */
static void sha256(const void *bytes, size_t len, uint8_t ret_digest[32])
{
	GW_ASSERT(len <= UINT32_MAX);
	GW_ASSERT(wc_Sha256Hash(bytes, (word32)len, ret_digest) == 0);
}

/* A worker with no certificate: what certificates are tried in. */
static enum gw_err bench_open(struct counters **ret_count, struct tls_worker **ret_bench,
			      struct err_note *note)
{
	const struct tls_worker_params params = {
		.sessions_max = 1,
		.arena_bytes_max = (size_t)1 << 30, /* a context takes some KiB */
	};
	enum gw_err err = tls_process_init(note);

	*ret_count = calloc(1, sizeof(**ret_count));
	if (*ret_count == NULL)
		return GW_ERR_NO_MEMORY;
	if (err == GW_ERR_OK)
		err = tls_worker_create(&params, *ret_count, note, ret_bench);
	if (err != GW_ERR_OK)
		free(*ret_count);
	return err;
}

/* What the probes work with and leave behind. */
struct probing {
	struct tls_worker *bench;
	int64_t now_s;
	struct trust_store **stores; /* those that could be loaded, in the order of the file */
	size_t store_count;
};

/* Loads a certificate with its key the way a worker does, and throws the result away. */
static enum gw_err certificate_try(void *ctx, const struct tls_certificate_params *pair,
				   struct tls_certificate_facts *ret_facts, struct err_note *note)
{
	struct probing *probing = ctx;

	return tls_worker_try(probing->bench, pair, ret_facts, note);
}

/* Keeps what it loads: verifying the signatures of a thousand stores twice would be felt. */
static enum gw_err trust_store_try(void *ctx, const struct trust_store_params *params,
				   const struct trust_store_sink *sink,
				   struct trust_store_facts *ret_facts)
{
	struct probing *probing = ctx;
	const struct trust_store_options options = {
		.partial_chain = params->partial_chain,
		.max_chains = params->max_chains,
		.now_s = probing->now_s,
	};
	struct trust_store **stores = realloc(
		probing->stores, (probing->store_count + 1) * sizeof(struct trust_store *));
	enum gw_err err;

	if (stores == NULL)
		return GW_ERR_NO_MEMORY;
	probing->stores = stores;
	err = trust_store_load(params->files, params->file_count, &options, sink,
			       &stores[probing->store_count]);
	if (err != GW_ERR_OK)
		return err;
	ret_facts->ca_names_bytes = stores[probing->store_count]->ca_names_bytes;
	probing->store_count++;
	return GW_ERR_OK;
}

enum gw_err check_load(const char *path, FILE *messages, struct startup *ret_startup)
{
	struct probing probing = {.now_s = time(NULL)};
	struct config_probes probes = {
		.sha256 = sha256,
		.certificate = certificate_try,
		.trust_store = trust_store_try,
		.memory_need = memory_need_bytes,
		.memory_bytes = memory_machine_bytes(),
		.now_s = probing.now_s,
		.ctx = &probing,
	};
	struct gateway_config *config;
	struct counters *count;
	struct err_note note = {0};
	enum gw_err err = bench_open(&count, &probing.bench, &note);

	if (err != GW_ERR_OK) {
		fprintf(messages, "%s: error: %s\n", path, note.text);
		return err;
	}
	err = config_load(path, &probes, messages, &config);
	if (err == GW_ERR_OK)
		*ret_startup = (struct startup){.config = config, .stores = probing.stores};
	else
		trust_stores_destroy(probing.stores, probing.store_count);
	tls_worker_destroy(probing.bench);
	free(count);
	return err;
}

void check_unload(struct startup *startup)
{
	trust_stores_destroy(startup->stores, startup->config->trust_store_count);
	config_destroy(startup->config);
}

enum gw_err check_create_snapshot(const char *path, struct startup *startup, FILE *messages,
				  struct snapshot **ret_snap)
{
	enum gw_err err = snapshot_create(startup->config, startup->stores, ret_snap);

	startup->stores = NULL;
	if (err != GW_ERR_OK)
		fprintf(messages, "%s: error: out of memory; free some and try again\n", path);
	return err;
}

enum gw_err check_file(const char *path, FILE *out, FILE *messages)
{
	struct startup startup;
	struct snapshot *snap = NULL;
	enum gw_err err;

	err = check_load(path, messages, &startup);
	if (err != GW_ERR_OK)
		return err;
	err = check_create_snapshot(path, &startup, messages, &snap);
	if (err == GW_ERR_OK) {
		config_print_summary(startup.config, path, out);
		snapshot_destroy(snap);
	}
	check_unload(&startup);
	return err;
}
