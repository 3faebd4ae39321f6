/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the names of files to a store: reads them, tells a compiled store from plain files. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tls/trust/trust_blob.h"
#include "tls/trust/trust_compile.h"
#include "tls/trust/trust_store.h"

struct load {
	const struct trust_store_options *options;
	struct trust_report report;
	struct trust_file *files;
	size_t file_count;
};

static void unreadable(struct load *load, size_t i, const char *why)
{
	trust_report_add(&load->report, TRUST_FOUND_unreadable, i, 0, NULL, "%s", why);
}

static uint8_t *shrunk(uint8_t *bytes, size_t len)
{
	uint8_t *less = realloc(bytes, len + 1);

	return less != NULL ? less : bytes;
}

static enum gw_err file_read(struct load *load, size_t i)
{
	struct trust_file *file = &load->files[i];
	FILE *stream = fopen(file->path, "rbe");
	enum gw_err err = GW_ERR_IO;

	if (stream == NULL) {
		unreadable(load, i, strerror(errno));
		return GW_ERR_IO;
	}
	file->bytes = malloc(TRUST_STORE_FILE_BYTES_MAX + 1);
	if (file->bytes == NULL) {
		fclose(stream);
		return GW_ERR_NO_MEMORY;
	}
	file->len = fread(file->bytes, 1, TRUST_STORE_FILE_BYTES_MAX + 1, stream);
	if (ferror(stream))
		unreadable(load, i, "cannot be read");
	else if (file->len > TRUST_STORE_FILE_BYTES_MAX)
		unreadable(load, i, "is larger than 16 MiB");
	else
		err = GW_ERR_OK;
	fclose(stream);
	if (err == GW_ERR_OK)
		file->bytes = shrunk(file->bytes, file->len);
	return err;
}

static enum gw_err files_read(struct load *load, const char *const *paths, size_t count)
{
	enum gw_err worst = GW_ERR_OK;

	load->files = calloc(count, sizeof(*load->files));
	if (load->files == NULL)
		return GW_ERR_NO_MEMORY;
	load->file_count = count;
	for (size_t i = 0; i < count && worst != GW_ERR_NO_MEMORY; i++) {
		enum gw_err err;

		load->files[i].path = paths[i];
		err = file_read(load, i);
		if (err != GW_ERR_OK)
			worst = err;
	}
	return worst;
}

static struct span bytes_of(const struct trust_file *file)
{
	return span_of(file->bytes, file->len);
}

/* SIZE_MAX: none of the files is a compiled store. */
static size_t compiled_find(const struct load *load)
{
	for (size_t i = 0; i < load->file_count; i++) {
		if (trust_blob_has_magic(bytes_of(&load->files[i])))
			return i;
	}
	return SIZE_MAX;
}

static void fault_report(struct load *load, enum trust_blob_state state)
{
	static const char *const faults[] = {
		[TRUST_BLOB_GOOD] = "",
		[TRUST_BLOB_OTHER_VERSION] = "is in another version of the format",
		[TRUST_BLOB_CUT] = "is not as long as it says",
		[TRUST_BLOB_ALTERED] = "is not what was compiled: its digest differs",
		[TRUST_BLOB_MALFORMED] = "is malformed",
	};

	trust_report_add(&load->report,
			 state == TRUST_BLOB_OTHER_VERSION ? TRUST_FOUND_compiled_version
							   : TRUST_FOUND_compiled_damaged,
			 0, 0, NULL, "%s", faults[state]);
}

static void compiled_check(struct load *load, const struct trust_store *store)
{
	const struct trust_store_options *options = load->options;

	if (store->partial_chain != options->partial_chain && !options->as_compiled)
		trust_report_add(&load->report, TRUST_FOUND_compiled_options, 0, 0, NULL,
				 "was compiled with%s partial_chain",
				 store->partial_chain ? "" : "out");
	if (store->chain_count > options->max_chains && !options->as_compiled)
		trust_report_add(&load->report, TRUST_FOUND_too_many_chains, 0, 0, NULL,
				 "has %zu chains, the store may have %u", store->chain_count,
				 options->max_chains);
	for (size_t i = 0; i < store->ca_count; i++)
		trust_compile_check_dates(&load->report, 0, (unsigned)i + 1, &store->cas[i].cert,
					  options->now_s, true);
}

static enum gw_err compiled_load(struct load *load, size_t at, struct trust_store **ret_store)
{
	struct trust_store *store;
	enum trust_blob_state state;
	enum gw_err err;

	if (load->file_count > 1) {
		trust_report_add(&load->report, TRUST_FOUND_compiled_not_alone, at, 0, NULL,
				 "is a compiled store beside other files");
		return GW_ERR_CONFIG;
	}
	err = trust_store_open(bytes_of(&load->files[at]), &state, &store);
	if (err == GW_ERR_CONFIG)
		fault_report(load, state);
	if (err != GW_ERR_OK)
		return err;
	compiled_check(load, store);
	if (load->report.error_count > 0) {
		trust_store_destroy(store);
		return GW_ERR_CONFIG;
	}
	*ret_store = store;
	return GW_ERR_OK;
}

static enum gw_err plain_load(struct load *load, struct trust_store **ret_store)
{
	enum trust_blob_state state;
	uint8_t *blob;
	size_t len;
	enum gw_err err = trust_compile(load->files, load->file_count, load->options, &load->report,
					&blob, &len);

	if (err != GW_ERR_OK)
		return err;
	err = trust_store_open(span_of(blob, len), &state, ret_store);
	free(blob);
	return err == GW_ERR_CONFIG ? GW_ERR_INTERNAL : err;
}

enum gw_err trust_store_load(const char *const *files, size_t file_count,
			     const struct trust_store_options *options,
			     const struct trust_store_sink *sink, struct trust_store **ret_store)
{
	struct load load = {.options = options, .report = {.sink = sink}};
	enum gw_err err = files_read(&load, files, file_count);

	if (err == GW_ERR_OK) {
		size_t compiled = compiled_find(&load);

		err = compiled != SIZE_MAX ? compiled_load(&load, compiled, ret_store)
					   : plain_load(&load, ret_store);
	}
	for (size_t i = 0; i < load.file_count; i++)
		free(load.files[i].bytes);
	free(load.files);
	return err;
}
