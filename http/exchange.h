/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/exchange.h: one request and its response, as a sans-I/O engine between the plaintext streams of a client and
 * of a backend.  Heads are parsed and rebuilt, bodies un-framed and framed anew: no byte passes unread.  Embedded in
 * a session and used again for each of its requests.  Keeps no pointer into input across calls, except the spans of
 * x->request between HTTP_STEP_HEAD and the next call.
 *
 *   request:  http_exchange_request() ... HTTP_STEP_HEAD, then forward() or refuse(), then request() again for the body
 *   response: http_exchange_response(), from the moment that forward() returned true; both directions interleave
 */
#pragma once

#include "base/assert.h"
#include "http/http_body.h"
#include "http/http_emit.h"
#include "http/http_head.h"
#include "http/http_params.h"
#include "http/http_request.h"

/* Interim (1xx) responses to one request; more: backend_interim_flood. */
#define HTTP_INTERIM_MAX 8

/* A head as we write it never needs more than this, the identity block not counted: the head as read, one byte a
 * header ("a:b" becomes "a: b"), and what we add. */
#define HTTP_EMIT_HEAD_MAX(limits) ((size_t)(limits)->header_bytes + (limits)->header_count + 256)

enum http_step {
	/* Of a head: show more contiguous bytes from the same start; of a body: just more. */
	HTTP_STEP_WANT_INPUT,
	/* out is too full.  A body moves when there are 13 bytes of space. */
	HTTP_STEP_WANT_OUTPUT,
	/* Request: x->request is there, nothing was consumed; forward() or refuse() it. */
	HTTP_STEP_HEAD,
	/* This direction is complete. */
	HTTP_STEP_DONE,
	/* Request: x->refusal says why.  Send its page unless response_started, and close. */
	HTTP_STEP_REFUSED,
	/* Response: x->refusal says why.  Send its page unless response_started; else abort the client's
	 * connection, so that it cannot take the part for the whole. */
	HTTP_STEP_FAILED,
};

struct http_exchange {
	const struct http_limits *limits;
	/* Its spans: between HTTP_STEP_HEAD and the next call; the rest: until begin(). */
	struct http_request request;
	enum http_refusal refusal;

	bool has_body;         /* the request has one */
	bool request_done;     /* the whole request has been written for the backend */
	bool response_seen;    /* the backend sent at least one byte: no second try */
	bool response_started; /* a part of a final response has been written for the client */
	bool response_done;
	/* The client waits for HTTP_CONTINUE_LINE: the caller sends it, before any response, and clears this.
	 * Cleared here when it is no longer due. */
	bool wants_continue;
	/* Another request may follow on the client's connection.  Final once response_started or refused; a page
	 * sent before that may keep the connection if (client_keep_alive && request_done). */
	bool client_keep_alive;
	/* Valid once response_done, and false when more came behind the response: show what the backend has sent
	 * since before its connection is used again. */
	bool backend_keep_alive;
	unsigned response_status; /* of the final response, 0 before */

	/* private */
	struct http_head_scan request_scan, response_scan;
	struct http_body request_body, response_body;
	uint32_t request_count; /* on this connection, this one included */
	uint8_t interim_count;
	uint8_t request_state, response_state;
};

/* Once per client connection.  limits outlives it. */
void http_exchange_init(struct http_exchange *x, const struct http_limits *limits);
/* Once per request, the first included. */
void http_exchange_begin(struct http_exchange *x);

/* Client to backend.  in: the client's bytes not consumed yet, contiguous; the caller's buffer must be able to show
 * limits->header_bytes + 1 of them.  out: for the backend; not written before forward(), so it may be NULL until then.
 * Called again after HTTP_STEP_HEAD without forward() or refuse() (the input may have moved), it says
 * HTTP_STEP_HEAD again. */
enum http_step http_exchange_request(struct http_exchange *x, struct span in, size_t *ret_consumed,
				     struct outbuf *out);

/* After HTTP_STEP_HEAD: writes the request head for the backend and consumes it.  False, nothing changed: does not
 * fit, which HTTP_EMIT_HEAD_MAX plus the identity block excludes. */
MUST_CHECK bool http_exchange_forward(struct http_exchange *x, const struct http_forward *fwd,
				      size_t *ret_consumed, struct outbuf *out);

/* After HTTP_STEP_HEAD, instead of forward(): the request gets the page `why`.  *ret_consumed is the head.
 * client_keep_alive stays true only when nothing of the request is left unread and `why` is no 400.  HTTP_REFUSAL_none: the
 * caller has another answer of its own. */
void http_exchange_refuse(struct http_exchange *x, enum http_refusal why, size_t *ret_consumed);

/* Backend to client.  in: the backend's bytes not consumed yet, contiguous, eof: its FIN came behind them.  The same
 * demand on the caller's buffer; out must once offer HTTP_EMIT_HEAD_MAX(limits).  Interim responses are dropped
 * (the client's Expect is answered here), 101 is a failure: Upgrade was not forwarded. */
enum http_step http_exchange_response(struct http_exchange *x, struct span in, bool eof,
				      size_t *ret_consumed, struct outbuf *out);
