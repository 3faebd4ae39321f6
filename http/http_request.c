/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_request.h"

#include "http/http_head.h"
#include "http/http_syntax.h"
#include "http/http_target.h"

/* RFC 9110 section 9.3, RFC 5789, and WebDAV (RFC 4918, 3253, 3744, 4791, 5323).  Others: method_not_implemented. */
static const struct method {
	const char *name;
	bool is_idempotent, expects_body, is_refused;
} methods[] = {
	{.name = "GET", .is_idempotent = true},
	{.name = "HEAD", .is_idempotent = true},
	{.name = "POST", .expects_body = true},
	{.name = "PUT", .is_idempotent = true, .expects_body = true},
	{.name = "DELETE", .is_idempotent = true},
	{.name = "OPTIONS", .is_idempotent = true},
	{.name = "PATCH", .expects_body = true},
	{.name = "PROPFIND", .is_idempotent = true},
	{.name = "PROPPATCH", .is_idempotent = true, .expects_body = true},
	{.name = "MKCOL", .is_idempotent = true},
	{.name = "MKCALENDAR", .is_idempotent = true},
	{.name = "COPY", .is_idempotent = true},
	{.name = "MOVE", .is_idempotent = true},
	{.name = "LOCK"},
	{.name = "UNLOCK", .is_idempotent = true},
	{.name = "ACL", .is_idempotent = true, .expects_body = true},
	{.name = "REPORT", .is_idempotent = true},
	{.name = "SEARCH", .is_idempotent = true},
	{.name = "TRACE", .is_refused = true},
	{.name = "CONNECT", .is_refused = true},
};

static const struct method *method_find(struct span name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (span_eq(name, span_str(methods[i].name)))
			return &methods[i];
	}
	return NULL;
}

/* Everything up to the first space, which goes too; false: there is none. */
static bool take_word(struct span *line, struct span *ret_word)
{
	const uint8_t *space = line->len > 0 ? memchr(line->p, ' ', line->len) : NULL;

	if (space == NULL)
		return false;
	*ret_word = span_head(*line, (size_t)(space - line->p));
	*line = span_skip(*line, ret_word->len + 1);
	return true;
}

static enum http_refusal method_read(struct span name, struct http_request *r)
{
	const struct method *m = method_find(name);

	if (!http_is_token(name))
		return HTTP_REFUSAL_bad_request_line;
	if (m == NULL)
		return HTTP_REFUSAL_method_not_implemented;
	if (m->is_refused)
		return HTTP_REFUSAL_method_not_allowed;
	r->method = name;
	r->is_head = span_eq(name, SPAN_LIT("HEAD"));
	r->is_idempotent = m->is_idempotent;
	r->expects_body = m->expects_body;
	return HTTP_REFUSAL_none;
}

/* METHOD SP TARGET SP VERSION, one space each: llhttp would take several. */
static enum http_refusal request_line_read(struct span line, struct http_request *r,
					   struct http_target *ret_target)
{
	struct span method, raw;
	enum http_refusal why;

	if (!take_word(&line, &method))
		return HTTP_REFUSAL_bad_request_line;
	why = method_read(method, r);
	if (why != HTTP_REFUSAL_none)
		return why;
	if (!take_word(&line, &raw))
		return HTTP_REFUSAL_bad_version;
	if (raw.len == 0 || memchr(line.p, ' ', line.len) != NULL)
		return HTTP_REFUSAL_bad_request_line;
	r->is_http_1_0 = span_eq(line, SPAN_LIT("HTTP/1.0"));
	if (!r->is_http_1_0 && !span_eq(line, SPAN_LIT("HTTP/1.1")))
		return HTTP_REFUSAL_bad_version;
	return http_target_parse(raw, span_eq(method, SPAN_LIT("OPTIONS")), ret_target);
}

static enum http_refusal headers_read(struct http_request *r, const struct http_limits *limits)
{
	struct span lines = r->headers;
	struct http_header h;
	uint32_t count = 0, host_count = 0;

	while (http_headers_next(&lines, &h)) {
		if (++count > limits->header_count)
			return HTTP_REFUSAL_too_many_headers;
		if (span_eq_nocase(h.name, SPAN_LIT("host"))) {
			host_count++;
			r->authority = h.value;
		} else if (span_eq_nocase(h.name, SPAN_LIT("expect")) && !r->is_http_1_0) {
			if (!span_eq_nocase(h.value, SPAN_LIT("100-continue")))
				return HTTP_REFUSAL_expectation_failed;
			r->wants_continue = true;
		}
	}
	if (host_count == 0)
		return HTTP_REFUSAL_no_host;
	if (host_count > 1)
		return HTTP_REFUSAL_several_hosts;
	return HTTP_REFUSAL_none;
}

static enum http_refusal connection_read(struct http_request *r)
{
	struct http_connection_options options;

	if (!http_connection_read(r->headers, &options))
		return HTTP_REFUSAL_bad_connection;
	r->keep_alive = !options.close && (!r->is_http_1_0 || options.keep_alive);
	return HTTP_REFUSAL_none;
}

static enum http_refusal framing_read(struct http_request *r, struct span head,
				      const struct http_limits *limits)
{
	struct http_syntax syntax;
	enum http_refusal why;

	why = http_syntax_read(head, false, r->headers, r->is_http_1_0, &syntax);
	if (why != HTTP_REFUSAL_none)
		return why;
	if (limits->body_bytes > 0 && syntax.content_length > limits->body_bytes)
		return HTTP_REFUSAL_body_too_large;
	r->content_length = syntax.content_length;
	r->has_length = syntax.has_length;
	r->is_chunked = syntax.is_chunked;
	return HTTP_REFUSAL_none;
}

enum http_refusal http_request_parse(struct span head, const struct http_limits *limits,
				     struct http_request *ret_request)
{
	struct http_request r = {0};
	struct http_target target;
	const uint8_t *cr = head.len > 0 ? memchr(head.p, '\r', head.len) : NULL;
	enum http_refusal why;

	if (cr == NULL)
		return HTTP_REFUSAL_bad_request_line;
	why = request_line_read(span_head(head, (size_t)(cr - head.p)), &r, &target);
	if (why != HTTP_REFUSAL_none)
		return why;
	r.headers = span_skip(head, (size_t)(cr - head.p) + 2);
	r.headers.len -= r.headers.len >= 2 ? 2 : 0; /* the empty line */
	why = framing_read(&r, head, limits);
	if (why == HTTP_REFUSAL_none)
		why = headers_read(&r, limits);
	if (why == HTTP_REFUSAL_none)
		why = connection_read(&r);
	if (why != HTTP_REFUSAL_none)
		return why;
	if (!http_authority_parse(r.authority, &r.host))
		return HTTP_REFUSAL_bad_host;
	if (target.authority.len > 0 && !span_eq_nocase(target.authority, r.authority))
		return HTTP_REFUSAL_target_not_host;
	r.target = target.target;
	r.path = target.path;
	r.wants_continue &= r.is_chunked || r.content_length > 0;
	*ret_request = r;
	return HTTP_REFUSAL_none;
}
