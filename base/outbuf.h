/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/outbuf.h: bytes being written into storage that somebody else owns.  A put that does not fit
 * writes nothing and marks the buffer, so a writer may check once at the end. */
#pragma once

#include "base/span.h"

struct outbuf {
	uint8_t *p;
	size_t len, cap;
	bool overflowed;
};

static inline struct outbuf outbuf_of(void *p, size_t cap)
{
	return (struct outbuf){.p = (uint8_t *)p, .cap = cap};
}

static inline size_t outbuf_space(const struct outbuf *out)
{
	return out->cap - out->len;
}

/* What has been written so far. */
static inline struct span outbuf_span(const struct outbuf *out)
{
	return span_of(out->p, out->len);
}

/* Appends all of s or, when it does not fit, nothing: then false, and overflowed stays set. */
bool outbuf_put(struct outbuf *out, struct span s);
bool outbuf_puts(struct outbuf *out, const char *s);
bool outbuf_putc(struct outbuf *out, char c);
/* Appends v in decimal. */
bool outbuf_put_u64(struct outbuf *out, uint64_t v);
/* Appends s as hexadecimal digits, two a byte, upper or lower case. */
bool outbuf_put_hex(struct outbuf *out, struct span s, bool upper);
