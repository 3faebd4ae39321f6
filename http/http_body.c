/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_body.h"

#define CHUNK_DATA_MAX UINT32_MAX       /* so that a chunk's size has at most eight digits */
#define CHUNK_FRAMING_BYTES (8 + 2 + 2) /* size, CRLF, and the CRLF behind the data */

void http_body_init(struct http_body *b, enum http_framing from, uint64_t length_bytes,
		    enum http_framing to, uint64_t limit_bytes)
{
	*b = (struct http_body){
		.remaining_bytes = from == HTTP_FRAMING_LENGTH ? length_bytes : 0,
		.limit_bytes = limit_bytes,
		.from = (uint8_t)from,
		.to = (uint8_t)to,
	};
	http_chunked_init(&b->chunked);
}

/* The sender has no more content.  rest: what it sent and we have not read. */
static bool is_read(const struct http_body *b, struct span rest, bool eof)
{
	switch ((enum http_framing)b->from) {
	case HTTP_FRAMING_NONE:
		return true;
	case HTTP_FRAMING_LENGTH:
		return b->remaining_bytes == 0;
	case HTTP_FRAMING_CHUNKED:
		return http_chunked_is_done(&b->chunked);
	case HTTP_FRAMING_UNTIL_CLOSE:
		return eof && rest.len == 0;
	}
	return false;
}

/* How much content the sink can take, its framing paid for. */
static size_t content_room(const struct http_body *b, const struct outbuf *out)
{
	size_t room = outbuf_space(out);

	if (b->to != HTTP_FRAMING_CHUNKED)
		return room;
	room = room > CHUNK_FRAMING_BYTES ? room - CHUNK_FRAMING_BYTES : 0;
	return room < CHUNK_DATA_MAX ? room : CHUNK_DATA_MAX;
}

static void put_chunk(struct outbuf *out, struct span data)
{
	char digits[8];
	size_t n = sizeof(digits);

	for (size_t v = data.len; v > 0; v >>= 4)
		digits[--n] = "0123456789abcdef"[v & 15];
	outbuf_put(out, span_of(digits + n, sizeof(digits) - n));
	outbuf_put(out, SPAN_LIT("\r\n"));
	outbuf_put(out, data);
	outbuf_put(out, SPAN_LIT("\r\n"));
}

static bool put_end(struct http_body *b, struct outbuf *out)
{
	struct span last_chunk = SPAN_LIT("0\r\n\r\n");

	if (b->to == HTTP_FRAMING_CHUNKED) {
		if (outbuf_space(out) < last_chunk.len)
			return false;
		outbuf_put(out, last_chunk);
	}
	b->is_done = true;
	return true;
}

/* Reads the next piece of content, at most room bytes. */
static enum http_refusal take_content(struct http_body *b, struct span in, size_t room,
				      size_t *ret_consumed, struct span *ret_data)
{
	enum http_refusal why = HTTP_REFUSAL_none;

	if (b->from == HTTP_FRAMING_CHUNKED) {
		why = http_chunked_read(&b->chunked, in, room, ret_consumed, ret_data);
		if (why != HTTP_REFUSAL_none)
			return why;
	} else {
		*ret_data = span_head(in, room);
		if (b->from == HTTP_FRAMING_LENGTH && ret_data->len > b->remaining_bytes)
			ret_data->len = (size_t)b->remaining_bytes;
		*ret_consumed = ret_data->len;
		if (b->from == HTTP_FRAMING_LENGTH)
			b->remaining_bytes -= ret_data->len;
	}
	if (b->limit_bytes > 0 && ret_data->len > b->limit_bytes - b->moved_bytes)
		return HTTP_REFUSAL_body_too_large;
	b->moved_bytes += ret_data->len;
	return HTTP_REFUSAL_none;
}

enum http_body_step http_body_move(struct http_body *b, struct span in, bool eof,
				   size_t *ret_consumed, struct outbuf *out,
				   enum http_refusal *ret_why)
{
	*ret_consumed = 0;
	while (!b->is_done) {
		struct span data;
		size_t n;

		if (is_read(b, in, eof)) {
			if (!put_end(b, out))
				return HTTP_BODY_WANT_OUTPUT;
			break;
		}
		*ret_why = take_content(b, in, content_room(b, out), &n, &data);
		if (*ret_why != HTTP_REFUSAL_none)
			return HTTP_BODY_REFUSED;
		if (n == 0)
			return in.len == 0 ? HTTP_BODY_WANT_INPUT : HTTP_BODY_WANT_OUTPUT;
		if (b->to == HTTP_FRAMING_CHUNKED && data.len > 0)
			put_chunk(out, data);
		else
			outbuf_put(out, data);
		*ret_consumed += n;
		in = span_skip(in, n);
	}
	return HTTP_BODY_DONE;
}
