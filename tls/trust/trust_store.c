/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_store.h"

#include "tls/trust/trust_ca_names.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Octets of the smallest entries of a blob. */
#define CHAIN_OCTETS_MIN 5
#define CA_OCTETS_MIN 13

static enum gw_err chains_take(struct trust_store *store, struct span *in)
{
	uint32_t count;

	if (!trust_blob_take_count(in, CHAIN_OCTETS_MIN, &count) || count > TRUST_STORE_CHAINS_MAX)
		return GW_ERR_CONFIG;
	store->chains = calloc(count + 1, sizeof(*store->chains));
	if (store->chains == NULL)
		return GW_ERR_NO_MEMORY;
	for (; store->chain_count < count; store->chain_count++) {
		struct trust_chain_info *chain = &store->chains[store->chain_count];
		uint8_t len;

		if (!trust_blob_take_u32(in, &chain->pinned) || !trust_blob_take_u8(in, &len) ||
		    !trust_blob_take_octets(in, len, &chain->file_name))
			return GW_ERR_CONFIG;
	}
	return GW_ERR_OK;
}

/* A parent is a number that may lead nowhere until all certificates are there: checked then. */
static enum gw_err parents_take(struct trust_store *store, struct span *in, struct trust_ca *ca)
{
	uint32_t count, *parents;

	if (!trust_blob_take_count(in, sizeof(uint32_t), &count))
		return GW_ERR_CONFIG;
	parents = realloc(store->parents, (store->parent_count + count + 1) * sizeof(*parents));
	if (parents == NULL)
		return GW_ERR_NO_MEMORY;
	store->parents = parents;
	ca->parents_begin = store->parent_count;
	ca->parent_count = count;
	for (uint32_t i = 0; i < count; i++) {
		if (!trust_blob_take_u32(in, &parents[store->parent_count++]))
			return GW_ERR_CONFIG;
	}
	return GW_ERR_OK;
}

static enum gw_err ca_take(struct trust_store *store, struct span *in, struct trust_ca *ca)
{
	uint8_t is_root;
	uint32_t len;
	struct span der;
	enum gw_err err;

	if (!trust_blob_take_u32(in, &ca->chain) || !trust_blob_take_u8(in, &is_root) ||
	    is_root > 1)
		return GW_ERR_CONFIG;
	err = parents_take(store, in, ca);
	if (err != GW_ERR_OK)
		return err;
	if (!trust_blob_take_u32(in, &len) || !trust_blob_take_octets(in, len, &der) ||
	    x509_parse(der, &ca->cert) != AUTH_ok || !ca->cert.is_ca)
		return GW_ERR_CONFIG;
	ca->is_root = is_root == 1;
	ca->is_anchor = ca->is_root || store->partial_chain;
	return GW_ERR_OK;
}

static enum gw_err cas_take(struct trust_store *store, struct span *in)
{
	uint32_t count;

	if (!trust_blob_take_count(in, CA_OCTETS_MIN, &count))
		return GW_ERR_CONFIG;
	store->cas = calloc(count + 1, sizeof(*store->cas));
	if (store->cas == NULL)
		return GW_ERR_NO_MEMORY;
	for (; store->ca_count < count; store->ca_count++) {
		enum gw_err err = ca_take(store, in, &store->cas[store->ca_count]);

		if (err != GW_ERR_OK)
			return err;
	}
	return GW_ERR_OK;
}

/* Everything that a number or a flag says and a certificate can contradict. */
static bool is_consistent(const struct trust_store *store)
{
	for (size_t i = 0; i < store->ca_count; i++) {
		const struct trust_ca *ca = &store->cas[i];

		if (ca->chain >= store->chain_count ||
		    (ca->is_root && (ca->parent_count > 0 || !ca->cert.is_self_issued)))
			return false;
		for (size_t k = 0; k < ca->parent_count; k++) {
			uint32_t parent = store->parents[ca->parents_begin + k];

			if (parent >= store->ca_count || parent == i ||
			    !x509_name_eq(ca->cert.issuer, store->cas[parent].cert.subject))
				return false;
		}
	}
	for (size_t i = 0; i < store->chain_count; i++) {
		if (store->chains[i].pinned >= store->ca_count)
			return false;
	}
	return true;
}

static enum gw_err body_take(struct trust_store *store, struct span body)
{
	uint32_t flags;
	enum gw_err err;

	if (!trust_blob_take_u32(&body, &flags) || (flags & ~TRUST_BLOB_PARTIAL_CHAIN) != 0)
		return GW_ERR_CONFIG;
	store->partial_chain = flags == TRUST_BLOB_PARTIAL_CHAIN;
	err = chains_take(store, &body);
	if (err == GW_ERR_OK)
		err = cas_take(store, &body);
	if (err == GW_ERR_OK && (body.len > 0 || !is_consistent(store)))
		err = GW_ERR_CONFIG;
	return err;
}

/* What is looked for during handshakes. */
static enum gw_err names_index(struct trust_store *store)
{
	struct span *names = calloc(store->ca_count + 1, sizeof(*names));
	enum gw_err err;

	if (names == NULL)
		return GW_ERR_NO_MEMORY;
	for (size_t i = 0; i < store->ca_count; i++)
		names[i] = store->cas[i].cert.subject;
	err = trust_index_init(&store->subjects, names, store->ca_count);
	for (size_t i = 0; i < store->chain_count; i++)
		store->chains[i].pinned_hash = x509_name_hash(names[store->chains[i].pinned]);
	free(names);
	return err;
}

/* A copy that nobody can write to any more, neither a stray store of ours nor who writes to the file. */
static bool copy_seal(struct span bytes, struct span *ret_copy)
{
	void *copy = mmap(NULL, bytes.len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			  0);

	if (copy == MAP_FAILED)
		return false;
	memcpy(copy, bytes.p, bytes.len);
	if (mprotect(copy, bytes.len, PROT_READ) != 0) {
		munmap(copy, bytes.len);
		return false;
	}
	*ret_copy = span_of(copy, bytes.len);
	return true;
}

enum gw_err trust_store_open(struct span blob, enum trust_blob_state *ret_state,
			     struct trust_store **ret_store)
{
	struct trust_store *store = calloc(1, sizeof(*store));
	enum gw_err err = GW_ERR_NO_MEMORY;
	struct span body;

	if (store == NULL || !copy_seal(blob, &store->blob))
		goto destroy;
	*ret_state = trust_blob_open(store->blob, &body, &store->digest);
	err = *ret_state == TRUST_BLOB_GOOD ? body_take(store, body) : GW_ERR_CONFIG;
	if (err == GW_ERR_CONFIG && *ret_state == TRUST_BLOB_GOOD)
		*ret_state = TRUST_BLOB_MALFORMED;
	if (err == GW_ERR_OK)
		err = names_index(store);
	if (err == GW_ERR_OK)
		err = trust_ca_names_make(store, &store->ca_names, &store->ca_names_bytes);
	if (err != GW_ERR_OK)
		goto destroy;
	*ret_store = store;
	return GW_ERR_OK;

destroy:
	trust_store_destroy(store);
	return err;
}

void trust_store_destroy(struct trust_store *store)
{
	if (store == NULL)
		return;
	trust_index_fini(&store->subjects);
	free(store->ca_names);
	free(store->cas);
	free(store->parents);
	free(store->chains);
	if (store->blob.p != NULL)
		munmap((void *)store->blob.p, store->blob.len);
	free(store);
}

void trust_stores_destroy(struct trust_store **stores, size_t count)
{
	for (size_t i = 0; stores != NULL && i < count; i++)
		trust_store_destroy(stores[i]);
	free(stores);
}

struct trust_ca_list trust_store_find_subject(const struct trust_store *store, struct span name)
{
	return trust_index_find(&store->subjects, name);
}

struct trust_ca_list trust_store_parents(const struct trust_store *store, const struct trust_ca *ca)
{
	return (struct trust_ca_list){store->parents + ca->parents_begin, ca->parent_count};
}

bool trust_store_pins(const struct trust_store *store, struct span issuer)
{
	uint64_t hash = x509_name_hash(issuer);

	for (size_t i = 0; i < store->chain_count; i++) {
		const struct trust_chain_info *chain = &store->chains[i];

		if (chain->pinned_hash == hash &&
		    x509_name_eq(store->cas[chain->pinned].cert.subject, issuer))
			return true;
	}
	return false;
}

struct span trust_store_ca_names(const struct trust_store *store)
{
	return span_of(store->ca_names, store->ca_names != NULL ? store->ca_names_bytes : 0);
}

const uint8_t *trust_store_digest(const struct trust_store *store)
{
	return store->digest.p;
}

int64_t trust_store_expires_s(const struct trust_store *store)
{
	int64_t expires_s = INT64_MAX;

	for (size_t i = 0; i < store->ca_count; i++) {
		if (store->cas[i].cert.not_after_s < expires_s)
			expires_s = store->cas[i].cert.not_after_s;
	}
	return expires_s;
}
