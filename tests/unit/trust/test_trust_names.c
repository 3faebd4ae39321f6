/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/trust/trust_names.h"

#define LOOKED_AT_MAX 100

/* leaf, intermediate, anchor with names of their own. */
static struct x509 certs[3];
static const struct x509 *const path[3] = {&certs[0], &certs[1], &certs[2]};
static unsigned looked_at, depth;

/* CN=x and O=y. */
#define NAME_X SPAN_LIT("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x")
#define NAME_Y SPAN_LIT("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01y")
#define NAME_NONE SPAN_LIT("\x30\x00")
/* emailAddress=a@b.c */
#define NAME_EMAIL                                                                                 \
	SPAN_LIT("\x30\x16\x31\x14\x30\x12\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01\x16\x05"    \
		 "a@b.c")
#define SUBTREE_DNS_A                                                                              \
	SPAN_LIT("\x30\x05\x82\x03"                                                                \
		 "a.b")
#define SUBTREE_DNS_C                                                                              \
	SPAN_LIT("\x30\x05\x82\x03"                                                                \
		 "c.d")
#define SUBTREES_DNS_A_AND_C                                                                       \
	SPAN_LIT("\x30\x05\x82\x03"                                                                \
		 "c.d\x30\x05\x82\x03"                                                             \
		 "a.b")
#define SUBTREE_EMAIL_B                                                                            \
	SPAN_LIT("\x30\x05\x81\x03"                                                                \
		 "b.c")
#define SUBTREE_EMAIL_X                                                                            \
	SPAN_LIT("\x30\x05\x81\x03"                                                                \
		 "x.c")
#define SUBTREE_X SPAN_LIT("\x30\x10\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x")
#define SUBTREE_Y SPAN_LIT("\x30\x10\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01y")
#define SUBTREE_OTHER SPAN_LIT("\x30\x09\xa0\x07\x06\x01\x2a\xa0\x02\x05\x00")
#define DNS_A                                                                                      \
	SPAN_LIT("\x82\x03"                                                                        \
		 "a.b")
#define DNS_A_AND_C                                                                                \
	SPAN_LIT("\x82\x03"                                                                        \
		 "a.b\x82\x03"                                                                     \
		 "c.d")
#define IP_1 SPAN_LIT("\x87\x04\x0a\x00\x00\x01")
#define OTHER SPAN_LIT("\xa0\x07\x06\x01\x2a\xa0\x02\x05\x00")
#define EMAIL                                                                                      \
	SPAN_LIT("\x81\x05"                                                                        \
		 "a@b.c")

static void path_init(void)
{
	certs[0] = (struct x509){.subject = NAME_X, .issuer = NAME_Y};
	certs[1] = (struct x509){.subject = NAME_Y, .issuer = NAME_X, .is_ca = true};
	certs[2] = (struct x509){
		.subject = NAME_X, .issuer = NAME_X, .is_self_issued = true, .is_ca = true};
	looked_at = 0;
	depth = 99;
}

static enum auth_reason check(void)
{
	return trust_names_check(path, 3, LOOKED_AT_MAX, &looked_at, &depth);
}

TestSuite(trust_names, .init = path_init);

Test(trust_names, no_constraints_no_comparison)
{
	certs[0].alt_names = DNS_A_AND_C;
	cr_expect_eq(check(), AUTH_ok);
	cr_expect_eq(looked_at, 0);
}

Test(trust_names, every_name_of_a_kind_must_be_permitted)
{
	certs[1].permitted = SUBTREE_DNS_A;
	certs[0].alt_names = DNS_A;
	cr_expect_eq(check(), AUTH_ok);
	certs[0].alt_names = DNS_A_AND_C;
	cr_expect_eq(check(), AUTH_name_constraint);
	cr_expect_eq(depth, 0);
	certs[1].permitted = SUBTREES_DNS_A_AND_C;
	cr_expect_eq(check(), AUTH_ok, "one of several subtrees is enough");
}

Test(trust_names, names_of_other_kinds_are_free)
{
	certs[1].permitted = SUBTREE_DNS_A;
	certs[1].excluded = SUBTREE_DNS_C;
	certs[0].alt_names = IP_1;
	cr_expect_eq(check(), AUTH_ok);
	certs[0].alt_names = OTHER;
	cr_expect_eq(check(), AUTH_ok);
}

Test(trust_names, excluded_overrides_permitted)
{
	certs[1].permitted = SUBTREES_DNS_A_AND_C;
	certs[1].excluded = SUBTREE_DNS_C;
	certs[0].alt_names = DNS_A_AND_C;
	cr_expect_eq(check(), AUTH_name_constraint);
	certs[0].alt_names = DNS_A;
	cr_expect_eq(check(), AUTH_ok);
}

Test(trust_names, constraints_of_each_ca_hold)
{
	certs[0].alt_names = DNS_A;
	certs[1].permitted = SUBTREE_DNS_A;
	certs[2].permitted = SUBTREE_DNS_C;
	cr_expect_eq(check(), AUTH_name_constraint, "what one permits another may withhold");
	certs[2].permitted = SUBTREES_DNS_A_AND_C;
	cr_expect_eq(check(), AUTH_ok);
	certs[2].permitted = (struct span){0};
	certs[2].excluded = SUBTREE_DNS_A;
	cr_expect_eq(check(), AUTH_name_constraint, "of the anchor");
}

Test(trust_names, intermediates_are_held_to_constraints_above_them)
{
	certs[1].alt_names = DNS_A;
	certs[1].permitted = SUBTREE_DNS_C;
	cr_expect_eq(check(), AUTH_ok, "not to its own");
	certs[2].permitted = SUBTREE_DNS_C;
	cr_expect_eq(check(), AUTH_name_constraint);
	cr_expect_eq(depth, 1);
}

Test(trust_names, self_issued_intermediate_is_exempt_and_the_leaf_is_not)
{
	certs[1].alt_names = DNS_A;
	certs[1].is_self_issued = true;
	certs[2].permitted = SUBTREE_DNS_C;
	cr_expect_eq(check(), AUTH_ok);
	certs[0].is_self_issued = true;
	certs[0].alt_names = DNS_A;
	cr_expect_eq(check(), AUTH_name_constraint);
	cr_expect_eq(depth, 0);
}

Test(trust_names, subject_is_a_directory_name)
{
	certs[1].permitted = SUBTREE_Y;
	cr_expect_eq(check(), AUTH_name_constraint);
	certs[1].permitted = SUBTREE_X;
	cr_expect_eq(check(), AUTH_ok);
	certs[1].permitted = (struct span){0};
	certs[1].excluded = SUBTREE_X;
	cr_expect_eq(check(), AUTH_name_constraint);
	certs[0].subject = NAME_NONE;
	cr_expect_eq(check(), AUTH_ok, "an empty one is no name");
}

Test(trust_names, email_address_of_the_subject_is_an_email_name)
{
	certs[0].subject = NAME_EMAIL;
	certs[1].permitted = SUBTREE_EMAIL_B;
	cr_expect_eq(check(), AUTH_ok);
	certs[1].permitted = SUBTREE_EMAIL_X;
	cr_expect_eq(check(), AUTH_name_constraint);
	certs[0].alt_names = DNS_A;
	cr_expect_eq(check(), AUTH_name_constraint, "also beside a subjectAltName");
	certs[0].subject = NAME_X;
	cr_expect_eq(check(), AUTH_ok);
	certs[0].alt_names = EMAIL;
	cr_expect_eq(check(), AUTH_name_constraint);
}

Test(trust_names, mailbox_of_an_other_name_is_an_email_name)
{
	certs[0].alt_names = SPAN_LIT(
		"\xa0\x13\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09\xa0\x07\x0c\x05"
		"a@b.c");
	cr_expect_eq(check(), AUTH_ok);
	certs[1].permitted = SUBTREE_EMAIL_B;
	cr_expect_eq(check(), AUTH_ok);
	certs[1].permitted = SUBTREE_EMAIL_X;
	cr_expect_eq(check(), AUTH_name_constraint);
	certs[1].permitted = (struct span){0};
	certs[1].excluded = SUBTREE_EMAIL_B;
	cr_expect_eq(check(), AUTH_name_constraint);
	certs[0].alt_names = OTHER;
	cr_expect_eq(check(), AUTH_ok, "another kind of otherName");
}

Test(trust_names, kinds_we_do_not_read_are_refused_where_they_are_constrained)
{
	certs[1].excluded = SUBTREE_OTHER;
	certs[0].alt_names = DNS_A;
	cr_expect_eq(check(), AUTH_ok);
	certs[0].alt_names = OTHER;
	cr_expect_eq(check(), AUTH_name_constraint);
	certs[1].excluded = (struct span){0};
	certs[1].permitted = SUBTREE_OTHER;
	cr_expect_eq(check(), AUTH_name_constraint);
}

Test(trust_names, unclear_name_is_neither_permitted_nor_passed)
{
	certs[0].alt_names = SPAN_LIT("\x82\x04"
				      ".a.b");
	certs[1].permitted = SUBTREE_DNS_A;
	cr_expect_eq(check(), AUTH_name_constraint);
	certs[1].permitted = (struct span){0};
	certs[1].excluded = SUBTREE_DNS_C;
	cr_expect_eq(check(), AUTH_name_constraint);
}

Test(trust_names, leaf_has_no_constraints_unless_it_is_a_ca)
{
	certs[0].permitted = SUBTREE_DNS_A;
	cr_expect_eq(check(), AUTH_name_constraint);
	cr_expect_eq(depth, 0);
	certs[0].is_ca = true;
	cr_expect_eq(check(), AUTH_ok);
}

Test(trust_names, names_and_subtrees_are_counted_up_to_their_limit)
{
	certs[0].alt_names = DNS_A_AND_C;
	certs[1].excluded = SUBTREE_EMAIL_X;
	certs[2].permitted = SUBTREES_DNS_A_AND_C;
	cr_expect_eq(check(), AUTH_ok);
	/* Of the leaf CN=x, a.b and c.d: 2 each by the intermediate's one subtree; 3, 3 and, found
	 * at once, 2 by the anchor's two.  The intermediate's O=y by the anchor's two: 3. */
	cr_expect_eq(looked_at, 17);
	looked_at = 0;
	cr_expect_eq(trust_names_check(path, 3, 17, &looked_at, &depth), AUTH_ok);
	looked_at = 0;
	cr_expect_eq(trust_names_check(path, 3, 16, &looked_at, &depth), AUTH_search_limit);
	cr_expect_eq(looked_at, 16);
	cr_expect_eq(trust_names_check(path, 3, 18, &looked_at, &depth), AUTH_search_limit,
		     "what was spent before counts");
}

/* Nothing here is of one kind, so nothing is compared: passing over is work all the same. */
Test(trust_names, thousands_of_names_beside_thousands_of_subtrees_end_at_the_limit)
{
	static uint8_t names[6 * 5000], subtrees[7 * 5000];

	for (size_t i = 0; i < 5000; i++) {
		memcpy(&names[6 * i], "\x87\x04\x0a\x00\x00\x01", 6);
		memcpy(&subtrees[7 * i],
		       "\x30\x05\x82\x03"
		       "a.b",
		       7);
	}
	certs[0].alt_names = SPAN(names);
	certs[1].permitted = SPAN(subtrees);
	cr_expect_eq(trust_names_check(path, 3, 20000, &looked_at, &depth), AUTH_search_limit);
	cr_expect_eq(looked_at, 20000);
}
