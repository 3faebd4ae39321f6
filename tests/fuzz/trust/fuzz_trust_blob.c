/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A compiled store whose digest always fits, so that what lies behind it is reached.  One that is
 * accepted has only edges between names that fit, and finds each of its certificates. */
#include <stdlib.h>

#include "base/assert.h"
#include "tests/support/trust_files.h"
#include "tls/trust/trust_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check_ca(const struct trust_store *store, size_t i)
{
	const struct trust_ca *ca = &store->cas[i];
	struct trust_ca_list parents = trust_store_parents(store, ca);
	struct trust_ca_list same = trust_store_find_subject(store, ca->cert.subject);
	bool found = false;

	GW_ASSERT(ca->chain < store->chain_count && ca->cert.is_ca);
	for (size_t k = 0; k < same.count; k++)
		found |= same.idx[k] == i;
	GW_ASSERT(found);
	for (size_t k = 0; k < parents.count; k++)
		GW_ASSERT(x509_name_eq(ca->cert.issuer, store->cas[parents.idx[k]].cert.subject));
}

/* What a CertificateRequest says is a list to its end, of names that the store has. */
static void check_names(const struct trust_store *store)
{
	struct span list = trust_store_ca_names(store);

	GW_ASSERT(list.len <= TRUST_CA_NAMES_BYTES_MAX);
	while (list.len > 0) {
		size_t name_len;

		GW_ASSERT(list.len >= 2);
		name_len = (size_t)list.p[0] << 8 | list.p[1];
		list = span_skip(list, 2);
		GW_ASSERT(name_len <= list.len);
		GW_ASSERT(trust_store_find_subject(store, span_head(list, name_len)).count > 0);
		list = span_skip(list, name_len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum trust_blob_state state = TRUST_BLOB_GOOD;
	struct trust_store *store = NULL;
	uint8_t *blob;

	if (len < TRUST_BLOB_DIGEST_OCTETS)
		return 0;
	blob = malloc(len);
	GW_ASSERT(blob != NULL);
	memcpy(blob, data, len);
	blob_sign(blob, len);
	if (trust_store_open(span_of(blob, len), &state, &store) == GW_ERR_OK) {
		for (size_t i = 0; i < store->ca_count; i++)
			check_ca(store, i);
		for (size_t i = 0; i < store->chain_count; i++)
			GW_ASSERT(trust_store_pins(
				store, store->cas[store->chains[i].pinned].cert.subject));
		check_names(store);
	} else {
		GW_ASSERT(state != TRUST_BLOB_GOOD && store == NULL);
	}
	trust_store_destroy(store);
	free(blob);
	return 0;
}
