/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_forest.h"

#include <stdlib.h>

#include "tls/trust/trust_index.h"
#include "tls/trust/trust_sig.h"

enum gw_err trust_forest_init(struct trust_forest *forest, size_t chains_max)
{
	*forest = (struct trust_forest){
		.chains = calloc(chains_max + 1, sizeof(*forest->chains)),
	};
	return forest->chains != NULL ? GW_ERR_OK : GW_ERR_NO_MEMORY;
}

void trust_forest_fini(struct trust_forest *forest)
{
	for (size_t i = 0; i < forest->ca_count; i++)
		free(forest->cas[i].der);
	free(forest->cas);
	free(forest->members);
	free(forest->chains);
	free(forest->parents);
	*forest = (struct trust_forest){0};
}

void trust_forest_begin_chain(struct trust_forest *forest)
{
	forest->chains[forest->chain_count++] = (struct forest_chain){
		.begin = forest->member_count,
		.deepest = SIZE_MAX,
		.rival = SIZE_MAX,
	};
}

uint32_t trust_forest_find(const struct trust_forest *forest, struct span der)
{
	for (size_t i = 0; i < forest->ca_count; i++) {
		if (span_eq(forest->cas[i].cert.der, der))
			return (uint32_t)i;
	}
	return TRUST_FOREST_NONE;
}

static bool verify(struct trust_forest *forest, const struct x509 *cert, const struct x509_key *key)
{
	forest->signatures++;
	return trust_sig_verify(cert, key, NULL);
}

static enum gw_err ca_add(struct trust_forest *forest, const struct x509 *cert, uint8_t *der,
			  bool is_countable, uint32_t *ret_idx)
{
	struct forest_ca *cas = realloc(forest->cas, (forest->ca_count + 1) * sizeof(*forest->cas));

	if (cas == NULL)
		return GW_ERR_NO_MEMORY;
	forest->cas = cas;
	cas[forest->ca_count] = (struct forest_ca){
		.cert = *cert,
		.der = der,
		.chain = (uint32_t)forest->chain_count - 1,
		/* One that we cannot compute with counts as what it says it is. */
		.is_root = cert->is_self_issued &&
			   (!is_countable || verify(forest, cert, &cert->key)),
		.is_countable = is_countable,
	};
	*ret_idx = (uint32_t)forest->ca_count++;
	return GW_ERR_OK;
}

enum gw_err trust_forest_add(struct trust_forest *forest, const struct x509 *cert, uint8_t *der,
			     unsigned number, bool is_countable)
{
	struct forest_member *members = realloc(forest->members,
						(forest->member_count + 1) * sizeof(*members));
	uint32_t ca = trust_forest_find(forest, cert->der);
	enum gw_err err = members != NULL ? GW_ERR_OK : GW_ERR_NO_MEMORY;

	if (members != NULL)
		forest->members = members;
	if (err != GW_ERR_OK || ca != TRUST_FOREST_NONE)
		free(der);
	else if ((err = ca_add(forest, cert, der, is_countable, &ca)) != GW_ERR_OK)
		free(der);
	if (err != GW_ERR_OK)
		return err;
	members[forest->member_count++] = (struct forest_member){
		.ca = ca, .number = number, .depth = TRUST_FOREST_NONE};
	forest->chains[forest->chain_count - 1].count++;
	return GW_ERR_OK;
}

/* Those of the candidates that issued certificate i become its parents. */
static enum gw_err parents_find(struct trust_forest *forest, size_t i,
				struct trust_ca_list candidates)
{
	struct forest_ca *ca = &forest->cas[i];
	uint32_t *parents = realloc(forest->parents, (forest->parent_count + candidates.count + 1) *
							     sizeof(*parents));

	if (parents == NULL)
		return GW_ERR_NO_MEMORY;
	forest->parents = parents;
	ca->parents_begin = forest->parent_count;
	for (size_t k = 0; k < candidates.count; k++) {
		const struct forest_ca *issuer = &forest->cas[candidates.idx[k]];

		if (candidates.idx[k] == i || !issuer->is_countable)
			continue;
		if (forest->signatures >= TRUST_FOREST_SIGNATURES_MAX)
			return GW_ERR_CONFIG;
		if (verify(forest, &ca->cert, &issuer->cert.key))
			parents[forest->parent_count++] = candidates.idx[k];
	}
	ca->parent_count = forest->parent_count - ca->parents_begin;
	return GW_ERR_OK;
}

enum gw_err trust_forest_link(struct trust_forest *forest)
{
	struct span *names = calloc(forest->ca_count + 1, sizeof(*names));
	struct trust_index subjects;
	enum gw_err err;

	if (names == NULL)
		return GW_ERR_NO_MEMORY;
	for (size_t i = 0; i < forest->ca_count; i++)
		names[i] = forest->cas[i].cert.subject;
	err = trust_index_init(&subjects, names, forest->ca_count);
	free(names);
	for (size_t i = 0; i < forest->ca_count && err == GW_ERR_OK; i++) {
		if (!forest->cas[i].is_root)
			err = parents_find(forest, i,
					   trust_index_find(&subjects, forest->cas[i].cert.issuer));
	}
	trust_index_fini(&subjects);
	return err;
}

/* A CA below one with this much room for more. */
static void room_take(const struct x509 *cert, uint32_t above, struct forest_member *member)
{
	uint32_t room = above;

	if (!cert->is_self_issued && above != UINT32_MAX) {
		if (above == 0) {
			member->is_beyond = true;
			return;
		}
		room--;
	}
	if (cert->has_path_length && cert->path_length < room)
		room = cert->path_length;
	member->room = room;
}

static void begin_at(const struct trust_forest *forest, struct forest_member *member)
{
	const struct x509 *cert = &forest->cas[member->ca].cert;

	member->depth = 0;
	member->room = cert->has_path_length ? cert->path_length : UINT32_MAX;
}

/* The member of the chain that issued member and has this depth, the one with most room; NULL when
 * there is none. */
static const struct forest_member *parent_at(const struct trust_forest *forest,
					     const struct forest_chain *chain,
					     const struct forest_member *member, unsigned depth)
{
	const struct forest_ca *ca = &forest->cas[member->ca];
	const struct forest_member *best = NULL;

	for (size_t i = 0; i < chain->count; i++) {
		const struct forest_member *other = &forest->members[chain->begin + i];

		if (depth != TRUST_FOREST_NONE && other->depth != depth)
			continue;
		for (size_t k = 0; k < ca->parent_count; k++) {
			if (forest->parents[ca->parents_begin + k] == other->ca &&
			    (best == NULL || other->room > best->room))
				best = other;
		}
	}
	return best;
}

/* Goes down from what has a depth, one level at a time. */
static void descend(struct trust_forest *forest, const struct forest_chain *chain)
{
	bool found = true;

	for (unsigned depth = 0; found; depth++) {
		found = false;
		for (size_t i = 0; i < chain->count; i++) {
			struct forest_member *member = &forest->members[chain->begin + i];
			const struct forest_member *parent;

			if (member->depth != TRUST_FOREST_NONE)
				continue;
			parent = parent_at(forest, chain, member, depth);
			if (parent == NULL)
				continue;
			member->depth = depth + 1;
			member->is_beyond = parent->is_beyond;
			if (!member->is_beyond)
				room_take(&forest->cas[member->ca].cert, parent->room, member);
			found = true;
		}
	}
}

static bool same_subject(const struct trust_forest *forest, const struct forest_member *a,
			 const struct forest_member *b)
{
	return x509_name_eq(forest->cas[a->ca].cert.subject, forest->cas[b->ca].cert.subject);
}

static void deepest_find(const struct trust_forest *forest, struct forest_chain *chain)
{
	const struct forest_member *deepest = NULL;

	for (size_t i = chain->begin; i < chain->begin + chain->count; i++) {
		const struct forest_member *member = &forest->members[i];

		if (member->depth == TRUST_FOREST_NONE)
			continue;
		if (deepest == NULL || member->depth > deepest->depth) {
			deepest = member;
			chain->deepest = i;
			chain->rival = SIZE_MAX;
		} else if (member->depth == deepest->depth && chain->rival == SIZE_MAX &&
			   !same_subject(forest, member, deepest)) {
			chain->rival = i;
		}
	}
}

static bool begins_chain(const struct trust_forest *forest, const struct forest_chain *chain,
			 const struct forest_member *member, bool without_root)
{
	return forest->cas[member->ca].is_root ||
	       (without_root && parent_at(forest, chain, member, TRUST_FOREST_NONE) == NULL);
}

static bool has_root(const struct trust_forest *forest, const struct forest_chain *chain)
{
	for (size_t i = chain->begin; i < chain->begin + chain->count; i++) {
		if (forest->cas[forest->members[i].ca].is_root)
			return true;
	}
	return false;
}

void trust_forest_measure(struct trust_forest *forest, bool partial_chain)
{
	for (size_t c = 0; c < forest->chain_count; c++) {
		struct forest_chain *chain = &forest->chains[c];
		bool without_root = partial_chain || !has_root(forest, chain);

		for (size_t i = chain->begin; i < chain->begin + chain->count; i++) {
			if (begins_chain(forest, chain, &forest->members[i], without_root))
				begin_at(forest, &forest->members[i]);
		}
		descend(forest, chain);
		/* CAs that issued each other, and nobody above them. */
		for (size_t i = chain->begin; i < chain->begin + chain->count; i++) {
			if (without_root && forest->members[i].depth == TRUST_FOREST_NONE) {
				begin_at(forest, &forest->members[i]);
				descend(forest, chain);
			}
		}
		deepest_find(forest, chain);
	}
}
