/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_chunked.h: decoder of the chunked transfer coding (RFC 9112 section 7.1), of bytes that arrive in pieces.
 * Extensions and trailers are read, bounded and dropped.  Reads less than the RFC allows, never more. */
#pragma once

#include "base/span.h"
#include "http/http_refusal.h"

/* Digits of a chunk's size, leading zeros included: 2^60 bytes.  More: bad_chunk. */
#define HTTP_CHUNK_DIGITS_MAX 15
/* Bytes of all extensions of a body together.  More: bad_chunk. */
#define HTTP_CHUNK_EXT_BYTES_MAX 4096
/* Bytes of the trailer section.  More: trailer_too_large. */
#define HTTP_TRAILER_BYTES_MAX 4096

struct http_chunked {
	uint64_t remaining_bytes; /* of the chunk being read */
	uint16_t ext_bytes, trailer_bytes;
	uint8_t digits;
	uint8_t state;
};

void http_chunked_init(struct http_chunked *c);
bool http_chunked_is_done(const struct http_chunked *c);

/* Reads bytes up to and including the next piece of data, at most data_max bytes of it, which *ret_data then shows
 * inside `in` (empty: none there yet, or the end was reached).  *ret_consumed counts the data too.  Returns
 * HTTP_REFUSAL_none, or bad_chunk / trailer_too_large, after which the decoder must not be used. */
enum http_refusal http_chunked_read(struct http_chunked *c, struct span in, size_t data_max,
				    size_t *ret_consumed, struct span *ret_data);
