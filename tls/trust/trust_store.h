/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_store.h: the inside of a trust store: CA certificates and who among them
 * issued whom.  The signatures between them are verified when it is loaded, never again.
 * Immutable afterwards. */
#pragma once

#include "tls/trust/trust.h"
#include "tls/trust/trust_index.h"
#include "tls/trust/x509.h"

struct trust_ca {
	struct x509 cert; /* views into der */
	uint8_t *der;
	bool is_root;   /* self-issued, and its signature by its own key is valid */
	bool is_anchor; /* a path may end here */
	/* Those of the store that issued it, verified: see trust_store_parents(). */
	size_t parents_begin, parent_count;
};

struct trust_store {
	struct trust_ca *cas;
	size_t ca_count;
	uint32_t *parents; /* indexes of cas */
	size_t parent_count;
	struct trust_index subjects; /* of cas */
};

/* All CAs whose subject is this name (x509_name_eq()), in the order of the store; none: empty.  Costs
 * one hash of the name and one comparison. */
struct trust_ca_list trust_store_find_subject(const struct trust_store *store, struct span name);
/* The issuers of a CA that stand in its store, in the order of the store. */
struct trust_ca_list trust_store_parents(const struct trust_store *store,
					 const struct trust_ca *ca);
