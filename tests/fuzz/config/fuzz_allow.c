/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a profile lets in, from any text: refused with a reason, or written and read again the same. */
#include "config/allow.h"

#include "base/assert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_note(enum gw_err err, const struct err_note *note)
{
	GW_ASSERT(err == GW_ERR_OK || err == GW_ERR_CONFIG);
	GW_ASSERT(err == GW_ERR_OK || strstr(note->text, "; write ") != NULL);
}

static void check_name(const char *text)
{
	uint8_t octets[ALLOW_OCTETS_MAX], octets_again[ALLOW_OCTETS_MAX];
	char written[ALLOW_NAME_TEXT_BYTES], rewritten[ALLOW_NAME_TEXT_BYTES];
	struct trust_allow_name name, again;
	struct err_note note = {0};
	enum gw_err err = allow_parse_name(text, &note, octets, &name);

	check_note(err, &note);
	if (err != GW_ERR_OK)
		return;
	GW_ASSERT(name.value.len > 0);
	allow_write_name(&name, written);
	GW_ASSERT(allow_parse_name(written, &note, octets_again, &again) == GW_ERR_OK);
	GW_ASSERT(again.kind == name.kind && again.match == name.match);
	GW_ASSERT(span_eq(again.value, name.value));
	allow_write_name(&again, rewritten);
	GW_ASSERT(strcmp(written, rewritten) == 0);
}

static void check_leaf(const char *text)
{
	uint8_t sha256[TRUST_SHA256_OCTETS], again[TRUST_SHA256_OCTETS];
	char written[ALLOW_LEAF_TEXT_BYTES];
	struct err_note note = {0};
	enum gw_err err = allow_parse_leaf(text, &note, sha256);

	check_note(err, &note);
	if (err != GW_ERR_OK)
		return;
	allow_write_leaf(sha256, written);
	GW_ASSERT(allow_parse_leaf(written, &note, again) == GW_ERR_OK);
	GW_ASSERT(memcmp(sha256, again, sizeof(again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	GW_ASSERT(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	check_name(text);
	check_leaf(text);
	free(text);
	return 0;
}
