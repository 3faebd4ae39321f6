/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said of certificate and key files, good and bad. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tls/tls_worker.h"

static struct counters count;
static struct err_note note;

static enum gw_err worker_create(const char *certificate_file, const char *key_file)
{
	const struct tls_certificate_params certificate = {certificate_file, key_file};
	const struct tls_worker_params params = {.certificates = &certificate,
						 .certificate_count = 1,
						 .sessions_max = 1,
						 .arena_bytes_max = 1 << 20};
	struct tls_worker *tw;
	enum gw_err err;

	cr_assert_eq(tls_process_init(&note), GW_ERR_OK);
	err = tls_worker_create(&params, &count, &note, &tw);
	if (err == GW_ERR_OK)
		tls_worker_destroy(tw);
	return err;
}

static void assert_refused(const char *certificate_file, const char *key_file, const char *says)
{
	note.text[0] = '\0';
	cr_assert_eq(worker_create(certificate_file, key_file), GW_ERR_CONFIG, "%s", says);
	cr_assert(strstr(note.text, says), "\"%s\" does not say \"%s\"", note.text, says);
	cr_assert(strstr(note.text, "; "), "\"%s\" does not say what to do", note.text);
}

/* Runs a shell command in a new folder; the path of NAME there. */
static const char *made_by(const char *command, const char *name)
{
	static char path[100];
	char folder[] = "/tmp/test_tls_context.XXXXXX", line[1000];

	cr_assert_not_null(mkdtemp(folder));
	snprintf(line, sizeof(line), "cd %s && %s", folder, command);
	cr_assert_eq(system(line), 0, "%s", line);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void remove_made(const char *path)
{
	char line[200];

	snprintf(line, sizeof(line), "rm -r \"$(dirname %s)\"", path);
	cr_assert_eq(system(line), 0);
}

#define CERTIFICATE TEST_PKI "/server.pem"
#define KEY TEST_PKI "/server.key"

Test(tls_context, ecdsa_and_rsa_are_taken)
{
	cr_assert_eq(worker_create(CERTIFICATE, KEY), GW_ERR_OK, "%s", note.text);
	cr_assert_eq(worker_create(TEST_PKI "/server-rsa.pem", TEST_PKI "/server-rsa.key"),
		     GW_ERR_OK, "%s", note.text);
}

Test(tls_context, key_for_rsassa_pss_alone_is_refused)
{
	assert_refused(TEST_PKI "/client-pss-key.pem", TEST_PKI "/client-pss-key.key",
		       "not a certificate chain that can be used");
}

Test(tls_context, missing_file_is_named)
{
	assert_refused("/nonexistent.pem", KEY, "/nonexistent.pem: cannot be opened: No such file");
	assert_refused(CERTIFICATE, "/nonexistent.key", "/nonexistent.key: cannot be opened");
	assert_refused("/tmp", KEY, "/tmp: cannot be read");
}

Test(tls_context, wrong_kind_of_file_is_named)
{
	assert_refused(KEY, KEY, "server.key: no certificate in it");
	assert_refused(CERTIFICATE, CERTIFICATE, "server.pem: no private key in it");
	assert_refused("/dev/null", KEY, "/dev/null: no certificate in it");
}

Test(tls_context, key_of_another_certificate_is_refused)
{
	assert_refused(CERTIFICATE, TEST_PKI "/client-good.key",
		       "client-good.key: not the key of the certificate");
	assert_refused(CERTIFICATE, TEST_PKI "/server-rsa.key",
		       "server-rsa.key: not the key of the certificate");
	assert_refused(TEST_PKI "/server-rsa.pem", KEY,
		       "server.key: not the key of the certificate");
}

Test(tls_context, encrypted_key_is_refused)
{
	const char *path = made_by("openssl ec -in " KEY
				   " -aes128 -passout pass:x -out old.key 2>/dev/null",
				   "old.key");

	assert_refused(CERTIFICATE, path, "old.key: the key is encrypted");
	remove_made(path);
	path = made_by("openssl pkcs8 -topk8 -in " KEY " -passout pass:x -out new.key", "new.key");
	assert_refused(CERTIFICATE, path, "new.key: the key is encrypted");
	remove_made(path);
}

Test(tls_context, damaged_files_are_refused)
{
	const char *path = made_by("sed 3d " CERTIFICATE " >cut.pem", "cut.pem");

	assert_refused(path, KEY, "cut.pem: not a certificate chain that can be used");
	remove_made(path);
	path = made_by("sed 2d " KEY " >cut.key", "cut.key");
	assert_refused(CERTIFICATE, path, "cut.key: not a private key that can be used");
	remove_made(path);
	path = made_by("head -c 2000000 /dev/zero >big.pem", "big.pem");
	assert_refused(path, KEY, "big.pem: larger than 1 MiB");
	remove_made(path);
}

/* As `openssl ecparam -genkey` and old manuals make them. */
Test(tls_context, older_key_formats_are_taken)
{
	const char *path = made_by("(openssl ecparam -name prime256v1; openssl ec -in " KEY
				   ") >old.key 2>/dev/null",
				   "old.key");

	cr_assert_eq(worker_create(CERTIFICATE, path), GW_ERR_OK, "%s", note.text);
	remove_made(path);
	path = made_by("openssl rsa -in " TEST_PKI
		       "/server-rsa.key -traditional -out old.key 2>/dev/null",
		       "old.key");
	cr_assert_eq(worker_create(TEST_PKI "/server-rsa.pem", path), GW_ERR_OK, "%s", note.text);
	remove_made(path);
}

Test(tls_context, no_memory_is_no_fault_of_the_configuration)
{
	const struct tls_certificate_params certificate = {CERTIFICATE, KEY};
	const struct tls_worker_params params = {.certificates = &certificate,
						 .certificate_count = 1,
						 .sessions_max = 1,
						 .arena_bytes_max = 100};
	struct tls_worker *tw;

	cr_assert_eq(tls_process_init(&note), GW_ERR_OK);
	cr_assert_eq(tls_worker_create(&params, &count, &note, &tw), GW_ERR_NO_MEMORY);
	cr_assert(strstr(note.text, "memory"));
}
