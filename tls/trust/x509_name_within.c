/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/x509_name.h"

/* A string read in lower case with single spaces, none at its ends. */
struct reading {
	enum x509_text form;
	struct span rest;
	uint32_t behind_space; /* the character that a space was told for; 0: none */
	bool has_begun;
};

/* The next character; 0 behind the last. */
static uint32_t reading_take(struct reading *r)
{
	uint32_t c = r->behind_space;
	bool space = false;

	r->behind_space = 0;
	if (c != 0)
		return c;
	while (x509_text_take(r->form, &r->rest, &c)) {
		if (c == ' ') {
			space = true;
			continue;
		}
		if (c < 0x80)
			c = ascii_lower((uint8_t)c);
		if (space && r->has_begun) {
			r->behind_space = c;
			return ' ';
		}
		r->has_begun = true;
		return c;
	}
	return 0;
}

/* Readers may map the character just taken, or one that it stands before, to others, or to
 * none. */
static bool may_be_mapped(const struct reading *r, uint32_t taken)
{
	return taken > 0x7f || r->behind_space > 0x7f;
}

static enum x509_likeness text_likeness(const struct der_element *x, const struct der_element *y)
{
	struct reading a = {.form = x509_text_of(x->tag), .rest = x->body};
	struct reading b = {.form = x509_text_of(y->tag), .rest = y->body};
	uint32_t c, d;

	do {
		c = reading_take(&a);
		d = reading_take(&b);
		if (c != d)
			return may_be_mapped(&a, c) || may_be_mapped(&b, d) ? X509_UNCLEAR
									    : X509_DIFFERENT;
	} while (c != 0);
	return X509_ALIKE;
}

/* Takes an attribute of each. */
static enum x509_likeness attribute_likeness(struct span *set_a, struct span *set_b)
{
	struct span a, b, oid_a, oid_b;
	struct der_element value_a, value_b;
	bool is_text_a, is_text_b;

	if (!der_take(set_a, DER_SEQUENCE, &a) || !der_take(set_b, DER_SEQUENCE, &b) ||
	    !der_take_oid(&a, &oid_a) || !der_take_oid(&b, &oid_b) || !der_take_any(&a, &value_a) ||
	    !der_take_any(&b, &value_b))
		return X509_UNCLEAR; /* not well formed: not reached */
	if (!span_eq(oid_a, oid_b))
		return X509_DIFFERENT;
	is_text_a = x509_text_of(value_a.tag) != X509_TEXT_NONE;
	is_text_b = x509_text_of(value_b.tag) != X509_TEXT_NONE;
	if (is_text_a && is_text_b)
		return text_likeness(&value_a, &value_b);
	if (is_text_a != is_text_b)
		return X509_UNCLEAR; /* some read the other one as a text, too */
	return span_eq(value_a.whole, value_b.whole) ? X509_ALIKE : X509_DIFFERENT;
}

static enum x509_likeness rdn_likeness(struct span a, struct span b)
{
	enum x509_likeness likeness = attribute_likeness(&a, &b);
	bool is_single = a.len == 0 && b.len == 0;

	if (is_single)
		return likeness;
	while (a.len > 0 && b.len > 0) {
		if (attribute_likeness(&a, &b) != X509_ALIKE)
			likeness = X509_UNCLEAR;
	}
	if (a.len > 0 || b.len > 0)
		return X509_DIFFERENT; /* not as many */
	return likeness == X509_ALIKE ? X509_ALIKE : X509_UNCLEAR;
}

enum x509_likeness x509_name_within(struct span base, struct span name)
{
	struct span base_rdns, name_rdns, base_set, name_set;
	enum x509_likeness whole = X509_ALIKE;

	if (!der_take_only(base, DER_SEQUENCE, &base_rdns) ||
	    !der_take_only(name, DER_SEQUENCE, &name_rdns))
		return X509_UNCLEAR;
	while (der_take(&base_rdns, DER_SET, &base_set)) {
		enum x509_likeness likeness;

		if (!der_take(&name_rdns, DER_SET, &name_set))
			return X509_DIFFERENT;
		likeness = rdn_likeness(base_set, name_set);
		if (likeness == X509_DIFFERENT)
			return X509_DIFFERENT;
		if (likeness == X509_UNCLEAR)
			whole = X509_UNCLEAR;
	}
	return whole;
}
