/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "config/allow.h"

static void reads_as(const char *text, enum trust_name_kind kind, enum trust_name_match match,
		     struct span value, const char *written)
{
	uint8_t octets[ALLOW_OCTETS_MAX];
	char again[ALLOW_NAME_TEXT_BYTES];
	struct trust_allow_name name;
	struct err_note note;

	cr_assert_eq(allow_parse_name(text, &note, octets, &name), GW_ERR_OK, "%s", text);
	cr_expect_eq(name.kind, kind, "%s", text);
	cr_expect_eq(name.match, match, "%s", text);
	cr_expect(span_eq(name.value, value), "%s", text);
	allow_write_name(&name, again);
	cr_expect_str_eq(again, written);
}

Test(allow, names_have_type_match_and_value)
{
	static const char dns[] = "dns:suffix:.example.com", uri[] = "uri:prefix:https://a:1/b";

	reads_as(dns, TRUST_NAME_DNS, TRUST_MATCH_SUFFIX, SPAN_LIT(".example.com"), dns);
	reads_as(uri, TRUST_NAME_URI, TRUST_MATCH_PREFIX, SPAN_LIT("https://a:1/b"), uri);
	reads_as("email:exact:a@b.c", TRUST_NAME_EMAIL, TRUST_MATCH_EXACT, SPAN_LIT("a@b.c"),
		 "email:exact:a@b.c");
}

Test(allow, addresses_are_octets_and_networks_have_a_mask)
{
	reads_as("ip:exact:192.0.2.7", TRUST_NAME_IP, TRUST_MATCH_EXACT, SPAN_LIT("\xc0\0\x02\x07"),
		 "ip:exact:192.0.2.7");
	reads_as("ip:exact:2001:DB8:0::7", TRUST_NAME_IP, TRUST_MATCH_EXACT,
		 SPAN_LIT("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x07"), "ip:exact:2001:db8::7");
	reads_as("ip:prefix:192.0.2.128/25", TRUST_NAME_IP, TRUST_MATCH_PREFIX,
		 SPAN_LIT("\xc0\0\x02\x80\xff\xff\xff\x80"), "ip:prefix:192.0.2.128/25");
	reads_as("ip:prefix:0.0.0.0/0", TRUST_NAME_IP, TRUST_MATCH_PREFIX,
		 SPAN_LIT("\0\0\0\0\0\0\0\0"), "ip:prefix:0.0.0.0/0");
	reads_as("ip:prefix:2001:db8::/32", TRUST_NAME_IP, TRUST_MATCH_PREFIX,
		 SPAN_LIT("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0"
			  "\0\0\0\0\0"),
		 "ip:prefix:2001:db8::/32");
}

Test(allow, what_is_no_name_is_refused)
{
	static const char *const bad[] = {"",
					  "dns",
					  "dns:",
					  "dns:exact",
					  "dns:exact:",
					  "example.com",
					  "dns:example.com",
					  "DNS:exact:a",
					  "dns:Exact:a",
					  "dns:regex:a",
					  "dn:exact:a",
					  "exact:dns:a",
					  "dns:exact:caf\xc3\xa9",
					  "dns:exact:a\x01",
					  "uri:prefix:\x7f",
					  " dns:exact:a"};
	uint8_t octets[ALLOW_OCTETS_MAX];
	struct trust_allow_name name;
	struct err_note note;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_expect_eq(allow_parse_name(bad[i], &note, octets, &name), GW_ERR_CONFIG, "%s",
			     bad[i]);
		cr_expect_not_null(strstr(note.text, "no TYPE:MATCH:VALUE; write "), "%s",
				   note.text);
	}
}

Test(allow, what_is_no_address_is_refused)
{
	static const char *const bad[] = {
		"ip:exact:1.2.3",
		"ip:exact:1.2.3.4.5",
		"ip:exact:01.2.3.4",
		"ip:exact:1.2.3.4/32",
		"ip:exact:host",
		"ip:exact:1::2::3",
		"ip:prefix:1.2.3.4",
		"ip:prefix:10.0.0.0/",
		"ip:prefix:10.0.0.0/33",
		"ip:prefix:10.0.0.0/x",
		"ip:prefix:10.0.0.0/+8",
		"ip:prefix:10.0.0.0/8/8",
		"ip:prefix:10.0.0.1/8",
		"ip:prefix:2001:db8::/129",
		"ip:prefix:2001:db8::1/32",
		"ip:suffix:1.2.3.4",
		"ip:prefix:10.0.0.0/ 8",
		"ip:prefix:10.0.0.0/18446744073709551624",
	};
	uint8_t octets[ALLOW_OCTETS_MAX] = {0xaa};
	struct trust_allow_name name;
	struct err_note note;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_expect_eq(allow_parse_name(bad[i], &note, octets, &name), GW_ERR_CONFIG, "%s",
			     bad[i]);
		cr_expect_not_null(strstr(note.text, "is no address; write "), "%s", note.text);
	}
	cr_expect_eq(octets[0], 0xaa);
}

Test(allow, values_are_bounded)
{
	char text[sizeof("uri:exact:") + ALLOW_VALUE_BYTES_MAX + 1] = "uri:exact:";
	uint8_t octets[ALLOW_OCTETS_MAX];
	char again[ALLOW_NAME_TEXT_BYTES];
	struct trust_allow_name name;
	struct err_note note;

	memset(text + 10, 'a', ALLOW_VALUE_BYTES_MAX);
	cr_expect_eq(allow_parse_name(text, &note, octets, &name), GW_ERR_OK);
	allow_write_name(&name, again);
	cr_expect_str_eq(again, text);
	text[10 + ALLOW_VALUE_BYTES_MAX] = 'a';
	cr_expect_eq(allow_parse_name(text, &note, octets, &name), GW_ERR_CONFIG);
}

#define HEX_60 "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ab"

Test(allow, leaves_are_64_hexadecimal_digits)
{
	static const char *const bad[] = {"",
					  HEX_60,
					  HEX_60 "cde",
					  HEX_60 "cdef0",
					  HEX_60 "cdef ",
					  HEX_60 "cdeg",
					  HEX_60 "cd f",
					  HEX_60 "+1ef",
					  "0x" HEX_60 "cd"};
	uint8_t sha256[TRUST_SHA256_OCTETS];
	char again[ALLOW_LEAF_TEXT_BYTES];
	struct err_note note;

	cr_assert_eq(allow_parse_leaf(HEX_60 "cdef", &note, sha256), GW_ERR_OK);
	cr_expect_eq(sha256[1], 0x23);
	cr_expect_eq(sha256[31], 0xef);
	allow_write_leaf(sha256, again);
	cr_expect_str_eq(again, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_expect_eq(allow_parse_leaf(bad[i], &note, sha256), GW_ERR_CONFIG, "%s", bad[i]);
		cr_expect_not_null(strstr(note.text, "is no SHA-256; write "));
	}
}
