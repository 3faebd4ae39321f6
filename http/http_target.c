/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_target.h"

#define HOST_BYTES_MAX 255 /* RFC 1035 section 2.3.4; more: bad_host */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static int hex_value(uint8_t c)
{
	c = ascii_lower(c);
	if (is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at the beginning of s stands for; -1: no escape. */
static int escape_value(struct span s)
{
	if (s.len < 3 || s.p[0] != '%' || hex_value(s.p[1]) < 0 || hex_value(s.p[2]) < 0)
		return -1;
	return hex_value(s.p[1]) * 16 + hex_value(s.p[2]);
}

/* An escape that a backend might undo to a byte with a meaning in paths, also when it undoes escapes twice: "%252f". */
static bool is_escape_unsafe(struct span s)
{
	int value = escape_value(s);

	while (value == '%' && s.len > 3) {
		/* Read "%25XX" as "%XX". */
		uint8_t inner[3] = {'%', s.p[3], s.len > 4 ? s.p[4] : ' '};
		int again = escape_value(SPAN(inner));

		if (again < 0)
			return false;
		value = again;
		s = span_skip(s, 2);
	}
	return value < 0 || value == '/' || value == '\\' || value == '.' || value < ' ' ||
	       value == 0x7f;
}

/* "." and "..", also with parameters behind them ("..;x"), which some backends cut off before they resolve. */
static bool is_dot_segment(struct span segment)
{
	const uint8_t *semicolon = segment.len > 0 ? memchr(segment.p, ';', segment.len) : NULL;

	if (semicolon != NULL)
		segment.len = (size_t)(semicolon - segment.p);
	return span_eq(segment, SPAN_LIT(".")) || span_eq(segment, SPAN_LIT(".."));
}

/* path begins with '/'.  Every backend must see the same segments in it as routing does. */
static bool is_path_safe(struct span path)
{
	size_t start = 1; /* of the segment being read */

	for (size_t i = 1; i <= path.len; i++) {
		if (i == path.len || path.p[i] == '/') {
			struct span segment = span_of(path.p + start, i - start);

			if (is_dot_segment(segment) || (segment.len == 0 && i < path.len))
				return false;
			start = i + 1;
		} else if (path.p[i] == '\\') {
			return false;
		} else if (path.p[i] == '%' && is_escape_unsafe(span_skip(path, i))) {
			return false;
		}
	}
	return true;
}

/* Takes "http://host" or "https://host" off *raw. */
static bool take_authority(struct span *raw, struct span *ret_authority)
{
	struct span rest;
	size_t len = 0;

	if (span_eq_nocase(span_head(*raw, 7), SPAN_LIT("http://")))
		rest = span_skip(*raw, 7);
	else if (span_eq_nocase(span_head(*raw, 8), SPAN_LIT("https://")))
		rest = span_skip(*raw, 8);
	else
		return false;
	while (len < rest.len && rest.p[len] != '/' && rest.p[len] != '?')
		len++;
	*ret_authority = span_head(rest, len);
	*raw = span_skip(rest, len);
	return len > 0;
}

/* Printable ASCII, and no fragment: that is the client's alone. */
static bool has_only_target_bytes(struct span raw)
{
	for (size_t i = 0; i < raw.len; i++) {
		if (raw.p[i] <= ' ' || raw.p[i] >= 0x7f || raw.p[i] == '#')
			return false;
	}
	return true;
}

enum http_refusal http_target_parse(struct span raw, bool is_options,
				    struct http_target *ret_target)
{
	struct http_target t = {0};
	const uint8_t *query;

	if (!has_only_target_bytes(raw))
		return HTTP_REFUSAL_bad_target;
	if (raw.len > 0 && raw.p[0] != '/' && !span_eq(raw, SPAN_LIT("*"))) {
		if (!take_authority(&raw, &t.authority))
			return HTTP_REFUSAL_bad_target;
		/* RFC 9112 section 3.2.4: the server-wide OPTIONS in absolute-form has an empty path. */
		if (raw.len == 0)
			raw = is_options ? SPAN_LIT("*") : SPAN_LIT("/");
	}
	if (span_eq(raw, SPAN_LIT("*"))) {
		if (!is_options)
			return HTTP_REFUSAL_bad_target;
	} else if (raw.len == 0 || raw.p[0] != '/') {
		return HTTP_REFUSAL_bad_target;
	}
	query = memchr(raw.p, '?', raw.len);
	t.target = raw;
	t.path = query != NULL ? span_head(raw, (size_t)(query - raw.p)) : raw;
	if (!is_path_safe(t.path))
		return HTTP_REFUSAL_unsafe_path;
	*ret_target = t;
	return HTTP_REFUSAL_none;
}

/* Letters, digits, '-', '_' and single dots between them; one dot may end it. */
static bool is_host_name(struct span host)
{
	for (size_t i = 0; i < host.len; i++) {
		uint8_t c = ascii_lower(host.p[i]);

		if (c == '.') {
			if (i == 0 || host.p[i - 1] == '.')
				return false;
		} else if (!(c >= 'a' && c <= 'z') && !is_digit(c) && c != '-' && c != '_') {
			return false;
		}
	}
	return host.len > 0 && host.len <= HOST_BYTES_MAX;
}

/* "[", hexadecimal digits, colons and dots, "]" (RFC 3986 section 3.2.2; no zone, no future version). */
static bool is_bracketed_address(struct span host)
{
	if (host.len < 4 || host.p[0] != '[' || host.p[host.len - 1] != ']')
		return false;
	for (size_t i = 1; i < host.len - 1; i++) {
		if (hex_value(host.p[i]) < 0 && host.p[i] != ':' && host.p[i] != '.')
			return false;
	}
	return host.len <= HOST_BYTES_MAX;
}

static bool is_port(struct span port)
{
	unsigned value = 0;

	for (size_t i = 0; i < port.len; i++) {
		if (!is_digit(port.p[i]))
			return false;
		value = value * 10 + (unsigned)(port.p[i] - '0');
		if (value > 65535)
			return false;
	}
	return port.len > 0 && value > 0;
}

bool http_authority_parse(struct span authority, struct span *ret_host)
{
	bool is_bracketed = authority.len > 0 && authority.p[0] == '[';
	const uint8_t *end = authority.len == 0
				     ? NULL
				     : memchr(authority.p, is_bracketed ? ']' : ':', authority.len);
	struct span host, port;

	if (end == NULL)
		host = authority;
	else
		host = span_head(authority, (size_t)(end - authority.p) + is_bracketed);
	port = span_skip(authority, host.len);
	if (port.len > 0 && (port.p[0] != ':' || !is_port(span_skip(port, 1))))
		return false;
	if (!(is_bracketed ? is_bracketed_address(host) : is_host_name(host)))
		return false;
	*ret_host = host;
	return true;
}
