/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/gen_docs.c: a program of the build that writes docs/CONFIG.md, from the schema, to stdout. */
#include "config/schema.h"
#include "config/units.h"

static const char intro[] =
	"<!-- Written by config/gen_docs.c from config/schema.def: change those, then run\n"
	"     tests/e2e/config/docs build/config/gen_docs docs/CONFIG.md --update -->\n"
	"# The start-up file\n"
	"\n"
	"One YAML 1.2 document in UTF-8, of at most 4 MiB. `sallyport --check --config FILE` and\n"
	"`sallyportctl check FILE` report all that is wrong with it at once; `sallyport "
	"--print-config`\n"
	"shows it with every default filled in. A key that is not listed here is an error, and so "
	"are\n"
	"aliases, anchors, merge keys, tags and a second document.\n"
	"\n"
	"Every size carries its unit (`B`, `KiB`, `MiB`, `GiB`), and so does every time (`ms`, "
	"`s`, `m`,\n"
	"`h`): `16KiB`, `200ms`. Names begin with a letter and consist of at most 63 letters, "
	"digits, `.`,\n"
	"`_` and `-`. Files are looked for relative to the folder of the start-up file.\n";

static const char *const type_names[] = {
	[TYPE_NAME] = "name",
	[TYPE_DEVICE] = "device",
	[TYPE_HOST] = "host name",
	[TYPE_PATH] = "path of a URL",
	[TYPE_SOCKET] = "absolute path",
	[TYPE_FILE] = "file",
	[TYPE_OUTPUT] = "absolute path",
	[TYPE_COUNT] = "number",
	[TYPE_SIZE] = "size",
	[TYPE_TIME] = "time",
	[TYPE_TIME_US] = "time",
	[TYPE_IP4] = "IPv4 address",
	[TYPE_NETWORK] = "IPv4 network",
	[TYPE_INTERFACE] = "IPv4 address/length",
	[TYPE_ENDPOINT] = "IPv4 address:port",
};

static void write_bound(enum schema_type type, uint64_t value)
{
	char text[UNITS_TEXT_BYTES];

	if (type == TYPE_SIZE)
		units_write_size(value, text);
	else if (type == TYPE_TIME)
		units_write_time(value, text);
	else if (type == TYPE_TIME_US)
		units_write_time_us(value, text);
	else
		units_write_count(value, text);
	fputs(text, stdout);
}

/* "size, 1KiB to 64KiB, or none" */
static void write_number_type(const struct schema_row *row)
{
	fputs(type_names[row->type], stdout);
	if (row->most == UINT64_MAX) {
		fputs(", at least ", stdout);
		write_bound(row->type, row->least);
	} else {
		fputs(", ", stdout);
		write_bound(row->type, row->least);
		fputs(" to ", stdout);
		write_bound(row->type, row->most);
	}
	if (row->zero_word != NULL)
		printf(", or `%s`", row->zero_word);
}

static void write_value_type(const struct schema_row *row)
{
	if (row->type == TYPE_COUNT || row->type == TYPE_SIZE || row->type == TYPE_TIME ||
	    row->type == TYPE_TIME_US) {
		write_number_type(row);
	} else if (row->type == TYPE_REF) {
		printf("name in `%s`", schema_items_of(row->section)->key);
	} else if (row->type == TYPE_CHOICE) {
		for (const struct schema_choice *c = row->choices; c->word != NULL; c++)
			printf("%s`%s`", c == row->choices ? "" : " or ", c->word);
	} else {
		fputs(type_names[row->type], stdout);
	}
}

static void write_list_size(const struct schema_row *row)
{
	if (row->items_least == row->items_most)
		printf("list of %zu: ", row->items_most);
	else
		printf("list of %zu to %zu: ", row->items_least, row->items_most);
}

static void write_default(const struct schema_row *row)
{
	if (row->form != FORM_VALUE)
		fputs(row->items_least > 0 ? "required" : "`[]`", stdout);
	else if (row->fallback == NULL)
		fputs("required", stdout);
	else if (row->fallback[0] == '\0')
		fputs("none", stdout);
	else
		printf("`%s`", row->fallback);
}

static void write_keys(enum schema_section section, const char *prefix)
{
	char nested[64];

	for (size_t i = 0; i < schema_row_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		if (row->in != section)
			continue;
		if (row->form == FORM_MAP) {
			snprintf(nested, sizeof(nested), "%s%s.", prefix, row->key);
			write_keys(row->section, nested);
			continue;
		}
		if (row->form == FORM_ITEMS) {
			printf("| `%s%s` | list of %zu to %zu entries with the keys below | `[]` | "
			       "%s |\n",
			       prefix, row->key, row->items_least, row->items_most, row->help);
			snprintf(nested, sizeof(nested), "%s%s[].", prefix, row->key);
			write_keys(row->section, nested);
			continue;
		}
		printf("| `%s%s` | ", prefix, row->key);
		if (row->form != FORM_VALUE)
			write_list_size(row);
		write_value_type(row);
		fputs(" | ", stdout);
		write_default(row);
		printf(" | %s |\n", row->help);
	}
}

static void write_section(const struct schema_row *row)
{
	printf("\n## %s\n\n%c%s.", row->key,
	       row->help[0] >= 'a' ? row->help[0] - 'a' + 'A' : row->help[0], row->help + 1);
	if (row->form == FORM_ITEMS)
		printf(" A list of %zu to %zu entries with these keys:", row->items_least,
		       row->items_most);
	fputs("\n\n| key | value | default | meaning |\n|---|---|---|---|\n", stdout);
	write_keys(row->section, "");
}

int main(void)
{
	fputs(intro, stdout);
	for (size_t i = 0; i < schema_row_count; i++)
		if (schema_rows[i].in == SECTION_root)
			write_section(&schema_rows[i]);
	return 0;
}
