/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/explain_allow.h"

#include "tls/trust/trust_allow.h"

enum gw_err explain_allow_name(struct explain_allow *storage, const char *text,
			       struct err_note *note, struct trust_allow *allow)
{
	size_t i = allow->name_count;
	enum gw_err err;

	if (i == TRUST_ALLOW_NAMES_MAX) {
		err_note_set(note, "\"%.64s\" is one too many; give at most %d", text,
			     TRUST_ALLOW_NAMES_MAX);
		return GW_ERR_CONFIG;
	}
	err = allow_parse_name(text, note, storage->octets[i], &storage->names[i]);
	if (err != GW_ERR_OK)
		return err;
	allow->names = storage->names;
	allow->name_count++;
	return GW_ERR_OK;
}

enum gw_err explain_allow_leaf(struct explain_allow *storage, const char *text,
			       struct err_note *note, struct trust_allow *allow)
{
	enum gw_err err;

	if (allow->leaf_count == EXPLAIN_LEAVES_MAX) {
		err_note_set(note, "\"%.64s\" is one too many; give at most %d", text,
			     EXPLAIN_LEAVES_MAX);
		return GW_ERR_CONFIG;
	}
	err = allow_parse_leaf(text, note, storage->leaves[allow->leaf_count]);
	if (err != GW_ERR_OK)
		return err;
	allow->leaf_count++;
	allow->leaf_sha256 = (const uint8_t(*)[TRUST_SHA256_OCTETS])storage->leaves;
	trust_allow_sort(storage->leaves, allow->leaf_count);
	return GW_ERR_OK;
}
