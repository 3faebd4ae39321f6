/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_syntax.h"

#include <llhttp.h>

#include "http/http_head.h"

/* Bodies are http_body's: llhttp stops behind the head.  It so never acts on Upgrade or CONNECT, whose pause
 * would leave what follows unread. */
static int stop_behind_head(llhttp_t *parser)
{
	(void)parser;
	return HPE_PAUSED;
}

static const llhttp_settings_t head_only = {.on_headers_complete = stop_behind_head};

bool http_is_token(struct span s)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = ascii_lower(s.p[i]);

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    (c == '\0' || strchr(others, c) == NULL))
			return false;
	}
	return s.len > 0;
}

/* llhttp names the field at which it stopped; its flags say which it had seen before. */
static enum http_refusal refusal_of(const llhttp_t *parser, llhttp_errno_t err)
{
	switch (err) {
	case HPE_INVALID_CONTENT_LENGTH:
		return parser->flags & F_TRANSFER_ENCODING ? HTTP_REFUSAL_length_and_encoding
							   : HTTP_REFUSAL_bad_length;
	case HPE_INVALID_TRANSFER_ENCODING:
		return parser->flags & F_CONTENT_LENGTH ? HTTP_REFUSAL_length_and_encoding
							: HTTP_REFUSAL_bad_encoding;
	case HPE_UNEXPECTED_CONTENT_LENGTH:
		return HTTP_REFUSAL_bad_length;
	case HPE_INVALID_HEADER_TOKEN:
		return HTTP_REFUSAL_bad_header;
	default:
		return HTTP_REFUSAL_bad_request_line;
	}
}

/* llhttp lets through an empty Transfer-Encoding, other codings before `chunked`, and any on HTTP/1.0.  Here: none, or
 * one field that is the word `chunked`, on HTTP/1.1, and llhttp saw it too. */
static bool is_encoding_plain(struct span lines, bool is_http_1_0, bool llhttp_saw_chunked)
{
	unsigned count = 0;
	struct http_header h;

	while (http_headers_next(&lines, &h)) {
		if (!span_eq_nocase(h.name, SPAN_LIT("transfer-encoding")))
			continue;
		count++;
		if (is_http_1_0 || !span_eq_nocase(h.value, SPAN_LIT("chunked")))
			return false;
	}
	return count == (llhttp_saw_chunked ? 1 : 0);
}

enum http_refusal http_syntax_read(struct span head, bool is_response, struct span lines,
				   bool is_http_1_0, struct http_syntax *ret_syntax)
{
	llhttp_t parser;
	llhttp_errno_t err;
	bool is_chunked;

	llhttp_init(&parser, is_response ? HTTP_RESPONSE : HTTP_REQUEST, &head_only);
	err = llhttp_execute(&parser, (const char *)head.p, head.len);
	if (err != HPE_PAUSED)
		return refusal_of(&parser, err);
	/* Both must see the head end at the same byte. */
	if ((const uint8_t *)llhttp_get_error_pos(&parser) != head.p + head.len)
		return HTTP_REFUSAL_bad_request_line;
	is_chunked = (parser.flags & F_CHUNKED) != 0;
	if (!is_encoding_plain(lines, is_http_1_0, is_chunked))
		return HTTP_REFUSAL_bad_encoding;
	ret_syntax->is_chunked = is_chunked;
	ret_syntax->has_length = (parser.flags & F_CONTENT_LENGTH) != 0;
	ret_syntax->content_length = ret_syntax->has_length ? parser.content_length : 0;
	return HTTP_REFUSAL_none;
}
