/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/http_chunked.h"

#include "http/http_syntax.h"

enum chunked_state { /* named by what is awaited */
		     CHUNKED_SIZE,
		     CHUNKED_EXT,
		     CHUNKED_SIZE_LF,
		     CHUNKED_DATA,
		     CHUNKED_DATA_CR,
		     CHUNKED_DATA_LF,
		     CHUNKED_TRAILER, /* a field name's first byte, or the CR that ends it all */
		     CHUNKED_TRAILER_NAME,
		     CHUNKED_TRAILER_VALUE,
		     CHUNKED_TRAILER_LF,
		     CHUNKED_END_LF,
		     CHUNKED_DONE,
};

void http_chunked_init(struct http_chunked *c)
{
	*c = (struct http_chunked){.state = CHUNKED_SIZE};
}

bool http_chunked_is_done(const struct http_chunked *c)
{
	return c->state == CHUNKED_DONE;
}

/* Moves on when the byte is the one that must come. */
static bool expect(struct http_chunked *c, uint8_t byte, uint8_t wanted, enum chunked_state next)
{
	c->state = (uint8_t)next;
	return byte == wanted;
}

static bool on_size(struct http_chunked *c, uint8_t byte)
{
	uint8_t lower = ascii_lower(byte);
	unsigned digit;

	if (byte >= '0' && byte <= '9')
		digit = byte - '0';
	else if (lower >= 'a' && lower <= 'f')
		digit = lower - 'a' + 10;
	else if (c->digits > 0 && byte == ';')
		return expect(c, byte, ';', CHUNKED_EXT);
	else
		return c->digits > 0 && expect(c, byte, '\r', CHUNKED_SIZE_LF);
	if (c->digits == HTTP_CHUNK_DIGITS_MAX)
		return false;
	c->digits++;
	c->remaining_bytes = c->remaining_bytes * 16 + digit;
	return true;
}

/* What may stand in an extension or a trailer's value. */
static bool is_text(uint8_t byte)
{
	return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

static bool on_ext(struct http_chunked *c, uint8_t byte)
{
	if (byte == '\r')
		return expect(c, byte, '\r', CHUNKED_SIZE_LF);
	return is_text(byte) && ++c->ext_bytes <= HTTP_CHUNK_EXT_BYTES_MAX;
}

static bool on_size_lf(struct http_chunked *c, uint8_t byte)
{
	c->digits = 0;
	return expect(c, byte, '\n', c->remaining_bytes > 0 ? CHUNKED_DATA : CHUNKED_TRAILER);
}

static bool on_trailer_name(struct http_chunked *c, uint8_t byte)
{
	if (byte == ':' && c->state == CHUNKED_TRAILER_NAME)
		return expect(c, byte, ':', CHUNKED_TRAILER_VALUE);
	c->state = CHUNKED_TRAILER_NAME;
	return http_is_token(span_of(&byte, 1));
}

/* One byte that is not data; false: malformed. */
static bool on_byte(struct http_chunked *c, uint8_t byte)
{
	switch ((enum chunked_state)c->state) {
	case CHUNKED_SIZE:
		return on_size(c, byte);
	case CHUNKED_EXT:
		return on_ext(c, byte);
	case CHUNKED_SIZE_LF:
		return on_size_lf(c, byte);
	case CHUNKED_DATA_CR:
		return expect(c, byte, '\r', CHUNKED_DATA_LF);
	case CHUNKED_DATA_LF:
		return expect(c, byte, '\n', CHUNKED_SIZE);
	case CHUNKED_TRAILER:
		if (byte == '\r')
			return expect(c, byte, '\r', CHUNKED_END_LF);
		return on_trailer_name(c, byte);
	case CHUNKED_TRAILER_NAME:
		return on_trailer_name(c, byte);
	case CHUNKED_TRAILER_VALUE:
		return byte == '\r' ? expect(c, byte, '\r', CHUNKED_TRAILER_LF) : is_text(byte);
	case CHUNKED_TRAILER_LF:
		return expect(c, byte, '\n', CHUNKED_TRAILER);
	case CHUNKED_END_LF:
		return expect(c, byte, '\n', CHUNKED_DONE);
	case CHUNKED_DATA:
	case CHUNKED_DONE:
		break;
	}
	return false;
}

static bool is_trailer(const struct http_chunked *c)
{
	return c->state >= CHUNKED_TRAILER && c->state <= CHUNKED_TRAILER_LF;
}

static struct span take_data(struct http_chunked *c, struct span in, size_t data_max)
{
	struct span data = span_head(in, data_max);

	if (data.len > c->remaining_bytes)
		data.len = (size_t)c->remaining_bytes;
	c->remaining_bytes -= data.len;
	if (c->remaining_bytes == 0)
		c->state = CHUNKED_DATA_CR;
	return data;
}

enum http_refusal http_chunked_read(struct http_chunked *c, struct span in, size_t data_max,
				    size_t *ret_consumed, struct span *ret_data)
{
	size_t i = 0;

	*ret_data = span_of(NULL, 0);
	while (i < in.len && c->state != CHUNKED_DATA && c->state != CHUNKED_DONE) {
		if (is_trailer(c) && c->trailer_bytes++ == HTTP_TRAILER_BYTES_MAX)
			return HTTP_REFUSAL_trailer_too_large;
		if (!on_byte(c, in.p[i]))
			return HTTP_REFUSAL_bad_chunk;
		i++;
	}
	if (c->state == CHUNKED_DATA) {
		*ret_data = take_data(c, span_skip(in, i), data_max);
		i += ret_data->len;
	}
	*ret_consumed = i;
	return HTTP_REFUSAL_none;
}
