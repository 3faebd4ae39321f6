/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_response.h"

#include "http/http_head.h"
#include "http/http_syntax.h"

#define STATUS_LINE_BYTES_MIN 12 /* "HTTP/1.1 200" */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* HTTP-version SP 3DIGIT [SP reason] (RFC 9112 section 4; a missing last space is forgiven). */
static bool status_line_read(struct span line, struct http_response *r, bool *ret_is_http_1_0)
{
	struct span version = span_head(line, 9);

	*ret_is_http_1_0 = span_eq(version, SPAN_LIT("HTTP/1.0 "));
	if (!*ret_is_http_1_0 && !span_eq(version, SPAN_LIT("HTTP/1.1 ")))
		return false;
	if (line.len < STATUS_LINE_BYTES_MIN || !is_digit(line.p[9]) || !is_digit(line.p[10]) ||
	    !is_digit(line.p[11]))
		return false;
	r->status = (line.p[9] - '0') * 100u + (line.p[10] - '0') * 10u + (line.p[11] - '0');
	if (line.len > STATUS_LINE_BYTES_MIN && line.p[12] != ' ')
		return false;
	r->reason = span_skip(line, STATUS_LINE_BYTES_MIN + 1);
	return r->status >= 100 && r->status <= 599;
}

static bool headers_fit(struct span lines, const struct http_limits *limits)
{
	struct http_header h;
	uint32_t count = 0;

	while (http_headers_next(&lines, &h))
		count++;
	return count <= limits->header_count;
}

/* What the syntax check says in a request's words, as said of a backend. */
static enum http_refusal framing_read(struct http_response *r, struct span head, bool is_http_1_0)
{
	struct http_syntax syntax;
	enum http_refusal why = http_syntax_read(head, true, r->headers, is_http_1_0, &syntax);

	if (why == HTTP_REFUSAL_bad_length || why == HTTP_REFUSAL_bad_encoding ||
	    why == HTTP_REFUSAL_length_and_encoding)
		return HTTP_REFUSAL_backend_bad_framing;
	if (why != HTTP_REFUSAL_none)
		return HTTP_REFUSAL_backend_bad_response;
	r->content_length = syntax.content_length;
	r->has_length = syntax.has_length;
	r->is_chunked = syntax.is_chunked;
	return HTTP_REFUSAL_none;
}

enum http_refusal http_response_parse(struct span head, const struct http_limits *limits,
				      struct http_response *ret_response)
{
	struct http_response r = {0};
	struct http_connection_options options;
	const uint8_t *cr = head.len > 0 ? memchr(head.p, '\r', head.len) : NULL;
	enum http_refusal why;
	bool is_http_1_0;

	if (cr == NULL ||
	    !status_line_read(span_head(head, (size_t)(cr - head.p)), &r, &is_http_1_0))
		return HTTP_REFUSAL_backend_bad_response;
	r.headers = span_skip(head, (size_t)(cr - head.p) + 2);
	r.headers.len -= r.headers.len >= 2 ? 2 : 0; /* the empty line */
	why = framing_read(&r, head, is_http_1_0);
	if (why != HTTP_REFUSAL_none)
		return why;
	if (!headers_fit(r.headers, limits))
		return HTTP_REFUSAL_backend_head_too_large;
	if (!http_connection_read(r.headers, &options))
		return HTTP_REFUSAL_backend_bad_response;
	r.keep_alive = !is_http_1_0 && !options.close;
	*ret_response = r;
	return HTTP_REFUSAL_none;
}
