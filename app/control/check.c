/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/check.h"

#include "app/control/memory.h"
#include "app/gateway/snapshot.h"
#include "tls/tls_worker.h"
#include "tls/trust/trust.h"

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

/* Loads a certificate with its key the way a worker does, and throws the result away. */
static enum gw_err certificate_try(void *ctx, const struct tls_certificate_params *pair,
				   struct tls_certificate_facts *ret_facts, struct err_note *note)
{
	return tls_worker_try(ctx, pair, ret_facts, note);
}

static enum gw_err trust_store_try(void *ctx, const struct trust_store_params *params,
				   struct err_note *note)
{
	struct trust_store *store;
	enum gw_err err = trust_store_load(params->files, params->file_count, note, &store);

	(void)ctx;
	if (err == GW_ERR_OK)
		trust_store_destroy(store);
	return err;
}

enum gw_err check_load(const char *path, FILE *messages, struct gateway_config **ret_config)
{
	struct config_probes probes = {
		.sha256 = sha256,
		.certificate = certificate_try,
		.trust_store = trust_store_try,
		.memory_need = memory_need_bytes,
		.memory_bytes = memory_machine_bytes(),
		.now_s = time(NULL),
	};
	struct tls_worker *bench;
	struct counters *count;
	struct err_note note = {0};
	enum gw_err err = bench_open(&count, &bench, &note);

	if (err != GW_ERR_OK) {
		fprintf(messages, "%s: error: %s\n", path, note.text);
		return err;
	}
	probes.ctx = bench;
	err = config_load(path, &probes, messages, ret_config);
	tls_worker_destroy(bench);
	free(count);
	return err;
}

enum gw_err check_create_snapshot(const char *path, const struct gateway_config *config,
				  FILE *messages, struct snapshot **ret_snap)
{
	struct snapshot *snap = NULL;
	struct err_note note = {0};
	enum gw_err err;

	err = snapshot_create(config, &note, &snap);
	if (err == GW_ERR_OK) {
		*ret_snap = snap;
		return GW_ERR_OK;
	}
	fprintf(messages, "%s: error: %s\n", path,
		note.text[0] != '\0' ? note.text : "out of memory");
	snapshot_destroy(snap);
	return err;
}

enum gw_err check_file(const char *path, FILE *out, FILE *messages)
{
	struct gateway_config *config = NULL;
	struct snapshot *snap = NULL;
	enum gw_err err;

	err = check_load(path, messages, &config);
	if (err != GW_ERR_OK)
		return err;
	err = check_create_snapshot(path, config, messages, &snap);
	if (err == GW_ERR_OK) {
		config_print_summary(config, path, out);
		snapshot_destroy(snap);
	}
	config_destroy(config);
	return err;
}
