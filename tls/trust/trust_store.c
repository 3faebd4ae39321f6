/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tls/trust/pem.h"
#include "tls/trust/trust_rules.h"

/* A larger file is refused: it cannot be what the operator meant. */
#define FILE_BYTES_MAX ((size_t)16 << 20)

static enum gw_err file_read(const char *path, struct err_note *note, uint8_t **ret_bytes,
			     size_t *ret_len)
{
	FILE *file = fopen(path, "rbe");
	uint8_t *bytes;
	size_t len;

	if (file == NULL) {
		err_note_set(note, "%s: %s; name a readable PEM file", path, strerror(errno));
		return GW_ERR_IO;
	}
	bytes = malloc(FILE_BYTES_MAX + 1);
	if (bytes == NULL) {
		fclose(file);
		return GW_ERR_NO_MEMORY;
	}
	len = fread(bytes, 1, FILE_BYTES_MAX + 1, file);
	if (ferror(file) || len > FILE_BYTES_MAX) {
		err_note_set(note, "%s: %s; name a PEM file of CA certificates", path,
			     ferror(file) ? "cannot be read" : "is larger than 16 MiB");
		fclose(file);
		free(bytes);
		return GW_ERR_IO;
	}
	fclose(file);
	*ret_bytes = bytes;
	*ret_len = len;
	return GW_ERR_OK;
}

static bool is_known(const struct trust_store *store, struct span der)
{
	for (size_t i = 0; i < store->ca_count; i++) {
		if (span_eq(store->cas[i].cert.der, der))
			return true;
	}
	return false;
}

/* Why a certificate may not stand in a store; NULL when it may. */
static const char *objection_to(enum auth_reason parsed, const struct x509 *cert)
{
	enum auth_reason key;

	if (parsed != AUTH_ok)
		return auth_reason_help(parsed);
	if (!cert->is_ca)
		return "is not a CA certificate (basicConstraints do not say CA); name issuers, "
		       "not their clients";
	key = trust_rules_key(&cert->key);
	return key != AUTH_ok ? auth_reason_help(key) : NULL;
}

/* Keeps der, which was allocated, or frees it. */
static enum gw_err store_add(struct trust_store *store, uint8_t *der, size_t len, const char *path,
			     unsigned number, struct err_note *note)
{
	struct trust_ca ca = {.der = der};
	enum auth_reason parsed = x509_parse(span_of(der, len), &ca.cert);
	const char *objection = objection_to(parsed, &ca.cert);
	struct trust_ca *cas;

	if (objection != NULL) {
		err_note_set(note, "%s: certificate %u: %s; remove or replace it", path, number,
			     objection);
		free(der);
		return GW_ERR_CONFIG;
	}
	if (is_known(store, ca.cert.der)) {
		free(der);
		return GW_ERR_OK;
	}
	cas = realloc(store->cas, (store->ca_count + 1) * sizeof(*cas));
	if (cas == NULL) {
		free(der);
		return GW_ERR_NO_MEMORY;
	}
	ca.is_root = x509_is_self_issued(&ca.cert) &&
		     trust_sig_verify(&ca.cert, &ca.cert.key, NULL);
	ca.is_anchor = ca.is_root;
	store->cas = cas;
	store->cas[store->ca_count++] = ca;
	return GW_ERR_OK;
}

static enum gw_err block_add(struct trust_store *store, const struct pem_block *block,
			     const char *path, unsigned number, struct err_note *note)
{
	struct outbuf out;
	uint8_t *der;

	if (pem_is_private_key(block)) {
		err_note_set(note,
			     "%s: holds a private key; remove it, a trust store has only "
			     "certificates",
			     path);
		return GW_ERR_CONFIG;
	}
	if (!span_eq(block->label, SPAN_LIT("CERTIFICATE"))) {
		err_note_set(note, "%s: holds another kind of block (%.*s); leave only CERTIFICATE",
			     path, (int)(block->label.len < 40 ? block->label.len : 40),
			     (const char *)block->label.p);
		return GW_ERR_CONFIG;
	}
	der = malloc(block->body.len + 1);
	if (der == NULL)
		return GW_ERR_NO_MEMORY;
	out = outbuf_of(der, block->body.len);
	if (!pem_decode(block->body, &out)) {
		err_note_set(note, "%s: certificate %u is not Base64; export it again as PEM", path,
			     number);
		free(der);
		return GW_ERR_CONFIG;
	}
	return store_add(store, der, out.len, path, number, note);
}

static enum gw_err text_add(struct trust_store *store, struct span text, const char *path,
			    struct err_note *note)
{
	struct pem_block block;
	unsigned count = 0;

	for (;;) {
		enum gw_err err;

		switch (pem_take(&text, &block)) {
		case PEM_BLOCK:
			err = block_add(store, &block, path, ++count, note);
			if (err != GW_ERR_OK)
				return err;
			continue;
		case PEM_MALFORMED:
			err_note_set(note,
				     "%s: BEGIN and END do not match after certificate %u; "
				     "export it again as PEM",
				     path, count);
			return GW_ERR_CONFIG;
		case PEM_END:
			break;
		}
		break;
	}
	if (count == 0) {
		err_note_set(note, "%s: holds no certificate; name a PEM file of CA certificates",
			     path);
		return GW_ERR_CONFIG;
	}
	return GW_ERR_OK;
}

static enum gw_err file_add(struct trust_store *store, const char *path, struct err_note *note)
{
	uint8_t *bytes;
	size_t len;
	enum gw_err err = file_read(path, note, &bytes, &len);

	if (err != GW_ERR_OK)
		return err;
	err = text_add(store, span_of(bytes, len), path, note);
	free(bytes);
	return err;
}

/* Finds who issued whom. */
static enum gw_err store_link(struct trust_store *store)
{
	for (size_t i = 0; i < store->ca_count; i++) {
		struct trust_ca *ca = &store->cas[i];

		ca->parents_begin = store->parent_count;
		for (size_t j = 0; j < store->ca_count && !ca->is_root; j++) {
			const struct x509 *issuer = &store->cas[j].cert;
			uint32_t *parents;

			if (i == j || !x509_name_eq(ca->cert.issuer, issuer->subject) ||
			    !trust_sig_verify(&ca->cert, &issuer->key, NULL))
				continue;
			parents = realloc(store->parents,
					  (store->parent_count + 1) * sizeof(*parents));
			if (parents == NULL)
				return GW_ERR_NO_MEMORY;
			store->parents = parents;
			store->parents[store->parent_count++] = (uint32_t)j;
		}
		ca->parent_count = store->parent_count - ca->parents_begin;
	}
	return GW_ERR_OK;
}

static enum gw_err store_index(struct trust_store *store)
{
	struct span *names = calloc(store->ca_count + 1, sizeof(*names));
	enum gw_err err;

	if (names == NULL)
		return GW_ERR_NO_MEMORY;
	for (size_t i = 0; i < store->ca_count; i++)
		names[i] = store->cas[i].cert.subject;
	err = trust_index_init(&store->subjects, names, store->ca_count);
	free(names);
	return err;
}

static bool has_root(const struct trust_store *store)
{
	for (size_t i = 0; i < store->ca_count; i++) {
		if (store->cas[i].is_root)
			return true;
	}
	return false;
}

enum gw_err trust_store_load(const char *const *files, size_t file_count, struct err_note *note,
			     struct trust_store **ret_store)
{
	struct trust_store *store = calloc(1, sizeof(*store));
	enum gw_err err = store != NULL ? GW_ERR_OK : GW_ERR_NO_MEMORY;

	for (size_t i = 0; i < file_count && err == GW_ERR_OK; i++)
		err = file_add(store, files[i], note);
	if (err == GW_ERR_OK && !has_root(store)) {
		err_note_set(note,
			     "%s: no root among the certificates (self-signed, with a valid "
			     "signature); add the root that issued them",
			     file_count > 0 ? files[0] : "trust store");
		err = GW_ERR_CONFIG;
	}
	if (err == GW_ERR_OK)
		err = store_link(store);
	if (err == GW_ERR_OK)
		err = store_index(store);
	if (err == GW_ERR_NO_MEMORY)
		err_note_set(note, "out of memory while reading trust store files");
	if (err != GW_ERR_OK) {
		trust_store_destroy(store);
		return err;
	}
	*ret_store = store;
	return GW_ERR_OK;
}

void trust_store_destroy(struct trust_store *store)
{
	if (store == NULL)
		return;
	for (size_t i = 0; i < store->ca_count; i++)
		free(store->cas[i].der);
	free(store->cas);
	free(store->parents);
	trust_index_fini(&store->subjects);
	free(store);
}

struct trust_ca_list trust_store_find_subject(const struct trust_store *store, struct span name)
{
	return trust_index_find(&store->subjects, name);
}

struct trust_ca_list trust_store_parents(const struct trust_store *store, const struct trust_ca *ca)
{
	return (struct trust_ca_list){store->parents + ca->parents_begin, ca->parent_count};
}
