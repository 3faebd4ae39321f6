/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_forest.h: CA certificates while a store is compiled from them: in which chain (file)
 * each stands, who issued whom, how far from its root it is.  Every signature between them is
 * verified here, once.  Says nothing about what is wrong: trust_compile.c does. */
#pragma once

#include "base/err.h"
#include "tls/trust/x509.h"

/* More verifications of signatures than this, to find out who issued whom, are not made: only many
 * CAs of one name need so many. */
#define TRUST_FOREST_SIGNATURES_MAX 20000
#define TRUST_FOREST_NONE UINT32_MAX

struct forest_ca {
	struct x509 cert; /* views into der */
	uint8_t *der;
	uint32_t chain;    /* the first that has it */
	bool is_root;      /* self-issued, and signed by its own key */
	bool is_countable; /* key and signature are such that we compute with them */
	/* Who issued it, verified: trust_forest.parents[parents_begin ...]; none for a root. */
	size_t parents_begin, parent_count;
};

/* A CA certificate in the file of a chain.  The same one may stand in several. */
struct forest_member {
	uint32_t ca;
	unsigned number; /* in the file, from 1 */
	unsigned depth;  /* issuers above it in this chain; TRUST_FOREST_NONE: linked to no root */
	/* How many CAs may stand below it by all path lengths above, UINT32_MAX when none says;
	 * is_beyond: not even it may stand there. */
	uint32_t room;
	bool is_beyond;
};

struct forest_chain {
	size_t begin, count; /* of members */
	bool is_whole;       /* every certificate of the file could be read and computed with */
	/* Index of the deepest member, of several the first; and of another one as deep that has
	 * another name. */
	size_t deepest, rival; /* SIZE_MAX: none */
};

struct trust_forest {
	struct forest_ca *cas;
	size_t ca_count;
	struct forest_member *members;
	size_t member_count;
	struct forest_chain *chains;
	size_t chain_count;
	uint32_t *parents;
	size_t parent_count;
	unsigned signatures; /* verified */
};

/* Room for that many chains. */
MUST_CHECK enum gw_err trust_forest_init(struct trust_forest *forest, size_t chains_max);
void trust_forest_fini(struct trust_forest *forest);

/* Begins the next chain; members are added to the last one. */
void trust_forest_begin_chain(struct trust_forest *forest);
/* Adds a member; cert->der becomes the forest's (it was allocated), or is freed when memory is short
 * or the certificate is known from another chain. */
MUST_CHECK enum gw_err trust_forest_add(struct trust_forest *forest, const struct x509 *cert,
					uint8_t *der, unsigned number, bool is_countable);
/* The CA with these very octets; TRUST_FOREST_NONE when there is none. */
uint32_t trust_forest_find(const struct trust_forest *forest, struct span der);

/* Finds out who issued whom.  GW_ERR_CONFIG at the limit of signatures. */
MUST_CHECK enum gw_err trust_forest_link(struct trust_forest *forest);
/* Measures each chain from its roots; with partial_chain, or where there are none, from every CA
 * whose issuer is not in the chain. */
void trust_forest_measure(struct trust_forest *forest, bool partial_chain);
