/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/support/trust_files.h"
#include "tls/trust/trust_store.h"

static struct err_note note;

/* Loads one file of the folder; its note says all of these words. */
static void refused(enum gw_err expected, const char *path, const char *word, const char *word2)
{
	struct trust_store *store = NULL;
	enum gw_err err = trust_store_load(&path, 1, &note, &store);

	cr_expect_eq(err, expected, "%s: %d", path, (int)err);
	cr_expect_null(store);
	cr_expect(strstr(note.text, path) != NULL && strstr(note.text, word) != NULL &&
			  strstr(note.text, word2) != NULL,
		  "%s", note.text);
}

static const char *pki(const char *file)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", TEST_PKI, file);
	return path;
}

Test(trust_store, private_key_is_refused)
{
	refused(GW_ERR_CONFIG, pki("partner-root.key"), "private key", "remove");
}

Test(trust_store, certificate_that_is_no_ca_is_refused_by_number)
{
	refused(GW_ERR_CONFIG, pki("client-good-chain.pem"), "certificate 1", "not a CA");
	refused(GW_ERR_CONFIG, pki("int-not-ca.pem"), "certificate 1", "not a CA");
	refused(GW_ERR_CONFIG, pki("v1-root.pem"), "certificate 1", "not a CA");
}

Test(trust_store, key_that_no_chain_could_use_is_refused)
{
	refused(GW_ERR_CONFIG, pki("weak-root.pem"), "certificate 1", "shorter");
}

Test(trust_store, intermediate_alone_is_refused)
{
	refused(GW_ERR_CONFIG, pki("partner-int.pem"), "no root", "add the root");
}

Test(trust_store, missing_file_is_an_error)
{
	refused(GW_ERR_IO, "/nonexistent/roots.pem", "No such file", "name a readable");
}

static void content_refused(const char *content, const char *word)
{
	const char *path = file_write(span_str(content));

	refused(GW_ERR_CONFIG, path, word, ";");
	unlink(path);
}

Test(trust_store, files_without_certificates_are_refused)
{
	content_refused("", "no certificate");
	content_refused("just text\n", "no certificate");
	content_refused("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "not Base64");
	content_refused("-----BEGIN CERTIFICATE-----\nYQ==\n", "do not match");
	content_refused("-----BEGIN X509 CRL-----\nYQ==\n-----END X509 CRL-----\n", "another kind");
}

Test(trust_store, certificate_that_cannot_be_parsed_is_refused)
{
	const char *path = file_write(
		SPAN_LIT("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"));

	refused(GW_ERR_CONFIG, path, "certificate 1", "not valid DER");
	unlink(path);
}

Test(trust_store, self_issued_certificate_with_a_wrong_signature_is_no_root)
{
	static struct chain_file file;
	static uint8_t text[8192];
	struct outbuf out = outbuf_of(text, sizeof(text));
	const char *path;

	chain_load(&file, "partner-root");
	file.bytes[file.chain.cert[0].len - 1] ^= 1;
	pem_put(&out, file.chain.cert[0]);
	path = file_write(outbuf_span(&out));
	refused(GW_ERR_CONFIG, path, "no root", ";");
	unlink(path);
}

Test(trust_store, roots_and_intermediates_of_several_files_are_linked)
{
	struct trust_store *store = store_load("partner-int partner-root other-root partners");

	cr_assert_eq(store->ca_count, 3, "the same root twice counts once");
	cr_assert_not(store->cas[0].is_root);
	cr_assert(store->cas[1].is_root);
	cr_assert(store->cas[2].is_root);
	cr_assert_eq(store->cas[0].parent_count, 1);
	cr_assert_eq(store->parents[store->cas[0].parents_begin], 1);
	trust_store_destroy(store);
}

Test(trust_store, issuer_of_the_same_name_is_not_linked_without_its_signature)
{
	struct trust_store *store = store_load("twin-root partner-int");

	cr_assert_eq(store->cas[1].parent_count, 0);
	trust_store_destroy(store);
}

Test(trust_store, root_signed_with_sha1_is_a_root)
{
	struct trust_store *store = store_load("sha1-root");

	cr_assert(store->cas[0].is_root);
	trust_store_destroy(store);
}
