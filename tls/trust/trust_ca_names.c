/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_ca_names.h"

#include "tls/trust/trust_store.h"

#include <stdlib.h>

#define LENGTH_OCTETS 2

static bool stands_before(const struct trust_store *store, size_t a, size_t b)
{
	if (store->cas[a].is_anchor != store->cas[b].is_anchor)
		return store->cas[a].is_anchor;
	return a < b;
}

static bool is_listed_before(const struct trust_store *store, size_t idx)
{
	struct span name = store->cas[idx].cert.subject;
	struct trust_ca_list same = trust_store_find_subject(store, name);

	for (size_t i = 0; i < same.count; i++) {
		if (stands_before(store, same.idx[i], idx) &&
		    span_eq(store->cas[same.idx[i]].cert.subject, name))
			return true;
	}
	return false;
}

static void name_write(struct span name, uint8_t *out)
{
	out[0] = (uint8_t)(name.len >> 8);
	out[1] = (uint8_t)name.len;
	memcpy(out + LENGTH_OCTETS, name.p, name.len);
}

/* How long all of them are; out NULL: that alone. */
static size_t names_write(const struct trust_store *store, uint8_t *out)
{
	size_t bytes = 0;

	for (unsigned pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < store->ca_count; i++) {
			struct span name = store->cas[i].cert.subject;

			if (store->cas[i].is_anchor != (pass == 0) || is_listed_before(store, i))
				continue;
			if (out != NULL)
				name_write(name, out + bytes);
			bytes += LENGTH_OCTETS + name.len;
		}
	}
	return bytes;
}

enum gw_err trust_ca_names_make(const struct trust_store *store, uint8_t **ret_names,
				size_t *ret_bytes)
{
	size_t bytes = names_write(store, NULL);
	uint8_t *names = NULL;

	if (bytes <= TRUST_CA_NAMES_BYTES_MAX) {
		names = malloc(bytes + 1);
		if (names == NULL)
			return GW_ERR_NO_MEMORY;
		names_write(store, names);
	}
	*ret_names = names;
	*ret_bytes = bytes;
	return GW_ERR_OK;
}
