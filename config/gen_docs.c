/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/gen_docs.c: a program of the build that writes docs/CONFIG.md, from the schema, to stdout. */
#include "config/describe.h"
#include "config/schema.h"

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
		describe_type(row, stdout);
		fputs(" | ", stdout);
		describe_default(row, stdout);
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
