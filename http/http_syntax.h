/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_syntax.h: a whole head through llhttp, and the framing that it declares (RFC 9112 section 6).  For
 * http_request and http_response; llhttp's state lives for one call. */
#pragma once

#include "base/span.h"
#include "http/http_refusal.h"

struct http_syntax {
	uint64_t content_length; /* 0 unless has_length */
	bool has_length;
	bool is_chunked;
};

/* A character of RFC 9110's tokens (section 5.6.2). */
bool http_is_token(struct span s);

/* head: one head as http_head_scan() found it; lines: its header lines.  Returns HTTP_REFUSAL_none and sets
 * *ret_syntax, or bad_request_line (any start line llhttp cannot read), bad_header, bad_length, bad_encoding,
 * length_and_encoding. */
enum http_refusal http_syntax_read(struct span head, bool is_response, struct span lines,
				   bool is_http_1_0, struct http_syntax *ret_syntax);
