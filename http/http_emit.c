/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_emit.h"

#include "http/header_rules.h"
#include "http/http_head.h"

/* The puts below need no checks of their own: once one did not fit, out->overflowed stays set until the end. */
static void put_header(struct outbuf *out, struct span name, struct span value)
{
	outbuf_put(out, name);
	outbuf_put(out, SPAN_LIT(": "));
	outbuf_put(out, value);
	outbuf_put(out, SPAN_LIT("\r\n"));
}

static void put_number_header(struct outbuf *out, struct span name, uint64_t value)
{
	outbuf_put(out, name);
	outbuf_put(out, SPAN_LIT(": "));
	outbuf_put_u64(out, value);
	outbuf_put(out, SPAN_LIT("\r\n"));
}

/* The headers meant for the other end, in their order. */
static void put_end_to_end(struct outbuf *out, struct span lines, bool (*strip)(struct span name))
{
	struct http_connection_options options;
	struct http_header h;

	/* Parsing the head has shown that they are not too many. */
	(void)http_connection_read(lines, &options);
	while (http_headers_next(&lines, &h)) {
		if (strip(h.name) || http_connection_names(&options, h.name))
			continue;
		put_header(out, h.name, h.value);
	}
}

static bool finish(struct outbuf *out, const struct outbuf *before)
{
	bool fits;

	outbuf_put(out, SPAN_LIT("\r\n"));
	fits = !out->overflowed;
	if (!fits)
		out->len = before->len;
	out->overflowed = before->overflowed;
	return fits;
}

bool http_emit_request(const struct http_request *r, const struct http_forward *fwd,
		       struct outbuf *out)
{
	const struct outbuf before = *out;

	out->overflowed = false;
	outbuf_put(out, r->method);
	outbuf_put(out, SPAN_LIT(" "));
	outbuf_put(out, r->target);
	outbuf_put(out, SPAN_LIT(" HTTP/1.1\r\n"));
	put_header(out, SPAN_LIT("Host"), r->authority);
	put_end_to_end(out, r->headers, header_rules_strip_request);
	put_header(out, SPAN_LIT("X-Forwarded-For"), fwd->client_ip);
	put_header(out, SPAN_LIT("X-Forwarded-Proto"), fwd->scheme);
	put_number_header(out, SPAN_LIT("X-Forwarded-Port"), fwd->listener_port);
	outbuf_put(out, fwd->identity_block);
	if (r->is_chunked)
		put_header(out, SPAN_LIT("Transfer-Encoding"), SPAN_LIT("chunked"));
	else if (r->has_length || r->expects_body)
		put_number_header(out, SPAN_LIT("Content-Length"), r->content_length);
	if (!fwd->backend_keep_alive)
		put_header(out, SPAN_LIT("Connection"), SPAN_LIT("close"));
	return finish(out, &before);
}

bool http_emit_response(const struct http_response *r, const struct http_answer *answer,
			struct outbuf *out)
{
	const struct outbuf before = *out;

	out->overflowed = false;
	outbuf_put(out, SPAN_LIT("HTTP/1.1 "));
	outbuf_put_u64(out, r->status);
	outbuf_put(out, SPAN_LIT(" "));
	outbuf_put(out, r->reason);
	outbuf_put(out, SPAN_LIT("\r\n"));
	put_end_to_end(out, r->headers, header_rules_strip_response);
	if (answer->is_chunked)
		put_header(out, SPAN_LIT("Transfer-Encoding"), SPAN_LIT("chunked"));
	else if (answer->sends_length)
		put_number_header(out, SPAN_LIT("Content-Length"), r->content_length);
	if (!answer->keep_alive)
		put_header(out, SPAN_LIT("Connection"), SPAN_LIT("close"));
	else if (answer->to_http_1_0)
		put_header(out, SPAN_LIT("Connection"), SPAN_LIT("keep-alive"));
	return finish(out, &before);
}
