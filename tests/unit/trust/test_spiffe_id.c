/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/trust/spiffe_id.h"

Test(spiffe_id, parts_are_views)
{
	struct span uri = SPAN_LIT("spiffe://prod.example/ns/a/sa/B_1.-");
	struct spiffe_id id;

	cr_assert(spiffe_id_parse(uri, &id));
	cr_expect(span_eq(id.uri, uri));
	cr_expect(span_eq(id.trust_domain, SPAN_LIT("prod.example")));
	cr_expect(span_eq(id.path, SPAN_LIT("/ns/a/sa/B_1.-")));
	cr_assert(spiffe_id_parse(SPAN_LIT("spiffe://prod.example"), &id));
	cr_expect_eq(id.path.len, 0);
}

Test(spiffe_id, other_forms_are_refused)
{
	static const char *const bad[] = {
		"",
		"spiffe:/",
		"spiffe://",
		"spiffe:///a",
		"SPIFFE://prod.example/a",
		"https://prod.example/a",
		"spiffe://Prod.example/a",
		"spiffe://user@prod.example/a",
		"spiffe://prod.example:8443/a",
		"spiffe://prod.example/a?b",
		"spiffe://prod.example/a#b",
		"spiffe://prod.example?/a",
		"spiffe://prod%2eexample/a",
		"spiffe://prod.example/%61",
		"spiffe://prod.example/",
		"spiffe://prod.example/a/",
		"spiffe://prod.example//a",
		"spiffe://prod.example/./a",
		"spiffe://prod.example/a/..",
		"spiffe://prod.example/a b",
		"spiffe://[::1]/a",
	};
	struct spiffe_id id;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(spiffe_id_parse(span_str(bad[i]), &id), "%s", bad[i]);
}

Test(spiffe_id, length_is_bounded)
{
	char uri[2100] = "spiffe://a/";
	struct spiffe_id id;

	memset(uri + 11, 'x', sizeof(uri) - 11);
	cr_expect(spiffe_id_parse(span_of(uri, 2048), &id));
	cr_expect_not(spiffe_id_parse(span_of(uri, 2049), &id));
	memset(uri + 9, 'd', 300);
	uri[9 + 255] = '/';
	cr_expect(spiffe_id_parse(span_of(uri, 300), &id));
	uri[9 + 255] = 'd';
	uri[9 + 256] = '/';
	cr_expect_not(spiffe_id_parse(span_of(uri, 300), &id));
}

#define URI_A                                                                                      \
	SPAN_LIT("\x86\x0c"                                                                        \
		 "spiffe://d/a")
#define URI_NONE                                                                                   \
	SPAN_LIT("\x86\x0a"                                                                        \
		 "spiffe://d")
#define URI_A_TWICE                                                                                \
	SPAN_LIT("\x86\x0c"                                                                        \
		 "spiffe://d/a\x86\x0c"                                                            \
		 "spiffe://d/a")
#define URI_A_AND_OTHER                                                                            \
	SPAN_LIT("\x86\x0c"                                                                        \
		 "spiffe://d/a\x86\x03"                                                            \
		 "x:y")
#define DNS_AND_URI_A                                                                              \
	SPAN_LIT("\x82\x01"                                                                        \
		 "d\x86\x0c"                                                                       \
		 "spiffe://d/a")
#define DNS_A                                                                                      \
	SPAN_LIT("\x82\x0c"                                                                        \
		 "spiffe://d/a")

Test(spiffe_id, leaf_has_exactly_one_uri)
{
	static const struct {
		struct span names;
		bool is_good;
	} row[] = {
		{URI_A, true},         {DNS_AND_URI_A, true},
		{URI_A_TWICE, false},  {URI_A_AND_OTHER, false},
		{DNS_A, false},        {URI_NONE, false},
		{SPAN_LIT(""), false},
	};
	struct spiffe_id id;

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		const struct x509 leaf = {.alt_names = row[i].names};

		cr_expect_eq(spiffe_id_of_leaf(&leaf, &id), row[i].is_good, "row %zu", i);
	}
}

Test(spiffe_id, ca_is_no_workload)
{
	struct x509 leaf = {.alt_names = URI_A, .is_ca = true};
	struct spiffe_id id;

	cr_expect_not(spiffe_id_of_leaf(&leaf, &id));
	leaf.is_ca = false;
	cr_expect(spiffe_id_of_leaf(&leaf, &id));
}
