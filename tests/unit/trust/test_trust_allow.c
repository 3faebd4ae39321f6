/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/trust/trust_allow.h"

static enum auth_reason check(const struct trust_allow *allow, const struct x509 *leaf)
{
	unsigned looked_at = 0;

	return trust_allow_check(allow, leaf, 100, &looked_at);
}

/* A leaf of one name: its tag and characters. */
static enum auth_reason check_name(enum trust_name_kind kind, enum trust_name_match match,
				   const char *value, uint8_t tag, const char *name)
{
	const struct trust_allow_name allowed = {kind, match, span_str(value)};
	const struct trust_allow allow = {.names = &allowed, .name_count = 1};
	uint8_t alt_names[128] = {tag, (uint8_t)strlen(name)};
	struct x509 leaf = {.alt_names = span_of(alt_names, 2 + strlen(name))};

	memcpy(alt_names + 2, name, strlen(name));
	return check(&allow, &leaf);
}

#define DNS 0x82
#define EMAIL 0x81
#define URI 0x86

Test(trust_allow, nothing_asked_everybody_allowed)
{
	const struct trust_allow allow = {0};
	const struct x509 leaf = {0};

	cr_expect_eq(check(&allow, &leaf), AUTH_ok);
}

Test(trust_allow, names_fit_as_their_kind_divides_them)
{
	static const struct {
		enum trust_name_kind kind;
		enum trust_name_match match;
		const char *value;
		uint8_t tag;
		const char *name;
		bool is_allowed;
	} row[] = {
		{TRUST_NAME_DNS, TRUST_MATCH_EXACT, "a.example", DNS, "A.Example", true},
		{TRUST_NAME_DNS, TRUST_MATCH_EXACT, "a.example", DNS, "b.a.example", false},
		{TRUST_NAME_DNS, TRUST_MATCH_EXACT, "a.example", DNS, "a.example.b", false},
		{TRUST_NAME_DNS, TRUST_MATCH_EXACT, "a.example", DNS, "*.example", false},
		{TRUST_NAME_DNS, TRUST_MATCH_EXACT, "a.example", URI, "a.example", false},
		{TRUST_NAME_DNS, TRUST_MATCH_SUFFIX, "example", DNS, "a.EXAMPLE", true},
		{TRUST_NAME_DNS, TRUST_MATCH_SUFFIX, ".example", DNS, "a.example", true},
		{TRUST_NAME_DNS, TRUST_MATCH_SUFFIX, ".example", DNS, "example", false},
		{TRUST_NAME_DNS, TRUST_MATCH_SUFFIX, "example", DNS, "example", true},
		{TRUST_NAME_DNS, TRUST_MATCH_SUFFIX, "example", DNS, "evil-example", false},
		{TRUST_NAME_DNS, TRUST_MATCH_PREFIX, "api", DNS, "api.example", true},
		{TRUST_NAME_DNS, TRUST_MATCH_PREFIX, "api", DNS, "apis.example", false},
		{TRUST_NAME_EMAIL, TRUST_MATCH_EXACT, "a@b.c", EMAIL, "a@b.c", true},
		{TRUST_NAME_EMAIL, TRUST_MATCH_EXACT, "a@b.c", EMAIL, "A@b.c", false},
		{TRUST_NAME_EMAIL, TRUST_MATCH_SUFFIX, "b.c", EMAIL, "a@b.c", true},
		{TRUST_NAME_EMAIL, TRUST_MATCH_SUFFIX, "@b.c", EMAIL, "a@x.b.c", false},
		{TRUST_NAME_EMAIL, TRUST_MATCH_SUFFIX, "b.c", EMAIL, "a@xb.c", false},
		{TRUST_NAME_EMAIL, TRUST_MATCH_PREFIX, "a@", EMAIL, "a@b.c", true},
		{TRUST_NAME_EMAIL, TRUST_MATCH_PREFIX, "a@b", EMAIL, "a@bc.d", false},
		{TRUST_NAME_URI, TRUST_MATCH_EXACT, "spiffe://d/a", URI, "spiffe://d/a", true},
		{TRUST_NAME_URI, TRUST_MATCH_EXACT, "spiffe://d/a", URI, "spiffe://d/A", false},
		{TRUST_NAME_URI, TRUST_MATCH_PREFIX, "spiffe://d/ns", URI, "spiffe://d/ns/a", true},
		{TRUST_NAME_URI, TRUST_MATCH_PREFIX, "spiffe://d/", URI, "spiffe://d/ns/a", true},
		{TRUST_NAME_URI, TRUST_MATCH_PREFIX, "spiffe://d", URI, "spiffe://d.evil/a", false},
		{TRUST_NAME_URI, TRUST_MATCH_PREFIX, "spiffe://d/ns", URI, "spiffe://d/nsx", false},
		{TRUST_NAME_URI, TRUST_MATCH_SUFFIX, "sa/web", URI, "spiffe://d/sa/web", true},
		{TRUST_NAME_URI, TRUST_MATCH_SUFFIX, "web", URI, "spiffe://d/evilweb", false},
		{TRUST_NAME_DNS, TRUST_MATCH_SUFFIX, "", DNS, "a.example", false},
		{TRUST_NAME_URI, TRUST_MATCH_PREFIX, "", URI, "spiffe://d/a", false},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		cr_expect_eq(check_name(row[i].kind, row[i].match, row[i].value, row[i].tag,
					row[i].name),
			     row[i].is_allowed ? AUTH_ok : AUTH_name_not_allowed, "'%s' and '%s'",
			     row[i].value, row[i].name);
}

static enum auth_reason check_ip(enum trust_name_match match, struct span value, struct span names)
{
	const struct trust_allow_name allowed = {TRUST_NAME_IP, match, value};
	const struct trust_allow allow = {.names = &allowed, .name_count = 1};
	const struct x509 leaf = {.alt_names = names};

	return check(&allow, &leaf);
}

Test(trust_allow, addresses_fit_whole_or_under_a_mask)
{
	struct span ten = SPAN_LIT("\x0a\x00\x00\x01"), name = SPAN_LIT("\x87\x04\x0a\x00\x00\x01");
	struct span net = SPAN_LIT("\x0a\x00\x00\x00\xff\xff\xff\x00");
	struct span other = SPAN_LIT("\x87\x04\x0a\x00\x01\x01");

	cr_expect_eq(check_ip(TRUST_MATCH_EXACT, ten, name), AUTH_ok);
	cr_expect_eq(check_ip(TRUST_MATCH_EXACT, ten, other), AUTH_name_not_allowed);
	cr_expect_eq(check_ip(TRUST_MATCH_PREFIX, net, name), AUTH_ok);
	cr_expect_eq(check_ip(TRUST_MATCH_PREFIX, net, other), AUTH_name_not_allowed);
	cr_expect_eq(check_ip(TRUST_MATCH_SUFFIX, ten, name), AUTH_name_not_allowed);
}

Test(trust_allow, one_name_of_several_is_enough)
{
	const struct trust_allow_name allowed[] = {
		{TRUST_NAME_DNS, TRUST_MATCH_EXACT, SPAN_LIT("a")},
		{TRUST_NAME_DNS, TRUST_MATCH_EXACT, SPAN_LIT("b")},
	};
	const struct trust_allow allow = {.names = allowed, .name_count = 2};
	struct x509 leaf = {.alt_names = SPAN_LIT("\x82\x01x\x82\x01"
						  "b")};

	cr_expect_eq(check(&allow, &leaf), AUTH_ok);
	leaf.alt_names = SPAN_LIT("\x82\x01x\x82\x01y");
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
	leaf.alt_names = SPAN_LIT("");
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
}

Test(trust_allow, each_name_held_against_another_is_counted)
{
	const struct trust_allow_name allowed[] = {
		{TRUST_NAME_DNS, TRUST_MATCH_EXACT, SPAN_LIT("a")},
		{TRUST_NAME_URI, TRUST_MATCH_EXACT, SPAN_LIT("b")},
	};
	const struct trust_allow allow = {.names = allowed, .name_count = 2};
	const struct x509 leaf = {.alt_names = SPAN_LIT("\x82\x01x\x82\x01y\x82\x01"
							"a")};
	unsigned looked_at = 0;

	cr_expect_eq(trust_allow_check(&allow, &leaf, 5, &looked_at), AUTH_ok);
	cr_expect_eq(looked_at, 5);
	looked_at = 3;
	cr_expect_eq(trust_allow_check(&allow, &leaf, 7, &looked_at), AUTH_search_limit);
	cr_expect_eq(looked_at, 7);
}

Test(trust_allow, spiffe_id_is_of_the_trust_domain)
{
	struct trust_allow allow = {.spiffe_trust_domain = SPAN_LIT("d")};
	struct x509 leaf = {.alt_names = SPAN_LIT("\x86\x0c"
						  "spiffe://d/a")};

	cr_expect_eq(check(&allow, &leaf), AUTH_ok);
	allow.spiffe_trust_domain = SPAN_LIT("e");
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
	leaf.alt_names = SPAN_LIT("\x86\x0d"
				  "spiffe://ed/a");
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
	leaf.alt_names = SPAN_LIT("\x82\x01"
				  "e");
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
}

/* SHA-256 of "abc" (FIPS 180-4 examples), among others. */
static uint8_t digests[3][TRUST_SHA256_OCTETS] = {
	{0xff},
	{0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
	 0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
	 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad},
	{0x01},
};

Test(trust_allow, leaf_is_found_by_its_whole_digest)
{
	const struct trust_allow allow = {.leaf_sha256 = digests, .leaf_count = 3};
	struct x509 leaf = {.der = SPAN_LIT("abc")};

	trust_allow_sort(digests, 3);
	cr_expect_eq(digests[0][0], 0x01);
	cr_expect_eq(check(&allow, &leaf), AUTH_ok);
	digests[1][31] ^= 1;
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
	leaf.der = SPAN_LIT("abd");
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
}

Test(trust_allow, each_list_that_is_not_empty_must_have_the_leaf)
{
	const struct trust_allow_name allowed = {TRUST_NAME_URI, TRUST_MATCH_EXACT,
						 SPAN_LIT("spiffe://d/a")};
	struct trust_allow allow = {
		.names = &allowed, .name_count = 1, .spiffe_trust_domain = SPAN_LIT("d")};
	struct x509 leaf = {.der = SPAN_LIT("abc"),
			    .alt_names = SPAN_LIT("\x86\x0c"
						  "spiffe://d/a")};

	cr_expect_eq(check(&allow, &leaf), AUTH_ok);
	allow.leaf_sha256 = digests;
	allow.leaf_count = 1;
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
	allow.leaf_count = 0;
	allow.spiffe_trust_domain = SPAN_LIT("e");
	cr_expect_eq(check(&allow, &leaf), AUTH_name_not_allowed);
}
