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

/* Judges by the default policy. */
void judge(const struct trust_store *store, const struct trust_chain *chain, int64_t now_s,
	   struct trust_verdict *ret_verdict);

/* A store of DIR/NAME.pem for each name of a space-separated list. */
struct trust_store *store_load(const char *names);

/* Base64 with padding, without line ends. */
void base64_put(struct outbuf *out, struct span bytes);
/* Appends a CERTIFICATE block. */
void pem_put(struct outbuf *out, struct span der);
/* Writes a file of its own under /tmp; returns its name, good until the next call. */
const char *file_write(struct span content);

/* The store, and the time (2030-01-01), that the inputs of tests/fuzz/corpus/trust_chain are
 * meant for. */
#define CORPUS_NOW_S 1893456000
struct trust_store *corpus_store_load(void);
/* An input is a row of certificates, each behind its length in two octets, big-endian.  One
 * that says more than there is ends where the input does. */
void chain_from_input(struct span in, struct trust_chain *ret_chain);
