/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_response.h: a backend's response head, checked.  A backend is trusted to answer, not to frame: whatever
 * could make two readers disagree about where the response ends is refused.  Spans point into the head. */
#pragma once

#include "base/span.h"
#include "http/http_params.h"
#include "http/http_refusal.h"

struct http_response {
	unsigned status;     /* 100..599 */
	struct span reason;  /* may be empty */
	struct span headers; /* the lines, for http_headers_next() */
	uint64_t content_length;
	bool has_length;
	bool is_chunked;
	bool keep_alive; /* the backend would take another request: HTTP/1.1 without `close` */
};

/* As http_request_parse(). */
enum http_refusal http_response_parse(struct span head, const struct http_limits *limits,
				      struct http_response *ret_response);
