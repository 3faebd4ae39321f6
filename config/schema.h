/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/schema.h: config/schema.def as data.  A record is a struct of config/config.h: the
 * gateway's, or one entry of a list; rows say where in it a value lies. */
#pragma once

#include "config/config.h"

/* The sections of the file.  The root is the file itself. */
enum schema_section {
	SECTION_root,
#define MAP(in, key, help) SECTION_##key,
#define ITEMS(in, key, member, count, least, most, help) SECTION_##key,
#define INNER(in, key, record, member, count, least, most, help) SECTION_##key,
#include "config/schema.def"
};

enum schema_form {
	FORM_VALUE,
	FORM_LIST, /* values in an array of their own */
	FORM_SET,  /* words, each a bit of one number */
	FORM_MAP,
	FORM_ITEMS,
};

enum schema_type {
	TYPE_NAME,
	TYPE_DEVICE,
	TYPE_HOST,
	TYPE_TRUST_DOMAIN,
	TYPE_ALLOWED_NAME,
	TYPE_SHA256,
	TYPE_PATH,
	TYPE_SOCKET,
	TYPE_FILE,
	TYPE_OUTPUT, /* a file to be written */
	TYPE_COUNT,
	TYPE_SIZE,
	TYPE_TIME,
	TYPE_TIME_US, /* kept in microseconds, TYPE_TIME in milliseconds */
	TYPE_IP4,
	TYPE_NETWORK,
	TYPE_INTERFACE,
	TYPE_ENDPOINT,
	TYPE_LOCAL_ENDPOINT, /* of the kernel's network */
	TYPE_CHOICE,
	TYPE_REF,
	TYPE_NONE, /* of maps and items */
};

struct schema_choice {
	const char *word; /* NULL ends the choices */
	uint32_t value;
};

struct schema_row {
	enum schema_section in;
	const char *key;
	enum schema_form form;
	enum schema_type type;
	size_t offset;       /* in the record: of the value, or of the pointer to the array */
	size_t value_bytes;  /* of one value or entry; 0: checked, but kept nowhere */
	size_t count_offset; /* of the size_t beside the pointer */
	uint64_t least, most;
	size_t items_least, items_most;
	const char *zero_word, *fallback, *hint, *help;
	uint32_t fallback_bits; /* of a set */
	const struct schema_choice *choices;
	enum schema_section section; /* that maps and items contain, that references point into */
};

extern const struct schema_row schema_rows[];
extern const size_t schema_row_count;

/* Whether a file has to have the key; a map, because of what lies in it. */
bool schema_is_required(const struct schema_row *row);
/* The row of that key in a section; NULL when there is none. */
const struct schema_row *schema_find(enum schema_section in, const char *key);
/* The key of a section that a person who wrote key probably meant; NULL when none is close. */
const char *schema_closest(enum schema_section in, const char *key);
/* The row of the entries of a section (FORM_ITEMS). */
const struct schema_row *schema_items_of(enum schema_section section);
/* The array that a list, or a section of entries, has in record, and its length. */
void *schema_array(const struct schema_row *row, const void *record, size_t *ret_count);
