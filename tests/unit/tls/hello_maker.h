/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/tls/hello_maker.h: builds ClientHellos, good ones and others, for the tests of
 * tls_hello. */
#pragma once

#include "base/outbuf.h"

#include <criterion/criterion.h>

struct hello_maker {
	struct span suites, compression; /* with their length fields */
	struct span extensions;          /* the extensions, without the length of them all */
	bool without_extensions;
	uint8_t storage[40000];
};

static inline void put_u8(struct outbuf *out, size_t v)
{
	outbuf_putc(out, (char)v);
}

static inline void put_u16(struct outbuf *out, size_t v)
{
	put_u8(out, v >> 8 & 255);
	put_u8(out, v & 255);
}

static inline void put_extension(struct outbuf *out, unsigned type, struct span data)
{
	put_u16(out, type);
	put_u16(out, data.len);
	outbuf_put(out, data);
}

/* server_name with one host_name. */
static inline void put_sni(struct outbuf *out, struct span name)
{
	put_u16(out, 0);
	put_u16(out, name.len + 5);
	put_u16(out, name.len + 3);
	put_u8(out, 0);
	put_u16(out, name.len);
	outbuf_put(out, name);
}

static inline struct hello_maker hello_maker_default(void)
{
	return (struct hello_maker){.suites = SPAN_LIT("\x00\x04\x13\x01\xc0\x2b"),
				    .compression = SPAN_LIT("\x01\x00")};
}

/* The handshake message, with its header. */
static inline struct span hello_message(struct hello_maker *m)
{
	struct outbuf out = outbuf_of(m->storage, sizeof(m->storage));
	size_t body_bytes;

	outbuf_put(&out, SPAN_LIT("\x01\x00\x00\x00\x03\x03"));
	for (unsigned i = 0; i < 32; i++)
		put_u8(&out, i);
	put_u8(&out, 0);
	outbuf_put(&out, m->suites);
	outbuf_put(&out, m->compression);
	if (!m->without_extensions) {
		put_u16(&out, m->extensions.len);
		outbuf_put(&out, m->extensions);
	}
	body_bytes = out.len - 4;
	out.p[1] = (uint8_t)(body_bytes >> 16);
	out.p[2] = (uint8_t)(body_bytes >> 8);
	out.p[3] = (uint8_t)body_bytes;
	cr_assert_not(out.overflowed);
	return outbuf_span(&out);
}

/* Puts message into records of at most fragment_bytes each. */
static inline void put_records(struct outbuf *out, struct span message, size_t fragment_bytes)
{
	while (message.len > 0) {
		struct span fragment = span_head(message, fragment_bytes);

		outbuf_put(out, SPAN_LIT("\x16\x03\x01"));
		put_u16(out, fragment.len);
		outbuf_put(out, fragment);
		message = span_skip(message, fragment.len);
	}
	cr_assert_not(out->overflowed);
}
