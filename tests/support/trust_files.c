/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/trust_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>

#include "base/assert.h"
#include "tls/trust/pem.h"
#include "tls/trust/trust_store.h"

#define FILE_BYTES_MAX 131072

static struct span pki_read(const char *name, uint8_t *buf, size_t cap)
{
	char path[512];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.pem", TEST_PKI, name);
	file = fopen(path, "rb");
	if (file == NULL)
		fprintf(stderr, "%s is missing\n", path);
	GW_ASSERT(file != NULL);
	len = fread(buf, 1, cap, file);
	GW_ASSERT(len < cap);
	fclose(file);
	return span_of(buf, len);
}

void chain_append_der(struct chain_file *file, struct span der)
{
	struct trust_chain *chain = &file->chain;
	size_t used = 0;

	for (unsigned i = 0; i < chain->count; i++)
		used += chain->cert[i].len;
	if (chain->count == TRUST_CHAIN_MAX) {
		chain->too_long = true;
		return;
	}
	GW_ASSERT(used + der.len <= sizeof(file->bytes));
	memcpy(file->bytes + used, der.p, der.len);
	chain->cert[chain->count++] = span_of(file->bytes + used, der.len);
}

void chain_append(struct chain_file *file, const char *name)
{
	static uint8_t text_bytes[FILE_BYTES_MAX], der[FILE_BYTES_MAX];
	struct span text = pki_read(name, text_bytes, sizeof(text_bytes));
	struct pem_block block;

	while (pem_take(&text, &block) == PEM_BLOCK) {
		struct outbuf out = outbuf_of(der, sizeof(der));

		GW_ASSERT(pem_decode(block.body, &out));
		chain_append_der(file, outbuf_span(&out));
	}
}

void chain_load(struct chain_file *file, const char *name)
{
	file->chain = (struct trust_chain){.count = 0};
	chain_append(file, name);
}

void judge(const struct trust_store *store, const struct trust_chain *chain, int64_t now_s,
	   struct trust_verdict *ret_verdict)
{
	struct trust_policy policy = trust_policy_default();

	trust_judge(
		&(struct trust_request){
			.store = store, .policy = &policy, .chain = chain, .now_s = now_s},
		ret_verdict);
}

/* Says what is wrong with a store that a test needs. */
static void store_found(void *ctx, const struct trust_store_finding *found)
{
	(void)ctx;
	if (found->severity == TRUST_SEVERITY_ERROR)
		fprintf(stderr, "file %zu: certificate %u (%s): %s: %s\n", found->file_idx,
			found->number, found->subject, found->code, found->what);
}

struct trust_store *store_load_files(const char *const *files, size_t count, bool partial_chain)
{
	const struct trust_store_options options = {
		.partial_chain = partial_chain,
		.max_chains = TRUST_STORE_CHAINS_MAX,
		.now_s = STORE_COMPILED_S,
	};
	const struct trust_store_sink sink = {.found = store_found};
	struct trust_store *store = NULL;

	GW_ASSERT(trust_store_load(files, count, &options, &sink, &store) == GW_ERR_OK);
	return store;
}

/* The certificates of NAME+NAME+... in a file of their own. */
static const char *chain_write(const char *names, size_t len)
{
	static uint8_t text[FILE_BYTES_MAX];
	size_t used = 0;

	for (const char *at = names; at < names + len;) {
		size_t name_len = strcspn(at, "+ ");
		char name[128];

		snprintf(name, sizeof(name), "%.*s", (int)name_len, at);
		used += pki_read(name, text + used, sizeof(text) - used).len;
		at += name_len + 1;
	}
	return file_write(span_of(text, used));
}

size_t chains_write(const char *names, char ret_paths[STORE_NAMES_MAX][64])
{
	size_t count = 0;

	while (*names != '\0') {
		size_t len = strcspn(names, " ");

		GW_ASSERT(count < STORE_NAMES_MAX);
		snprintf(ret_paths[count++], 64, "%s", chain_write(names, len));
		names += len + (names[len] == ' ');
	}
	return count;
}

static struct trust_store *names_load(const char *names, bool partial_chain)
{
	char paths[STORE_NAMES_MAX][64];
	const char *files[STORE_NAMES_MAX];
	struct trust_store *store;
	size_t count = chains_write(names, paths);

	for (size_t i = 0; i < count; i++)
		files[i] = paths[i];
	store = store_load_files(files, count, partial_chain);
	while (count > 0)
		unlink(files[--count]);
	return store;
}

struct trust_store *store_load(const char *names)
{
	return names_load(names, false);
}

struct trust_store *store_load_partial(const char *names)
{
	return names_load(names, true);
}

void blob_sign(uint8_t *blob, size_t len)
{
	size_t covered = len - TRUST_BLOB_DIGEST_OCTETS;

	GW_ASSERT(len >= TRUST_BLOB_DIGEST_OCTETS);
	GW_ASSERT(wc_Sha256Hash(blob, (word32)covered, blob + covered) == 0);
}

void base64_put(struct outbuf *out, struct span bytes)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t n = bytes.len - i < 3 ? bytes.len - i : 3;
		const uint8_t *p = bytes.p + i;
		uint8_t b[3] = {p[0], n > 1 ? p[1] : 0, n > 2 ? p[2] : 0};

		outbuf_putc(out, alphabet[b[0] >> 2]);
		outbuf_putc(out, alphabet[(b[0] & 3) << 4 | b[1] >> 4]);
		outbuf_putc(out, n > 1 ? alphabet[(b[1] & 15) << 2 | b[2] >> 6] : '=');
		outbuf_putc(out, n > 2 ? alphabet[b[2] & 63] : '=');
	}
}

void pem_put(struct outbuf *out, struct span der)
{
	outbuf_puts(out, "-----BEGIN CERTIFICATE-----\n");
	for (size_t i = 0; i < der.len; i += 48) {
		base64_put(out, span_head(span_skip(der, i), 48));
		outbuf_putc(out, '\n');
	}
	outbuf_puts(out, "-----END CERTIFICATE-----\n");
	GW_ASSERT(!out->overflowed);
}

const char *file_write(struct span content)
{
	static char path[64];
	int fd;

	snprintf(path, sizeof(path), "/tmp/trust_files.XXXXXX");
	fd = mkstemp(path);
	GW_ASSERT(fd >= 0 && write(fd, content.p, content.len) == (ssize_t)content.len);
	close(fd);
	return path;
}

struct trust_store *corpus_store_load(void)
{
	/* The last holds 33 CAs of one name whose issuer is not there. */
	static const char *const files[] = {
		TEST_CORPUS "/../trust/roots/1.pem",       TEST_CORPUS "/../trust/roots/2.pem",
		TEST_CORPUS "/../trust/roots/3.pem",       TEST_CORPUS "/../trust/roots/4.pem",
		TEST_CORPUS "/../trust/roots/5.pem",       TEST_CORPUS "/../trust/roots/6.pem",
		TEST_CORPUS "/../trust/roots/nobodys.pem",
	};

	return store_load_files(files, sizeof(files) / sizeof(files[0]), true);
}

void chain_from_input(struct span in, struct trust_chain *ret_chain)
{
	struct trust_chain chain = {.count = 0};

	while (in.len >= 2) {
		size_t len = (size_t)in.p[0] << 8 | in.p[1];

		in = span_skip(in, 2);
		if (chain.count == TRUST_CHAIN_MAX) {
			chain.too_long = true;
			break;
		}
		chain.cert[chain.count++] = span_head(in, len);
		in = span_skip(in, len);
	}
	*ret_chain = chain;
}
