/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of a trust store.  Either there is an error among what is said of it, or it becomes a store
 * that can be opened. */
#include <stdlib.h>

#include "base/assert.h"
#include "tests/support/trust_files.h"
#include "tls/trust/trust_compile.h"
#include "tls/trust/trust_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void compile(const struct trust_file *file, bool partial_chain)
{
	const struct trust_store_options options = {
		.partial_chain = partial_chain,
		.max_chains = 1,
		.now_s = STORE_COMPILED_S,
	};
	struct trust_report report = {0};
	enum trust_blob_state state;
	struct trust_store *store;
	uint8_t *blob;
	size_t blob_len;
	enum gw_err err = trust_compile(file, 1, &options, &report, &blob, &blob_len);

	GW_ASSERT((err == GW_ERR_OK) == (report.error_count == 0));
	if (err != GW_ERR_OK)
		return;
	GW_ASSERT(trust_store_open(span_of(blob, blob_len), &state, &store) == GW_ERR_OK);
	GW_ASSERT(store->ca_count > 0 && store->partial_chain == partial_chain);
	trust_store_destroy(store);
	free(blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct trust_file file = {.path = "file", .bytes = (uint8_t *)data, .len = len};

	compile(&file, false);
	compile(&file, true);
	return 0;
}
