/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/describe.h"

#include "config/units.h"
#include "config/value.h"

static const char *const type_names[] = {
	[TYPE_NAME] = "name",
	[TYPE_DEVICE] = "device",
	[TYPE_HOST] = "host name",
	[TYPE_TRUST_DOMAIN] = "trust domain",
	[TYPE_ALLOWED_NAME] = "TYPE:MATCH:VALUE",
	[TYPE_SHA256] = "SHA-256",
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
	[TYPE_LOCAL_ENDPOINT] = "IPv4 address:port",
};

static void write_bound(enum schema_type type, uint64_t value, FILE *out)
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
	fputs(text, out);
}

/* "size, 1KiB to 64KiB, or none" */
static void write_number_type(const struct schema_row *row, FILE *out)
{
	fputs(type_names[row->type], out);
	if (row->most == UINT64_MAX) {
		fputs(", at least ", out);
		write_bound(row->type, row->least, out);
	} else {
		fputs(", ", out);
		write_bound(row->type, row->least, out);
		fputs(" to ", out);
		write_bound(row->type, row->most, out);
	}
	if (row->zero_word != NULL)
		fprintf(out, ", or `%s`", row->zero_word);
}

static void write_value_type(const struct schema_row *row, FILE *out)
{
	if (row->type == TYPE_COUNT || row->type == TYPE_SIZE || row->type == TYPE_TIME ||
	    row->type == TYPE_TIME_US) {
		write_number_type(row, out);
	} else if (row->type == TYPE_REF) {
		fprintf(out, "name in `%s`", schema_items_of(row->section)->key);
	} else if (row->type == TYPE_CHOICE) {
		for (const struct schema_choice *c = row->choices; c->word != NULL; c++)
			fprintf(out, "%s`%s`", c == row->choices ? "" : " or ", c->word);
	} else {
		fputs(type_names[row->type], out);
	}
}

static void write_list_size(const struct schema_row *row, FILE *out)
{
	if (row->items_least == row->items_most)
		fprintf(out, "list of %zu: ", row->items_most);
	else
		fprintf(out, "list of %zu to %zu: ", row->items_least, row->items_most);
}

/* "`[sha256, sha384]`" */
static void write_words(const struct schema_row *row, FILE *out)
{
	fputc('`', out);
	value_print_set(row, row->fallback_bits, out);
	fputc('`', out);
}

void describe_default(const struct schema_row *row, FILE *out)
{
	if (schema_is_required(row))
		fputs("required", out);
	else if (row->form == FORM_SET)
		write_words(row, out);
	else if (row->form != FORM_VALUE)
		fputs("`[]`", out);
	else if (row->fallback[0] == '\0')
		fputs("none", out);
	else
		fprintf(out, "`%s`", row->fallback);
}

void describe_type(const struct schema_row *row, FILE *out)
{
	if (row->form != FORM_VALUE)
		write_list_size(row, out);
	write_value_type(row, out);
}
