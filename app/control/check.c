/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/check.h"

#include "app/gateway/snapshot.h"
#include "tls/tls_worker.h"

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>

/* config uses no cryptographic library; this is what it asks its caller for. */
static void sha256(const void *bytes, size_t len, uint8_t ret_digest[32])
{
	GW_ASSERT(len <= UINT32_MAX);
	GW_ASSERT(wc_Sha256Hash(bytes, (word32)len, ret_digest) == 0);
}

enum gw_err check_load(const char *path, FILE *messages, struct gateway_config **ret_config)
{
	return config_load(path, sha256, messages, ret_config);
}

/* Loads every certificate with its key the way a worker does, and throws the result away. */
static enum gw_err certificates_try(const struct gateway_config *config, struct err_note *note)
{
	const struct tls_worker_params params = {
		.certificates = config->certificates,
		.certificate_count = config->certificate_count,
		.sessions_max = 1,
		.arena_bytes_max = (size_t)1 << 30, /* a context takes some KiB */
	};
	struct counters *count = calloc(1, sizeof(*count));
	struct tls_worker *tw = NULL;
	enum gw_err err;

	if (count == NULL)
		return GW_ERR_NO_MEMORY;
	err = tls_worker_create(&params, count, note, &tw);
	if (err == GW_ERR_OK)
		tls_worker_destroy(tw);
	free(count);
	return err;
}

enum gw_err check_create_snapshot(const char *path, const struct gateway_config *config,
				  FILE *messages, struct snapshot **ret_snap)
{
	struct snapshot *snap = NULL;
	struct err_note note = {0};
	enum gw_err err;

	err = tls_process_init(&note);
	if (err == GW_ERR_OK)
		err = snapshot_create(config, &note, &snap);
	if (err == GW_ERR_OK)
		err = certificates_try(config, &note);
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
