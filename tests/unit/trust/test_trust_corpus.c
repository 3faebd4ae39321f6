/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inputs of the fuzz corpora are what their names say, so that each way to be refused has
 * one. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>

#include "tests/support/trust_files.h"
#include "tls/trust/trust_names.h"
#include "tls/trust/trust_policies.h"
#include "tls/trust/trust_store.h"

static uint8_t input_bytes[131072];

static struct span input_read(const char *parser, const char *name)
{
	char path[1024];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/%s", TEST_CORPUS, parser, name);
	file = fopen(path, "rb");
	cr_assert_not_null(file, "%s", path);
	len = fread(input_bytes, 1, sizeof(input_bytes), file);
	fclose(file);
	return span_of(input_bytes, len);
}

/* "accepted-anything" or "refused-REASON". */
static bool name_says(const char *name, enum auth_reason reason)
{
	char refused[64];

	snprintf(refused, sizeof(refused), "refused-%s", auth_reason_name(reason));
	return reason == AUTH_ok ? strncmp(name, "accepted-", 9) == 0 : strcmp(name, refused) == 0;
}

Test(trust_corpus, chains_are_judged_as_their_names_say)
{
	struct trust_store *store = corpus_store_load();
	DIR *dir = opendir(TEST_CORPUS "/trust_chain");
	bool seen[AUTH_REASON_COUNT] = {false};
	struct dirent *entry;

	cr_assert_not_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		struct trust_verdict verdict;
		struct trust_chain chain;

		if (entry->d_name[0] == '.')
			continue;
		chain_from_input(input_read("trust_chain", entry->d_name), &chain);
		judge(store, &chain, CORPUS_NOW_S, &verdict);
		seen[verdict.reason] = true;
		cr_expect(name_says(entry->d_name, verdict.reason), "%s: %s", entry->d_name,
			  auth_reason_name(verdict.reason));
	}
	closedir(dir);
	seen[AUTH_name_not_allowed] = true;  /* the default policy allows every name */
	seen[AUTH_issuer_not_pinned] = true; /* and pins no issuer */
	for (unsigned i = 0; i < AUTH_REASON_COUNT; i++)
		cr_expect(seen[i], "no input is refused with %s", auth_reason_name(i));
	trust_store_destroy(store);
}

/* What the rules of whole paths say of a row of certificates, as the fuzz target asks them. */
static enum auth_reason path_reason(const struct trust_chain *chain)
{
	static struct x509 certs[TRUST_CHAIN_MAX];
	const struct x509 *path[TRUST_CHAIN_MAX];
	unsigned compared = 0, nodes = 0, depth;
	enum auth_reason reason;

	for (unsigned i = 0; i < chain->count; i++) {
		cr_assert_eq(x509_parse(chain->cert[i], &certs[i]), AUTH_ok);
		path[i] = &certs[i];
	}
	reason = trust_names_check(path, chain->count, 2000, &compared, &depth);
	return reason != AUTH_ok ? reason
				 : trust_policies_check(path, chain->count, 500, &nodes, &depth);
}

Test(trust_corpus, paths_are_judged_as_their_names_say)
{
	DIR *dir = opendir(TEST_CORPUS "/trust_path");
	unsigned count = 0;
	struct dirent *entry;

	cr_assert_not_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		struct trust_chain chain;
		char expected[64];
		enum auth_reason reason;

		if (entry->d_name[0] == '.')
			continue;
		chain_from_input(input_read("trust_path", entry->d_name), &chain);
		reason = path_reason(&chain);
		snprintf(expected, sizeof(expected), reason == AUTH_ok ? "accepted-" : "refused-%s",
			 auth_reason_name(reason));
		cr_expect_eq(strncmp(entry->d_name, expected, strlen(expected)), 0, "%s: %s",
			     entry->d_name, auth_reason_name(reason));
		count++;
	}
	closedir(dir);
	cr_expect_gt(count, 3);
}

Test(trust_corpus, certificates_are_parsed_as_their_names_say)
{
	DIR *dir = opendir(TEST_CORPUS "/x509");
	unsigned counts[2] = {0, 0};
	struct dirent *entry;

	cr_assert_not_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		struct x509 cert;
		bool accepted;

		if (entry->d_name[0] == '.')
			continue;
		accepted = x509_parse(input_read("x509", entry->d_name), &cert) == AUTH_ok;
		cr_expect_eq(accepted, strncmp(entry->d_name, "accepted-", 9) == 0, "%s",
			     entry->d_name);
		counts[accepted]++;
	}
	closedir(dir);
	cr_expect(counts[0] > 0 && counts[1] > 0);
}
