/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/support/cert_build.h"
#include "tls/trust/trust_subtree.h"

struct row {
	const char *base, *name;
	enum trust_within holds;
};

static void expect_rows(enum x509_name_kind kind, const struct row *row, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct x509_general_name base = {kind, span_str(row[i].base)};

		cr_expect_eq(trust_subtree_holds(&base, span_str(row[i].name)), row[i].holds,
			     "'%s' and '%s'", row[i].base, row[i].name);
	}
}
#define EXPECT_ROWS(kind, rows) expect_rows(kind, rows, sizeof(rows) / sizeof((rows)[0]))

Test(trust_subtree, dns_base_holds_what_has_more_labels_to_its_left)
{
	static const struct row rows[] = {
		{"host.example.com", "host.example.com", TRUST_WITHIN},
		{"host.example.com", "www.HOST.example.COM", TRUST_WITHIN},
		{"host.example.com", "a.b.host.example.com", TRUST_WITHIN},
		{"host.example.com", "host1.example.com", TRUST_OUTSIDE},
		{"host.example.com", "1host.example.com", TRUST_OUTSIDE},
		{"host.example.com", "example.com", TRUST_OUTSIDE},
		{"host.example.com", "host.example.com.evil", TRUST_OUTSIDE},
		{"com", "example.com", TRUST_WITHIN},
		{"", "example.com", TRUST_WITHIN},
		{"example.com", "a_b.example.com", TRUST_WITHIN},
	};

	EXPECT_ROWS(X509_NAME_DNS, rows);
}

Test(trust_subtree, dns_names_that_are_no_hosts_are_unclear)
{
	static const struct row rows[] = {
		{".example.com", "foo.example.com", TRUST_UNCLEAR},
		{"*.example.com", "foo.example.com", TRUST_UNCLEAR},
		{"example.com.", "foo.example.com", TRUST_UNCLEAR},
		{"example..com", "foo.example.com", TRUST_UNCLEAR},
		{"example.com", ".example.com", TRUST_UNCLEAR},
		{"example.com", "foo.example.com.", TRUST_UNCLEAR},
		{"example.com", "foo..example.com", TRUST_UNCLEAR},
		{"example.com", "f oo.example.com", TRUST_UNCLEAR},
		{"example.com", "foo*.example.com", TRUST_UNCLEAR},
		{"example.com", "*", TRUST_UNCLEAR},
		{"", ".", TRUST_UNCLEAR},
		{"example.com",
		 "a123456789b123456789c123456789d123456789e123456789f123456789g123"
		 ".example.com",
		 TRUST_UNCLEAR},
	};

	EXPECT_ROWS(X509_NAME_DNS, rows);
}

Test(trust_subtree, wildcard_is_all_that_it_stands_for)
{
	static const struct row rows[] = {
		{"example.com", "*.example.com", TRUST_WITHIN},
		{"example.com", "*.a.example.com", TRUST_WITHIN},
		{"a.example.com", "*.example.com", TRUST_UNCLEAR},
		{"a.b.example.com", "*.example.com", TRUST_OUTSIDE},
		{"example.org", "*.example.com", TRUST_OUTSIDE},
		{"", "*.example.com", TRUST_WITHIN},
	};

	EXPECT_ROWS(X509_NAME_DNS, rows);
}

Test(trust_subtree, email_base_is_a_mailbox_a_host_or_a_domain)
{
	static const struct row rows[] = {
		{"root@example.com", "root@example.com", TRUST_WITHIN},
		{"root@example.com", "root@EXAMPLE.com", TRUST_WITHIN},
		{"root@example.com", "admin@example.com", TRUST_OUTSIDE},
		{"root@example.com", "root@a.example.com", TRUST_OUTSIDE},
		{"example.com", "root@example.com", TRUST_WITHIN},
		{"example.com", "root@Example.Com", TRUST_WITHIN},
		{"example.com", "root@a.example.com", TRUST_OUTSIDE},
		{"example.com", "root@anexample.com", TRUST_OUTSIDE},
		{".example.com", "root@a.example.com", TRUST_WITHIN},
		{".example.com", "root@a.b.example.com", TRUST_WITHIN},
		{".example.com", "root@example.com", TRUST_OUTSIDE},
		{".example.com", "root@anexample.com", TRUST_OUTSIDE},
	};

	EXPECT_ROWS(X509_NAME_EMAIL, rows);
}

Test(trust_subtree, mailboxes_with_several_readings_are_unclear)
{
	static const struct row rows[] = {
		{"Root@example.com", "root@example.com", TRUST_UNCLEAR},
		{"example.com", "\"root\"@example.com", TRUST_UNCLEAR},
		{"example.com", "root@evil@example.com", TRUST_UNCLEAR},
		{"example.com", "root", TRUST_UNCLEAR},
		{"example.com", "@example.com", TRUST_UNCLEAR},
		{"example.com", "root@", TRUST_UNCLEAR},
		{"example.com", "ro ot@example.com", TRUST_UNCLEAR},
		{"example.com", "root@example.com.", TRUST_UNCLEAR},
		{"example.com", "root@[192.0.2.1]", TRUST_UNCLEAR},
		{"a@b@example.com", "b@example.com", TRUST_UNCLEAR},
		{"", "root@example.com", TRUST_UNCLEAR},
		{".", "root@example.com", TRUST_UNCLEAR},
		{"..example.com", "root@a.example.com", TRUST_UNCLEAR},
	};

	EXPECT_ROWS(X509_NAME_EMAIL, rows);
}

Test(trust_subtree, uri_base_is_a_host_or_a_domain)
{
	static const struct row rows[] = {
		{"host.example.com", "https://host.example.com/a?b#c", TRUST_WITHIN},
		{"host.example.com", "spiffe://HOST.example.com", TRUST_WITHIN},
		{"host.example.com", "https://host.example.com:8443/", TRUST_WITHIN},
		{"host.example.com", "https://a.host.example.com/", TRUST_OUTSIDE},
		{"host.example.com", "https://evil.example/host.example.com", TRUST_OUTSIDE},
		{"host.example.com", "https://evil.example?@host.example.com", TRUST_OUTSIDE},
		{"host.example.com", "https://evil.example#host.example.com", TRUST_OUTSIDE},
		{".example.com", "https://host.example.com/", TRUST_WITHIN},
		{".example.com", "https://my.host.example.com/", TRUST_WITHIN},
		{".example.com", "https://example.com/", TRUST_OUTSIDE},
	};

	EXPECT_ROWS(X509_NAME_URI, rows);
}

Test(trust_subtree, uris_without_a_qualified_host_are_unclear)
{
	static const struct row rows[] = {
		{".example.com", "urn:example:a", TRUST_UNCLEAR},
		{".example.com", "/a.example.com", TRUST_UNCLEAR},
		{".example.com", "//a.example.com/", TRUST_UNCLEAR},
		{".example.com", "https:///a.example.com", TRUST_UNCLEAR},
		{".example.com", "https://192.0.2.1/", TRUST_UNCLEAR},
		{".example.com", "https://a.0x7f/", TRUST_UNCLEAR},
		{".example.com", "https://[2001:db8::1]/", TRUST_UNCLEAR},
		{".example.com", "https://localhost/", TRUST_UNCLEAR},
		{".example.com", "https://a.example.com./", TRUST_UNCLEAR},
		{".example.com", "https://a.example.com@evil.example/", TRUST_UNCLEAR},
		{".example.com", "https://user@a.example.com/", TRUST_UNCLEAR},
		{".example.com", "https://a.example.com:x/", TRUST_UNCLEAR},
		{".example.com", "https://a.example.com:1234567/", TRUST_UNCLEAR},
		{".example.com", "https://a.example.com:1111@evil.example/", TRUST_UNCLEAR},
		{".example.com", "https://a.example.com\\@evil.example/", TRUST_UNCLEAR},
		{".example.com", "https://a%2eexample.com/", TRUST_UNCLEAR},
		{".example.com", "1ttps://a.example.com/", TRUST_UNCLEAR},
		{"", "https://a.example.com/", TRUST_UNCLEAR},
		{"*.example.com", "https://a.example.com/", TRUST_UNCLEAR},
	};

	EXPECT_ROWS(X509_NAME_URI, rows);
}

Test(trust_subtree, long_authority_cannot_hide_its_end)
{
	char name[1024] = "https://a.example.com:";
	const struct x509_general_name base = {X509_NAME_URI, SPAN_LIT(".example.com")};
	size_t len = strlen(name);

	memset(name + len, '1', 600);
	strncpy(name + len + 600, "@evil.example/", 100);
	cr_expect_eq(trust_subtree_holds(&base, span_str(name)), TRUST_UNCLEAR);
}

Test(trust_subtree, address_is_compared_under_the_mask)
{
	const struct x509_general_name ten = {X509_NAME_IP,
					      SPAN_LIT("\x0a\x00\x00\x00\xff\x80\x00\x00")};
	const struct x509_general_name all = {X509_NAME_IP,
					      SPAN_LIT("\x00\x00\x00\x00\x00\x00\x00\x00")};
	static const uint8_t v6[32] = {0x20, 0x01, [16] = 0xff, 0xff};
	const struct x509_general_name six = {X509_NAME_IP, SPAN(v6)};
	static const uint8_t in[16] = {0x20, 0x01, [15] = 1}, out[16] = {0x20, 0x02};

	cr_expect_eq(trust_subtree_holds(&ten, SPAN_LIT("\x0a\x7f\x01\x02")), TRUST_WITHIN);
	cr_expect_eq(trust_subtree_holds(&ten, SPAN_LIT("\x0a\x80\x01\x02")), TRUST_OUTSIDE);
	cr_expect_eq(trust_subtree_holds(&all, SPAN_LIT("\x0a\x80\x01\x02")), TRUST_WITHIN);
	cr_expect_eq(trust_subtree_holds(&six, SPAN(in)), TRUST_WITHIN);
	cr_expect_eq(trust_subtree_holds(&six, SPAN(out)), TRUST_OUTSIDE);
	cr_expect_eq(trust_subtree_holds(&six, SPAN_LIT("\x20\x01\x00\x00")), TRUST_OUTSIDE,
		     "of the other version");
	cr_expect_eq(trust_subtree_holds(&all, SPAN(in)), TRUST_OUTSIDE, "of the other version");
}

Test(trust_subtree, kinds_we_do_not_read_are_unclear)
{
	static const enum x509_name_kind kinds[] = {X509_NAME_OTHER, X509_NAME_X400,
						    X509_NAME_EDI_PARTY, X509_NAME_REGISTERED_ID};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct x509_general_name base = {kinds[i], SPAN_LIT("\x2a")};

		cr_expect_eq(trust_subtree_holds(&base, SPAN_LIT("\x2a")), TRUST_UNCLEAR);
	}
}

#define OID_CN SPAN_LIT("\x55\x04\x03")
#define OID_O SPAN_LIT("\x55\x04\x0a")
#define UTF8 0x0c
#define PRINTABLE 0x13
#define T61 0x14
#define BMP 0x1e

/* O=text of that type in one's bytes, with CN=x behind it or not. */
static struct span name_of(uint8_t *bytes, unsigned tag, struct span text, bool has_cn)
{
	uint8_t body[512];
	struct outbuf out = outbuf_of(bytes, 512), rdns = outbuf_of(body, sizeof(body));
	struct outbuf one = outbuf_of(bytes, 512);
	struct span name = name_put1(&one, OID_O, tag, text);

	outbuf_put(&rdns, span_skip(name, 2));
	if (has_cn)
		outbuf_put(&rdns, SPAN_LIT("\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"));
	der_put(&out, 0x30, outbuf_span(&rdns));
	return outbuf_span(&out);
}

static enum trust_within directory_holds(unsigned base_tag, struct span base, unsigned name_tag,
					 struct span name)
{
	uint8_t base_bytes[512], name_bytes[512];
	const struct x509_general_name subtree = {X509_NAME_DIRECTORY,
						  name_of(base_bytes, base_tag, base, false)};

	return trust_subtree_holds(&subtree, name_of(name_bytes, name_tag, name, true));
}

Test(trust_subtree, directory_base_is_the_beginning_of_a_name)
{
	uint8_t a[512], b[512];
	const struct x509_general_name base = {X509_NAME_DIRECTORY,
					       name_of(a, UTF8, SPAN_LIT("Org"), true)};
	const struct x509_general_name none = {X509_NAME_DIRECTORY, SPAN_LIT("\x30\x00")};

	cr_expect_eq(trust_subtree_holds(&base, name_of(b, UTF8, SPAN_LIT("Org"), true)),
		     TRUST_WITHIN);
	cr_expect_eq(trust_subtree_holds(&base, name_of(b, UTF8, SPAN_LIT("Org"), false)),
		     TRUST_OUTSIDE, "shorter");
	cr_expect_eq(trust_subtree_holds(&none, name_of(b, UTF8, SPAN_LIT("Org"), false)),
		     TRUST_WITHIN);
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("Org"), UTF8, SPAN_LIT("Organ")),
		     TRUST_OUTSIDE);
}

Test(trust_subtree, type_of_a_string_does_not_make_another_name)
{
	cr_expect_eq(directory_holds(PRINTABLE, SPAN_LIT("My Org"), UTF8, SPAN_LIT(" my  ORG ")),
		     TRUST_WITHIN);
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("Org"), BMP, SPAN_LIT("\x00O\x00r\x00g")),
		     TRUST_WITHIN);
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("Org"), T61, SPAN_LIT("ORG")), TRUST_WITHIN);
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("\xc3\xa4"), BMP, SPAN_LIT("\x00\xe4")),
		     TRUST_WITHIN);
}

Test(trust_subtree, what_is_no_string_is_unclear_beside_one)
{
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("Org"), DER_OCTET_STRING, SPAN_LIT("Org")),
		     TRUST_UNCLEAR);
	cr_expect_eq(directory_holds(DER_OCTET_STRING, SPAN_LIT("Org"), UTF8, SPAN_LIT("Org")),
		     TRUST_UNCLEAR);
	cr_expect_eq(directory_holds(DER_BIT_STRING, SPAN_LIT("\x00x"), DER_BIT_STRING,
				     SPAN_LIT("\x00y")),
		     TRUST_OUTSIDE, "neither is one");
}

Test(trust_subtree, characters_that_readers_map_are_unclear)
{
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("\xc3\xa4"), UTF8, SPAN_LIT("\xc3\x84")),
		     TRUST_UNCLEAR, "case beyond ASCII");
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("Evil"), UTF8, SPAN_LIT("Ev\xc2\xadil")),
		     TRUST_UNCLEAR, "soft hyphen");
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("Evil"), UTF8, SPAN_LIT("Evil \xc2\xad")),
		     TRUST_UNCLEAR, "the same behind a space");
	cr_expect_eq(directory_holds(UTF8, SPAN_LIT("Evil"), UTF8,
				     SPAN_LIT("\xef\xbc\xa5"
					      "vil")),
		     TRUST_UNCLEAR, "full width");
	cr_expect_eq(
		directory_holds(UTF8, SPAN_LIT("Evil"), UTF8, SPAN_LIT("Soci\xc3\xa9t\xc3\xa9")),
		TRUST_OUTSIDE, "another name whatever is mapped");
}

/* A name of one RDN with these attributes, each O=letter or CN=letter. */
static struct span rdn_of(uint8_t *bytes, const char *letters)
{
	uint8_t set[512], seq[512];
	struct outbuf set_out = outbuf_of(set, sizeof(set)), seq_out = outbuf_of(seq, sizeof(seq));
	struct outbuf out = outbuf_of(bytes, 512);

	for (; *letters != 0; letters++) {
		uint8_t attribute[] = {0x30,
				       8,
				       0x06,
				       3,
				       0x55,
				       4,
				       *letters < 'a' ? 10 : 3,
				       UTF8,
				       1,
				       (uint8_t)*letters};

		outbuf_put(&set_out, SPAN(attribute));
	}
	der_put(&seq_out, 0x31, outbuf_span(&set_out));
	der_put(&out, 0x30, outbuf_span(&seq_out));
	return outbuf_span(&out);
}

Test(trust_subtree, attributes_of_one_rdn_are_compared_in_their_order)
{
	static const struct row rows[] = {
		{"aB", "aB", TRUST_WITHIN},  {"aB", "aC", TRUST_UNCLEAR},
		{"aB", "Ba", TRUST_UNCLEAR}, {"aB", "a", TRUST_OUTSIDE},
		{"a", "aB", TRUST_OUTSIDE},  {"a", "B", TRUST_OUTSIDE},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t a[512], b[512];
		const struct x509_general_name base = {X509_NAME_DIRECTORY,
						       rdn_of(a, rows[i].base)};

		cr_expect_eq(trust_subtree_holds(&base, rdn_of(b, rows[i].name)), rows[i].holds,
			     "row %zu", i);
	}
}
