/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_body.h: one message body on its way through: un-framed as its sender framed it, framed anew for its
 * receiver (RFC 9112 section 6).  Nothing is stored: what the sink cannot take is not consumed. */
#pragma once

#include "base/outbuf.h"
#include "http/http_chunked.h"

enum http_framing {
	HTTP_FRAMING_NONE,   /* no body */
	HTTP_FRAMING_LENGTH, /* Content-Length */
	HTTP_FRAMING_CHUNKED,
	HTTP_FRAMING_UNTIL_CLOSE, /* responses only: ends with the connection */
};

struct http_body {
	uint64_t remaining_bytes; /* HTTP_FRAMING_LENGTH: still to come */
	uint64_t moved_bytes;     /* content so far, framing not counted */
	uint64_t limit_bytes;     /* of content, 0: none; more: body_too_large */
	struct http_chunked chunked;
	uint8_t from, to; /* enum http_framing */
	bool is_done;     /* its end has been written */
};

enum http_body_step {
	HTTP_BODY_WANT_INPUT,
	HTTP_BODY_WANT_OUTPUT,
	HTTP_BODY_DONE,
	HTTP_BODY_REFUSED, /* *ret_why: bad_chunk, trailer_too_large, body_too_large */
};

/* length_bytes counts only when from is HTTP_FRAMING_LENGTH. */
void http_body_init(struct http_body *b, enum http_framing from, uint64_t length_bytes,
		    enum http_framing to, uint64_t limit_bytes);

/* Moves what is there.  eof: no byte follows `in`; it ends a body that lasts until close and means nothing to the
 * others: the caller sees that they still want input. */
enum http_body_step http_body_move(struct http_body *b, struct span in, bool eof,
				   size_t *ret_consumed, struct outbuf *out,
				   enum http_refusal *ret_why);
