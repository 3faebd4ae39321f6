/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/outbuf.h"

bool outbuf_put(struct outbuf *out, struct span s)
{
	if (s.len > outbuf_space(out)) {
		out->overflowed = true;
		return false;
	}
	if (s.len > 0)
		memcpy(out->p + out->len, s.p, s.len);
	out->len += s.len;
	return true;
}

bool outbuf_puts(struct outbuf *out, const char *s)
{
	return outbuf_put(out, span_str(s));
}

bool outbuf_putc(struct outbuf *out, char c)
{
	return outbuf_put(out, span_of(&c, 1));
}

bool outbuf_put_u64(struct outbuf *out, uint64_t v)
{
	char digits[20]; /* UINT64_MAX has 20 digits */
	size_t n = sizeof(digits);

	do {
		digits[--n] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	return outbuf_put(out, span_of(digits + n, sizeof(digits) - n));
}

bool outbuf_put_hex(struct outbuf *out, struct span s, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	if (s.len > outbuf_space(out) / 2) {
		out->overflowed = true;
		return false;
	}
	for (size_t i = 0; i < s.len; i++) {
		out->p[out->len++] = (uint8_t)digits[s.p[i] >> 4];
		out->p[out->len++] = (uint8_t)digits[s.p[i] & 15];
	}
	return true;
}
