/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/gen_schema.c: a program of the build that writes docs/sallyport.schema.json, a JSON Schema (draft 7) of the start-up
 * file for editors, from the schema to stdout.  It knows each value by itself; what values mean to each other is said by
 * `sallyport --check`. */
#include "config/schema.h"
#include "config/units.h"

#include <stdlib.h>

#define LABEL "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
#define OCTET "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
#define IP4 "(" OCTET "\\\\.){3}" OCTET
#define LENGTH "/(3[0-2]|[12]?[0-9])"

/* As they stand between the quotes of a JSON string. */
static const char *const patterns[] = {
	[TYPE_NAME] = "^[A-Za-z][A-Za-z0-9._-]{0,62}$",
	[TYPE_DEVICE] = "^[^ ]+$",
	[TYPE_HOST] = "^(\\\\*\\\\.)?" LABEL "(\\\\." LABEL ")*$",
	[TYPE_TRUST_DOMAIN] = "^[a-z0-9._-]{1,255}$",
	[TYPE_ALLOWED_NAME] =
		"^((dns|uri|email):(exact|prefix|suffix):[ -~]+|ip:(exact:[0-9A-Fa-f.:]+|"
		"prefix:[0-9A-Fa-f.:]+/[0-9]{1,3}))$",
	[TYPE_SHA256] = "^[0-9A-Fa-f]{64}$",
	[TYPE_PATH] = "^/",
	[TYPE_SOCKET] = "^/.",
	[TYPE_FILE] = ".",
	[TYPE_OUTPUT] = "^/.",
	[TYPE_SIZE] = "^[0-9]+(B|KiB|MiB|GiB)$",
	[TYPE_TIME] = "^[0-9]+(ms|s|m|h)$",
	[TYPE_TIME_US] = "^[0-9]+(us|ms|s|m)$",
	[TYPE_IP4] = "^" IP4 "$",
	[TYPE_NETWORK] = "^" IP4 LENGTH "$",
	[TYPE_INTERFACE] = "^" IP4 LENGTH "$",
	[TYPE_ENDPOINT] = "^" IP4 ":[1-9][0-9]{0,4}$",
	[TYPE_LOCAL_ENDPOINT] = "^" IP4 ":[1-9][0-9]{0,4}$",
};

/* A type without a pattern is a mistake of whoever added it: no file is better than one that refuses everything. */
static const char *pattern_of(enum schema_type type)
{
	const size_t count = sizeof(patterns) / sizeof(patterns[0]);

	if ((size_t)type < count && patterns[type] != NULL)
		return patterns[type];
	fprintf(stderr, "gen_schema: a type has no pattern; add one\n");
	exit(1);
}

static void write_text(const char *text)
{
	fputc('"', stdout);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', stdout);
		fputc(*text, stdout);
	}
	fputc('"', stdout);
}

static bool is_boolean(const struct schema_row *row)
{
	return row->type == TYPE_CHOICE && strcmp(row->choices[0].word, "false") == 0;
}

static void write_default_set(const struct schema_row *row)
{
	const char *separator = "";

	fputs(", \"default\": [", stdout);
	for (const struct schema_choice *c = row->choices; c->word != NULL; c++) {
		if (!(row->fallback_bits & c->value))
			continue;
		fputs(separator, stdout);
		write_text(c->word);
		separator = ", ";
	}
	fputc(']', stdout);
}

/* A whole number is one in YAML too; sizes and times are texts, and so is a word for zero. */
static void write_default(const struct schema_row *row)
{
	if (row->form == FORM_SET)
		write_default_set(row);
	if (row->form != FORM_VALUE || row->fallback == NULL || row->fallback[0] == '\0')
		return;
	fputs(", \"default\": ", stdout);
	if (is_boolean(row) ||
	    (row->type == TYPE_COUNT && row->fallback[0] >= '0' && row->fallback[0] <= '9'))
		fputs(row->fallback, stdout);
	else
		write_text(row->fallback);
}

static void write_words(const struct schema_row *row)
{
	fputs("\"enum\": [", stdout);
	for (const struct schema_choice *c = row->choices; c->word != NULL; c++) {
		fputs(c == row->choices ? "" : ", ", stdout);
		write_text(c->word);
	}
	fputc(']', stdout);
}

static void write_count(const struct schema_row *row)
{
	bool has_most = row->most > 0 && row->most <= UINT32_MAX;

	if (row->zero_word != NULL)
		printf("\"anyOf\": [{\"enum\": [\"%s\", 0]}, {", row->zero_word);
	printf("\"type\": \"integer\", \"minimum\": %llu", (unsigned long long)row->least);
	if (has_most)
		printf(", \"maximum\": %llu", (unsigned long long)row->most);
	if (row->zero_word != NULL)
		fputs("}]", stdout);
}

static void write_value_keywords(const struct schema_row *row)
{
	if (is_boolean(row))
		fputs("\"type\": \"boolean\"", stdout);
	else if (row->type == TYPE_CHOICE)
		write_words(row);
	else if (row->type == TYPE_COUNT)
		write_count(row);
	else if (row->type == TYPE_REF)
		printf("\"type\": \"string\", \"pattern\": \"%s\"", pattern_of(TYPE_NAME));
	else if (row->zero_word != NULL)
		printf("\"anyOf\": [{\"enum\": [\"%s\", 0]}, {\"type\": \"string\", "
		       "\"pattern\": \"%s\"}]",
		       row->zero_word, pattern_of(row->type));
	else
		printf("\"type\": \"string\", \"pattern\": \"%s\"", pattern_of(row->type));
}

static void write_section(enum schema_section section, unsigned depth);

static void write_row(const struct schema_row *row, unsigned depth)
{
	bool is_list = row->form != FORM_VALUE && row->form != FORM_MAP;

	printf("%*s", 2 * depth, "");
	write_text(row->key);
	fputs(": {\"description\": ", stdout);
	write_text(row->help);
	write_default(row);
	fputs(", ", stdout);
	if (is_list)
		printf("\"type\": \"array\", \"minItems\": %zu, \"maxItems\": %zu, ",
		       row->items_least, row->items_most);
	if (row->form == FORM_SET)
		fputs("\"uniqueItems\": true, ", stdout);
	if (is_list)
		fputs("\"items\": {", stdout);
	if (row->form == FORM_MAP || row->form == FORM_ITEMS)
		write_section(row->section, depth + 1);
	else
		write_value_keywords(row);
	fputs(is_list ? "}}" : "}", stdout);
}

/* What an object of that section is, without its braces. */
static void write_section(enum schema_section section, unsigned depth)
{
	const char *separator = "";

	fputs("\"type\": \"object\", \"additionalProperties\": false, \"required\": [", stdout);
	for (size_t i = 0; i < schema_row_count; i++) {
		if (schema_rows[i].in != section || !schema_is_required(&schema_rows[i]))
			continue;
		fputs(separator, stdout);
		write_text(schema_rows[i].key);
		separator = ", ";
	}
	fputs("], \"properties\": {", stdout);
	separator = "\n";
	for (size_t i = 0; i < schema_row_count; i++) {
		if (schema_rows[i].in != section)
			continue;
		fputs(separator, stdout);
		write_row(&schema_rows[i], depth);
		separator = ",\n";
	}
	fputc('}', stdout);
}

int main(void)
{
	fputs("{\"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
	      "\"$comment\": \"SPDX-License-Identifier: GPL-3.0-or-later. Written by "
	      "config/gen_schema.c from config/schema.def: change "
	      "those, then "
	      "run tests/e2e/config/docs build/config/gen_schema docs/sallyport.schema.json "
	      "--update\",\n"
	      "\"title\": \"Start-up file of Sallyport\",\n",
	      stdout);
	write_section(SECTION_root, 1);
	fputs("}\n", stdout);
	return 0;
}
