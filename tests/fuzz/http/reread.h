/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/http/reread.h: a second reader of messages, llhttp from head to body, to hold against ours. */
#pragma once

#include "http/http_head.h"

#define REREAD_HEADERS_MAX 128
#define REREAD_BODY_MAX 32768

struct reread {
	unsigned begun, complete; /* messages */
	unsigned header_count;    /* of the head, trailers not counted */
	struct http_header headers[REREAD_HEADERS_MAX];
	struct span url;
	unsigned status;
	size_t body_bytes;
	uint8_t body[REREAD_BODY_MAX];
	bool in_body, is_bodyless;
};

/* Reads all of msg.  True: it is exactly one message, and nothing else.  is_bodyless: the response to HEAD.  eof: the
 * connection ended behind it.  msg must outlive *ret. */
bool reread_message(struct span msg, bool is_response, bool is_bodyless, bool eof,
		    struct reread *ret);

/* Aborts unless http_headers_next() finds in `lines` what llhttp found. */
void reread_same_headers(const struct reread *r, struct span lines);
