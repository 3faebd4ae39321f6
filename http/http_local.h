/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_local.h: answers that the gateway gives by itself and that are no refusals: a redirect (RFC 9110 section
 * 15.4.9) and the page for load balancers. */
#pragma once

#include "base/outbuf.h"
#include "http/http_request.h"

/* A redirect is at most this and three times the request's target, whose bytes may all need an escape. */
#define HTTP_LOCAL_BYTES_MAX 640

/* Appends a 308 to https, the same host and the same target.  Both come from the client: r was checked by
 * http_request_parse(), so the host is a host and the target begins with '/'; the port is ours.  Bytes that do not belong
 * into a URI are escaped, so nothing in it ends the line or the authority.  False, nothing appended: does not fit, or the
 * host is an address in brackets (no listener has such a name). */
bool http_local_redirect(const struct http_request *r, uint16_t port, bool keep_alive,
			 struct outbuf *out);

/* Appends 200 "ok", or 503 "draining".  False, nothing appended: does not fit. */
bool http_local_health(const struct http_request *r, bool is_draining, bool keep_alive,
		       struct outbuf *out);
