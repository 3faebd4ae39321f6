/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_head.h"

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* Optional white space (RFC 9110 section 5.6.3) at both ends is no part of a value. */
static struct span trim(struct span s)
{
	while (s.len > 0 && is_blank(s.p[0]))
		s = span_skip(s, 1);
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* The line that begins at scan->line_start ends at `cr`.  True: it is the empty line behind the head. */
static bool end_line(struct http_head_scan *scan, size_t cr)
{
	bool is_empty = cr == scan->line_start;
	bool is_leading = scan->line_start == scan->head_start;

	scan->offset = scan->line_start = cr + 2;
	if (is_empty && is_leading)
		scan->head_start = cr + 2;
	return is_empty && !is_leading;
}

/* Control characters other than the tab (RFC 9110 section 5.5) and, where a line begins, white space: an obsolete
 * fold or a disguised first header. */
static bool is_bad(const struct http_head_scan *scan, uint8_t c)
{
	if (c < ' ' && c != '\t')
		return true;
	return c == 0x7f || (scan->offset == scan->line_start && is_blank(c));
}

enum http_head_found http_head_scan(struct http_head_scan *scan, struct span in)
{
	while (scan->offset < in.len) {
		uint8_t c = in.p[scan->offset];

		if (c != '\r') {
			if (is_bad(scan, c))
				return HTTP_HEAD_BAD_BYTE;
			scan->offset++;
			continue;
		}
		if (scan->offset + 1 == in.len)
			return HTTP_HEAD_INCOMPLETE;
		if (in.p[scan->offset + 1] != '\n')
			return HTTP_HEAD_BAD_BYTE;
		if (end_line(scan, scan->offset))
			return HTTP_HEAD_COMPLETE;
		if (scan->head_start > HTTP_EMPTY_LINES_MAX * 2)
			return HTTP_HEAD_BAD_BYTE;
	}
	return HTTP_HEAD_INCOMPLETE;
}

bool http_headers_next(struct span *lines, struct http_header *ret_header)
{
	const uint8_t *cr = lines->len > 0 ? memchr(lines->p, '\r', lines->len) : NULL;
	const uint8_t *colon;
	size_t line_bytes;

	if (cr == NULL)
		return false;
	line_bytes = (size_t)(cr - lines->p);
	colon = memchr(lines->p, ':', line_bytes);
	if (colon == NULL)
		return false;
	ret_header->name = span_head(*lines, (size_t)(colon - lines->p));
	ret_header->value = trim(span_of(colon + 1, (size_t)(cr - colon) - 1));
	*lines = span_skip(*lines, line_bytes + 2);
	return true;
}

bool http_list_next(struct span *list, struct span *ret_element)
{
	while (list->len > 0) {
		const uint8_t *comma = memchr(list->p, ',', list->len);
		size_t len = comma != NULL ? (size_t)(comma - list->p) : list->len;
		struct span element = trim(span_head(*list, len));

		*list = span_skip(*list, len + 1);
		if (element.len > 0) {
			*ret_element = element;
			return true;
		}
	}
	return false;
}

bool http_connection_read(struct span lines, struct http_connection_options *ret_options)
{
	struct http_header h;
	struct span option;

	ret_options->count = 0;
	ret_options->close = ret_options->keep_alive = false;
	while (http_headers_next(&lines, &h)) {
		if (!span_eq_nocase(h.name, SPAN_LIT("connection")))
			continue;
		while (http_list_next(&h.value, &option)) {
			if (ret_options->count == HTTP_CONNECTION_OPTIONS_MAX)
				return false;
			ret_options->names[ret_options->count++] = option;
			ret_options->close |= span_eq_nocase(option, SPAN_LIT("close"));
			ret_options->keep_alive |= span_eq_nocase(option, SPAN_LIT("keep-alive"));
		}
	}
	return true;
}

bool http_connection_names(const struct http_connection_options *options, struct span name)
{
	for (size_t i = 0; i < options->count; i++) {
		if (span_eq_nocase(options->names[i], name))
			return true;
	}
	return false;
}
