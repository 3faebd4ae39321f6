/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_page.h: the answers that the gateway gives itself.  Plain text, so that nothing in it needs escaping;
 * never cacheable. */
#pragma once

#include "base/outbuf.h"
#include "http/http_refusal.h"

/* Room in which every page fits: longer details are cut. */
#define HTTP_PAGE_BYTES_MAX 1024

/* The interim answer to `Expect: 100-continue` (RFC 9110 section 10.1.1). */
#define HTTP_CONTINUE_LINE SPAN_LIT("HTTP/1.1 100 Continue\r\n\r\n")

struct http_page_params {
	struct span detail;     /* a reason code for the client, e.g. "expired"; may be empty */
	struct span request_id; /* what the access log calls this request; may be empty */
	bool is_head;           /* the request's method was HEAD: no body */
	bool keep_alive;        /* false: says `Connection: close`, and the caller must close */
};

/* Appends a complete response: "<status> <sentence>", then detail and request id, a line each.  Bytes of the two
 * other than printable ASCII are shown as '?'.  False, and nothing written, when it does not fit: cannot happen
 * with HTTP_PAGE_BYTES_MAX of space. */
bool http_page_emit(struct outbuf *out, enum http_refusal why,
		    const struct http_page_params *params);
