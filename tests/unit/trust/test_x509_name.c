/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/support/cert_build.h"
#include "tls/trust/x509_name.h"

#define CN SPAN_LIT("\x55\x04\x03")
#define OU SPAN_LIT("\x55\x04\x0b")

static uint8_t storage[2][4096];

static bool text_eq(unsigned tag_a, struct span a, unsigned tag_b, struct span b)
{
	struct outbuf out_a = outbuf_of(storage[0], sizeof(storage[0]));
	struct outbuf out_b = outbuf_of(storage[1], sizeof(storage[1]));

	struct span name_a = name_put1(&out_a, CN, tag_a, a);
	struct span name_b = name_put1(&out_b, CN, tag_b, b);
	bool same_hash = x509_name_hash(name_a) == x509_name_hash(name_b);

	cr_expect_eq(x509_name_eq(name_a, name_b), same_hash, "a hash of its own for each name");
	return x509_name_eq(name_a, name_b);
}

Test(x509_name, different_names_differ)
{
	struct outbuf out_a = outbuf_of(storage[0], sizeof(storage[0]));
	struct outbuf out_b = outbuf_of(storage[1], sizeof(storage[1]));

	cr_expect_not(text_eq(0x0c, SPAN_LIT("Partner A"), 0x0c, SPAN_LIT("Partner B")));
	cr_expect_not(text_eq(0x0c, SPAN_LIT("Partner"), 0x0c, SPAN_LIT("Partner A")));
	cr_expect_not(text_eq(0x0c, SPAN_LIT("Partner A"), 0x0c, SPAN_LIT("Partner")));
	cr_expect_not(text_eq(0x0c, SPAN_LIT("PartnerA"), 0x0c, SPAN_LIT("Partner A")));
	cr_expect_not(text_eq(0x0c, SPAN_LIT(""), 0x0c, SPAN_LIT("x")));
	cr_expect_not(x509_name_eq(name_put1(&out_a, CN, 0x0c, SPAN_LIT("x")),
				   name_put1(&out_b, OU, 0x0c, SPAN_LIT("x"))),
		      "another type");
}

Test(x509_name, more_attributes_make_another_name)
{
	/* CN=x, and CN=x twice: as two RDNs and as one. */
	struct span one = SPAN_LIT("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x");
	struct span two = SPAN_LIT("\x30\x18\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"
				   "\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x");
	struct span joined = SPAN_LIT("\x30\x16\x31\x14\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"
				      "\x30\x08\x06\x03\x55\x04\x03\x0c\x01x");
	struct span more_inside = SPAN_LIT("\x30\x22\x31\x14\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"
					   "\x30\x08\x06\x03\x55\x04\x03\x0c\x01z"
					   "\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x");
	struct span empty = SPAN_LIT("\x30\x00");

	cr_expect_not(x509_name_eq(one, two));
	cr_expect_not(x509_name_eq(two, one));
	cr_expect_not(x509_name_eq(two, joined));
	cr_expect_not(x509_name_eq(joined, one));
	cr_expect_not(x509_name_eq(two, more_inside));
	cr_expect_not(x509_name_eq(more_inside, two));
	cr_expect_not(x509_name_eq(empty, one));
	cr_expect_not(x509_name_eq(one, empty));
	cr_expect(x509_name_eq(joined, joined));
}

Test(x509_name, case_and_spaces_of_ascii_text_do_not_count)
{
	cr_expect(text_eq(0x0c, SPAN_LIT("Partner Root"), 0x13, SPAN_LIT("PARTNER root")));
	cr_expect(text_eq(0x0c, SPAN_LIT("  Partner   Root "), 0x0c, SPAN_LIT("partner root")));
	cr_expect(text_eq(0x16, SPAN_LIT("a@B.example"), 0x0c, SPAN_LIT("A@b.example")));
	cr_expect(text_eq(0x0c, SPAN_LIT("  "), 0x0c, SPAN_LIT("")));
}

Test(x509_name, other_text_is_compared_by_octets)
{
	cr_expect_not(text_eq(0x14, SPAN_LIT("x"), 0x0c, SPAN_LIT("x")), "T61 is not UTF-8");
	cr_expect_not(text_eq(0x14, SPAN_LIT("x"), 0x14, SPAN_LIT("X")));
	cr_expect_not(text_eq(0x0c, SPAN_LIT("\xc3\xa5"), 0x0c, SPAN_LIT("\xc3\x85")));
	cr_expect_not(text_eq(0x0c, SPAN_LIT("\xc3\xa5 X"), 0x0c, SPAN_LIT("\xc3\xa5 x")));
	cr_expect(text_eq(0x0c, SPAN_LIT("\xc3\xa5 X"), 0x0c, SPAN_LIT("\xc3\xa5 X")));
}

Test(x509_name, text_that_is_no_text_is_refused)
{
	static const struct {
		unsigned tag;
		struct span text;
	} bad[] = {
		{0x0c, SPAN_LIT("a\0b")},
		{0x13, SPAN_LIT("a\0b")},
		{0x16, SPAN_LIT("\0")},
		{0x14, SPAN_LIT("a\0")},
		{0x0c, SPAN_LIT("\x80")},
		{0x0c, SPAN_LIT("\xc3")},
		{0x0c, SPAN_LIT("\xc1\xbf")},
		{0x0c, SPAN_LIT("\xe0\x9f\xbf")},
		{0x0c, SPAN_LIT("\xed\xa0\x80")},
		{0x0c, SPAN_LIT("\xf4\x90\x80\x80")},
		{0x0c, SPAN_LIT("\xf8\x88\x80\x80\x80")},
		{0x0c, SPAN_LIT("\xc3\x28")},
		{0x1e, SPAN_LIT("\x00")},
		{0x1e, SPAN_LIT("\0a\0\0")},
		{0x1e, SPAN_LIT("\xd8\x00\xdc\x00")},
		{0x1c, SPAN_LIT("\0\0\0")},
		{0x1c, SPAN_LIT("\0\x11\0\0")},
		{0x1c, SPAN_LIT("\0\0\0\0")},
		{0x2c, SPAN_LIT("\x0c\x01x")},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct outbuf out = outbuf_of(storage[0], sizeof(storage[0]));
		struct x509_name name;

		cr_expect_not(x509_name_parse(name_put1(&out, CN, bad[i].tag, bad[i].text), &name),
			      "row %zu", i);
	}
}

Test(x509_name, more_attributes_than_the_limit_are_refused)
{
	uint8_t bytes[4096];
	struct outbuf rdns = outbuf_of(bytes, sizeof(bytes));
	struct outbuf out = outbuf_of(storage[0], sizeof(storage[0]));
	struct x509_name name;

	for (unsigned i = 0; i < X509_NAME_ATTRIBUTES_MAX; i++)
		outbuf_put(&rdns, SPAN_LIT("\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"));
	der_put(&out, 0x30, outbuf_span(&rdns));
	cr_assert(x509_name_parse(outbuf_span(&out), &name));
	cr_assert_eq(name.count, X509_NAME_ATTRIBUTES_MAX);
	outbuf_put(&rdns, SPAN_LIT("\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"));
	out.len = 0;
	der_put(&out, 0x30, outbuf_span(&rdns));
	cr_assert_not(x509_name_parse(outbuf_span(&out), &name));
}
