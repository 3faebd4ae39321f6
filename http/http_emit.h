/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_emit.h: heads, written anew from parsed ones.  What goes only to us is removed before anything of ours is
 * added, so a client cannot make us remove our own. */
#pragma once

#include "base/outbuf.h"
#include "http/http_request.h"
#include "http/http_response.h"

struct http_forward {
	struct span client_ip; /* text, without port */
	struct span scheme;    /* "https" */
	uint16_t listener_port;
	struct span identity_block; /* header lines made by http_identity_render(); empty: none */
	bool backend_keep_alive;    /* false: asks the backend to close after its response */
};

/* How the response's body and its connection go on, as said to the client. */
struct http_answer {
	bool sends_length; /* Content-Length as the backend gave it */
	bool is_chunked;
	bool keep_alive;
	bool to_http_1_0; /* such a client must be told of keep_alive */
};

/* Appends the head for the backend.  False, nothing appended: does not fit. */
bool http_emit_request(const struct http_request *r, const struct http_forward *fwd,
		       struct outbuf *out);
/* Appends the head for the client.  False, nothing appended: does not fit. */
bool http_emit_response(const struct http_response *r, const struct http_answer *answer,
			struct outbuf *out);
