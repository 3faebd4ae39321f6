/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another opinion: each client of the folder against each store, judged by us and by `openssl
 * verify`.  Where the two differ, we must be the stricter one, and the client must be on the
 * list of those where we mean to be. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/trust_files.h"
#include "tls/trust/trust_store.h"

#define NOW "1893456000" /* 2030-01-01 */

/* Accepted by openssl, refused by us. */
static const char *const stricter[] = {
	"client-cert-sign", /* keyCertSign without CA */
	"client-weak-rsa",  /* RSA-1024 and SHA-1 pass at openssl's default level */
	"client-of-int-weak-rsa", "client-sha1",          "client-of-int-sha1",
	"client-rsa-sha1",        "client-rsa-md5",       "client-rsa-sha224",
	"client-pss-salt0",       "client-key-agreement", /* was good for fixed ECDH, which no version of TLS here has */
	"client-ed448",           "client-secp256k1",
};

static bool is_listed(const char *client)
{
	for (size_t i = 0; i < sizeof(stricter) / sizeof(stricter[0]); i++) {
		if (strcmp(client, stricter[i]) == 0)
			return true;
	}
	return false;
}

static bool openssl_accepts(const char *store_name, const char *client)
{
	char command[1024];

	snprintf(command, sizeof(command),
		 "openssl verify -purpose sslclient -x509_strict -policy anyPolicy -attime " NOW
		 " -no-CApath "
		 "-no-CAstore -CAfile %s/%s.pem -untrusted %s/%s-chain.pem %s/%s.pem >/dev/null "
		 "2>&1",
		 TEST_PKI, store_name, TEST_PKI, client, TEST_PKI, client);
	return system(command) == 0;
}

static bool we_accept(const char *store_name, const char *client)
{
	static struct chain_file file;
	struct trust_store *store = store_load(store_name);
	struct trust_verdict verdict;
	char name[300];

	snprintf(name, sizeof(name), "%s-chain", client);
	chain_load(&file, name);
	judge(store, &file.chain, strtoll(NOW, NULL, 10), &verdict);
	trust_store_destroy(store);
	return verdict.reason == AUTH_ok;
}

Test(trust_openssl, verdicts_agree)
{
	static const char *const stores[] = {"partners", "rsa-root", "twin-root"};
	DIR *dir = opendir(TEST_PKI);
	unsigned counts[2] = {0, 0};
	struct dirent *entry;

	cr_assert_not_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);
		char client[256];

		if (len < 10 || strcmp(entry->d_name + len - 10, "-chain.pem") != 0)
			continue;
		snprintf(client, sizeof(client), "%.*s", (int)(len - 10), entry->d_name);
		for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++) {
			bool ours = we_accept(stores[i], client);
			bool theirs = openssl_accepts(stores[i], client);

			counts[ours]++;
			cr_expect(ours == theirs || (theirs && is_listed(client)),
				  "%s with %s: ours %d, openssl's %d", client, stores[i], ours,
				  theirs);
		}
	}
	closedir(dir);
	cr_expect(counts[0] > 20 && counts[1] > 20, "%u refused, %u accepted", counts[0],
		  counts[1]);
}
