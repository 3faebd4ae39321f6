/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/exchange.h"

enum request_state { /* named by what is awaited */
		     REQUEST_HEAD,
		     REQUEST_ROUTE, /* the caller's forward() or refuse() */
		     REQUEST_BODY,
		     REQUEST_DONE,
		     REQUEST_REFUSED,
};

enum response_state {
	RESPONSE_HEAD,
	RESPONSE_BODY,
	RESPONSE_DONE,
	RESPONSE_FAILED,
};

void http_exchange_init(struct http_exchange *x, const struct http_limits *limits)
{
	*x = (struct http_exchange){.limits = limits};
}

void http_exchange_begin(struct http_exchange *x)
{
	*x = (struct http_exchange){
		.limits = x->limits,
		.request_count = x->request_count + 1,
	};
}

/* ---- client to backend ---- */

static enum http_step request_refused(struct http_exchange *x, enum http_refusal why)
{
	x->refusal = why;
	x->request_state = REQUEST_REFUSED;
	x->client_keep_alive = false;
	x->backend_keep_alive = false;
	x->wants_continue = false;
	return HTTP_STEP_REFUSED;
}

/* The spans of x->request end with the call after HTTP_STEP_HEAD. */
static void forget_spans(struct http_request *r)
{
	const struct span none = {0};

	r->method = r->target = r->path = r->authority = r->host = r->headers = none;
}

static bool is_last_request(const struct http_exchange *x)
{
	uint32_t max = x->limits->requests_per_connection;

	return max > 0 && x->request_count >= max;
}

/* Judged on the first header_bytes alone, so that the answer does not depend on how the bytes arrive. */
static enum http_step find_request_head(struct http_exchange *x, struct span in)
{
	struct http_head_scan *scan = &x->request_scan;

	switch (http_head_scan(scan, span_head(in, x->limits->header_bytes))) {
	case HTTP_HEAD_COMPLETE:
		return HTTP_STEP_HEAD;
	case HTTP_HEAD_BAD_BYTE:
		return request_refused(x, HTTP_REFUSAL_bad_byte);
	case HTTP_HEAD_INCOMPLETE:
		break;
	}
	if (in.len <= x->limits->header_bytes)
		return HTTP_STEP_WANT_INPUT;
	return request_refused(x, scan->line_start == scan->head_start
					  ? HTTP_REFUSAL_target_too_long
					  : HTTP_REFUSAL_head_too_large);
}

static enum http_step request_head(struct http_exchange *x, struct span in)
{
	enum http_step step = find_request_head(x, in);
	const struct http_head_scan *scan = &x->request_scan;
	enum http_refusal why;

	if (step != HTTP_STEP_HEAD)
		return step;
	why = http_request_parse(span_of(in.p + scan->head_start, scan->offset - scan->head_start),
				 x->limits, &x->request);
	if (why != HTTP_REFUSAL_none)
		return request_refused(x, why);
	x->has_body = x->request.is_chunked || x->request.content_length > 0;
	x->client_keep_alive = x->request.keep_alive && !is_last_request(x);
	x->request_state = REQUEST_ROUTE;
	return HTTP_STEP_HEAD;
}

static enum http_step request_body(struct http_exchange *x, struct span in, size_t *ret_consumed,
				   struct outbuf *out)
{
	enum http_refusal why = HTTP_REFUSAL_none;

	/* A client that sends its body no longer waits for leave. */
	if (in.len > 0)
		x->wants_continue = false;
	switch (http_body_move(&x->request_body, in, false, ret_consumed, out, &why)) {
	case HTTP_BODY_WANT_INPUT:
		return HTTP_STEP_WANT_INPUT;
	case HTTP_BODY_WANT_OUTPUT:
		return HTTP_STEP_WANT_OUTPUT;
	case HTTP_BODY_REFUSED:
		return request_refused(x, why);
	case HTTP_BODY_DONE:
		break;
	}
	x->request_state = REQUEST_DONE;
	x->request_done = true;
	return HTTP_STEP_DONE;
}

enum http_step http_exchange_request(struct http_exchange *x, struct span in, size_t *ret_consumed,
				     struct outbuf *out)
{
	*ret_consumed = 0;
	switch ((enum request_state)x->request_state) {
	case REQUEST_ROUTE:
		/* The input may have moved since: read it again. */
		x->request_scan = (struct http_head_scan){0};
		x->request_state = REQUEST_HEAD;
		return request_head(x, in);
	case REQUEST_HEAD:
		return request_head(x, in);
	case REQUEST_BODY:
		return request_body(x, in, ret_consumed, out);
	case REQUEST_DONE:
		return HTTP_STEP_DONE;
	case REQUEST_REFUSED:
		break;
	}
	return HTTP_STEP_REFUSED;
}

bool http_exchange_forward(struct http_exchange *x, const struct http_forward *fwd,
			   size_t *ret_consumed, struct outbuf *out)
{
	const struct http_request *r = &x->request;
	enum http_framing framing = HTTP_FRAMING_NONE;

	GW_ASSERT(x->request_state == REQUEST_ROUTE);
	if (!http_emit_request(r, fwd, out))
		return false;
	*ret_consumed = x->request_scan.offset;
	if (r->is_chunked)
		framing = HTTP_FRAMING_CHUNKED;
	else if (r->content_length > 0)
		framing = HTTP_FRAMING_LENGTH;
	http_body_init(&x->request_body, framing, r->content_length, framing,
		       x->limits->body_bytes);
	x->backend_keep_alive = fwd->backend_keep_alive;
	x->wants_continue = r->wants_continue;
	x->request_done = !x->has_body;
	x->request_state = x->has_body ? REQUEST_BODY : REQUEST_DONE;
	forget_spans(&x->request);
	return true;
}

void http_exchange_refuse(struct http_exchange *x, enum http_refusal why, size_t *ret_consumed)
{
	bool keep_alive = x->client_keep_alive && !x->has_body &&
			  http_refusal_infos[why].status != 400;

	GW_ASSERT(x->request_state == REQUEST_ROUTE);
	*ret_consumed = x->request_scan.offset;
	forget_spans(&x->request);
	(void)request_refused(x, why);
	x->client_keep_alive = keep_alive;
}

/* ---- backend to client ---- */

static enum http_step response_failed(struct http_exchange *x, enum http_refusal why)
{
	x->refusal = why;
	x->response_state = RESPONSE_FAILED;
	x->backend_keep_alive = false;
	if (x->response_started)
		x->client_keep_alive = false;
	return HTTP_STEP_FAILED;
}

static enum http_step find_response_head(struct http_exchange *x, struct span in, bool eof)
{
	switch (http_head_scan(&x->response_scan, span_head(in, x->limits->header_bytes))) {
	case HTTP_HEAD_COMPLETE:
		return HTTP_STEP_HEAD;
	case HTTP_HEAD_BAD_BYTE:
		return response_failed(x, HTTP_REFUSAL_backend_bad_response);
	case HTTP_HEAD_INCOMPLETE:
		break;
	}
	if (in.len > x->limits->header_bytes)
		return response_failed(x, HTTP_REFUSAL_backend_head_too_large);
	if (eof)
		return response_failed(x, HTTP_REFUSAL_backend_closed);
	return HTTP_STEP_WANT_INPUT;
}

/* RFC 9112 section 6.3: where the body ends, whatever the header fields say. */
static bool is_bodyless(const struct http_exchange *x, unsigned status)
{
	return x->request.is_head || status == 204 || status == 304;
}

static enum http_framing response_framing(const struct http_exchange *x,
					  const struct http_response *r)
{
	if (is_bodyless(x, r->status))
		return HTTP_FRAMING_NONE;
	if (r->is_chunked)
		return HTTP_FRAMING_CHUNKED;
	return r->has_length ? HTTP_FRAMING_LENGTH : HTTP_FRAMING_UNTIL_CLOSE;
}

/* HTTP/1.0 knows no chunks: there the end of the connection is the end of the body. */
static enum http_framing client_framing(const struct http_exchange *x, enum http_framing from)
{
	if (from == HTTP_FRAMING_NONE || from == HTTP_FRAMING_LENGTH)
		return from;
	return x->request.is_http_1_0 ? HTTP_FRAMING_UNTIL_CLOSE : HTTP_FRAMING_CHUNKED;
}

/* Writes the final response's head; false: does not fit, nothing changed. */
static bool start_response(struct http_exchange *x, const struct http_response *r,
			   struct outbuf *out)
{
	enum http_framing from = response_framing(x, r), to = client_framing(x, from);
	struct http_answer answer = {
		.sends_length = r->has_length && r->status != 204,
		.is_chunked = to == HTTP_FRAMING_CHUNKED,
		/* A client whose request is still coming cannot be told apart from one that will send it never. */
		.keep_alive = x->client_keep_alive && x->request_done &&
			      to != HTTP_FRAMING_UNTIL_CLOSE,
		.to_http_1_0 = x->request.is_http_1_0,
	};

	if (!http_emit_response(r, &answer, out))
		return false;
	http_body_init(&x->response_body, from, r->content_length, to, 0);
	x->client_keep_alive = answer.keep_alive;
	x->backend_keep_alive &= r->keep_alive && x->request_done &&
				 from != HTTP_FRAMING_UNTIL_CLOSE;
	/* A 204 that declares content may be followed by it. */
	if (r->status == 204 && (r->is_chunked || r->content_length > 0))
		x->backend_keep_alive = false;
	x->wants_continue = false;
	x->response_started = true;
	x->response_status = r->status;
	x->response_state = RESPONSE_BODY;
	return true;
}

/* A 1xx response: dropped (the client's Expect was answered here), within bounds. */
static enum http_step skip_interim(struct http_exchange *x, const struct http_response *r)
{
	if (r->status == 101)
		return response_failed(x, HTTP_REFUSAL_backend_upgrade);
	if (r->is_chunked || r->has_length)
		return response_failed(x, HTTP_REFUSAL_backend_bad_framing);
	if (x->interim_count == HTTP_INTERIM_MAX)
		return response_failed(x, HTTP_REFUSAL_backend_interim_flood);
	x->interim_count++;
	return HTTP_STEP_HEAD;
}

/* HTTP_STEP_DONE: the final head was written; *ret_consumed is past it and what came before it. */
static enum http_step response_head(struct http_exchange *x, struct span in, bool eof,
				    size_t *ret_consumed, struct outbuf *out)
{
	for (;;) {
		enum http_step step = find_response_head(x, in, eof);
		struct http_response r;
		enum http_refusal why;
		size_t head_bytes = x->response_scan.offset;

		if (step != HTTP_STEP_HEAD)
			return step;
		x->response_scan = (struct http_head_scan){0};
		why = http_response_parse(span_head(in, head_bytes), x->limits, &r);
		if (why != HTTP_REFUSAL_none)
			return response_failed(x, why);
		if (r.status >= 200) {
			if (!start_response(x, &r, out))
				return HTTP_STEP_WANT_OUTPUT;
			*ret_consumed += head_bytes;
			return HTTP_STEP_DONE;
		}
		step = skip_interim(x, &r);
		if (step != HTTP_STEP_HEAD)
			return step;
		*ret_consumed += head_bytes;
		in = span_skip(in, head_bytes);
	}
}

static enum http_step response_body(struct http_exchange *x, struct span in, bool eof,
				    size_t *ret_consumed, struct outbuf *out)
{
	enum http_refusal why = HTTP_REFUSAL_none;
	size_t n = 0;

	switch (http_body_move(&x->response_body, in, eof, &n, out, &why)) {
	case HTTP_BODY_WANT_INPUT:
		*ret_consumed += n;
		if (eof)
			return response_failed(x, HTTP_REFUSAL_backend_truncated);
		return HTTP_STEP_WANT_INPUT;
	case HTTP_BODY_WANT_OUTPUT:
		*ret_consumed += n;
		return HTTP_STEP_WANT_OUTPUT;
	case HTTP_BODY_REFUSED:
		return response_failed(x, HTTP_REFUSAL_backend_bad_framing);
	case HTTP_BODY_DONE:
		break;
	}
	*ret_consumed += n;
	x->response_state = RESPONSE_DONE;
	x->response_done = true;
	return HTTP_STEP_DONE;
}

enum http_step http_exchange_response(struct http_exchange *x, struct span in, bool eof,
				      size_t *ret_consumed, struct outbuf *out)
{
	enum http_step step;

	*ret_consumed = 0;
	x->response_seen |= in.len > 0;
	if (x->response_state == RESPONSE_FAILED)
		return HTTP_STEP_FAILED;
	if (x->response_state == RESPONSE_HEAD) {
		step = response_head(x, in, eof, ret_consumed, out);
		if (step != HTTP_STEP_DONE)
			return step;
	}
	if (x->response_state == RESPONSE_BODY) {
		step = response_body(x, span_skip(in, *ret_consumed), eof, ret_consumed, out);
		if (step != HTTP_STEP_DONE)
			return step;
	}
	/* Bytes behind the response belong to nobody, and nothing follows a FIN. */
	if (*ret_consumed < in.len || eof)
		x->backend_keep_alive = false;
	return HTTP_STEP_DONE;
}
