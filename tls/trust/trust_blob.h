/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_blob.h: a compiled trust store as octets.  Not secret and not signed: whoever may
 * write it may as well name other roots.  Its digest tells a damaged copy, and names the store.
 *
 *	magic              8 octets
 *	format version     4     all numbers big-endian; another version has nothing else in common
 *	length             4     of the whole
 *	flags              4     TRUST_BLOB_PARTIAL_CHAIN
 *	chains             4     how many, then for each
 *	  pinned             4     number of the certificate whose subject is pinned, from 0
 *	  file name          1 + n without its folder
 *	certificates       4     how many, then for each
 *	  chain              4
 *	  is root            1
 *	  issuers            4     how many, then the number of each; their signatures were verified
 *	  certificate        4 + n DER
 *	digest            32     SHA-256 of everything before it
 *
 * There are no offsets, so there is nothing to relocate; what can be computed from certificates
 * without a signature is not stored, so nothing can contradict them. */
#pragma once

#include "base/err.h"
#include "base/span.h"

#define TRUST_BLOB_VERSION 1u
#define TRUST_BLOB_PARTIAL_CHAIN 1u
#define TRUST_BLOB_DIGEST_OCTETS 32

struct trust_file;
struct trust_forest;

/* Writes the certificates of a forest that has been measured, whose chain i is files[i].  Only memory
 * can be short.  *ret_blob is to be freed. */
MUST_CHECK enum gw_err trust_blob_write(const struct trust_forest *forest,
					const struct trust_file *files, bool partial_chain,
					uint8_t **ret_blob, size_t *ret_len);

/* The octets are meant to be a compiled store. */
bool trust_blob_has_magic(struct span bytes);

enum trust_blob_state {
	TRUST_BLOB_GOOD,
	TRUST_BLOB_OTHER_VERSION,
	TRUST_BLOB_CUT,     /* shorter, or longer, than it says */
	TRUST_BLOB_ALTERED, /* the digest is another */
	TRUST_BLOB_MALFORMED,
};

/* Takes the head and the digest off; *ret_body is what lies between, to be read on by
 * trust_blob_take_ functions. */
enum trust_blob_state trust_blob_open(struct span bytes, struct span *ret_body,
				      struct span *ret_digest);

bool trust_blob_take_u8(struct span *in, uint8_t *ret_value);
bool trust_blob_take_u32(struct span *in, uint32_t *ret_value);
bool trust_blob_take_octets(struct span *in, size_t len, struct span *ret_octets);
/* How many entries follow, each of at least entry_octets_min; false when so many cannot. */
bool trust_blob_take_count(struct span *in, size_t entry_octets_min, uint32_t *ret_count);

/* The part of a path behind its last slash. */
const char *trust_blob_file_name(const char *path);
