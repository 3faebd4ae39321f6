/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/x509_general_name.h"

#include "tls/trust/x509_name.h"

#define IP4_OCTETS 4
#define IP6_OCTETS 16

/* What a name is for. */
enum name_use { OF_CERTIFICATE, BASE_OF_SUBTREE };

/* A line end or NUL in a name would end it for some readers only. */
static bool is_printable(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] < 0x20 || text.p[i] > 0x7e)
			return false;
	}
	return true;
}

/* A CIDR mask (RFC 4632 section 3.1). */
static bool is_mask(struct span mask)
{
	bool ended = false;

	for (size_t bit = 0; bit < mask.len * 8; bit++) {
		bool is_set = (mask.p[bit / 8] & (0x80u >> bit % 8)) != 0;

		if (is_set && ended)
			return false;
		ended = !is_set;
	}
	return true;
}

static bool ip_is_well_formed(struct span octets, enum name_use use)
{
	if (use == OF_CERTIFICATE)
		return octets.len == IP4_OCTETS || octets.len == IP6_OCTETS;
	return (octets.len == 2 * IP4_OCTETS || octets.len == 2 * IP6_OCTETS) &&
	       is_mask(span_skip(octets, octets.len / 2));
}

/* OtherName: an identifier and a value [0] of its type. */
static bool other_is_well_formed(struct span body)
{
	struct span oid, value;
	struct der_element element;

	return der_take_oid(&body, &oid) && der_take(&body, DER_CONTEXT_CONSTRUCTED(0), &value) &&
	       body.len == 0 && der_take_any(&value, &element) && value.len == 0;
}

static bool value_is_well_formed(const struct x509_general_name *name, enum name_use use)
{
	struct x509_name directory;

	switch (name->kind) {
	case X509_NAME_EMAIL:
	case X509_NAME_DNS:
	case X509_NAME_URI:
		return is_printable(name->value) && (name->value.len > 0 || use == BASE_OF_SUBTREE);
	case X509_NAME_DIRECTORY:
		return x509_name_parse(name->value, &directory);
	case X509_NAME_IP:
		return ip_is_well_formed(name->value, use);
	case X509_NAME_OTHER:
		return other_is_well_formed(name->value);
	case X509_NAME_REGISTERED_ID:
		return der_is_oid(name->value);
	case X509_NAME_X400:
	case X509_NAME_EDI_PARTY:
		return true; /* nobody reads them */
	}
	return false;
}

static bool is_constructed(enum x509_name_kind kind)
{
	return kind == X509_NAME_OTHER || kind == X509_NAME_X400 || kind == X509_NAME_DIRECTORY ||
	       kind == X509_NAME_EDI_PARTY;
}

static bool name_take(struct span *in, enum name_use use, struct x509_general_name *ret_name)
{
	struct span rest = *in;
	struct x509_general_name name;
	struct der_element element;

	if (!der_take_any(&rest, &element))
		return false;
	for (unsigned kind = X509_NAME_OTHER; kind <= X509_NAME_REGISTERED_ID; kind++) {
		name = (struct x509_general_name){(enum x509_name_kind)kind, element.body};
		if (element.tag !=
		    (is_constructed(name.kind) ? DER_CONTEXT_CONSTRUCTED(kind) : DER_CONTEXT(kind)))
			continue;
		if (!value_is_well_formed(&name, use))
			return false;
		*ret_name = name;
		*in = rest;
		return true;
	}
	return false;
}

bool x509_general_name_take(struct span *in, struct x509_general_name *ret_name)
{
	return name_take(in, OF_CERTIFICATE, ret_name);
}

bool x509_general_name_is_mailbox(const struct x509_general_name *name, struct span *ret_mailbox)
{
	struct span body = name->value, oid, value;
	struct der_element element;

	if (name->kind != X509_NAME_OTHER || !der_take_oid(&body, &oid) ||
	    !span_eq(oid, SPAN_LIT("\x2b\x06\x01\x05\x05\x07\x08\x09")) ||
	    !der_take(&body, DER_CONTEXT_CONSTRUCTED(0), &value) || !der_take_any(&value, &element))
		return false;
	*ret_mailbox = element.body;
	return true;
}

bool x509_general_names_are_well_formed(struct span in)
{
	struct x509_general_name name;

	do {
		if (!x509_general_name_take(&in, &name))
			return false;
	} while (in.len > 0);
	return true;
}

bool x509_subtree_take(struct span *in, struct x509_general_name *ret_base)
{
	struct span rest = *in, body, minimum;
	struct x509_general_name base;

	if (!der_take(&rest, DER_SEQUENCE, &body) || !name_take(&body, BASE_OF_SUBTREE, &base))
		return false;
	/* 0 is the default, which DER leaves out and some write. */
	if (der_take(&body, DER_CONTEXT(0), &minimum) && !span_eq(minimum, SPAN_LIT("\x00")))
		return false;
	if (body.len > 0)
		return false;
	*ret_base = base;
	*in = rest;
	return true;
}

bool x509_subtrees_are_well_formed(struct span in)
{
	struct x509_general_name base;

	do {
		if (!x509_subtree_take(&in, &base))
			return false;
	} while (in.len > 0);
	return true;
}
