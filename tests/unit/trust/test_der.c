/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/trust/der.h"

/* One element with this tag and nothing behind it is refused, and the cursor stays where it was. */
static void refused(struct span wire)
{
	struct span in = wire;
	struct der_element element;

	cr_expect_not(der_take_any(&in, &element));
	cr_expect_eq(in.p, wire.p);
	cr_expect_eq(in.len, wire.len);
}

Test(der, empty_and_cut_short_elements_are_refused)
{
	refused(span_of(NULL, 0));
	refused(SPAN_LIT("\x30"));
	refused(SPAN_LIT("\x04\x01"));
	refused(SPAN_LIT("\x04\x03"
			 "ab"));
	refused(SPAN_LIT("\x04\x81"));
	refused(SPAN_LIT("\x04\x82\x01"));
	refused(SPAN_LIT("\x04\x84\xff\xff\xff\xff"
			 "abcd"));
	refused(SPAN_LIT("\x04\x88\xff\xff\xff\xff\xff\xff\xff\xff"
			 "abcdefgh"));
}

Test(der, indefinite_length_is_refused)
{
	refused(SPAN_LIT("\x30\x80\x02\x01\x01\x00\x00"));
}

Test(der, length_longer_than_needed_is_refused)
{
	uint8_t wire[260] = {0x04, 0x82, 0x00, 0xff};

	refused(SPAN_LIT("\x04\x81\x01\x61"));
	refused(SPAN_LIT("\x04\x81\x7f\x61"));
	refused(SPAN_LIT("\x04\x82\x00\x01\x61"));
	refused(SPAN(wire));
}

Test(der, long_lengths_are_read)
{
	uint8_t wire[300] = {0x04, 0x82, 0x01, 0x00};
	struct span in = SPAN(wire), body;

	cr_assert(der_take(&in, DER_OCTET_STRING, &body));
	cr_assert_eq(body.p, wire + 4);
	cr_assert_eq(body.len, 256);
	cr_assert_eq(in.len, 40);
}

Test(der, tags_of_several_bytes_and_end_of_contents_are_refused)
{
	refused(SPAN_LIT("\x1f\x01\x00"));
	refused(SPAN_LIT("\xbf\x81\x01\x00"));
	refused(SPAN_LIT("\x00\x00"));
	refused(SPAN_LIT("\x20\x00"));
}

Test(der, other_tag_is_not_taken)
{
	struct span in = SPAN_LIT("\x24\x03\x04\x01\x61"), body;

	cr_assert_not(der_take(&in, DER_OCTET_STRING, &body), "an octet string in pieces");
	cr_assert_eq(in.len, 5);
}

Test(der, only_means_nothing_behind)
{
	struct span body;

	cr_assert(der_take_only(SPAN_LIT("\x30\x00"), DER_SEQUENCE, &body));
	cr_assert_eq(body.len, 0);
	cr_assert_not(der_take_only(SPAN_LIT("\x30\x00\x00"), DER_SEQUENCE, &body));
}

Test(der, boolean_is_all_zeros_or_all_ones)
{
	static const struct {
		struct span wire;
		bool ok, value;
	} row[] = {
		{SPAN_LIT("\x01\x01\xff"), true, true},
		{SPAN_LIT("\x01\x01\x00"), true, false},
		{SPAN_LIT("\x01\x01\x01"), false, false},
		{SPAN_LIT("\x01\x00"), false, false},
		{SPAN_LIT("\x01\x02\xff\xff"), false, false},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct span in = row[i].wire;
		bool value = false;

		cr_expect_eq(der_take_boolean(&in, &value), row[i].ok, "row %zu", i);
		cr_expect_eq(value, row[i].value, "row %zu", i);
	}
}

Test(der, integer_is_minimal)
{
	static const struct {
		struct span wire;
		bool ok;
	} row[] = {
		{SPAN_LIT("\x02\x00"), false},         {SPAN_LIT("\x02\x02\x00\x7f"), false},
		{SPAN_LIT("\x02\x02\xff\x80"), false}, {SPAN_LIT("\x02\x01\x00"), true},
		{SPAN_LIT("\x02\x02\x00\x80"), true},  {SPAN_LIT("\x02\x02\xff\x7f"), true},
		{SPAN_LIT("\x02\x01\xff"), true},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct span in = row[i].wire, octets;

		cr_expect_eq(der_take_integer(&in, &octets), row[i].ok, "row %zu", i);
	}
}

Test(der, unsigned_refuses_negative_and_drops_the_sign_octet)
{
	struct span in = SPAN_LIT("\x02\x01\x80"), magnitude;

	cr_assert_not(der_take_unsigned(&in, &magnitude));
	in = SPAN_LIT("\x02\x02\x00\x80");
	cr_assert(der_take_unsigned(&in, &magnitude));
	cr_assert(span_eq(magnitude, SPAN_LIT("\x80")));
	in = SPAN_LIT("\x02\x01\x00");
	cr_assert(der_take_unsigned(&in, &magnitude));
	cr_assert_eq(magnitude.len, 0);
}

Test(der, uint32_refuses_what_does_not_fit)
{
	struct span in = SPAN_LIT("\x02\x05\x01\x00\x00\x00\x00");
	uint32_t value;

	cr_assert_not(der_take_uint32(&in, &value));
	in = SPAN_LIT("\x02\x05\x00\xff\xff\xff\xff");
	cr_assert(der_take_uint32(&in, &value));
	cr_assert_eq(value, UINT32_MAX);
}

Test(der, bit_string_counts_its_unused_bits)
{
	static const struct {
		struct span wire;
		bool ok;
	} row[] = {
		{SPAN_LIT("\x03\x00"), false},         {SPAN_LIT("\x03\x01\x01"), false},
		{SPAN_LIT("\x03\x02\x08\x00"), false}, {SPAN_LIT("\x03\x02\x01\x01"), false},
		{SPAN_LIT("\x03\x02\x07\x40"), false}, {SPAN_LIT("\x03\x01\x00"), true},
		{SPAN_LIT("\x03\x02\x07\x80"), true},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct span in = row[i].wire, octets;
		unsigned unused;

		cr_expect_eq(der_take_bit_string(&in, &octets, &unused), row[i].ok, "row %zu", i);
	}
}

Test(der, key_bits_are_whole_octets)
{
	struct span in = SPAN_LIT("\x03\x02\x07\x80"), octets;

	cr_assert_not(der_take_bit_octets(&in, &octets));
	in = SPAN_LIT("\x03\x02\x00\x81");
	cr_assert(der_take_bit_octets(&in, &octets));
	cr_assert(span_eq(octets, SPAN_LIT("\x81")));
}

Test(der, oid_arcs_are_complete_and_minimal)
{
	static const struct {
		struct span wire;
		bool ok;
	} row[] = {
		{SPAN_LIT("\x06\x00"), false},
		{SPAN_LIT("\x06\x02\x55\x81"), false},
		{SPAN_LIT("\x06\x02\x80\x01"), false},
		{SPAN_LIT("\x06\x03\x55\x80\x01"), false},
		{SPAN_LIT("\x06\x03\x55\x04\x03"), true},
	};
	uint8_t longest[2 + DER_OID_BYTES_MAX + 1] = {0x06, DER_OID_BYTES_MAX};
	struct span in, oid;

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		in = row[i].wire;
		cr_expect_eq(der_take_oid(&in, &oid), row[i].ok, "row %zu", i);
	}
	in = SPAN(longest);
	cr_expect(der_take_oid(&in, &oid));
	longest[1]++;
	in = SPAN(longest);
	cr_expect_not(der_take_oid(&in, &oid), "an identifier over the limit");
}

static bool time_of(unsigned tag, const char *text, int64_t *ret_s)
{
	uint8_t wire[64];
	struct span in;

	wire[0] = (uint8_t)tag;
	wire[1] = (uint8_t)strlen(text);
	memcpy(wire + 2, text, strlen(text));
	in = span_of(wire, 2 + strlen(text));
	return der_take_time(&in, ret_s);
}

Test(der, dates_the_calendar_lacks_are_refused)
{
	static const char *const bad[] = {
		"230229000000Z",
		"230001000000Z",
		"231301000000Z",
		"230100000000Z",
		"230132000000Z",
		"230431000000Z",
		"230101240000Z",
		"230101006000Z",
		"230101000060Z",
		"2301010000Z",
		"230101000000",
		"230101000000z",
		"230101000000+0000",
		"2301010000000",
		"2a0101000000Z",
		"23010100000 Z",
		"",
	};
	static const char *const bad_generalized[] = {
		"21000229000000Z",  "20230101000000.5Z",   "230101000000Z",   "20230101000000",
		"2023010100000000", "20230101000000+0100", "-0230101000000Z",
	};
	int64_t s;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(time_of(DER_UTC_TIME, bad[i], &s), "UTCTime %s", bad[i]);
	for (size_t i = 0; i < sizeof(bad_generalized) / sizeof(bad_generalized[0]); i++)
		cr_expect_not(time_of(DER_GENERALIZED_TIME, bad_generalized[i], &s), "%s",
			      bad_generalized[i]);
	cr_expect_not(time_of(DER_IA5_STRING, "230101000000Z", &s));
}

Test(der, times_are_seconds_since_1970)
{
	static const struct {
		unsigned tag;
		const char *text;
		int64_t s;
	} row[] = {
		{DER_UTC_TIME, "700101000000Z", 0},
		{DER_UTC_TIME, "691231235959Z", -1},
		{DER_UTC_TIME, "500101000000Z", -631152000},
		{DER_UTC_TIME, "491231235959Z", 2524607999},
		{DER_UTC_TIME, "240229120000Z", 1709208000},
		{DER_UTC_TIME, "230921224321Z", 1695336201},
		{DER_GENERALIZED_TIME, "20500101000000Z", 2524608000},
		{DER_GENERALIZED_TIME, "20000229000000Z", 951782400},
		{DER_GENERALIZED_TIME, "99991231235959Z", 253402300799},
		{DER_GENERALIZED_TIME, "00000101000000Z", -62167219200},
		{DER_GENERALIZED_TIME, "00010101000000Z", -62135596800},
	};
	int64_t s;

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		cr_expect(time_of(row[i].tag, row[i].text, &s), "%s", row[i].text);
		cr_expect_eq(s, row[i].s, "%s is %lld, not %lld", row[i].text, (long long)s,
			     (long long)row[i].s);
	}
}
