/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_request.h: a client's request head, checked (RFC 9112; stricter wherever two readers could disagree).
 * llhttp reads it; what llhttp lets through and a gateway must not is refused here.  All spans point into the head
 * that was parsed. */
#pragma once

#include "base/span.h"
#include "http/http_params.h"
#include "http/http_refusal.h"

struct http_request {
	struct span method;
	struct span target;      /* what is forwarded: origin-form, or "*" */
	struct span path;        /* target without its query */
	struct span authority;   /* the Host field: host, perhaps with a port */
	struct span host;        /* authority without its port; may be "[v6]" */
	struct span headers;     /* the lines, for http_headers_next() */
	uint64_t content_length; /* 0 unless has_length */
	bool has_length;         /* the client sent Content-Length */
	bool is_chunked;
	bool is_head;       /* the method is HEAD: its response has no body */
	bool is_idempotent; /* RFC 9110 section 9.2.2: may be sent again when nothing came back */
	bool expects_body; /* the method usually has one: Content-Length is sent even when it is 0 */
	bool is_http_1_0;
	bool keep_alive; /* the client would send another request */
	bool wants_continue;
};

/* Parses one whole head, without leading empty lines and with its final empty line, which http_head_scan() found.
 * Returns HTTP_REFUSAL_none and sets *ret_request, or why not.  Limits: header_count and body_bytes apply. */
enum http_refusal http_request_parse(struct span head, const struct http_limits *limits,
				     struct http_request *ret_request);
