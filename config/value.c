/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/value.h"

#include "config/addr.h"
#include "config/allow.h"
#include "config/text.h"
#include "config/units.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

/* Records keep numbers in the width that suits them. */
static void store_number(const struct schema_row *row, uint64_t value, void *dest)
{
	uint32_t value32 = (uint32_t)value;
	bool flag = value != 0;

	if (row->value_bytes == sizeof(value))
		memcpy(dest, &value, sizeof(value));
	else if (row->value_bytes == sizeof(value32))
		memcpy(dest, &value32, sizeof(value32));
	else if (row->value_bytes == sizeof(flag))
		memcpy(dest, &flag, sizeof(flag));
}

static uint64_t load_number(const struct schema_row *row, const void *value)
{
	uint64_t value64 = 0;
	uint32_t value32;
	bool flag;

	if (row->value_bytes == sizeof(value64)) {
		memcpy(&value64, value, sizeof(value64));
	} else if (row->value_bytes == sizeof(value32)) {
		memcpy(&value32, value, sizeof(value32));
		value64 = value32;
	} else if (row->value_bytes == sizeof(flag)) {
		memcpy(&flag, value, sizeof(flag));
		value64 = flag;
	}
	return value64;
}

static void write_number(enum schema_type type, uint64_t value, char ret_text[UNITS_TEXT_BYTES])
{
	if (type == TYPE_SIZE)
		units_write_size(value, ret_text);
	else if (type == TYPE_TIME)
		units_write_time(value, ret_text);
	else if (type == TYPE_TIME_US)
		units_write_time_us(value, ret_text);
	else
		units_write_count(value, ret_text);
}

static enum gw_err parse_number(const struct schema_row *row, const char *text,
				struct err_note *note, void *dest)
{
	char least[UNITS_TEXT_BYTES], most[UNITS_TEXT_BYTES];
	bool may_be_zero = row->zero_word != NULL;
	uint64_t value = 0;
	enum gw_err err = GW_ERR_OK;

	/* Nothing is nothing in every unit. */
	if (!may_be_zero || (strcmp(text, row->zero_word) != 0 && strcmp(text, "0") != 0))
		err = row->type == TYPE_SIZE      ? units_parse_size(text, note, &value)
		      : row->type == TYPE_TIME    ? units_parse_time(text, note, &value)
		      : row->type == TYPE_TIME_US ? units_parse_time_us(text, note, &value)
						  : units_parse_count(text, note, &value);
	if (err != GW_ERR_OK)
		return err;
	if ((value >= row->least && value <= row->most) || (value == 0 && may_be_zero)) {
		store_number(row, value, dest);
		return GW_ERR_OK;
	}
	write_number(row->type, row->least, least);
	write_number(row->type, row->most, most);
	if (value < row->least)
		err_note_set(note, "\"%.64s\" is too small; write at least %s%s%s", text, least,
			     may_be_zero ? ", or " : "", may_be_zero ? row->zero_word : "");
	else
		err_note_set(note, "\"%.64s\" is too large; write at most %s%s%s", text, most,
			     may_be_zero ? ", or " : "", may_be_zero ? row->zero_word : "");
	return GW_ERR_CONFIG;
}

static enum gw_err parse_choice(const struct schema_row *row, const char *text,
				struct err_note *note, void *dest)
{
	char words[128] = "";

	for (const struct schema_choice *c = row->choices; c->word != NULL; c++) {
		if (strcmp(c->word, text) == 0) {
			store_number(row, c->value, dest);
			return GW_ERR_OK;
		}
		snprintf(words + strlen(words), sizeof(words) - strlen(words), "%s%s",
			 c == row->choices ? "" : " or ", c->word);
	}
	err_note_set(note, "\"%.64s\" is not known here; write %s", text, words);
	return GW_ERR_CONFIG;
}

static enum gw_err parse_reference(const struct value_context *context,
				   const struct schema_row *row, const char *text,
				   struct err_note *note, void *dest)
{
	const struct schema_row *target = schema_items_of(row->section);
	const char *name, *close = NULL;
	size_t count;
	const char *entries = schema_array(target, context->config, &count);

	for (size_t i = 0; i < count; i++) {
		memcpy(&name, entries + i * target->value_bytes, sizeof(name));
		if (name != NULL && strcmp(name, text) == 0) {
			store_number(row, i, dest);
			return GW_ERR_OK;
		}
	}
	for (size_t i = 0; i < count && close == NULL; i++) {
		memcpy(&name, entries + i * target->value_bytes, sizeof(name));
		if (name != NULL && text_is_close(text, name))
			close = name;
	}
	if (close != NULL)
		err_note_set(note, "\"%.64s\" is not among the %s; did you mean \"%.64s\"?", text,
			     target->key, close);
	else
		err_note_set(note,
			     "\"%.64s\" is not among the %s; add it there or correct the name",
			     text, target->key);
	return GW_ERR_CONFIG;
}

static enum gw_err keep_text(const struct value_context *context, const char *text,
			     struct err_note *note, void *dest)
{
	const char *copy = arena_strndup(context->arena, text, strlen(text));

	if (copy == NULL) {
		err_note_set(note, "out of memory; free some and try again");
		return GW_ERR_NO_MEMORY;
	}
	memcpy(dest, &copy, sizeof(copy));
	return GW_ERR_OK;
}

static enum gw_err keep_trust_domain(const struct value_context *context, const char *text,
				     struct err_note *note, void *dest)
{
	enum gw_err err = text_check_trust_domain(text, note);
	const char *copy;
	struct span domain;

	if (err == GW_ERR_OK)
		err = keep_text(context, text, note, &copy);
	if (err != GW_ERR_OK)
		return err;
	domain = span_str(copy);
	memcpy(dest, &domain, sizeof(domain));
	return GW_ERR_OK;
}

/* dest refers to a copy. */
static enum gw_err keep_allowed_name(const struct value_context *context, const char *text,
				     struct err_note *note, void *dest)
{
	uint8_t *octets = arena_alloc(context->arena, 1, ALLOW_OCTETS_MAX);
	struct trust_allow_name name;
	const char *copy;
	enum gw_err err = keep_text(context, text, note, &copy);

	if (err == GW_ERR_OK && octets == NULL) {
		err_note_set(note, "out of memory; free some and try again");
		err = GW_ERR_NO_MEMORY;
	}
	if (err == GW_ERR_OK)
		err = allow_parse_name(copy, note, octets, &name);
	if (err == GW_ERR_OK)
		memcpy(dest, &name, sizeof(name));
	return err;
}

/* The file must be there and readable now; what it holds is for its loader to judge. */
static enum gw_err parse_file(const struct value_context *context, const char *text,
			      struct err_note *note, void *dest)
{
	const char *path;
	struct stat st;
	int error = 0;

	path = arena_printf(context->arena, "%s%s%s", text[0] == '/' ? "" : context->folder,
			    text[0] == '/' ? "" : "/", text);
	if (path == NULL) {
		err_note_set(note, "out of memory; free some and try again");
		return GW_ERR_NO_MEMORY;
	}
	if (stat(path, &st) != 0 || faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) != 0)
		error = errno;
	if (text[0] != '\0' && error == 0 && S_ISREG(st.st_mode)) {
		memcpy(dest, &path, sizeof(path));
		return GW_ERR_OK;
	}
	if (text[0] == '\0' || error == 0)
		err_note_set(note, "\"%.64s\" is no file; give the path of a file", text);
	else if (error == EACCES)
		err_note_set(note, "\"%.64s\" may not be read; let the gateway's user read it",
			     text);
	else
		err_note_set(
			note,
			"\"%.64s\" cannot be read (%s); correct the path, which begins at %.128s",
			text, strerrordesc_np(error),
			text[0] == '/' ? "/" : "the start-up file's folder");
	return GW_ERR_CONFIG;
}

static enum gw_err check_text(enum schema_type type, const char *text, struct err_note *note)
{
	if (type == TYPE_NAME)
		return text_check_name(text, note);
	if (type == TYPE_DEVICE)
		return text_check_device(text, note);
	if (type == TYPE_HOST)
		return text_check_host(text, note);
	if (type == TYPE_PATH)
		return text_check_url_path(text, note);
	if (type == TYPE_OUTPUT)
		return text_check_output_path(text, note);
	return text_check_socket_path(text, note);
}

enum gw_err value_parse(const struct value_context *context, const struct schema_row *row,
			const char *text, struct err_note *note, void *dest)
{
	enum gw_err err;

	switch (row->type) {
	case TYPE_NAME:
	case TYPE_DEVICE:
	case TYPE_HOST:
	case TYPE_PATH:
	case TYPE_SOCKET:
	case TYPE_OUTPUT:
		err = check_text(row->type, text, note);
		return err == GW_ERR_OK ? keep_text(context, text, note, dest) : err;
	case TYPE_TRUST_DOMAIN:
		return keep_trust_domain(context, text, note, dest);
	case TYPE_ALLOWED_NAME:
		return keep_allowed_name(context, text, note, dest);
	case TYPE_SHA256:
		return allow_parse_leaf(text, note, dest);
	case TYPE_FILE:
		return parse_file(context, text, note, dest);
	case TYPE_COUNT:
	case TYPE_SIZE:
	case TYPE_TIME:
	case TYPE_TIME_US:
		return parse_number(row, text, note, dest);
	case TYPE_IP4:
		return addr_parse_ip4(text, note, dest);
	case TYPE_NETWORK:
		return addr_parse_network(text, note, dest);
	case TYPE_INTERFACE:
		return addr_parse_interface(text, note, dest);
	case TYPE_ENDPOINT:
		return addr_parse_endpoint(text, note, dest);
	case TYPE_LOCAL_ENDPOINT:
		return addr_parse_local_endpoint(text, note, dest);
	case TYPE_CHOICE:
		return parse_choice(row, text, note, dest);
	case TYPE_REF:
		return parse_reference(context, row, text, note, dest);
	case TYPE_NONE:
		break;
	}
	return GW_ERR_INTERNAL;
}

void value_clear(const struct schema_row *row, void *dest)
{
	const struct ip4_prefix no_prefix = {.len = UINT8_MAX};

	memset(dest, 0, row->value_bytes);
	if (row->type == TYPE_REF)
		store_number(row, CONFIG_IDX_NONE, dest);
	if (row->type == TYPE_NETWORK || row->type == TYPE_INTERFACE)
		memcpy(dest, &no_prefix, sizeof(no_prefix));
}

bool value_is_present(const struct schema_row *row, const void *value)
{
	if (row->type == TYPE_REF)
		return load_number(row, value) != CONFIG_IDX_NONE;
	if (row->type == TYPE_LOCAL_ENDPOINT && row->fallback != NULL && row->fallback[0] == '\0')
		return ((const struct ip4_endpoint *)value)->port != 0;
	if (row->type == TYPE_TRUST_DOMAIN)
		return ((const struct span *)value)->len > 0;
	if (row->fallback != NULL && row->fallback[0] == '\0')
		return *(const char *const *)value != NULL; /* texts may be absent too */
	return true;
}

bool value_is_default(const struct schema_row *row, const void *record)
{
	const struct value_context nowhere = {0};
	const char *value = (const char *)record + row->offset;
	uint64_t fallback = 0;
	struct err_note note;
	size_t count;

	if (row->form == FORM_LIST) {
		schema_array(row, record, &count);
		return count == 0;
	}
	if (row->form == FORM_SET)
		return load_number(row, value) == row->fallback_bits;
	if (row->fallback == NULL || row->fallback[0] == '\0')
		return !value_is_present(row, value);
	return value_parse(&nowhere, row, row->fallback, &note, &fallback) == GW_ERR_OK &&
	       load_number(row, &fallback) == load_number(row, value);
}

void value_print_text(struct span text, FILE *out)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
	static const char *const nulls[] = {"null", "Null", "NULL"};
	bool quoted = text.len == 0 || memchr("./-", text.p[0], 3) != NULL;

	for (size_t i = 0; i < text.len; i++)
		quoted |= memchr(plain, text.p[i], sizeof(plain) - 1) == NULL;
	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++)
		quoted |= span_eq(text, span_str(nulls[i]));
	if (quoted)
		fputc('"', out);
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			fputc('\\', out);
		fputc(text.p[i], out);
	}
	if (quoted)
		fputc('"', out);
}

static void print_number(const struct schema_row *row, const void *value, FILE *out)
{
	char text[UNITS_TEXT_BYTES];
	uint64_t number = load_number(row, value);

	write_number(row->type, number, text);
	fputs(number == 0 && row->zero_word != NULL ? row->zero_word : text, out);
}

static void print_choice(const struct schema_row *row, const void *value, FILE *out)
{
	uint64_t number = load_number(row, value);
	const struct schema_choice *c = row->choices;

	while (c->value != number && c[1].word != NULL)
		c++;
	fputs(c->word, out);
}

static void print_reference(const struct gateway_config *config, const struct schema_row *row,
			    const void *value, FILE *out)
{
	const struct schema_row *target = schema_items_of(row->section);
	const char *name;
	size_t count;
	const char *entries = schema_array(target, config, &count);

	memcpy(&name, entries + load_number(row, value) * target->value_bytes, sizeof(name));
	value_print_text(span_str(name), out);
}

void value_print_set(const struct schema_row *row, uint32_t bits, FILE *out)
{
	const char *separator = "";

	fputc('[', out);
	for (const struct schema_choice *c = row->choices; c->word != NULL; c++) {
		if (!(bits & c->value))
			continue;
		fprintf(out, "%s%s", separator, c->word);
		separator = ", ";
	}
	fputc(']', out);
}

void value_print(const struct gateway_config *config, const struct schema_row *row,
		 const void *value, FILE *out)
{
	char text[ALLOW_NAME_TEXT_BYTES]; /* the longest */

	switch (row->type) {
	case TYPE_NAME:
	case TYPE_DEVICE:
	case TYPE_HOST:
	case TYPE_PATH:
	case TYPE_SOCKET:
	case TYPE_OUTPUT:
	case TYPE_FILE:
		value_print_text(span_str(*(const char *const *)value), out);
		return;
	case TYPE_TRUST_DOMAIN:
		value_print_text(*(const struct span *)value, out);
		return;
	case TYPE_ALLOWED_NAME:
		allow_write_name(value, text);
		break;
	case TYPE_SHA256:
		allow_write_leaf(value, text);
		break;
	case TYPE_COUNT:
	case TYPE_SIZE:
	case TYPE_TIME:
	case TYPE_TIME_US:
		print_number(row, value, out);
		return;
	case TYPE_IP4:
		addr_write_ip4(*(const struct ip4 *)value, text);
		break;
	case TYPE_NETWORK:
	case TYPE_INTERFACE:
		addr_write_prefix(*(const struct ip4_prefix *)value, text);
		break;
	case TYPE_ENDPOINT:
	case TYPE_LOCAL_ENDPOINT:
		addr_write_endpoint(*(const struct ip4_endpoint *)value, text);
		break;
	case TYPE_CHOICE:
		print_choice(row, value, out);
		return;
	case TYPE_REF:
		print_reference(config, row, value, out);
		return;
	case TYPE_NONE:
		return;
	}
	value_print_text(span_str(text), out);
}
