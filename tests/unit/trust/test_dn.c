/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text must be the octets that OpenSSL prints with -nameopt RFC2253: its command is asked
 * for each name. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/cert_build.h"
#include "tls/trust/dn.h"

#define CN SPAN_LIT("\x55\x04\x03")

static uint8_t name_bytes[65536], text_bytes[DN_TEXT_FACTOR * 65536], cert_bytes[65536];

static struct span printed(struct span name)
{
	struct outbuf out = outbuf_of(text_bytes, sizeof(text_bytes));

	cr_assert(dn_print(name, &out));
	return outbuf_span(&out);
}

static struct span printed_cn(unsigned tag, struct span text)
{
	struct outbuf out = outbuf_of(name_bytes, sizeof(name_bytes));

	return printed(name_put1(&out, CN, tag, text));
}

/* What the openssl command prints for a certificate with this subject. */
static struct span openssl_prints(struct span subject)
{
	static char line[sizeof(text_bytes)];
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));
	struct cert_parts parts = cert_parts_plain();
	char path[] = "/tmp/test_dn.XXXXXX", command[128];
	struct span der;
	FILE *pipe;
	size_t len;
	int fd = mkstemp(path);

	parts.subject = subject;
	der = cert_build(&parts, &out);
	cr_assert(fd >= 0 && write(fd, der.p, der.len) == (ssize_t)der.len);
	close(fd);
	snprintf(command, sizeof(command),
		 "openssl x509 -inform DER -in %s -noout -subject -nameopt RFC2253", path);
	pipe = popen(command, "r");
	cr_assert_not_null(pipe);
	len = fread(line, 1, sizeof(line), pipe);
	cr_assert_eq(pclose(pipe), 0);
	unlink(path);
	cr_assert(len > 9 && line[len - 1] == '\n' && memcmp(line, "subject=", 8) == 0);
	return span_of(line + 8, len - 9);
}

static void agrees_with_openssl(struct span name)
{
	struct span ours = printed(name), theirs = openssl_prints(name);

	cr_expect(span_eq(ours, theirs), "ours %.*s, theirs %.*s", (int)ours.len, ours.p,
		  (int)theirs.len, theirs.p);
}

Test(dn, control_characters_never_come_out)
{
	cr_expect(span_eq(printed_cn(0x0c, SPAN_LIT("a\r\nX-Admin: 1")),
			  SPAN_LIT("CN=a\\0D\\0AX-Admin: 1")));
	cr_expect(span_eq(printed_cn(0x13, SPAN_LIT("\t\x1b\x7f")), SPAN_LIT("CN=\\09\\1B\\7F")));
	cr_expect(span_eq(printed_cn(0x1e, SPAN_LIT("\0\r\0\n\x01\x0a")),
			  SPAN_LIT("CN=\\0D\\0A\\C4\\8A")));
	cr_expect(span_eq(printed_cn(0x1c, SPAN_LIT("\0\0\0\n\0\x01\xf5\x12")),
			  SPAN_LIT("CN=\\0A\\F0\\9F\\94\\92")));
	cr_expect(span_eq(printed_cn(0x14, SPAN_LIT("\x85\xe9")), SPAN_LIT("CN=\\C2\\85\\C3\\A9")));
}

Test(dn, separators_inside_a_value_are_escaped)
{
	cr_expect(span_eq(printed_cn(0x0c, SPAN_LIT("a,CN=admin")), SPAN_LIT("CN=a\\,CN=admin")));
	cr_expect(span_eq(printed_cn(0x0c, SPAN_LIT("a+b\"c\\d<e>f;g")),
			  SPAN_LIT("CN=a\\+b\\\"c\\\\d\\<e\\>f\\;g")));
}

Test(dn, malformed_names_are_not_printed)
{
	struct outbuf out = outbuf_of(text_bytes, sizeof(text_bytes));

	cr_assert_not(dn_print(SPAN_LIT("\x30\x02\x31\x00"), &out));
	cr_assert_not(dn_print(SPAN_LIT(""), &out));
}

Test(dn, name_that_does_not_fit_is_an_error)
{
	struct span name = SPAN_LIT("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x");
	struct outbuf out = outbuf_of(text_bytes, 3);

	cr_assert_not(dn_print(name, &out));
	out = outbuf_of(text_bytes, 4);
	cr_assert(dn_print(name, &out));
}

Test(dn, awkward_values_print_as_openssl_prints_them)
{
	static const struct {
		unsigned tag;
		struct span text;
	} row[] = {
		{0x0c, SPAN_LIT("device-7")},
		{0x0c, SPAN_LIT("")},
		{0x0c, SPAN_LIT(" ")},
		{0x0c, SPAN_LIT("  ")},
		{0x0c, SPAN_LIT(" a ")},
		{0x0c, SPAN_LIT("#")},
		{0x0c, SPAN_LIT("#a#")},
		{0x0c, SPAN_LIT("a=b/c:d'e")},
		{0x0c, SPAN_LIT(",")},
		{0x0c, SPAN_LIT("+,\"\\<>;")},
		{0x0c, SPAN_LIT("\\")},
		{0x0c, SPAN_LIT("a\nb\rc\td\x7f")},
		{0x0c, SPAN_LIT("K\xc3\xb6ln \xe2\x82\xac \xf0\x9f\x94\x92")},
		{0x13, SPAN_LIT("a*b@c_d&e")},
		{0x13, SPAN_LIT("\xe9")},
		{0x16, SPAN_LIT("a@b.example")},
		{0x14, SPAN_LIT("caf\xe9")},
		{0x1e, SPAN_LIT("\0K\0\xf6\x20\xac")},
		{0x1c, SPAN_LIT("\0\0\0K\0\x01\xf5\x12")},
		{0x12, SPAN_LIT("12 34")},
		{0x03, SPAN_LIT("\0\x61")},
		{0x1e, SPAN_LIT("\0 \0,\0 ")},
		{0x30, SPAN_LIT("\x02\x01\x05")},
		{0x0c, SPAN_LIT("'; DROP TABLE --")},
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct outbuf out = outbuf_of(name_bytes, sizeof(name_bytes));

		agrees_with_openssl(name_put1(&out, CN, row[i].tag, row[i].text));
	}
}

Test(dn, every_listed_attribute_prints_as_openssl_prints_it)
{
	static const struct span oid[] = {
#define X520 "\x55\x04"
#define PKCS9 "\x2a\x86\x48\x86\xf7\x0d\x01\x09"
#define PILOT "\x09\x92\x26\x89\x93\xf2\x2c\x64\x01"
#define JURISDICTION "\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01"
#define ATTRIBUTE(oid, name) SPAN_LIT(oid),
#include "tls/trust/dn_attributes.def"
#undef ATTRIBUTE
	};
	uint8_t bytes[16384];
	struct outbuf rdns = outbuf_of(bytes, sizeof(bytes));
	struct outbuf out = outbuf_of(name_bytes, sizeof(name_bytes));

	for (size_t i = 0; i < sizeof(oid) / sizeof(oid[0]); i++) {
		struct span one, rdn;

		out.len = 0;
		one = name_put1(&out, oid[i], 0x0c, SPAN_LIT("x"));
		rdn = span_skip(one, 2); /* without the SEQUENCE of the name */
		outbuf_put(&rdns, rdn);
	}
	out.len = 0;
	der_put(&out, 0x30, outbuf_span(&rdns));
	agrees_with_openssl(outbuf_span(&out));
}

Test(dn, unknown_types_print_in_dots_as_openssl_prints_them)
{
	static const struct span oid[] = {
		SPAN_LIT("\x2b\x06\x01\x04\x01\x86\x8d\x1f\x01"),
		SPAN_LIT("\x00"),
		SPAN_LIT("\x27"),
		SPAN_LIT("\x28\x01"),
		SPAN_LIT("\x4f\x00"),
		SPAN_LIT("\x50\x7f"),
		SPAN_LIT("\x83\x4f"),
		SPAN_LIT("\x69\x83\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
		SPAN_LIT("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
		SPAN_LIT("\x81\x34"),
		SPAN_LIT("\x87\x68\x00"),
		SPAN_LIT("\x78"),
	};

	for (size_t i = 0; i < sizeof(oid) / sizeof(oid[0]); i++) {
		struct outbuf out = outbuf_of(name_bytes, sizeof(name_bytes));

		agrees_with_openssl(name_put1(&out, oid[i], 0x0c, SPAN_LIT("x\xc3\xa5")));
	}
}

Test(dn, order_and_multiple_values_are_as_openssl_has_them)
{
	/* C=SE, O=P, then OU=a+CN=b+UID=c in one RDN, then CN=d. */
	agrees_with_openssl(
		SPAN_LIT("\x30\x4d"
			 "\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02SE"
			 "\x31\x0a\x30\x08\x06\x03\x55\x04\x0a\x0c\x01P"
			 "\x31\x25\x30\x08\x06\x03\x55\x04\x0b\x0c\x01"
			 "a\x30\x08\x06\x03\x55\x04\x03\x0c\x01"
			 "b\x30\x0f\x06\x0a\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01\x0c\x01"
			 "c\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02"
			 "dd"));
}

Test(dn, long_names_are_not_cut)
{
	uint8_t text[20000];
	struct outbuf out = outbuf_of(name_bytes, sizeof(name_bytes));
	struct span name;

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\n';
	name = name_put1(&out, CN, 0x0c, SPAN(text));
	cr_assert_eq(printed(name).len, 3 + sizeof(text) - 1 + 3);
	agrees_with_openssl(name);
}
