/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/support/forest_build.h: certificates with real signatures, made while a test runs: as many as
 * it likes, of any shape.  Keys are Ed25519, by number: the same number is the same key. */
#pragma once

#include "tests/support/cert_build.h"
#include "tests/support/trust_files.h"

#define FOREST_KEYS_MAX 64

/* The SubjectPublicKeyInfo of a key. */
struct span forest_key(unsigned number);
/* A Name of one common name. */
struct span forest_name(struct outbuf *out, const char *common_name);
/* Extension elements of a CA with this pathLenConstraint; -1: none. */
struct span forest_ca_exts(struct outbuf *out, int path_length);
/* Writes the certificate of these parts, the algorithms replaced, signed by a key. */
struct span forest_cert(struct cert_parts parts, unsigned signer, struct outbuf *out);

/* A store of one file with these certificates. */
struct trust_store *forest_store(const struct span *certs, size_t count, bool partial_chain);
