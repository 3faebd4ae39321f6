/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/der.h: reader of DER (X.690) over a view of somebody else's bytes.  Every function
 * takes the first element off *in and, on success, moves *in behind it; false means that it is
 * not there or not DER, and *in and the results are then as they were.  Nothing is copied,
 * nothing outside *in is read.  Definite, minimal lengths and one-byte tags only.  Reading is
 * not recursive: a caller descends by reading a body. */
#pragma once

#include "base/span.h"

/* Whole identifier octets: class, constructed bit and number, so a string in pieces is never
 * taken for one. */
enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_NULL = 0x05,
	DER_OID = 0x06,
	DER_UTF8_STRING = 0x0c,
	DER_NUMERIC_STRING = 0x12,
	DER_PRINTABLE_STRING = 0x13,
	DER_T61_STRING = 0x14,
	DER_IA5_STRING = 0x16,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_VISIBLE_STRING = 0x1a,
	DER_UNIVERSAL_STRING = 0x1c,
	DER_BMP_STRING = 0x1e,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

/* The bit that says: made of elements. */
#define DER_CONSTRUCTED 0x20
/* Context-specific tags; n below 31. */
#define DER_CONTEXT(n) ((uint8_t)(0x80 | (n)))
#define DER_CONTEXT_CONSTRUCTED(n) ((uint8_t)(0xa0 | (n)))

/* Longer object identifiers are refused: none in use comes near, and printing one costs its
 * length squared. */
#define DER_OID_BYTES_MAX 64

struct der_element {
	uint8_t tag;
	struct span body;
	struct span whole; /* with tag and length */
};

/* Any element. */
bool der_take_any(struct span *in, struct der_element *ret_element);
/* An element with this tag; its contents. */
bool der_take(struct span *in, uint8_t tag, struct span *ret_body);
/* What comes next has this tag; false at the end. */
bool der_next_is(struct span in, uint8_t tag);
/* All of in is one element with this tag; its contents. */
bool der_take_only(struct span in, uint8_t tag, struct span *ret_body);

bool der_take_boolean(struct span *in, bool *ret_value);
/* Contents as they stand: two's complement, big-endian, at least one octet. */
bool der_take_integer(struct span *in, struct span *ret_octets);
/* A non-negative INTEGER; octets without the leading zero of the sign, empty for 0. */
bool der_take_unsigned(struct span *in, struct span *ret_magnitude);
bool der_take_uint32(struct span *in, uint32_t *ret_value);
/* The octets, and how many bits of the last one do not count (they are zero). */
bool der_take_bit_string(struct span *in, struct span *ret_octets, unsigned *ret_unused_bits);
/* A BIT STRING that is a whole number of octets, as keys and signatures are. */
bool der_take_bit_octets(struct span *in, struct span *ret_octets);
/* Contents octets; every arc complete and minimal. */
bool der_take_oid(struct span *in, struct span *ret_oid);
/* Contents octets of an OBJECT IDENTIFIER or of an INTEGER under another tag (IMPLICIT). */
bool der_is_oid(struct span body);
bool der_uint32_of(struct span body, uint32_t *ret_value);
/* UTCTime or GeneralizedTime in the one form of RFC 5280 section 4.1.2.5: with seconds, without
 * fraction, "Z". A date that the calendar does not have is refused.  Seconds since 1970-01-01
 * UTC. */
bool der_take_time(struct span *in, int64_t *ret_s);
