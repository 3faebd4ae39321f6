/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One test for each construct that a request head may not have.  Each sees the head whole and byte by byte; nothing
 * of it may reach the backend. */
#include <criterion/criterion.h>

#include "drive.h"

static struct drive d;

static void is_refused(struct span in, enum http_refusal why)
{
	for (size_t piece_bytes = 0; piece_bytes < 2; piece_bytes++) {
		drive_init(&d);
		d.piece_bytes = piece_bytes;
		cr_assert_eq(drive_request(&d, in), HTTP_STEP_REFUSED);
		cr_assert_eq(d.x.refusal, why, "%s instead of %s",
			     http_refusal_infos[d.x.refusal].name, http_refusal_infos[why].name);
		cr_assert_eq(drive_to_backend(&d).len, 0);
		cr_assert_not(d.x.client_keep_alive);
		cr_assert_not(d.x.backend_keep_alive);
		cr_assert_not(d.x.request_done);
	}
}

static void is_forwarded(struct span in)
{
	drive_init(&d);
	cr_assert_eq(drive_request(&d, in), HTTP_STEP_DONE, "%s",
		     http_refusal_infos[d.x.refusal].name);
}

#define REFUSED(name, why, head)                                                                   \
	Test(http_request, name)                                                                   \
	{                                                                                          \
		is_refused(SPAN_LIT(head), HTTP_REFUSAL_##why);                                    \
	}
#define FORWARDED(name, head)                                                                      \
	Test(http_request, name)                                                                   \
	{                                                                                          \
		is_forwarded(SPAN_LIT(head));                                                      \
	}
/* A header line after a good request line and Host. */
#define BAD_LINE(name, why, line)                                                                  \
	REFUSED(name, why, "POST / HTTP/1.1\r\nHost: a\r\n" line "\r\n\r\n")
#define BAD_TARGET(name, why, target)                                                              \
	REFUSED(name, why, "GET " target " HTTP/1.1\r\nHost: a\r\n\r\n")
#define GOOD_TARGET(name, target) FORWARDED(name, "GET " target " HTTP/1.1\r\nHost: a\r\n\r\n")
#define BAD_HOST(name, host) REFUSED(name, bad_host, "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n")
#define GOOD_HOST(name, host) FORWARDED(name, "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n")

/* bytes and lines */
BAD_LINE(bare_lf_in_header, bad_byte, "A: b\nC: d")
BAD_LINE(bare_cr_in_header, bad_byte, "A: b\rC: d")
BAD_LINE(nul_in_header, bad_byte, "A: b\0c")
BAD_LINE(control_character_in_header, bad_byte, "A: b\x01")
BAD_LINE(delete_in_header, bad_byte, "A: b\x7f")
BAD_LINE(folded_line_by_space, bad_byte, "A: b\r\n c")
BAD_LINE(folded_line_by_tab, bad_byte, "A: b\r\n\tc")
REFUSED(bare_lf_behind_request_line, bad_byte, "GET / HTTP/1.1\nHost: a\n\n")
REFUSED(bare_lf_before_request_line, bad_byte, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(bare_cr_before_request_line, bad_byte, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(white_space_before_request_line, bad_byte, " GET / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(white_space_before_first_header, bad_byte, "GET / HTTP/1.1\r\n Host: a\r\n\r\n")
REFUSED(two_empty_lines_before_request_line, bad_byte, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(tls_record_instead_of_http, bad_byte, "\x16\x03\x01\x02\x00\x01")
FORWARDED(one_empty_line_before_request_line, "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")

/* request line */
REFUSED(two_spaces_before_target, bad_request_line, "GET  / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(two_spaces_before_version, bad_request_line, "GET /  HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(space_behind_version, bad_request_line, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n")
REFUSED(space_in_target, bad_request_line, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(no_space_at_all, bad_request_line, "GET\r\nHost: a\r\n\r\n")
REFUSED(method_is_no_token, bad_request_line, "G@T / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(method_with_tab, bad_request_line, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(no_version, bad_version, "GET /\r\nHost: a\r\n\r\n")
REFUSED(http_0_9_by_name, bad_version, "GET / HTTP/0.9\r\nHost: a\r\n\r\n")
REFUSED(http_1_2, bad_version, "GET / HTTP/1.2\r\nHost: a\r\n\r\n")
REFUSED(http_2_0, bad_version, "GET / HTTP/2.0\r\nHost: a\r\n\r\n")
REFUSED(http_in_lower_case, bad_version, "GET / http/1.1\r\nHost: a\r\n\r\n")
REFUSED(padded_version, bad_version, "GET / HTTP/01.1\r\nHost: a\r\n\r\n")
REFUSED(rtsp_version, bad_version, "OPTIONS / RTSP/1.0\r\nHost: a\r\n\r\n")
REFUSED(http_2_preface, method_not_implemented, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
REFUSED(trace, method_not_allowed, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(connect, method_not_allowed, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(rtsp_method, method_not_implemented, "PLAY / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(ice_method, method_not_implemented, "SOURCE / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(unknown_method, method_not_implemented, "FROB / HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(method_in_lower_case, method_not_implemented, "get / HTTP/1.1\r\nHost: a\r\n\r\n")
FORWARDED(webdav_method, "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n")

/* header lines */
BAD_LINE(space_before_colon, bad_header, "A : b")
BAD_LINE(tab_before_colon, bad_header, "A\t: b")
BAD_LINE(no_colon, bad_header, "Abc")
BAD_LINE(empty_name, bad_header, ": b")
BAD_LINE(name_is_no_token, bad_header, "A(b): c")
BAD_LINE(name_with_slash, bad_header, "A/b: c")
BAD_LINE(name_is_not_ascii, bad_header, "\xc3\xa4: c")
BAD_LINE(seventeen_connection_options, bad_connection,
	 "Connection: a,b,c,d,e,f,g,h\r\nconnection: i,j,k,l,m,n,o,p,q")
FORWARDED(sixteen_connection_options, "GET / HTTP/1.1\r\nHost: a\r\nConnection: "
				      "a,b,c,d,e,f,g,h\r\nconnection: i,,j,k,l,m,n,o,p,\r\n\r\n")
FORWARDED(value_that_is_not_ascii, "GET / HTTP/1.1\r\nHost: a\r\nA: \xc3\xa4\r\n\r\n")
FORWARDED(empty_value, "GET / HTTP/1.1\r\nHost: a\r\nA:\r\n\r\n")

/* framing */
#define CL "Content-Length: "
#define TE "Transfer-Encoding: "
BAD_LINE(length_then_encoding, length_and_encoding, CL "5\r\n" TE "chunked")
BAD_LINE(encoding_then_length, length_and_encoding, TE "chunked\r\n" CL "5")
BAD_LINE(length_and_unknown_encoding, length_and_encoding, CL "5\r\n" TE "identity")
BAD_LINE(length_then_empty_encoding, length_and_encoding, CL "5\r\n" TE)
BAD_LINE(empty_encoding_then_length, bad_encoding, TE "\r\n" CL "5")
BAD_LINE(two_lengths_that_differ, bad_length, CL "5\r\n" CL "6")
BAD_LINE(two_lengths_that_agree, bad_length, CL "5\r\n" CL "5")
BAD_LINE(list_of_lengths, bad_length, CL "5, 5")
BAD_LINE(signed_length, bad_length, CL "+5")
BAD_LINE(negative_length, bad_length, CL "-5")
BAD_LINE(hexadecimal_length, bad_length, CL "0x5")
BAD_LINE(length_with_space_inside, bad_length, CL "5 5")
BAD_LINE(length_with_fraction, bad_length, CL "5.0")
BAD_LINE(empty_length, bad_length, CL)
BAD_LINE(length_over_64_bits, bad_length, CL "18446744073709551616")
BAD_LINE(empty_encoding, bad_encoding, TE)
BAD_LINE(unknown_encoding, bad_encoding, TE "gzip")
BAD_LINE(identity_encoding, bad_encoding, TE "identity")
BAD_LINE(encoding_before_chunked, bad_encoding, TE "gzip, chunked")
BAD_LINE(encoding_behind_chunked, bad_encoding, TE "chunked, gzip")
BAD_LINE(chunked_twice_in_a_list, bad_encoding, TE "chunked, chunked")
BAD_LINE(chunked_twice_in_two_fields, bad_encoding, TE "chunked\r\n" TE "chunked")
BAD_LINE(empty_encoding_before_chunked, bad_encoding, TE "\r\n" TE "chunked")
BAD_LINE(gzip_field_before_chunked, bad_encoding, TE "gzip\r\n" TE "chunked")
BAD_LINE(chunked_with_a_comma, bad_encoding, TE ",chunked")
BAD_LINE(chunked_with_a_letter_before, bad_encoding, TE "xchunked")
BAD_LINE(chunked_with_a_letter_behind, bad_encoding, TE "chunkedx")
BAD_LINE(chunked_with_a_parameter, bad_encoding, TE "chunked;q=1")
BAD_LINE(chunked_in_quotes, bad_encoding, TE "\"chunked\"")
BAD_LINE(chunked_with_a_tab, bad_encoding, TE "chunked\t")
BAD_LINE(chunked_with_vertical_tab, bad_byte, TE "\vchunked")
REFUSED(encoding_on_http_1_0, bad_encoding,
	"POST / HTTP/1.0\r\nHost: a\r\n" TE "chunked\r\n\r\n0\r\n\r\n")

/* Host */
REFUSED(missing_host, no_host, "GET / HTTP/1.1\r\nA: b\r\n\r\n")
REFUSED(missing_host_on_http_1_0, no_host, "GET / HTTP/1.0\r\n\r\n")
REFUSED(missing_host_with_absolute_target, no_host, "GET http://a/ HTTP/1.1\r\n\r\n")
REFUSED(two_hosts, several_hosts, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
REFUSED(two_equal_hosts, several_hosts, "GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n")
BAD_HOST(empty_host, "")
BAD_HOST(host_with_space, "a b")
BAD_HOST(host_with_tab, "a\tb")
BAD_HOST(host_with_comma, "a,b")
BAD_HOST(host_with_slash, "a/b")
BAD_HOST(host_with_user, "u@a")
BAD_HOST(host_with_escape, "a%2eb")
BAD_HOST(host_with_empty_label, "a..b")
BAD_HOST(host_that_begins_with_dot, ".a")
BAD_HOST(host_that_is_not_ascii, "\xc3\xa4")
BAD_HOST(host_with_empty_port, "a:")
BAD_HOST(host_with_port_zero, "a:0")
BAD_HOST(host_with_port_too_large, "a:65536")
BAD_HOST(host_with_endless_port, "a:00000000000000000000000000000000000001x")
BAD_HOST(host_with_port_name, "a:http")
BAD_HOST(host_with_two_ports, "a:1:2")
BAD_HOST(host_that_is_a_port, ":80")
BAD_HOST(host_with_open_bracket, "[::1")
BAD_HOST(host_with_text_behind_bracket, "[::1]x")
BAD_HOST(host_with_zone, "[fe80::1%25eth0]")
BAD_HOST(host_with_empty_brackets, "[]")
GOOD_HOST(host_with_port, "a-b.example:8443")
GOOD_HOST(host_that_is_an_address, "192.0.2.1:1")
GOOD_HOST(host_that_is_a_bracketed_address, "[2001:db8::1]:443")
REFUSED(absolute_target_with_other_host, target_not_host,
	"GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(absolute_target_with_other_port, target_not_host,
	"GET http://a:1/ HTTP/1.1\r\nHost: a\r\n\r\n")
REFUSED(absolute_target_with_user, target_not_host, "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n")
FORWARDED(absolute_target_with_host_in_other_case, "GET HTTPS://A/ HTTP/1.1\r\nHost: a\r\n\r\n")

/* targets */
BAD_TARGET(fragment, bad_target, "/a#b")
BAD_TARGET(fragment_in_query, bad_target, "/a?b#c")
BAD_TARGET(target_that_is_not_ascii, bad_target, "/\xc3\xa4")
BAD_TARGET(target_with_tab, bad_target, "/a\tb")
BAD_TARGET(target_without_slash, bad_target, "a")
BAD_TARGET(asterisk_for_get, bad_target, "*")
BAD_TARGET(asterisk_with_path, bad_target, "*/a")
BAD_TARGET(other_scheme, bad_target, "ftp://a/")
BAD_TARGET(scheme_without_slashes, bad_target, "http:a")
BAD_TARGET(scheme_without_host, bad_target, "http:///a")
BAD_TARGET(authority_form, bad_target, "a:443")
BAD_TARGET(absolute_target_without_path_but_query, bad_target, "http://a?b")
BAD_TARGET(dot_segment, unsafe_path, "/a/./b")
BAD_TARGET(dot_segment_at_end, unsafe_path, "/a/.")
BAD_TARGET(dot_dot_segment, unsafe_path, "/a/../b")
BAD_TARGET(dot_dot_segment_at_end, unsafe_path, "/a/..")
BAD_TARGET(dot_dot_segment_before_query, unsafe_path, "/a/..?b")
BAD_TARGET(dot_dot_segment_with_parameter, unsafe_path, "/a/..;b/c")
BAD_TARGET(dot_dot_segment_in_absolute_target, unsafe_path, "http://a/../b")
BAD_TARGET(double_slash, unsafe_path, "/a//b")
BAD_TARGET(double_slash_at_start, unsafe_path, "//a")
BAD_TARGET(double_slash_at_end, unsafe_path, "/a//")
BAD_TARGET(backslash, unsafe_path, "/a\\b")
BAD_TARGET(encoded_slash, unsafe_path, "/a%2fb")
BAD_TARGET(encoded_slash_in_upper_case, unsafe_path, "/a%2Fb")
BAD_TARGET(encoded_backslash, unsafe_path, "/a%5cb")
BAD_TARGET(encoded_dots, unsafe_path, "/a/%2e%2e/b")
BAD_TARGET(encoded_dot_behind_dot, unsafe_path, "/a/.%2E/b")
BAD_TARGET(encoded_nul, unsafe_path, "/a%00")
BAD_TARGET(encoded_line_end, unsafe_path, "/a%0d%0aX:y")
BAD_TARGET(slash_encoded_twice, unsafe_path, "/a%252fb")
BAD_TARGET(dot_encoded_three_times, unsafe_path, "/a/%25252e%25252e/b")
BAD_TARGET(escape_that_is_none, unsafe_path, "/a%zz")
BAD_TARGET(escape_cut_off, unsafe_path, "/a%2")
GOOD_TARGET(dots_inside_segments, "/a/..b/c./.d/...")
GOOD_TARGET(slashes_and_escapes_in_query, "/a?b=http://c/../d%2f%00\\")
GOOD_TARGET(escapes_of_others, "/a%20b%25c%c3%a4")
GOOD_TARGET(double_encoded_letter, "/a%2541")

Test(http_request, asterisk_for_options_is_forwarded)
{
	is_forwarded(SPAN_LIT("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert(memcmp(drive_to_backend(&d).p, "OPTIONS * HTTP/1.1\r\n", 20) == 0);
	is_forwarded(SPAN_LIT("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert(memcmp(drive_to_backend(&d).p, "OPTIONS * HTTP/1.1\r\n", 20) == 0);
	is_forwarded(SPAN_LIT("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert(memcmp(drive_to_backend(&d).p, "GET / HTTP/1.1\r\n", 16) == 0);
}

/* Expect */
BAD_LINE(unknown_expectation, expectation_failed, "Expect: 200-ok")
BAD_LINE(list_of_expectations, expectation_failed, "Expect: 100-continue, 100-continue")
BAD_LINE(second_expectation_unknown, expectation_failed, "Expect: 100-continue\r\nExpect: x")

/* limits */
static char big[9000];

/* "GET /aaa... HTTP/1.1", Host, and a header of so many bytes, in `big`. */
static struct span big_request(int path_bytes, int value_bytes)
{
	int n = snprintf(big, sizeof(big), "GET /%0*d HTTP/1.1\r\nHost: a\r\nA: %0*d\r\n\r\n",
			 path_bytes, 0, value_bytes, 0);

	return span_of(big, (size_t)n);
}

Test(http_request, head_at_the_limit_is_forwarded)
{
	int rest = 8192 - (int)big_request(1, 1).len + 1;

	cr_assert_eq(big_request(1, rest).len, 8192);
	is_forwarded(big_request(1, rest));
	is_refused(big_request(1, rest + 1), HTTP_REFUSAL_head_too_large);
}

Test(http_request, request_line_over_the_limit)
{
	is_refused(big_request(8300, 1), HTTP_REFUSAL_target_too_long);
}

Test(http_request, long_request_line_before_long_headers_is_not_the_target_s_fault)
{
	is_refused(big_request(4200, 4200), HTTP_REFUSAL_head_too_large);
}

Test(http_request, endless_head_is_refused_before_its_end)
{
	is_refused(span_head(big_request(1, 8500), 8300), HTTP_REFUSAL_head_too_large);
}

static struct span many_headers(int count)
{
	int n = snprintf(big, sizeof(big), "GET / HTTP/1.1\r\nHost: a\r\n");

	for (int i = 1; i < count; i++)
		n += snprintf(big + n, sizeof(big) - (size_t)n, "A: b\r\n");
	n += snprintf(big + n, sizeof(big) - (size_t)n, "\r\n");
	return span_of(big, (size_t)n);
}

Test(http_request, too_many_headers)
{
	is_forwarded(many_headers(64));
	is_refused(many_headers(65), HTTP_REFUSAL_too_many_headers);
}

Test(http_request, length_over_the_body_limit)
{
	struct span in = SPAN_LIT("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n");

	drive_init(&d);
	d.limits.body_bytes = 10;
	cr_assert_eq(drive_request(&d, in), HTTP_STEP_REFUSED);
	cr_assert_eq(d.x.refusal, HTTP_REFUSAL_body_too_large);
	cr_assert_eq(drive_to_backend(&d).len, 0);
}

/* Reads a head the way the caller of http_exchange_request() sees it. */
static struct http_request parsed(const char *head)
{
	struct http_limits limits = {.header_bytes = 8192, .header_count = 64};
	struct http_request r = {0};

	cr_assert_eq(http_request_parse(span_str(head), &limits, &r), HTTP_REFUSAL_none);
	return r;
}

Test(http_request, what_routing_sees)
{
	struct http_request r = parsed("GET https://A.example:8443/x/y?z=1 HTTP/1.1\r\n"
				       "Host: a.example:8443\r\n\r\n");

	cr_assert(span_eq(r.method, SPAN_LIT("GET")));
	cr_assert(span_eq(r.target, SPAN_LIT("/x/y?z=1")));
	cr_assert(span_eq(r.path, SPAN_LIT("/x/y")));
	cr_assert(span_eq(r.host, SPAN_LIT("a.example")));
	cr_assert(span_eq(r.authority, SPAN_LIT("a.example:8443")));
}

Test(http_request, when_the_client_s_connection_goes_on)
{
	cr_assert(parsed("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
	cr_assert_not(
		parsed("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n").keep_alive);
	cr_assert_not(parsed("GET / HTTP/1.0\r\nHost: a\r\n\r\n").keep_alive);
	cr_assert(parsed("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
	cr_assert_not(parsed("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n")
			      .keep_alive);
}

Test(http_request, what_may_be_sent_again)
{
	cr_assert(parsed("GET / HTTP/1.1\r\nHost: a\r\n\r\n").is_idempotent);
	cr_assert(parsed("PUT / HTTP/1.1\r\nHost: a\r\n\r\n").is_idempotent);
	cr_assert_not(parsed("POST / HTTP/1.1\r\nHost: a\r\n\r\n").is_idempotent);
	cr_assert_not(parsed("PATCH / HTTP/1.1\r\nHost: a\r\n\r\n").is_idempotent);
	cr_assert_not(parsed("LOCK / HTTP/1.1\r\nHost: a\r\n\r\n").is_idempotent);
}
