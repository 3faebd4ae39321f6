/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/config.h"
#include "config/value.h"

static void print_section(const struct gateway_config *config, enum schema_section section,
			  const char *record, const char *first_indent, const char *indent,
			  FILE *out);

static void print_list(const struct gateway_config *config, const struct schema_row *row,
		       const char *record, FILE *out)
{
	size_t count;
	const char *array = schema_array(row, record, &count);

	fputc('[', out);
	for (size_t i = 0; i < count; i++) {
		fputs(i > 0 ? ", " : "", out);
		value_print(config, row, array + i * row->value_bytes, out);
	}
	fputc(']', out);
}

static void print_set(const struct schema_row *row, const char *record, FILE *out)
{
	uint32_t bits;

	memcpy(&bits, record + row->offset, sizeof(bits));
	value_print_set(row, bits, out);
}

/* Entries stand two columns further in, behind their dash. */
static void print_items(const struct gateway_config *config, const struct schema_row *row,
			const char *record, const char *indent, FILE *out)
{
	char first[16], rest[16];
	size_t count;
	const char *array = schema_array(row, record, &count);

	snprintf(first, sizeof(first), "%s  - ", indent);
	snprintf(rest, sizeof(rest), "%s    ", indent);

	if (count == 0)
		fputs(" []\n", out);
	else
		fputc('\n', out);
	for (size_t i = 0; i < count; i++)
		print_section(config, row->section, array + i * row->value_bytes, first, rest, out);
}

static void print_map(const struct gateway_config *config, const struct schema_row *row,
		      const char *record, const char *indent, FILE *out)
{
	char inner[16];

	snprintf(inner, sizeof(inner), "%s  ", indent);
	fputc('\n', out);
	print_section(config, row->section, record, inner, inner, out);
}

static void print_row(const struct gateway_config *config, const struct schema_row *row,
		      const char *record, const char *indent, FILE *out)
{
	switch (row->form) {
	case FORM_VALUE:
		value_print(config, row, record + row->offset, out);
		break;
	case FORM_LIST:
		print_list(config, row, record, out);
		break;
	case FORM_SET:
		print_set(row, record, out);
		break;
	case FORM_MAP:
		print_map(config, row, record, indent, out);
		return;
	case FORM_ITEMS:
		print_items(config, row, record, indent, out);
		return;
	}
	fputc('\n', out);
}

static void print_section(const struct gateway_config *config, enum schema_section section,
			  const char *record, const char *first_indent, const char *indent,
			  FILE *out)
{
	const char *lead = first_indent;

	for (size_t i = 0; i < schema_row_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		if (row->in != section)
			continue;
		if (row->form == FORM_VALUE && row->value_bytes > 0 &&
		    !value_is_present(row, record + row->offset))
			continue;
		fprintf(out, "%s%s:%s", lead, row->key,
			row->form == FORM_MAP || row->form == FORM_ITEMS ? "" : " ");
		print_row(config, row, record, indent, out);
		lead = indent;
	}
}

void config_print(const struct gateway_config *config, FILE *out)
{
	print_section(config, SECTION_root, (const char *)config, "", "", out);
}

void config_print_summary(const struct gateway_config *config, const char *path, FILE *out)
{
	fprintf(out, "%s: ok, %zu listeners, %zu pools, digest sha256:%s\n", path,
		config->listener_count, config->pool_count, config->digest);
}
