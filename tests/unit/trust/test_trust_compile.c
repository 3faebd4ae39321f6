/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each thing that may be wrong with the files of a store, and that nothing else is said of it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/cert_build.h"
#include "tests/support/trust_files.h"
#include "tls/trust/trust_compile.h"
#include "tls/trust/trust_store.h"

#define AZURE "ApplicationGatewayTrustedClientCertificate"
#define MUST_SPECIFY_DATA AZURE "MustSpecifyData"
#define PRIVATE_KEY AZURE "MustNotHavePrivateKey"
#define INVALID_DATA AZURE "InvalidData"
#define NO_CA AZURE "DoesNotContainAnyCACertificate"
#define ONE_ROOT "ApplicationGatewayOnlyOneRootCAAllowedInTrustedClientCertificate"

#define FILE_BYTES_MAX 1048576

static struct trust_store_options options = {
	.max_chains = TRUST_STORE_CHAINS_DEFAULT,
	.now_s = STORE_COMPILED_S,
};

static char found[65536];

/* "SEVERITY CODE FILE:NUMBER\n", notes begin with n, warnings with w, errors with e. */
static void on_found(void *ctx, const struct trust_store_finding *f)
{
	size_t len = strlen(found);

	(void)ctx;
	snprintf(found + len, sizeof(found) - len, "%c %s %zu:%u\n", "nwe"[f->severity], f -> code,
		 f -> file_idx, f -> number);
	cr_expect(f->what[0] != '\0' && f->remedy[0] != '\0');
}

static void load_says(const char *const *files, size_t count, const char *wanted, const char *of)
{
	const struct trust_store_sink sink = {.found = on_found};
	struct trust_store *store = NULL;
	bool wanted_good = strncmp(wanted, "e ", 2) != 0 && strstr(wanted, "\ne ") == NULL;
	enum gw_err err;

	found[0] = '\0';
	err = trust_store_load(files, count, &options, &sink, &store);
	cr_expect_str_eq(found, wanted, "%s: %s", of, found);
	cr_expect_eq(err == GW_ERR_OK, wanted_good, "%s: %d", of, (int)err);
	trust_store_destroy(store);
}

/* Of files NAME+NAME, separated by spaces; what is said of them. */
static void files_say(const char *names, const char *wanted)
{
	char paths[STORE_NAMES_MAX][64];
	const char *files[STORE_NAMES_MAX];
	size_t count = chains_write(names, paths);

	for (size_t i = 0; i < count; i++)
		files[i] = paths[i];
	load_says(files, count, wanted, names);
	for (size_t i = 0; i < count; i++)
		unlink(files[i]);
}

static void content_says(struct span content, const char *wanted)
{
	const char *path = file_write(content);

	load_says(&path, 1, wanted, "content");
	unlink(path);
}

static struct span pki_file(const char *name)
{
	static uint8_t bytes[FILE_BYTES_MAX];
	char path[512];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), "%s/%s", TEST_PKI, name);
	file = fopen(path, "rb");
	cr_assert_not_null(file, "%s", path);
	len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	return span_of(bytes, len);
}

Test(trust_compile, good_chains_are_taken_without_a_word)
{
	files_say("partner-root", "");
	files_say("partner-int+partner-root", "");
	files_say("partner-root+partner-int", "");
	files_say("int-deep2+partner-root+int-deep3+int-deep1", "");
	files_say("partner-int+partner-root other-root+other-int rsa-root p384-root ed25519-root",
		  "");
}

Test(trust_compile, missing_data_is_refused)
{
	content_says(SPAN_LIT(""), "e " MUST_SPECIFY_DATA " 0:0\n");
	content_says(SPAN_LIT(" \r\n\t\n"), "e " MUST_SPECIFY_DATA " 0:0\n");
}

Test(trust_compile, private_keys_are_refused)
{
	content_says(pki_file("partner-root.key"), "e " PRIVATE_KEY " 0:1\n");
	content_says(SPAN_LIT("-----BEGIN ENCRYPTED PRIVATE KEY-----\nYQ==\n"
			      "-----END ENCRYPTED PRIVATE KEY-----\n"),
		     "e " PRIVATE_KEY " 0:1\n");
}

/* Whatever the label says. */
Test(trust_compile, private_keys_in_der_are_refused)
{
	static uint8_t key[512], body[256];
	struct outbuf out = outbuf_of(key, sizeof(key)), in = outbuf_of(body, sizeof(body));
	static const uint8_t secret[200];

	der_put(&in, 0x02, SPAN_LIT("\0"));
	der_put(&in, 0x04, SPAN(secret));
	der_put(&out, 0x30, outbuf_span(&in));
	content_says(outbuf_span(&out), "e " PRIVATE_KEY " 0:1\n");
	/* A version; an algorithm and octets, which is an encrypted one. */
	content_says(SPAN_LIT("-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n"),
		     "e " PRIVATE_KEY " 0:1\n");
	content_says(SPAN_LIT("-----BEGIN CERTIFICATE-----\nMAUwAAQBAA==\n"
			      "-----END CERTIFICATE-----\n"),
		     "e " PRIVATE_KEY " 0:1\n");
}

Test(trust_compile, what_is_no_certificate_is_refused)
{
	content_says(SPAN_LIT("just text\n"), "e " INVALID_DATA " 0:0\n");
	content_says(SPAN_LIT("MIIBszCCAVmgAwIBAgIU\n"), "e " INVALID_DATA " 0:0\n");
	content_says(SPAN_LIT("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
		     "e " INVALID_DATA " 0:1\n");
	content_says(SPAN_LIT("-----BEGIN CERTIFICATE-----\nYQ==\n"), "e " INVALID_DATA " 0:1\n");
	content_says(SPAN_LIT("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
		     "e " INVALID_DATA " 0:1\n");
}

/* What is in it may be a certificate: its label says how it is to be taken. */
Test(trust_compile, block_of_another_kind_is_refused)
{
	static struct chain_file file;
	static uint8_t bytes[8192];
	struct outbuf out = outbuf_of(bytes, sizeof(bytes));

	chain_load(&file, "partner-root");
	outbuf_puts(&out, "-----BEGIN TRUSTED CERTIFICATE-----\n");
	base64_put(&out, file.chain.cert[0]);
	outbuf_puts(&out, "\n-----END TRUSTED CERTIFICATE-----\n");
	content_says(outbuf_span(&out), "e " INVALID_DATA " 0:1\n");
}

Test(trust_compile, der_is_read_one_certificate_behind_another)
{
	static struct chain_file file;
	static uint8_t bytes[8192];
	struct outbuf out = outbuf_of(bytes, sizeof(bytes));

	chain_load(&file, "partner-root");
	chain_append(&file, "partner-int");
	outbuf_put(&out, file.chain.cert[0]);
	content_says(outbuf_span(&out), "");
	outbuf_put(&out, file.chain.cert[1]);
	content_says(outbuf_span(&out), "");
	outbuf_put(&out, SPAN_LIT("\n"));
	content_says(outbuf_span(&out), "e " INVALID_DATA " 0:3\n");
}

Test(trust_compile, clients_certificates_are_left_out_with_a_note)
{
	files_say("client-good+partner-int+partner-root", "n leaf_ignored 0:1\n");
	files_say("partner-root+int-not-ca", "n leaf_ignored 0:2\n");
}

Test(trust_compile, file_without_ca_is_refused)
{
	files_say("client-good", "n leaf_ignored 0:1\ne " NO_CA " 0:0\n");
	files_say("v1-root", "n leaf_ignored 0:1\ne " NO_CA " 0:0\n");
	files_say("client-self-signed", "n leaf_ignored 0:1\ne " NO_CA " 0:0\n");
}

Test(trust_compile, file_has_exactly_one_root)
{
	files_say("partner-root+other-root", "e " ONE_ROOT " 0:2\n");
	files_say("partner-int", "e " ONE_ROOT " 0:0\n");
	files_say("partner-root int-deep1+int-deep2", "e " ONE_ROOT " 1:0\n");
}

Test(trust_compile, partial_chain_needs_no_root_and_allows_one)
{
	options.partial_chain = true;
	files_say("partner-int", "");
	files_say("partner-int+partner-root", "");
	files_say("partner-root+other-int", "w pinning_tie 0:2\n");
	files_say("partner-root+other-root", "e " ONE_ROOT " 0:2\n");
	options.partial_chain = false;
}

Test(trust_compile, file_is_too_large_by_its_certificates_alone)
{
	static uint8_t text[FILE_BYTES_MAX];
	struct outbuf out = outbuf_of(text, sizeof(text));
	struct trust_store *store = NULL;
	const char *path;

	/* Words and clients' certificates do not count. */
	for (unsigned i = 0; i < 64 * 1024; i++)
		outbuf_puts(&out, "words\n");
	for (unsigned i = 0; i < 50; i++)
		outbuf_put(&out, pki_file("client-long-dn.pem"));
	outbuf_put(&out, pki_file("partner-root.pem"));
	path = file_write(outbuf_span(&out));
	cr_expect_eq(trust_store_load(&path, 1, &options, NULL, &store), GW_ERR_OK);
	trust_store_destroy(store);
	unlink(path);
}

/* A CA of this serial number and names, whose signature is nobody's, of len octets with filler; 0: as
 * it comes. */
static struct span ca_build(unsigned serial, struct span issuer, struct span subject, size_t len)
{
	static uint8_t exts_bytes[32768], filler[32768], cert[65536];
	uint8_t number[] = {0x02, 0x02, (uint8_t)(0x40 | serial >> 8), (uint8_t)serial};
	struct cert_parts parts = cert_parts_plain();
	struct span built = span_of(NULL, 0);
	size_t filler_len = len > 2000 ? len - 2000 : 1;

	parts.serial = SPAN(number);
	parts.issuer = issuer;
	parts.subject = subject;
	do {
		struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
		struct outbuf out = outbuf_of(cert, sizeof(cert));

		ext_put(&exts, SPAN_LIT("\x55\x1d\x13"), true, SPAN_LIT("\x30\x03\x01\x01\xff"));
		ext_put(&exts, SPAN_LIT("\x2a\x03\x04"), false, span_of(filler, filler_len++));
		parts.extensions = outbuf_span(&exts);
		built = cert_build(&parts, &out);
	} while (built.len < len);
	return built;
}

static const struct span name_a = SPAN_LIT("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01"
					   "a");
static const struct span name_b = SPAN_LIT("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01"
					   "b");

Test(trust_compile, chain_over_25_kib_is_refused)
{
	options.partial_chain = true;
	content_says(ca_build(1, name_a, name_b, 25 * 1024), "");
	content_says(ca_build(1, name_a, name_b, 25 * 1024 + 1), "e file_too_large 0:0\n");
	options.partial_chain = false;
}

Test(trust_compile, more_chains_than_allowed_are_refused)
{
	const char *five = "partner-root other-root rsa-root p384-root p521-root";
	const char *six = "partner-root other-root rsa-root p384-root p521-root ed25519-root";

	files_say(five, "");
	files_say(six, "e too_many_chains 5:0\n");
	options.max_chains = 6;
	files_say(six, "");
	options.max_chains = TRUST_STORE_CHAINS_DEFAULT;
}

Test(trust_compile, intermediate_of_another_root_is_refused)
{
	files_say("partner-root+other-int", "e not_an_intermediate_of_this_root 0:2\n");
	/* Its root is in the store, but not in its file. */
	files_say("partner-root+other-int other-root", "e not_an_intermediate_of_this_root 0:2\n");
}

Test(trust_compile, broken_signatures_are_refused)
{
	static struct chain_file file;
	static uint8_t text[16384];
	struct outbuf out = outbuf_of(text, sizeof(text));

	files_say("twin-root+partner-int", "e bad_signature 0:2\n");
	chain_load(&file, "partner-root");
	file.bytes[file.chain.cert[0].len - 1] ^= 1;
	pem_put(&out, file.chain.cert[0]);
	content_says(outbuf_span(&out), "e " ONE_ROOT " 0:0\ne bad_signature 0:1\n");
	options.partial_chain = true;
	content_says(outbuf_span(&out), "");
	options.partial_chain = false;
}

Test(trust_compile, dates_are_kept)
{
	files_say("int-not-yet-valid+partner-root", "e not_yet_valid 0:1\n");
	options.now_s = 1893456000; /* 2030-01-01 */
	files_say("expired-root", "e expired 0:1\n");
	files_say("int-expired+partner-root", "e expired 0:1\n");
	options.dates_only_warn = true;
	files_say("int-expired+partner-root", "w outside_its_dates 0:1\n");
	files_say("int-not-yet-valid+partner-root", "w outside_its_dates 0:1\n");
	options.dates_only_warn = false;
	options.now_s = 1609459200 - TRUST_EXPIRES_SOON_S; /* before 2021-01-01 */
	files_say("expired-root", "");
	options.now_s++;
	files_say("expired-root", "w expires_soon 0:1\n");
	options.now_s = 1609459200;
	files_say("expired-root", "w expires_soon 0:1\n");
	options.now_s++;
	files_say("expired-root", "e expired 0:1\n");
	options.now_s = STORE_COMPILED_S;
}

Test(trust_compile, keys_and_digests_must_hold)
{
	files_say("weak-root", "e weak_key 0:1\n");
	files_say("int-weak-rsa+partner-root", "e weak_key 0:1\n");
	files_say("int-sha1+partner-root", "e weak_digest 0:1\n");
	files_say("md5-root", "e weak_digest 0:1\n");
	files_say("ed448-root", "e unsupported_algorithm 0:1\n");
	files_say("sha1-root", "");
	/* Nothing is said of signatures that nobody could verify. */
	files_say("ed448-root partner-root", "e unsupported_algorithm 0:1\n");
}

Test(trust_compile, certificate_twice_in_a_file_is_refused)
{
	files_say("partner-root+partner-int+partner-root", "e duplicate 0:3\n");
	files_say("partner-int+partner-root+partner-int", "e duplicate 0:3\n");
}

Test(trust_compile, ca_that_serves_no_client_is_warned_of)
{
	files_say("int-no-cert-sign+partner-root", "w unused_certificate 0:1\n");
	files_say("int-server-auth+partner-root", "w unused_certificate 0:1\n");
	files_say("int-client-auth+partner-root", "");
	files_say("partner-root+int-pathlen0+int-below-pathlen0", "w unused_certificate 0:3\n");
	files_say("partner-root+int-pathlen0+int-pathlen0-next", "");
	files_say("partner-int+partner-root partner-root+partner-int",
		  "w unused_certificate 1:2\n");
}

Test(trust_compile, chains_as_long_as_the_pinned_one_are_warned_of)
{
	files_say("partner-int+partner-root+int-client-auth", "w pinning_tie 0:3\n");
	files_say("partner-int+partner-root+int-deep1+int-deep2", "");
}

Test(trust_compile, all_that_is_wrong_is_said)
{
	files_say("client-good partner-root+partner-root+other-int int-weak-rsa+partner-root",
		  "n leaf_ignored 0:1\n"
		  "e " NO_CA " 0:0\n"
		  "e duplicate 1:2\n"
		  "e weak_key 2:1\n"
		  "e not_an_intermediate_of_this_root 1:3\n");
}

Test(trust_compile, unreadable_files_are_all_said)
{
	const char *files[] = {"/nonexistent/a.pem", TEST_PKI "/partner-root.pem", TEST_PKI};

	load_says(files, 3, "e file_unreadable 0:0\ne file_unreadable 2:0\n", "files");
}

Test(trust_compile, work_for_many_cas_of_one_name_is_bounded)
{
	static uint8_t text[FILE_BYTES_MAX];
	char paths[5][64];
	const char *files[5];

	/* 150 of each of two names, each named as the issuer of the other: 45,000 pairs. */
	for (unsigned i = 0; i < 5; i++) {
		struct outbuf out = outbuf_of(text, sizeof(text));

		for (unsigned k = 0; k < 30; k++) {
			pem_put(&out, ca_build(100 * i + k, name_a, name_b, 0));
			pem_put(&out, ca_build(100 * i + k, name_b, name_a, 0));
		}
		snprintf(paths[i], sizeof(paths[i]), "%s", file_write(outbuf_span(&out)));
		files[i] = paths[i];
	}
	options.partial_chain = true;
	load_says(files, 5, "e too_much_work 0:0\n", "CAs of two names");
	options.partial_chain = false;
	for (size_t i = 0; i < 5; i++)
		unlink(paths[i]);
}
