/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/load/load_identity.h: clients that nobody has seen before, made while a run goes on: P-256 keys, and certificates
 * as tests/support/pki.sh makes them.  Failure ends the program. */
#pragma once

#include <openssl/ssl.h>

struct load_authority {
	X509 *certificate;
	EVP_PKEY *key;
};

struct load_identity {
	X509 *leaf, *issuer;
	EVP_PKEY *key;
};

/* Of PEM files. */
void load_authority_read(struct load_authority *authority, const char *certificate,
			 const char *key);
/* A new intermediate of parent; a new root when that is NULL. */
void load_authority_make(struct load_authority *authority, const struct load_authority *parent);
void load_authority_free(struct load_authority *authority);

/* A new client of issuer, which it presents too. */
void load_identity_make(struct load_identity *identity, const struct load_authority *issuer);
void load_identity_free(struct load_identity *identity);
/* That is who this connection is of. */
void load_identity_use(SSL *ssl, const struct load_identity *identity);
