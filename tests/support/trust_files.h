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

/* When all of DIR is valid but what is not valid yet (2020-06-01); stores are compiled for then. */
#define STORE_COMPILED_S 1590969600

#define STORE_NAMES_MAX 8
/* Writes a file for each name of a space-separated list: DIR/NAME.pem, or what is in all of
 * NAME+NAME+...; returns how many. */
size_t chains_write(const char *names, char ret_paths[STORE_NAMES_MAX][64]);
struct trust_store *store_load_files(const char *const *files, size_t count, bool partial_chain);
/* A store of files as chains_write() makes them. */
struct trust_store *store_load(const char *names);
/* The same, where any CA may be an anchor. */
struct trust_store *store_load_partial(const char *names);

/* Makes len octets a blob whose digest fits, whatever they say. */
void blob_sign(uint8_t *blob, size_t len);

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
