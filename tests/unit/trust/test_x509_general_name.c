/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/trust/x509_general_name.h"

static bool name_is_taken(struct span in)
{
	struct x509_general_name name;

	return x509_general_name_take(&in, &name) && in.len == 0;
}

static bool subtree_is_taken(struct span in)
{
	struct x509_general_name base;

	return x509_subtree_take(&in, &base) && in.len == 0;
}

Test(x509_general_name, each_kind_is_read_by_its_tag)
{
	static const struct {
		struct span in, value;
		enum x509_name_kind kind;
	} row[] = {
		{SPAN_LIT("\xa0\x07\x06\x01\x2a\xa0\x02\x05\x00"),
		 SPAN_LIT("\x06\x01\x2a\xa0\x02\x05\x00"), X509_NAME_OTHER},
		{SPAN_LIT("\x81\x03"
			  "a@b"),
		 SPAN_LIT("a@b"), X509_NAME_EMAIL},
		{SPAN_LIT("\x82\x01x"), SPAN_LIT("x"), X509_NAME_DNS},
		{SPAN_LIT("\xa3\x00"), SPAN_LIT(""), X509_NAME_X400},
		{SPAN_LIT("\xa4\x02\x30\x00"), SPAN_LIT("\x30\x00"), X509_NAME_DIRECTORY},
		{SPAN_LIT("\xa5\x00"), SPAN_LIT(""), X509_NAME_EDI_PARTY},
		{SPAN_LIT("\x86\x03x:y"), SPAN_LIT("x:y"), X509_NAME_URI},
		{SPAN_LIT("\x87\x04\x0a\x00\x00\x01"), SPAN_LIT("\x0a\x00\x00\x01"), X509_NAME_IP},
		{SPAN_LIT("\x88\x01\x2a"), SPAN_LIT("\x2a"), X509_NAME_REGISTERED_ID},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct span in = row[i].in;
		struct x509_general_name name;

		cr_assert(x509_general_name_take(&in, &name), "row %zu", i);
		cr_expect_eq(in.len, 0);
		cr_expect_eq(name.kind, row[i].kind, "row %zu", i);
		cr_expect(span_eq(name.value, row[i].value), "row %zu", i);
	}
}

Test(x509_general_name, mailbox_in_an_other_name)
{
	static const struct span bad[] = {
		SPAN_LIT("\xa0\x0f\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x07\xa0\x03\x0c\x01"
			 "@"), /* dnsSRV */
		SPAN_LIT("\x81\x03"
			 "a@b"), /* rfc822Name */
	};
	struct span in = SPAN_LIT(
		"\xa0\x0f\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09\xa0\x03\x0c\x01@");
	struct span mailbox = {0};
	struct x509_general_name name;

	cr_assert(x509_general_name_take(&in, &name));
	cr_expect(x509_general_name_is_mailbox(&name, &mailbox));
	cr_expect(span_eq(mailbox, SPAN_LIT("@")));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		in = bad[i];
		cr_assert(x509_general_name_take(&in, &name), "row %zu", i);
		cr_expect_not(x509_general_name_is_mailbox(&name, &mailbox), "row %zu", i);
	}
}

Test(x509_general_name, other_tags_are_refused)
{
	static const struct span bad[] = {
		SPAN_LIT(""),
		SPAN_LIT("\x82\x02x"),
		SPAN_LIT("\x89\x01x"),
		SPAN_LIT("\x02\x01\x01"),                     /* universal */
		SPAN_LIT("\xa2\x03\x16\x01x"),                /* constructed, yet of characters */
		SPAN_LIT("\xa7\x04\x0a\x00\x00\x01"),         /* the same with an address */
		SPAN_LIT("\x84\x02\x30\x00"),                 /* primitive, yet of elements */
		SPAN_LIT("\x80\x07\x06\x01\x2a\xa0\x02\x05"), /* the same with an otherName */
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(name_is_taken(bad[i]), "row %zu", i);
}

Test(x509_general_name, characters_are_printable_ascii)
{
	static const struct span bad[] = {
		SPAN_LIT("\x82\x00"),         SPAN_LIT("\x82\x02x\x00"), SPAN_LIT("\x82\x02x\n"),
		SPAN_LIT("\x81\x02x\x7f"),    SPAN_LIT("\x86\x02x\x80"), SPAN_LIT("\x81\x00"),
		SPAN_LIT("\x86\x02\xc3\xa4"), SPAN_LIT("\x86\x00"),
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(name_is_taken(bad[i]), "row %zu", i);
	cr_expect(name_is_taken(SPAN_LIT("\x82\x02 ~")));
}

Test(x509_general_name, address_has_four_or_sixteen_octets)
{
	uint8_t in[2 + 33] = {0x87};

	for (uint8_t octets = 0; octets <= 33; octets++) {
		in[1] = octets;
		cr_expect_eq(name_is_taken(span_of(in, 2u + octets)), octets == 4 || octets == 16,
			     "%u octets", octets);
	}
}

Test(x509_general_name, elements_inside_are_well_formed)
{
	static const struct span bad[] = {
		SPAN_LIT("\xa4\x00"),                         /* no Name */
		SPAN_LIT("\xa4\x04\x30\x00\x30\x00"),         /* two */
		SPAN_LIT("\xa4\x04\x30\x02\x31\x00"),         /* an empty RDN */
		SPAN_LIT("\xa0\x03\x06\x01\x2a"),             /* no value */
		SPAN_LIT("\xa0\x05\x06\x01\x2a\x05\x00"),     /* not under [0] */
		SPAN_LIT("\xa0\x05\x06\x01\x2a\xa0\x00"),     /* nothing under it */
		SPAN_LIT("\xa0\x06\x06\x00\xa0\x02\x05\x00"), /* no identifier */
		SPAN_LIT("\x88\x00"),
		SPAN_LIT("\x88\x01\x80"),
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(name_is_taken(bad[i]), "row %zu", i);
}

Test(x509_general_name, one_bad_name_spoils_the_list)
{
	cr_expect(x509_general_names_are_well_formed(SPAN_LIT("\x82\x01x\x82\x01y")));
	cr_expect_not(x509_general_names_are_well_formed(SPAN_LIT("\x82\x01x\x82\x00")));
	cr_expect_not(x509_general_names_are_well_formed(SPAN_LIT("")));
}

Test(x509_general_name, subtree_may_be_of_all_names)
{
	cr_expect(subtree_is_taken(SPAN_LIT("\x30\x02\x82\x00")));
	cr_expect(subtree_is_taken(SPAN_LIT("\x30\x02\x81\x00")));
	cr_expect(subtree_is_taken(SPAN_LIT("\x30\x04\xa4\x02\x30\x00")));
	cr_expect_not(subtree_is_taken(SPAN_LIT("\x30\x00")));
	cr_expect_not(subtree_is_taken(SPAN_LIT("\x30\x04\x82\x02x\x00")));
}

Test(x509_general_name, subtree_has_no_minimum_and_no_maximum)
{
	cr_expect(subtree_is_taken(SPAN_LIT("\x30\x06\x82\x01x\x80\x01\x00")), "the default");
	cr_expect_not(subtree_is_taken(SPAN_LIT("\x30\x06\x82\x01x\x80\x01\x01")));
	cr_expect_not(subtree_is_taken(SPAN_LIT("\x30\x05\x82\x01x\x80\x00")));
	cr_expect_not(subtree_is_taken(SPAN_LIT("\x30\x06\x82\x01x\x81\x01\x00")));
	cr_expect_not(subtree_is_taken(SPAN_LIT("\x30\x09\x82\x01x\x80\x01\x00\x81\x01\x00")));
}

Test(x509_general_name, subtree_of_addresses_has_a_mask_of_ones_before_zeros)
{
	static const struct {
		uint8_t mask[4];
		bool is_good;
	} row[] = {
		{{0, 0, 0, 0}, true},      {{255, 255, 255, 255}, true}, {{255, 254, 0, 0}, true},
		{{255, 0, 255, 0}, false}, {{253, 0, 0, 0}, false},      {{0, 0, 0, 1}, false},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		uint8_t in[12] = {0x30, 10, 0x87, 8, 10, 0, 0, 0};

		memcpy(in + 8, row[i].mask, 4);
		cr_expect_eq(subtree_is_taken(SPAN(in)), row[i].is_good, "row %zu", i);
	}
	cr_expect_not(subtree_is_taken(SPAN_LIT("\x30\x06\x87\x04\x0a\x00\x00\x01")), "no mask");
	cr_expect_not(subtree_is_taken(SPAN_LIT("\x30\x12\x87\x10\x20\x01\x0d\xb8\x00\x00\x00\x00"
						"\x00\x00\x00\x00\x00\x00\x00\x01")),
		      "no mask, IPv6");
}

Test(x509_general_name, one_bad_subtree_spoils_the_list)
{
	cr_expect(x509_subtrees_are_well_formed(SPAN_LIT("\x30\x03\x82\x01x\x30\x03\x82\x01y")));
	cr_expect_not(x509_subtrees_are_well_formed(SPAN_LIT("\x30\x03\x82\x01x\x30\x00")));
	cr_expect_not(x509_subtrees_are_well_formed(SPAN_LIT("")));
}
