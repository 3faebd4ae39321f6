/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/x509_name.h: distinguished names as they stand in a certificate (RFC 5280 section
 * 4.1.2.4), for comparison and for printing.  A name here is its whole DER element, a view. */
#pragma once

#include "tls/trust/der.h"

/* A name with more attributes is refused as malformed; names in use have fewer than twenty. */
#define X509_NAME_ATTRIBUTES_MAX 128

struct x509_attribute {
	struct span oid;
	struct der_element value;
	bool joins_previous; /* in one RelativeDistinguishedName with the attribute before it */
};

/* In the order of the encoding. */
struct x509_name {
	struct x509_attribute attribute[X509_NAME_ATTRIBUTES_MAX];
	unsigned count;
};

/* How the contents of an attribute's value are read as characters. */
enum x509_text {
	X509_TEXT_NONE, /* not a string */
	X509_TEXT_LATIN1,
	X509_TEXT_UTF8,
	X509_TEXT_UCS2,
	X509_TEXT_UCS4,
};

enum x509_text x509_text_of(uint8_t tag);
/* Takes one character off a string.  False when it is empty or what comes next is no character
 * of that form: cut short, overlong, a surrogate, beyond U+10FFFF.  U+0000 counts as none: a
 * name that ends early for one reader and not for another is an attack. */
bool x509_text_take(enum x509_text form, struct span *in, uint32_t *ret_character);

/* False when der is not exactly one well-formed Name whose strings are all well formed. */
bool x509_name_parse(struct span der, struct x509_name *ret_name);
/* Well-formed names compared as RFC 5280 section 7.1 has it, but narrower: strings of ASCII
 * characters without regard to case, to spaces at the ends and to how many are between words,
 * all other values octet by octet. Two names that differ to every reader are never equal here;
 * two that are equal to some may differ. */
bool x509_name_eq(struct span a, struct span b);
/* A number for tables of names: equal for names that x509_name_eq() calls equal.  Not keyed: whoever
 * chooses both names can make two that differ share it. */
uint64_t x509_name_hash(struct span name);

/* How a name stands to another. */
enum x509_likeness {
	X509_DIFFERENT, /* to every reader */
	X509_ALIKE,     /* to every reader that follows RFC 5280 section 7.1 */
	X509_UNCLEAR,   /* to some readers perhaps alike */
};

/* Whether name begins with the RDNs of base, both well formed: the subtree of a directoryName
 * constraint (RFC 5280 section 4.2.1.10).  Strings are compared by their characters, whatever
 * their type, without regard to case and spaces as in x509_name_eq().  Unclear when characters
 * beyond ASCII differ, which some readers map to others first (RFC 4518), when one value of two is
 * no string, and when several attributes of one RDN are not the same in the same order. */
enum x509_likeness x509_name_within(struct span base, struct span name);
