/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_store.h: a trust store: CA certificates and who among them issued whom.  It is always
 * made from a blob (trust_blob.h); plain files are compiled to one first.  The signatures between its
 * certificates are verified when it is compiled, never again.  Immutable, shared by all workers. */
#pragma once

#include "tls/trust/trust.h"
#include "tls/trust/trust_blob.h"
#include "tls/trust/trust_index.h"
#include "tls/trust/trust_store_params.h"
#include "tls/trust/x509.h"

/* A file of a store that is larger is not read. */
#define TRUST_STORE_FILE_BYTES_MAX ((size_t)16 << 20)

struct trust_ca {
	struct x509 cert; /* views into the blob */
	bool is_root;     /* self-issued, and its signature by its own key is valid */
	bool is_anchor;   /* a path may end here: a root, or any CA of a store with partial_chain */
	uint32_t chain;   /* the first that has it */
	/* Those of the store that issued it, verified: see trust_store_parents(). */
	size_t parents_begin, parent_count;
};

/* One file that the store was compiled from. */
struct trust_chain_info {
	struct span file_name; /* without its folder; any octets */
	/* The CA that is farthest from the root, of several the first: verify_issuer_dn demands its
	 * subject, or that of another chain, as the issuer of a client. */
	uint32_t pinned;
	uint64_t pinned_hash;
};

struct trust_store {
	struct span blob; /* its own copy, read-only memory */
	struct span digest;
	struct trust_ca *cas;
	size_t ca_count;
	uint32_t *parents; /* indexes of cas */
	size_t parent_count;
	struct trust_index subjects; /* of cas */
	struct trust_chain_info *chains;
	size_t chain_count;
	bool partial_chain;
	/* trust_ca_names.h; NULL: too long, though ca_names_bytes still says how long. */
	uint8_t *ca_names;
	size_t ca_names_bytes;
};

/* Loads a store from its files, or from one compiled store.  All that is wrong or worth knowing goes to
 * sink (NULL: nobody listens).  GW_ERR_CONFIG when there was an error among it, GW_ERR_IO when a file
 * could not be read.  file_count is not 0. */
MUST_CHECK enum gw_err trust_store_load(const char *const *files, size_t file_count,
					const struct trust_store_options *options,
					const struct trust_store_sink *sink,
					struct trust_store **ret_store);
/* The store in the octets of a compiled one, which it copies: a file may change after it was checked.
 * GW_ERR_CONFIG, and *ret_state says why, when they are not one. */
MUST_CHECK enum gw_err trust_store_open(struct span blob, enum trust_blob_state *ret_state,
					struct trust_store **ret_store);
/* NULL is allowed. */
void trust_store_destroy(struct trust_store *store);
/* Destroys several, and frees the array they stand in.  NULL is allowed. */
void trust_stores_destroy(struct trust_store **stores, size_t count);

/* All CAs whose subject is this name (x509_name_eq()), in the order of the store; none: empty.  Costs
 * one hash of the name and one comparison. */
struct trust_ca_list trust_store_find_subject(const struct trust_store *store, struct span name);
/* The issuers of a CA that stand in its store, in the order of the store. */
struct trust_ca_list trust_store_parents(const struct trust_store *store,
					 const struct trust_ca *ca);
/* The name is that of a pinned CA: verify_issuer_dn accepts it as the issuer of a client. */
bool trust_store_pins(const struct trust_store *store, struct span issuer);
/* What a CertificateRequest says to name the CAs (trust_ca_names.h), a view; empty when that would be more than
 * TRUST_CA_NAMES_BYTES_MAX. */
struct span trust_store_ca_names(const struct trust_store *store);
/* TRUST_BLOB_DIGEST_OCTETS: what the store is, as octets.  Equal for the same files in the same order. */
const uint8_t *trust_store_digest(const struct trust_store *store);
/* When the first of its CAs expires; seconds since 1970 UTC. */
int64_t trust_store_expires_s(const struct trust_store *store);
