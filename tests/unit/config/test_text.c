/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "config/text.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

typedef enum gw_err check_fn(const char *text, struct err_note *note);

static void all(check_fn *check, const char *const *texts, size_t count, enum gw_err wanted)
{
	struct err_note note;

	for (size_t i = 0; i < count; i++) {
		note.text[0] = '\0';
		cr_assert_eq(check(texts[i], &note), wanted, "%s", texts[i]);
		cr_assert_eq(note.text[0] == '\0', wanted == GW_ERR_OK, "%s", texts[i]);
	}
}

#define REFUSES(check, ...)                                                                        \
	do {                                                                                       \
		static const char *const texts[] = {__VA_ARGS__};                                  \
		all(check, texts, COUNT_OF(texts), GW_ERR_CONFIG);                                 \
	} while (0)
#define ACCEPTS(check, ...)                                                                        \
	do {                                                                                       \
		static const char *const texts[] = {__VA_ARGS__};                                  \
		all(check, texts, COUNT_OF(texts), GW_ERR_OK);                                     \
	} while (0)

#define CHARS_31 "abcdefghijklmnopqrstuvwxyzabcde"
#define CHARS_63 CHARS_31 "a" CHARS_31

static bool is_clean(struct span text, bool allow_lines)
{
	size_t bad;

	return text_is_clean(text, allow_lines, &bad);
}

Test(text, malformed_utf8_is_not_clean)
{
	static const char *const texts[] = {
		"\x80",
		"\xc0\x80",
		"\xc1\xbf",
		"\xc3",
		"\xc3(",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xed\xa0\x80",
		"\xe2\x82",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
		"\xfe",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		cr_assert_not(is_clean(span_str(texts[i]), true), "%zu", i);
}

Test(text, control_characters_are_not_clean)
{
	cr_assert_not(is_clean(SPAN_LIT("a\0b"), true));
	cr_assert_not(is_clean(SPAN_LIT("a\x1b[31m"), true));
	cr_assert_not(is_clean(SPAN_LIT("a\r\n"), true));
	cr_assert_not(is_clean(SPAN_LIT("\x7f"), true));
	cr_assert_not(is_clean(SPAN_LIT("\xc2\x85"), true));
	cr_assert_not(is_clean(SPAN_LIT("\xe2\x80\xa8"), true));
	cr_assert_not(is_clean(SPAN_LIT("\xef\xbb\xbf"), true));
	cr_assert(is_clean(SPAN_LIT("a\tb\n"), true));
	cr_assert_not(is_clean(SPAN_LIT("a\tb"), false));
	cr_assert_not(is_clean(SPAN_LIT("a\n"), false));
}

Test(text, the_first_unclean_byte_is_named)
{
	size_t bad;

	cr_assert_not(text_is_clean(SPAN_LIT("\xc3\xa9\xf0\x9f\x94\x92z\x80z"), true, &bad));
	cr_assert_eq(bad, 7);
	cr_assert(is_clean(SPAN_LIT("\xc3\xa9\xf0\x9f\x94\x92z"), false));
}

Test(text, names_are_plain_words)
{
	REFUSES(text_check_name, "", "1a", "-a", ".a", "a b", "a/b", "a:b", "a[", "\xc3\xa9",
		CHARS_63 "x");
	ACCEPTS(text_check_name, "a", "A-1_b.c", CHARS_63);
}

Test(text, devices_are_those_that_base_knows)
{
	REFUSES(text_check_device, "", "gw0", "af_xdp:", "3b:00.1", "memif:x", "net_ring:x");
	ACCEPTS(text_check_device, "af_xdp:gw0", "af_packet:eth0.12", "tap:gw0",
		"memif:/run/memif.sock,id=1", "0000:3b:00.1");
}

Test(text, hosts_are_names_in_lower_case_or_wildcards_for_one_label)
{
	REFUSES(text_check_host, "", ".", "a.", ".a", "a..b", "*", "*.", "**.example",
		"a.*.example", "a*.example", "*a.example", "*..example", "API.example",
		"a_b.example", "-a.example", "a-.example", "198.18.0.1", "example:443", "ex ample",
		"\xc3\xa9.example", CHARS_63 "x.example",
		CHARS_63 "." CHARS_63 "." CHARS_63 "." CHARS_63);
	ACCEPTS(text_check_host, "localhost", "api.example", "xn--bcher-kva.example", "1.example",
		"*.example", "*.api.example", CHARS_63 ".example");
}

Test(text, trust_domains_are_those_of_spiffe_ids)
{
	REFUSES(text_check_trust_domain, "", "Example.org", "example.org/", "spiffe://example.org",
		"example.org:8443", "user@example.org", "ex ample", "a%2e", "\xc3\xa9.example",
		CHARS_63 CHARS_63 CHARS_63 CHARS_63 "0123");
	ACCEPTS(text_check_trust_domain, "example.org", "2001.example.org", "_a-b", "1",
		CHARS_63 CHARS_63 CHARS_63 CHARS_63 "012");
}

Test(text, a_path_that_no_request_may_have_is_refused)
{
	REFUSES(text_check_url_path, "", "a", "//", "/a/", "/a//b", "/.", "/..", "/a/../b",
		"/a/./b", "/a\\b", "/a?b", "/a#b", "/a b", "/a%", "/a%2", "/a%zz", "/a%2fb",
		"/a%2Fb", "/a%00", "/a%5c", "/%2e%2e", "/\xc3\xa9", "/a\"", "/a<");
	ACCEPTS(text_check_url_path, "/", "/a", "/a/b.c", "/...", "/a%20b", "/a;b=c,d", "/~u/@x:y");
}

Test(text, a_socket_path_is_absolute_and_fits)
{
	REFUSES(text_check_socket_path, "", "/", "a", "./a", "/" CHARS_63 CHARS_31 "0123456789abc");
	ACCEPTS(text_check_socket_path, "/a", "/" CHARS_63 CHARS_31 "0123456789ab");
}

Test(text, close_words_are_a_few_edits_apart)
{
	cr_assert(text_is_close("sesions", "sessions"));
	cr_assert(text_is_close("Listeners", "listeners"));
	cr_assert(text_is_close("pot", "port"));
	cr_assert_not(text_is_close("vlan", "name"));
	cr_assert_not(text_is_close("to", "via"));
	cr_assert_not(text_is_close("", "via"));
	cr_assert_not(text_is_close(CHARS_63 CHARS_63, CHARS_63 CHARS_63));
}
