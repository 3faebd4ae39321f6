/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/text.h"

#include "base/device_name.h"

/* The length of the well-formed UTF-8 sequence that text begins with, and its code point; 0 when
 * there is none. */
static size_t utf8_decode(struct span text, uint32_t *ret_code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t lead = text.p[0];
	size_t len = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	uint32_t code;

	if (len == 1) {
		*ret_code = lead;
		return 1;
	}
	if (lead < 0xc2 || lead > 0xf4 || text.len < len)
		return 0;
	code = lead & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((text.p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text.p[i] & 0x3fu);
	}
	if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return len;
}

static bool code_is_clean(uint32_t code, bool allow_lines)
{
	if (code == '\t' || code == '\n')
		return allow_lines;
	if (code < 0x20 || (code >= 0x7f && code <= 0x9f))
		return false;
	return code != 0x2028 && code != 0x2029 && code != 0xfeff;
}

bool text_is_clean(struct span text, bool allow_lines, size_t *ret_bad_offset)
{
	uint32_t code;

	for (size_t at = 0, len; at < text.len; at += len) {
		len = utf8_decode(span_skip(text, at), &code);
		if (len == 0 || !code_is_clean(code, allow_lines)) {
			*ret_bad_offset = at;
			return false;
		}
	}
	return true;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

enum gw_err text_check_name(const char *text, struct err_note *note)
{
	size_t len = strlen(text);
	bool ok = is_letter(text[0]) && len <= TEXT_NAME_BYTES_MAX;

	for (size_t i = 0; ok && i < len; i++)
		ok = is_letter(text[i]) || is_digit(text[i]) || strchr("._-", text[i]) != NULL;
	if (ok)
		return GW_ERR_OK;
	err_note_set(note,
		     "\"%.64s\" is no name; begin with a letter and use at most %d letters, "
		     "digits, '.', '_' or '-'",
		     text, TEXT_NAME_BYTES_MAX);
	return GW_ERR_CONFIG;
}

enum gw_err text_check_device(const char *text, struct err_note *note)
{
	struct device_name name;

	return device_name_parse(text, &name, note);
}

/* One label of a host name, up to its dot or the end; 0 when it is none. */
static size_t label_length(const char *text)
{
	size_t len = strcspn(text, ".");

	if (len == 0 || len > 63 || text[0] == '-' || text[len - 1] == '-')
		return 0;
	for (size_t i = 0; i < len; i++)
		if (!is_digit(text[i]) && text[i] != '-' && !(text[i] >= 'a' && text[i] <= 'z'))
			return 0;
	return len;
}

enum gw_err text_check_host(const char *text, struct err_note *note)
{
	const char *label = strncmp(text, "*.", 2) == 0 ? text + 2 : text;
	bool ok = strlen(text) <= TEXT_HOST_BYTES_MAX, last_is_number = false;
	size_t len;

	while (ok) {
		len = label_length(label);
		ok = len > 0;
		last_is_number = ok && strspn(label, "0123456789") == len;
		if (!ok || label[len] == '\0')
			break;
		label += len + 1;
	}
	if (ok && !last_is_number)
		return GW_ERR_OK;
	err_note_set(note,
		     "\"%.64s\" is no host name; write a name in lower case, without address "
		     "or port, or *. and such a name",
		     text);
	return GW_ERR_CONFIG;
}

enum gw_err text_check_trust_domain(const char *text, struct err_note *note)
{
	size_t len = strlen(text);
	bool ok = len > 0 && len <= TEXT_TRUST_DOMAIN_BYTES_MAX;

	for (size_t i = 0; ok && i < len; i++)
		ok = (text[i] >= 'a' && text[i] <= 'z') || is_digit(text[i]) ||
		     strchr("._-", text[i]) != NULL;
	if (ok)
		return GW_ERR_OK;
	err_note_set(note,
		     "\"%.64s\" is no SPIFFE trust domain; write what stands between spiffe:// "
		     "and the next slash: at most %d lower-case letters, digits, '.', '_' or '-'",
		     text, TEXT_TRUST_DOMAIN_BYTES_MAX);
	return GW_ERR_CONFIG;
}

/* The value of a hexadecimal digit; -1 when it is none. */
static int hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What is wrong with one segment of a path, or NULL. */
static const char *segment_fault(const char *segment, size_t len)
{
	int value;

	if (len == 0)
		return segment[0] == '\0' ? "ends with '/'" : "has an empty segment";
	if ((len == 1 && segment[0] == '.') || (len == 2 && segment[0] == '.' && segment[1] == '.'))
		return "has a dot segment";
	for (size_t i = 0; i < len; i++) {
		/* RFC 3986 section 3.3: pchar */
		if (!is_letter(segment[i]) && !is_digit(segment[i]) &&
		    strchr("-._~!$&'()*+,;=:@%", segment[i]) == NULL)
			return "has a character that no path may hold";
		if (segment[i] != '%')
			continue;
		if (len - i < 3 || hex_value(segment[i + 1]) < 0 || hex_value(segment[i + 2]) < 0)
			return "has a '%' without two hexadecimal digits";
		value = hex_value(segment[i + 1]) * 16 + hex_value(segment[i + 2]);
		if (value == 0 || value == '/' || value == '\\' || value == '.')
			return "hides a NUL, slash, backslash or dot behind '%'";
	}
	return NULL;
}

enum gw_err text_check_url_path(const char *text, struct err_note *note)
{
	const char *fault = text[0] == '/' ? NULL : "does not begin with '/'";
	size_t len;

	if (strcmp(text, "/") == 0)
		return GW_ERR_OK;
	for (const char *at = text; fault == NULL && *at != '\0'; at += len) {
		len = strcspn(++at, "/");
		fault = segment_fault(at, len);
	}
	if (fault == NULL)
		return GW_ERR_OK;
	err_note_set(note, "\"%.64s\" %s; write a path such as /api, with no '/' at its end", text,
		     fault);
	return GW_ERR_CONFIG;
}

enum gw_err text_check_socket_path(const char *text, struct err_note *note)
{
	if (text[0] == '/' && text[1] != '\0' && strlen(text) <= TEXT_SOCKET_PATH_BYTES_MAX)
		return GW_ERR_OK;
	err_note_set(
		note,
		"\"%.64s\" is no place for a socket; write an absolute path of at most %d bytes",
		text, TEXT_SOCKET_PATH_BYTES_MAX);
	return GW_ERR_CONFIG;
}

enum gw_err text_check_output_path(const char *text, struct err_note *note)
{
	size_t len = strlen(text);

	if (text[0] == '/' && text[len - 1] != '/')
		return GW_ERR_OK;
	err_note_set(note, "\"%.64s\" is no place for a file; write an absolute path", text);
	return GW_ERR_CONFIG;
}

/* Words longer than this are never close to anything: keys are short. */
#define CLOSE_BYTES_MAX 32

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

bool text_is_close(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);
	size_t row[CLOSE_BYTES_MAX + 1], diagonal, above;

	if (a_len > CLOSE_BYTES_MAX || b_len > CLOSE_BYTES_MAX)
		return false;
	/* Levenshtein distance, one row of the table at a time. */
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			above = row[j];
			row[j] = least_of(least_of(above, row[j - 1]) + 1,
					  diagonal + (ascii_lower((uint8_t)a[i - 1]) !=
						      ascii_lower((uint8_t)b[j - 1])));
			diagonal = above;
		}
	}
	return row[b_len] <= least_of(2, least_of(a_len, b_len) / 3 + 1);
}
