/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every reader of der.h on the input and on all that lies inside it: a failure leaves the
 * cursor, a success moves it behind what was read, and nothing points outside. */
#include "base/assert.h"
#include "tls/trust/der.h"

#define DEPTH_MAX 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool is_inside(struct span part, struct span all)
{
	return part.len == 0 || (part.p >= all.p && part.p + part.len <= all.p + all.len);
}

/* What a reader did to the cursor. */
static void check_cursor(bool ok, struct span before, struct span after)
{
	if (!ok)
		GW_ASSERT(after.p == before.p && after.len == before.len);
	else
		GW_ASSERT(after.len < before.len && is_inside(after, before));
}

static void check_typed_readers(struct span in)
{
	struct span rest = in, octets = {0};
	unsigned unused = 0;
	uint32_t number;
	int64_t seconds = 0;
	bool ok, flag;

	ok = der_take_boolean(&rest, &flag);
	check_cursor(ok, in, rest);
	rest = in;
	ok = der_take_integer(&rest, &octets);
	check_cursor(ok, in, rest);
	GW_ASSERT(!ok || (octets.len > 0 && is_inside(octets, in)));
	rest = in;
	ok = der_take_unsigned(&rest, &octets);
	check_cursor(ok, in, rest);
	GW_ASSERT(!ok || octets.len == 0 || octets.p[0] != 0);
	rest = in;
	ok = der_take_uint32(&rest, &number);
	check_cursor(ok, in, rest);
	rest = in;
	ok = der_take_bit_string(&rest, &octets, &unused);
	check_cursor(ok, in, rest);
	GW_ASSERT(!ok || (unused < 8 && is_inside(octets, in)));
	rest = in;
	ok = der_take_bit_octets(&rest, &octets);
	check_cursor(ok, in, rest);
	rest = in;
	ok = der_take_oid(&rest, &octets);
	check_cursor(ok, in, rest);
	GW_ASSERT(!ok || (octets.len > 0 && octets.len <= DER_OID_BYTES_MAX));
	rest = in;
	ok = der_take_time(&rest, &seconds);
	check_cursor(ok, in, rest);
	GW_ASSERT(!ok || (seconds >= -62167219200 && seconds <= 253402300799));
}

static void walk(struct span in, unsigned depth)
{
	struct der_element element;

	while (in.len > 0) {
		struct span before = in;
		bool ok;

		check_typed_readers(in);
		ok = der_take_any(&in, &element);
		check_cursor(ok, before, in);
		if (!ok)
			return;
		GW_ASSERT(element.whole.p == before.p && element.whole.len + in.len == before.len);
		GW_ASSERT(is_inside(element.body, element.whole));
		if ((element.tag & DER_CONSTRUCTED) != 0 && depth < DEPTH_MAX)
			walk(element.body, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	walk(span_of(data, len), 0);
	return 0;
}
