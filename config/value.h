/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/value.h: one value of the start-up file, from its text to its place in a record and back,
 * as its row of the schema says. */
#pragma once

#include "config/arena.h"
#include "config/schema.h"

/* Where a text is being read. */
struct value_context {
	struct arena *arena;                 /* receives strings */
	const char *folder;                  /* absolute; where relative file names begin */
	const struct gateway_config *config; /* holds what references may name */
};

/* Stores the value of text at dest (row->value_bytes of room).  GW_ERR_CONFIG with a note "WHAT;
 * WHAT TO DO" when text is none or exceeds the row's bounds; dest is then untouched. */
MUST_CHECK enum gw_err value_parse(const struct value_context *context,
				   const struct schema_row *row, const char *text,
				   struct err_note *note, void *dest);
/* Stores what stands for "nothing usable here" while the rest of the file is checked: no text, an
 * endpoint with port 0, address 0, a prefix longer than 32, CONFIG_IDX_NONE, the number 0. */
void value_clear(const struct schema_row *row, void *dest);
/* Whether an optional reference is made. */
bool value_is_present(const struct schema_row *row, const void *value);
/* Whether record has what it has without the key; for numbers, words and sets of them, optional texts and lists. */
bool value_is_default(const struct schema_row *row, const void *record);
/* Writes the value as YAML that value_parse() reads back, on the current line. */
void value_print(const struct gateway_config *config, const struct schema_row *row,
		 const void *value, FILE *out);
/* Writes the words of a set (FORM_SET) that have their bits in bits. */
void value_print_set(const struct schema_row *row, uint32_t bits, FILE *out);
/* Writes text as a YAML scalar: as it is where that is unmistakable, else in double quotes. */
void value_print_text(struct span text, FILE *out);
