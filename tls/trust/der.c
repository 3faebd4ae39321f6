/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/der.h"

/* Length octets after the first: 4 GiB is more than any input here. */
#define LENGTH_OCTETS_MAX 4

/* The length field at *in (X.690 section 8.1.3), minimal as section 10.1 demands. */
static bool take_length(struct span *in, size_t *ret_length)
{
	size_t octets, length = 0;

	if (in->len < 1)
		return false;
	if (in->p[0] < 0x80) {
		*ret_length = in->p[0];
		*in = span_skip(*in, 1);
		return true;
	}
	octets = in->p[0] & 0x7f; /* 0 would be the indefinite form */
	if (octets == 0 || octets > LENGTH_OCTETS_MAX || octets >= in->len)
		return false;
	for (size_t i = 1; i <= octets; i++)
		length = length << 8 | in->p[i];
	if (length < 0x80 || in->p[1] == 0)
		return false;
	*ret_length = length;
	*in = span_skip(*in, 1 + octets);
	return true;
}

bool der_take_any(struct span *in, struct der_element *ret_element)
{
	struct span rest = span_skip(*in, 1);
	size_t length;
	uint8_t tag;

	if (in->len < 2)
		return false;
	tag = in->p[0];
	/* Number 31 announces a tag of several bytes; universal 0 is end-of-contents of the
	 * indefinite form. */
	if ((tag & 0x1f) == 0x1f || (tag & 0xdf) == 0)
		return false;
	if (!take_length(&rest, &length) || length > rest.len)
		return false;
	ret_element->tag = tag;
	ret_element->body = span_head(rest, length);
	ret_element->whole = span_head(*in, in->len - rest.len + length);
	*in = span_skip(rest, length);
	return true;
}

bool der_take(struct span *in, uint8_t tag, struct span *ret_body)
{
	struct der_element element;
	struct span rest = *in;

	if (!der_next_is(rest, tag) || !der_take_any(&rest, &element))
		return false;
	*ret_body = element.body;
	*in = rest;
	return true;
}

bool der_next_is(struct span in, uint8_t tag)
{
	return in.len > 0 && in.p[0] == tag;
}

bool der_take_only(struct span in, uint8_t tag, struct span *ret_body)
{
	struct span body;

	if (!der_take(&in, tag, &body) || in.len > 0)
		return false;
	*ret_body = body;
	return true;
}

bool der_take_boolean(struct span *in, bool *ret_value)
{
	struct span rest = *in, body;

	/* X.690 section 11.1: true is all ones. */
	if (!der_take(&rest, DER_BOOLEAN, &body) || body.len != 1)
		return false;
	if (body.p[0] != 0 && body.p[0] != 0xff)
		return false;
	*ret_value = body.p[0] != 0;
	*in = rest;
	return true;
}

static bool is_integer(struct span body)
{
	/* X.690 section 8.3.2: the first nine bits are not all equal. */
	return body.len > 0 && (body.len == 1 || (body.p[0] != 0 && body.p[0] != 0xff) ||
				(body.p[0] & 0x80) != (body.p[1] & 0x80));
}

static bool is_unsigned(struct span body)
{
	return is_integer(body) && (body.p[0] & 0x80) == 0;
}

bool der_take_integer(struct span *in, struct span *ret_octets)
{
	struct span rest = *in, body;

	if (!der_take(&rest, DER_INTEGER, &body) || !is_integer(body))
		return false;
	*ret_octets = body;
	*in = rest;
	return true;
}

bool der_take_unsigned(struct span *in, struct span *ret_magnitude)
{
	struct span rest = *in, octets;

	if (!der_take(&rest, DER_INTEGER, &octets) || !is_unsigned(octets))
		return false;
	*ret_magnitude = octets.p[0] == 0 ? span_skip(octets, 1) : octets;
	*in = rest;
	return true;
}

bool der_uint32_of(struct span body, uint32_t *ret_value)
{
	uint32_t value = 0;

	/* Behind the octet of the sign there are no more than fit. */
	if (!is_unsigned(body) || body.len > sizeof(value) + (body.p[0] == 0))
		return false;
	for (size_t i = 0; i < body.len; i++)
		value = value << 8 | body.p[i];
	*ret_value = value;
	return true;
}

bool der_take_uint32(struct span *in, uint32_t *ret_value)
{
	struct span rest = *in, body;

	if (!der_take(&rest, DER_INTEGER, &body) || !der_uint32_of(body, ret_value))
		return false;
	*in = rest;
	return true;
}

bool der_take_bit_string(struct span *in, struct span *ret_octets, unsigned *ret_unused_bits)
{
	struct span rest = *in, body, octets;
	unsigned unused;

	if (!der_take(&rest, DER_BIT_STRING, &body) || body.len == 0)
		return false;
	unused = body.p[0];
	octets = span_skip(body, 1);
	if (unused > 7 || (octets.len == 0 && unused != 0))
		return false;
	/* X.690 section 11.2.1: bits that do not count are zero. */
	if (octets.len > 0 && (octets.p[octets.len - 1] & ((1u << unused) - 1)) != 0)
		return false;
	*ret_octets = octets;
	*ret_unused_bits = unused;
	*in = rest;
	return true;
}

bool der_take_bit_octets(struct span *in, struct span *ret_octets)
{
	struct span rest = *in, octets;
	unsigned unused;

	if (!der_take_bit_string(&rest, &octets, &unused) || unused != 0)
		return false;
	*ret_octets = octets;
	*in = rest;
	return true;
}

bool der_is_oid(struct span body)
{
	bool arc_begins = true;

	if (body.len == 0 || body.len > DER_OID_BYTES_MAX)
		return false;
	for (size_t i = 0; i < body.len; i++) {
		/* X.690 section 8.19.2: no leading zero digit in an arc. */
		if (arc_begins && body.p[i] == 0x80)
			return false;
		arc_begins = (body.p[i] & 0x80) == 0;
	}
	return arc_begins;
}

bool der_take_oid(struct span *in, struct span *ret_oid)
{
	struct span rest = *in, body;

	if (!der_take(&rest, DER_OID, &body) || !der_is_oid(body))
		return false;
	*ret_oid = body;
	*in = rest;
	return true;
}
