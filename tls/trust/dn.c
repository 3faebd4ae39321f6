/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/dn.h"

#include "tls/trust/x509_name.h"

/* An arc has at most 7 bits an octet, so fewer than three decimal digits. */
#define ARC_DIGITS_MAX (DER_OID_BYTES_MAX * 3)

#define X520 "\x55\x04"
#define PKCS9 "\x2a\x86\x48\x86\xf7\x0d\x01\x09"
#define PILOT "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01"
#define JURISDICTION "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01"

static const struct {
	struct span oid;
	const char *name;
} attributes[] = {
#define ATTRIBUTE(oid, name) {SPAN_LIT(oid), name},
#include "tls/trust/dn_attributes.def"
#undef ATTRIBUTE
};

/* Writes a number of any size: digit[] is decimal, the lowest first. */
struct big_decimal {
	uint8_t digit[ARC_DIGITS_MAX];
	unsigned count;
};

static void decimal_shift_in(struct big_decimal *n, unsigned bits7)
{
	unsigned carry = bits7;

	for (unsigned i = 0; i < n->count; i++) {
		carry += n->digit[i] * 128u;
		n->digit[i] = (uint8_t)(carry % 10);
		carry /= 10;
	}
	while (carry > 0) {
		n->digit[n->count++] = (uint8_t)(carry % 10);
		carry /= 10;
	}
}

static void decimal_put(const struct big_decimal *n, struct outbuf *out)
{
	if (n->count == 0)
		outbuf_putc(out, '0');
	for (unsigned i = n->count; i > 0; i--)
		outbuf_putc(out, (char)('0' + n->digit[i - 1]));
}

/* Takes 80 off a number that is at least 80. */
static void decimal_subtract_80(struct big_decimal *n)
{
	unsigned i = 1;

	if (n->digit[i] >= 8) {
		n->digit[i] = (uint8_t)(n->digit[i] - 8);
	} else {
		n->digit[i] = (uint8_t)(n->digit[i] + 2);
		for (i = 2; n->digit[i] == 0; i++)
			n->digit[i] = 9;
		n->digit[i]--;
	}
	while (n->count > 0 && n->digit[n->count - 1] == 0)
		n->count--;
}

/* The first octets hold two arcs: 40 times the first, which is 0, 1 or 2, and the second (X.690
 * section 8.19.4). */
static void first_arcs_put(struct big_decimal *n, struct outbuf *out)
{
	unsigned value = 0;

	if (n->count > 2 || (n->count == 2 && n->digit[1] >= 8)) {
		decimal_subtract_80(n);
		outbuf_puts(out, "2.");
		decimal_put(n, out);
		return;
	}
	for (unsigned i = n->count; i > 0; i--)
		value = value * 10 + n->digit[i - 1];
	outbuf_put_u64(out, value / 40);
	outbuf_putc(out, '.');
	outbuf_put_u64(out, value % 40);
}

static void dotted_put(struct span oid, struct outbuf *out)
{
	struct big_decimal arc = {.count = 0};
	bool is_first = true;

	for (size_t i = 0; i < oid.len; i++) {
		decimal_shift_in(&arc, oid.p[i] & 0x7f);
		if ((oid.p[i] & 0x80) != 0)
			continue;
		if (is_first) {
			first_arcs_put(&arc, out);
		} else {
			outbuf_putc(out, '.');
			decimal_put(&arc, out);
		}
		is_first = false;
		arc.count = 0;
	}
}

/* True when the type has a name. */
static bool type_put(struct span oid, struct outbuf *out)
{
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (span_eq(oid, attributes[i].oid)) {
			outbuf_puts(out, attributes[i].name);
			return true;
		}
	}
	dotted_put(oid, out);
	return false;
}

static size_t utf8_of(uint32_t c, uint8_t octets[4])
{
	if (c < 0x80) {
		octets[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		octets[0] = (uint8_t)(0xc0 | c >> 6);
		octets[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		octets[0] = (uint8_t)(0xe0 | c >> 12);
		octets[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		octets[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	octets[0] = (uint8_t)(0xf0 | c >> 18);
	octets[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	octets[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	octets[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

/* RFC 2253 section 2.4.  As nginx does it, "#" of a value that is nothing else stays as it is. */
static bool needs_backslash(uint32_t c, bool is_first, bool is_last)
{
	if (c == ' ')
		return is_first || is_last;
	if (c == '#')
		return is_first && !is_last;
	return c == ',' || c == '+' || c == '"' || c == '\\' || c == '<' || c == '>' || c == ';';
}

static void character_put(uint32_t c, bool is_first, bool is_last, struct outbuf *out)
{
	uint8_t octets[4];
	size_t count = utf8_of(c, octets);

	if (c >= 0x20 && c < 0x7f) {
		if (needs_backslash(c, is_first, is_last))
			outbuf_putc(out, '\\');
		outbuf_putc(out, (char)c);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		outbuf_putc(out, '\\');
		outbuf_put_hex(out, span_of(&octets[i], 1), true);
	}
}

static void value_put(const struct der_element *value, bool as_text, struct outbuf *out)
{
	enum x509_text form = x509_text_of(value->tag);
	struct span rest = value->body;
	bool is_first = true;
	uint32_t c;

	if (!as_text || form == X509_TEXT_NONE) {
		outbuf_putc(out, '#');
		outbuf_put_hex(out, value->whole, true);
		return;
	}
	while (x509_text_take(form, &rest, &c)) {
		character_put(c, is_first, rest.len == 0, out);
		is_first = false;
	}
}

bool dn_print(struct span name_der, struct outbuf *out)
{
	struct x509_name name;

	if (!x509_name_parse(name_der, &name))
		return false;
	for (unsigned i = name.count; i > 0; i--) {
		const struct x509_attribute *a = &name.attribute[i - 1];
		bool is_named = type_put(a->oid, out);

		outbuf_putc(out, '=');
		value_put(&a->value, is_named, out);
		if (i > 1)
			outbuf_putc(out, a->joins_previous ? '+' : ',');
	}
	return !out->overflowed;
}

void dn_describe(struct span name_der, char *text, size_t cap)
{
	struct outbuf out = outbuf_of(text, cap - 1);
	const char *instead = NULL;

	if (!dn_print(name_der, &out))
		instead = out.overflowed ? "a name too long to show" : "a malformed name";
	else if (out.len == 0)
		instead = "an empty name";
	if (instead != NULL) {
		out.len = 0;
		out.overflowed = false;
		outbuf_puts(&out, instead);
	}
	text[out.len] = '\0';
}
