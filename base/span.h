/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/span.h: a view of bytes somebody else owns.  Never owns, never copies, never writes.  The empty
 * span may have a null pointer; every function here accepts it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *p;
	size_t len;
};

/* The bytes of a C array, or of a string literal without its terminator. */
#define SPAN(array) ((struct span){(const uint8_t *)(array), sizeof(array)})
#define SPAN_LIT(literal) ((struct span){(const uint8_t *)("" literal), sizeof(literal) - 1})

static inline struct span span_of(const void *p, size_t len)
{
	return (struct span){(const uint8_t *)p, len};
}

/* The characters of a NUL-terminated string, without the terminator. */
static inline struct span span_str(const char *s)
{
	return span_of(s, strlen(s));
}

/* What is left after the first n bytes; empty when there are not n. */
static inline struct span span_skip(struct span s, size_t n)
{
	return n < s.len ? span_of(s.p + n, s.len - n) : span_of(NULL, 0);
}

/* The first n bytes; all of it when there are not n. */
static inline struct span span_head(struct span s, size_t n)
{
	return span_of(s.p, n < s.len ? n : s.len);
}

static inline bool span_eq(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline uint8_t ascii_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* Equal when ASCII case is ignored (RFC 9110 section 5.1: field names; RFC 4343: host names). */
bool span_eq_nocase(struct span a, struct span b);
