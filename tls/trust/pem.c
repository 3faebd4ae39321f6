/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/pem.h"

#define BEGIN SPAN_LIT("-----BEGIN ")
#define END SPAN_LIT("-----END ")
#define DASHES SPAN_LIT("-----")

/* The next line without its end. */
static struct span line_take(struct span *in)
{
	const uint8_t *lf = memchr(in->p, '\n', in->len);
	size_t len = lf != NULL ? (size_t)(lf - in->p) : in->len;
	struct span line = span_head(*in, len);

	*in = span_skip(*in, lf != NULL ? len + 1 : len);
	if (line.len > 0 && line.p[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool starts_with(struct span s, struct span prefix)
{
	return s.len >= prefix.len && span_eq(span_head(s, prefix.len), prefix);
}

/* The label of "<opening>LABEL-----". */
static bool boundary_label(struct span line, struct span opening, struct span *ret_label)
{
	struct span label;

	if (line.len <= opening.len + DASHES.len || !starts_with(line, opening))
		return false;
	label = span_skip(line, opening.len);
	label.len -= DASHES.len;
	if (!span_eq(span_of(label.p + label.len, DASHES.len), DASHES))
		return false;
	*ret_label = label;
	return true;
}

enum pem_result pem_take(struct span *in, struct pem_block *ret_block)
{
	struct pem_block block;
	struct span label;
	const uint8_t *body;

	for (;;) {
		struct span line;

		if (in->len == 0)
			return PEM_END;
		line = line_take(in);
		if (boundary_label(line, BEGIN, &block.label))
			break;
		if (starts_with(line, DASHES))
			return PEM_MALFORMED;
	}
	body = in->p;
	while (in->len > 0) {
		struct span line = line_take(in);

		if (!starts_with(line, DASHES))
			continue;
		if (!boundary_label(line, END, &label) || !span_eq(label, block.label))
			return PEM_MALFORMED;
		block.body = span_of(body, (size_t)(line.p - body));
		*ret_block = block;
		return PEM_BLOCK;
	}
	return PEM_MALFORMED;
}

bool pem_is_private_key(const struct pem_block *block)
{
	/* PRIVATE KEY, ENCRYPTED PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY, OPENSSH PRIVATE
	 * KEY. */
	struct span tail = SPAN_LIT("PRIVATE KEY");

	return block->label.len >= tail.len &&
	       span_eq(span_of(block->label.p + block->label.len - tail.len, tail.len), tail);
}

/* The six bits of a character; -1 for one that is not in the alphabet. */
static int sextet_of(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

bool pem_decode(struct span body, struct outbuf *out)
{
	unsigned bits = 0, sextets = 0, padding = 0;
	size_t begin = out->len;

	for (size_t i = 0; i < body.len; i++) {
		uint8_t c = body.p[i];
		int sextet = sextet_of(c);

		if (c == '\n' || (c == '\r' && i + 1 < body.len && body.p[i + 1] == '\n'))
			continue;
		if (c == '=') {
			padding++;
			continue;
		}
		if (sextet < 0 || padding > 0)
			return false;
		bits = bits << 6 | (unsigned)sextet;
		if (++sextets % 4 != 0)
			continue;
		outbuf_putc(out, (char)(bits >> 16));
		outbuf_putc(out, (char)(bits >> 8));
		outbuf_putc(out, (char)bits);
		bits = 0;
	}
	/* The last group: 8 or 16 bits, then zeros, then "=" up to four characters. */
	if (sextets % 4 == 1 || padding != (4 - sextets % 4) % 4)
		return false;
	if (sextets % 4 == 2) {
		outbuf_putc(out, (char)(bits >> 4));
		bits &= 0xf;
	} else if (sextets % 4 == 3) {
		outbuf_putc(out, (char)(bits >> 10));
		outbuf_putc(out, (char)(bits >> 2));
		bits &= 0x3;
	}
	return bits == 0 && !out->overflowed && out->len > begin;
}
