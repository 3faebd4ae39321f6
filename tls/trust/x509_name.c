/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/x509_name.h"

enum x509_text x509_text_of(uint8_t tag)
{
	switch (tag) {
	case DER_UTF8_STRING:
		return X509_TEXT_UTF8;
	case DER_NUMERIC_STRING:
	case DER_PRINTABLE_STRING:
	case DER_T61_STRING: /* everybody reads it so */
	case DER_IA5_STRING:
	case DER_UTC_TIME:
	case DER_GENERALIZED_TIME:
	case DER_VISIBLE_STRING:
		return X509_TEXT_LATIN1;
	case DER_UNIVERSAL_STRING:
		return X509_TEXT_UCS4;
	case DER_BMP_STRING:
		return X509_TEXT_UCS2;
	default:
		return X509_TEXT_NONE;
	}
}

/* How many octets a UTF-8 character has that begins so, and the bits of it that the first one
 * holds; 0: none does. */
static size_t utf8_length(uint8_t first, uint32_t *ret_bits)
{
	static const struct {
		uint8_t mask, mark;
	} form[] = {{0x80, 0x00}, {0xe0, 0xc0}, {0xf0, 0xe0}, {0xf8, 0xf0}};

	for (size_t i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
		if ((first & form[i].mask) == form[i].mark) {
			*ret_bits = first & (uint8_t)~form[i].mask;
			return i + 1;
		}
	}
	return 0;
}

static bool utf8_take(struct span *in, uint32_t *ret_character)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800,
					 0x10000}; /* by length: less is overlong */
	size_t length;
	uint32_t c;

	if (in->len == 0)
		return false;
	length = utf8_length(in->p[0], &c);
	if (length == 0 || length > in->len)
		return false;
	for (size_t i = 1; i < length; i++) {
		if ((in->p[i] & 0xc0) != 0x80)
			return false;
		c = c << 6 | (in->p[i] & 0x3f);
	}
	if (c < least[length])
		return false;
	*ret_character = c;
	*in = span_skip(*in, length);
	return true;
}

static bool big_endian_take(struct span *in, size_t octets, uint32_t *ret_character)
{
	uint32_t c = 0;

	if (in->len < octets)
		return false;
	for (size_t i = 0; i < octets; i++)
		c = c << 8 | in->p[i];
	*ret_character = c;
	*in = span_skip(*in, octets);
	return true;
}

bool x509_text_take(enum x509_text form, struct span *in, uint32_t *ret_character)
{
	uint32_t c = 0;
	bool taken = false;

	switch (form) {
	case X509_TEXT_NONE:
		return false;
	case X509_TEXT_LATIN1:
		taken = big_endian_take(in, 1, &c);
		break;
	case X509_TEXT_UTF8:
		taken = utf8_take(in, &c);
		break;
	case X509_TEXT_UCS2:
		taken = big_endian_take(in, 2, &c);
		break;
	case X509_TEXT_UCS4:
		taken = big_endian_take(in, 4, &c);
		break;
	}
	if (!taken || c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return false;
	*ret_character = c;
	return true;
}

static bool value_is_well_formed(const struct der_element *value)
{
	enum x509_text form = x509_text_of(value->tag);
	struct span rest = value->body;
	uint32_t c;

	if (form == X509_TEXT_NONE) {
		/* Some other type; but a constructed one only if it is constructed by nature. */
		return value->tag == DER_SEQUENCE || value->tag == DER_SET ||
		       (value->tag & DER_CONSTRUCTED) == 0;
	}
	while (rest.len > 0) {
		if (!x509_text_take(form, &rest, &c))
			return false;
	}
	return true;
}

/* The attributes of one RelativeDistinguishedName. */
static bool rdn_parse(struct span set, struct x509_name *name)
{
	bool first = true;

	do {
		struct x509_attribute *a = &name->attribute[name->count];
		struct span attribute;

		if (name->count == X509_NAME_ATTRIBUTES_MAX)
			return false;
		if (!der_take(&set, DER_SEQUENCE, &attribute) ||
		    !der_take_oid(&attribute, &a->oid) || !der_take_any(&attribute, &a->value) ||
		    attribute.len > 0)
			return false;
		if (!value_is_well_formed(&a->value))
			return false;
		a->joins_previous = !first;
		first = false;
		name->count++;
	} while (set.len > 0);
	return true;
}

bool x509_name_parse(struct span der, struct x509_name *ret_name)
{
	struct span rdns, set;

	ret_name->count = 0;
	if (!der_take_only(der, DER_SEQUENCE, &rdns))
		return false;
	while (rdns.len > 0) {
		if (!der_take(&rdns, DER_SET, &set) || !rdn_parse(set, ret_name))
			return false;
	}
	return true;
}

static bool is_caseless_text(const struct der_element *value)
{
	if (value->tag != DER_PRINTABLE_STRING && value->tag != DER_UTF8_STRING &&
	    value->tag != DER_IA5_STRING)
		return false;
	for (size_t i = 0; i < value->body.len; i++) {
		if (value->body.p[i] > 0x7f)
			return false;
	}
	return true;
}

/* The next character of a reading in lower case with single spaces, none at the ends; 0 behind
 * the last. */
static uint8_t folded_take(struct span *s, bool at_start)
{
	bool space = false;
	uint8_t c;

	while (s->len > 0 && s->p[0] == ' ') {
		*s = span_skip(*s, 1);
		space = true;
	}
	if (s->len == 0)
		return 0;
	if (space && !at_start)
		return ' '; /* the character behind it is for the next call */
	c = ascii_lower(s->p[0]);
	*s = span_skip(*s, 1);
	return c;
}

static bool folded_eq(struct span a, struct span b)
{
	bool at_start = true;
	uint8_t c;

	do {
		c = folded_take(&a, at_start);
		if (c != folded_take(&b, at_start))
			return false;
		at_start = false;
	} while (c != 0);
	return true;
}

static bool value_eq(const struct der_element *a, const struct der_element *b)
{
	if (is_caseless_text(a) && is_caseless_text(b))
		return folded_eq(a->body, b->body);
	return span_eq(a->whole, b->whole);
}

bool x509_name_eq(struct span a, struct span b)
{
	struct span rdns_a, rdns_b, set_a = {0}, set_b = {0};

	if (span_eq(a, b))
		return true;
	if (!der_take_only(a, DER_SEQUENCE, &rdns_a) || !der_take_only(b, DER_SEQUENCE, &rdns_b))
		return false;
	while (rdns_a.len > 0 || set_a.len > 0) {
		struct span attribute_a, attribute_b, oid_a, oid_b;
		struct der_element value_a, value_b;

		if ((set_a.len == 0) != (set_b.len == 0))
			return false;
		if (set_a.len == 0 &&
		    (!der_take(&rdns_a, DER_SET, &set_a) || !der_take(&rdns_b, DER_SET, &set_b)))
			return false;
		if (!der_take(&set_a, DER_SEQUENCE, &attribute_a) ||
		    !der_take(&set_b, DER_SEQUENCE, &attribute_b))
			return false;
		if (!der_take_oid(&attribute_a, &oid_a) || !der_take_oid(&attribute_b, &oid_b) ||
		    !span_eq(oid_a, oid_b))
			return false;
		if (!der_take_any(&attribute_a, &value_a) ||
		    !der_take_any(&attribute_b, &value_b) || !value_eq(&value_a, &value_b))
			return false;
	}
	return rdns_b.len == 0 && set_b.len == 0;
}

/* FNV-1a. */
#define HASH_BEGIN 0xcbf29ce484222325u
#define HASH_PRIME 0x100000001b3u

static uint64_t hash_octet(uint64_t hash, uint8_t octet)
{
	return (hash ^ octet) * HASH_PRIME;
}

static uint64_t hash_octets(uint64_t hash, struct span octets)
{
	for (size_t i = 0; i < octets.len; i++)
		hash = hash_octet(hash, octets.p[i]);
	return hash;
}

static uint64_t hash_folded(uint64_t hash, struct span text)
{
	bool at_start = true;
	uint8_t c;

	do {
		c = folded_take(&text, at_start);
		hash = hash_octet(hash, c);
		at_start = false;
	} while (c != 0);
	return hash;
}

/* Only what comparison looks at: where RDNs begin may be left out, two equal names do not differ in
 * it. */
uint64_t x509_name_hash(struct span name)
{
	uint64_t hash = HASH_BEGIN;
	struct span rdns, set, attribute, oid;
	struct der_element value;

	if (!der_take_only(name, DER_SEQUENCE, &rdns))
		return hash;
	while (der_take(&rdns, DER_SET, &set)) {
		while (der_take(&set, DER_SEQUENCE, &attribute)) {
			if (!der_take_oid(&attribute, &oid) || !der_take_any(&attribute, &value))
				return hash;
			hash = hash_octets(hash, oid);
			hash = is_caseless_text(&value) ? hash_folded(hash, value.body)
							: hash_octets(hash, value.whole);
		}
	}
	return hash;
}
