/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/support/trust_files.h: chains and stores from the folder that tests/support/pki.sh wrote
 * (TEST_PKI).  Everything aborts on failure: a test without its files has nothing to say. */
#pragma once

#include "tls/trust/trust.h"

/* Holds a chain's bytes. */
struct chain_file {
	uint8_t bytes[131072];
	struct trust_chain chain;
};

/* Appends the certificates of DIR/NAME.pem to the chain; one that does not fit sets too_long. */
void chain_append(struct chain_file *file, const char *name);
/* The same for a certificate in DER. */
void chain_append_der(struct chain_file *file, struct span der);
void chain_load(struct chain_file *file, const char *name);

/* A store of DIR/NAME.pem for each name of a space-separated list. */
struct trust_store *store_load(const char *names);

/* Appends a CERTIFICATE block. */
void pem_put(struct outbuf *out, struct span der);
/* Writes a file of its own under /tmp; returns its name, good until the next call. */
const char *file_write(struct span content);
