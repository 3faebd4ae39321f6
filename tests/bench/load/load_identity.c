/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/load/load_identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct extension {
	int nid;
	const char *value;
};

static const struct extension of_ca[] = {
	{NID_basic_constraints, "critical,CA:TRUE"},
	{NID_key_usage, "critical,keyCertSign,cRLSign"},
	{NID_subject_key_identifier, "hash"},
	{NID_authority_key_identifier, "keyid"},
	{0},
};

static const struct extension of_client[] = {
	{NID_basic_constraints, "critical,CA:FALSE"},
	{NID_key_usage, "critical,digitalSignature"},
	{NID_ext_key_usage, "clientAuth"},
	{NID_subject_key_identifier, "hash"},
	{NID_authority_key_identifier, "keyid"},
	{0},
};

static void must(bool ok)
{
	if (ok)
		return;
	ERR_print_errors_fp(stderr);
	exit(2);
}

static void extend(X509 *certificate, X509 *issuer, const struct extension *extensions)
{
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	for (; extensions->nid != 0; extensions++) {
		X509_EXTENSION *made = X509V3_EXT_nconf_nid(NULL, &context, extensions->nid,
							    extensions->value);

		must(made != NULL && X509_add_ext(certificate, made, -1) == 1);
		X509_EXTENSION_free(made);
	}
}

/* issuer: NULL for one that signs itself. */
static X509 *issue(EVP_PKEY *key, const struct load_authority *issuer,
		   const struct extension *extensions)
{
	static uint64_t serial;
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_NAME_new();
	X509 *by = issuer != NULL ? issuer->certificate : certificate;
	char name[32];

	snprintf(name, sizeof(name), "bench-%lu", (unsigned long)++serial);
	must(certificate != NULL && subject != NULL &&
	     X509_set_version(certificate, X509_VERSION_3) == 1 &&
	     ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial) == 1 &&
	     X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_ASC, (const uint8_t *)"Partner", -1,
					-1, 0) == 1 &&
	     X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const uint8_t *)name, -1, -1,
					0) == 1 &&
	     X509_set_subject_name(certificate, subject) == 1 &&
	     X509_set_issuer_name(certificate, X509_get_subject_name(by)) == 1 &&
	     ASN1_TIME_set_string(X509_getm_notBefore(certificate), "200101000000Z") == 1 &&
	     ASN1_TIME_set_string(X509_getm_notAfter(certificate), "491231235959Z") == 1 &&
	     X509_set_pubkey(certificate, key) == 1);
	extend(certificate, by, extensions);
	must(X509_sign(certificate, issuer != NULL ? issuer->key : key, EVP_sha256()) > 0);
	X509_NAME_free(subject);
	return certificate;
}

void load_authority_read(struct load_authority *authority, const char *certificate, const char *key)
{
	FILE *file = fopen(certificate, "re");

	*authority = (struct load_authority){0};
	if (file != NULL) {
		authority->certificate = PEM_read_X509(file, NULL, NULL, NULL);
		fclose(file);
	}
	file = fopen(key, "re");
	if (file != NULL) {
		authority->key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
		fclose(file);
	}
	must(authority->certificate != NULL && authority->key != NULL);
}

void load_authority_make(struct load_authority *authority, const struct load_authority *parent)
{
	authority->key = EVP_EC_gen("P-256");
	must(authority->key != NULL);
	authority->certificate = issue(authority->key, parent, of_ca);
}

void load_authority_free(struct load_authority *authority)
{
	X509_free(authority->certificate);
	EVP_PKEY_free(authority->key);
}

void load_identity_make(struct load_identity *identity, const struct load_authority *issuer)
{
	identity->key = EVP_EC_gen("P-256");
	must(identity->key != NULL);
	identity->leaf = issue(identity->key, issuer, of_client);
	identity->issuer = issuer->certificate;
	X509_up_ref(identity->issuer);
}

void load_identity_free(struct load_identity *identity)
{
	X509_free(identity->leaf);
	X509_free(identity->issuer);
	EVP_PKEY_free(identity->key);
}

void load_identity_use(SSL *ssl, const struct load_identity *identity)
{
	must(SSL_use_certificate(ssl, identity->leaf) == 1 &&
	     SSL_use_PrivateKey(ssl, identity->key) == 1 && SSL_clear_chain_certs(ssl) == 1 &&
	     SSL_add1_chain_cert(ssl, identity->issuer) == 1);
}
