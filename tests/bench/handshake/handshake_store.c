/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/handshake/handshake_store.h"

#include "tests/bench/handshake/handshake.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LOADS 15

/* A file of a name that nobody else has, open for writing. */
struct file {
	char path[32];
	FILE *out;
};

static void file_open(struct file *f)
{
	*f = (struct file){.path = "/tmp/handshake.XXXXXX"};
	f->out = fdopen(mkstemp(f->path), "w");
	shake_must(f->out != NULL, "no file for a trust store");
}

static struct trust_store *load(const struct file *files, size_t count, int64_t now_s)
{
	const struct trust_store_options options = {.max_chains = TRUST_STORE_CHAINS_MAX,
						    .now_s = now_s};
	const char *paths[TRUST_STORE_CHAINS_MAX];
	struct trust_store *store;

	for (size_t i = 0; i < count; i++)
		paths[i] = files[i].path;
	shake_must(trust_store_load(paths, count, &options, NULL, &store) == GW_ERR_OK,
		   "no trust store");
	return store;
}

const struct trust_store *shake_store_single(X509 *root, int64_t now_s)
{
	const struct trust_store *store;
	struct file f;

	file_open(&f);
	shake_must(PEM_write_X509(f.out, root) == 1 && fclose(f.out) == 0, "cannot write");
	store = load(&f, 1, now_s);
	unlink(f.path);
	return store;
}

/* One file for each chain, the clients' root in the first. */
static struct trust_store *from_files(X509 *root, unsigned cas, int64_t now_s)
{
	static struct load_authority roots[TRUST_STORE_CHAINS_MAX];
	struct file files[TRUST_STORE_CHAINS_MAX];
	struct trust_store *store;

	for (unsigned i = 0; i < TRUST_STORE_CHAINS_MAX; i++) {
		file_open(&files[i]);
		if (i > 0)
			load_authority_make(&roots[i], NULL);
		shake_must(PEM_write_X509(files[i].out, i > 0 ? roots[i].certificate : root) == 1,
			   "cannot write");
	}
	for (unsigned n = TRUST_STORE_CHAINS_MAX; n < cas; n++) {
		unsigned i = 1 + n % (TRUST_STORE_CHAINS_MAX - 1);
		struct load_authority intermediate;

		load_authority_make(&intermediate, &roots[i]);
		shake_must(PEM_write_X509(files[i].out, intermediate.certificate) == 1,
			   "cannot write");
		load_authority_free(&intermediate);
	}
	for (unsigned i = 0; i < TRUST_STORE_CHAINS_MAX; i++)
		shake_must(fclose(files[i].out) == 0, "cannot write");
	store = load(files, TRUST_STORE_CHAINS_MAX, now_s);
	for (unsigned i = 0; i < TRUST_STORE_CHAINS_MAX; i++) {
		unlink(files[i].path);
		if (i > 0)
			load_authority_free(&roots[i]);
	}
	return store;
}

static double monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int us_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

const struct trust_store *shake_store_many(X509 *root, unsigned cas, int64_t now_s,
					   struct shake_store_cost *ret_cost)
{
	struct trust_store *plain = from_files(root, cas, now_s), *compiled = NULL;
	double us[LOADS];
	struct file f;

	shake_must(plain->ca_count == cas, "a CA is missing");
	file_open(&f);
	shake_must(fwrite(plain->blob.p, plain->blob.len, 1, f.out) == 1 && fclose(f.out) == 0,
		   "cannot write");
	for (unsigned i = 0; i < LOADS; i++) {
		trust_store_destroy(compiled);
		us[i] = monotonic_us();
		compiled = load(&f, 1, now_s);
		us[i] = monotonic_us() - us[i];
	}
	unlink(f.path);
	qsort(us, LOADS, sizeof(us[0]), us_order);
	*ret_cost = (struct shake_store_cost){cas, plain->blob.len, us[LOADS / 2]};
	trust_store_destroy(plain);
	return compiled;
}
