/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a request head may not have, one row a construct.  Each head comes whole and byte by byte; nothing of a refused
 * one may reach the backend. */
#include <criterion/criterion.h>

#include "drive.h"

static struct drive d;

/* A head, and what is to become of it: HTTP_REFUSAL_none: it is forwarded. */
struct row {
	const char *name;
	enum http_refusal why;
	struct span head;
};

static void is_refused(const char *name, struct span in, enum http_refusal why)
{
	for (size_t piece_bytes = 0; piece_bytes < 2; piece_bytes++) {
		drive_init(&d);
		d.piece_bytes = piece_bytes;
		cr_assert_eq(drive_request(&d, in), HTTP_STEP_REFUSED, "%s", name);
		cr_assert_eq(d.x.refusal, why, "%s: %s instead of %s", name,
			     http_refusal_infos[d.x.refusal].name, http_refusal_infos[why].name);
		cr_assert_eq(drive_to_backend(&d).len, 0, "%s", name);
		cr_assert_not(d.x.client_keep_alive || d.x.backend_keep_alive, "%s", name);
		cr_assert_not(d.x.request_done, "%s", name);
	}
}

static void is_forwarded(const char *name, struct span in)
{
	drive_init(&d);
	cr_assert_eq(drive_request(&d, in), HTTP_STEP_DONE, "%s: %s", name,
		     http_refusal_infos[d.x.refusal].name);
}

static void check(const struct row *rows, size_t row_count)
{
	for (size_t i = 0; i < row_count; i++) {
		if (rows[i].why == HTTP_REFUSAL_none)
			is_forwarded(rows[i].name, rows[i].head);
		else
			is_refused(rows[i].name, rows[i].head, rows[i].why);
	}
}

#define ROWS(rows) (rows), sizeof(rows) / sizeof((rows)[0])
#define ROW(name, why, head) ((struct row){#name, HTTP_REFUSAL_##why, SPAN_LIT(head)})
/* A header line after a good request line and Host. */
#define LINE(name, why, line) ROW(name, why, "POST / HTTP/1.1\r\nHost: a\r\n" line "\r\n\r\n")
#define TARGET(name, why, target) ROW(name, why, "GET " target " HTTP/1.1\r\nHost: a\r\n\r\n")
#define HOST(name, why, host) ROW(name, why, "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n")
#define CL "Content-Length: "
#define TE "Transfer-Encoding: "

Test(http_request, lines_end_in_crlf_and_hold_no_control_characters)
{
	const struct row rows[] = {
		LINE(bare_lf_in_header, bad_byte, "A: b\nC: d"),
		LINE(bare_cr_in_header, bad_byte, "A: b\rC: d"),
		LINE(nul_in_header, bad_byte, "A: b\0c"),
		LINE(control_character_in_header, bad_byte, "A: b\x01"),
		LINE(delete_in_header, bad_byte, "A: b\x7f"),
		LINE(folded_line_by_space, bad_byte, "A: b\r\n c"),
		LINE(folded_line_by_tab, bad_byte, "A: b\r\n\tc"),
		ROW(bare_lf_behind_request_line, bad_byte, "GET / HTTP/1.1\nHost: a\n\n"),
		ROW(bare_lf_before_request_line, bad_byte, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(bare_cr_before_request_line, bad_byte, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(white_space_before_request_line, bad_byte,
		    " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(white_space_before_first_header, bad_byte,
		    "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
		ROW(two_empty_lines_before_request_line, bad_byte,
		    "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(tls_record_instead_of_http, bad_byte, "\x16\x03\x01\x02\x00\x01"),
		ROW(one_empty_line_before_request_line, none,
		    "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, request_line_is_three_words_and_two_spaces)
{
	const struct row rows[] = {
		ROW(two_spaces_before_target, bad_request_line,
		    "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(two_spaces_before_version, bad_request_line,
		    "GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(space_behind_version, bad_request_line, "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
		ROW(space_in_target, bad_request_line, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(no_space_at_all, bad_request_line, "GET\r\nHost: a\r\n\r\n"),
		ROW(method_is_no_token, bad_request_line, "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(method_with_tab, bad_request_line, "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, only_http_1_1_and_1_0_are_spoken)
{
	const struct row rows[] = {
		ROW(no_version, bad_version, "GET /\r\nHost: a\r\n\r\n"),
		ROW(http_0_9_by_name, bad_version, "GET / HTTP/0.9\r\nHost: a\r\n\r\n"),
		ROW(http_1_2, bad_version, "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
		ROW(http_2_0, bad_version, "GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
		ROW(http_in_lower_case, bad_version, "GET / http/1.1\r\nHost: a\r\n\r\n"),
		ROW(padded_version, bad_version, "GET / HTTP/01.1\r\nHost: a\r\n\r\n"),
		ROW(rtsp_version, bad_version, "OPTIONS / RTSP/1.0\r\nHost: a\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, methods_that_are_not_forwarded)
{
	const struct row rows[] = {
		ROW(http_2_preface, method_not_implemented, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
		ROW(trace, method_not_allowed, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(connect, method_not_allowed, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(rtsp_method, method_not_implemented, "PLAY / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(ice_method, method_not_implemented, "SOURCE / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(unknown_method, method_not_implemented, "FROB / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(method_in_lower_case, method_not_implemented,
		    "get / HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(webdav_method, none, "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, header_line_is_a_token_and_a_colon)
{
	const struct row rows[] = {
		LINE(space_before_colon, bad_header, "A : b"),
		LINE(tab_before_colon, bad_header, "A\t: b"),
		LINE(no_colon, bad_header, "Abc"),
		LINE(empty_name, bad_header, ": b"),
		LINE(name_is_no_token, bad_header, "A(b): c"),
		LINE(name_with_slash, bad_header, "A/b: c"),
		LINE(name_is_not_ascii, bad_header, "\xc3\xa4: c"),
	};

	check(ROWS(rows));
}

Test(http_request, connection_options_are_bounded)
{
	const struct row rows[] = {
		LINE(seventeen_connection_options, bad_connection,
		     "Connection: a,b,c,d,e,f,g,h\r\nconnection: i,j,k,l,m,n,o,p,q"),
		ROW(sixteen_connection_options, none,
		    "GET / HTTP/1.1\r\nHost: a\r\nConnection: "
		    "a,b,c,d,e,f,g,h\r\nconnection: i,,j,k,l,m,n,o,p,\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, header_values_may_be_anything_printable)
{
	const struct row rows[] = {
		ROW(value_that_is_not_ascii, none,
		    "GET / HTTP/1.1\r\nHost: a\r\nA: \xc3\xa4\r\n\r\n"),
		ROW(empty_value, none, "GET / HTTP/1.1\r\nHost: a\r\nA:\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, length_and_encoding_exclude_each_other)
{
	const struct row rows[] = {
		LINE(length_then_encoding, length_and_encoding, CL "5\r\n" TE "chunked"),
		LINE(encoding_then_length, length_and_encoding, TE "chunked\r\n" CL "5"),
		LINE(length_and_unknown_encoding, length_and_encoding, CL "5\r\n" TE "identity"),
		LINE(length_then_empty_encoding, length_and_encoding, CL "5\r\n" TE),
		LINE(empty_encoding_then_length, bad_encoding, TE "\r\n" CL "5"),
	};

	check(ROWS(rows));
}

Test(http_request, length_is_one_number)
{
	const struct row rows[] = {
		LINE(two_lengths_that_differ, bad_length, CL "5\r\n" CL "6"),
		LINE(two_lengths_that_agree, bad_length, CL "5\r\n" CL "5"),
		LINE(list_of_lengths, bad_length, CL "5, 5"),
		LINE(signed_length, bad_length, CL "+5"),
		LINE(negative_length, bad_length, CL "-5"),
		LINE(hexadecimal_length, bad_length, CL "0x5"),
		LINE(length_with_space_inside, bad_length, CL "5 5"),
		LINE(length_with_fraction, bad_length, CL "5.0"),
		LINE(empty_length, bad_length, CL),
		LINE(length_over_64_bits, bad_length, CL "18446744073709551616"),
	};

	check(ROWS(rows));
}

Test(http_request, encoding_is_one_chunked_on_http_1_1)
{
	const struct row rows[] = {
		LINE(empty_encoding, bad_encoding, TE),
		LINE(unknown_encoding, bad_encoding, TE "gzip"),
		LINE(identity_encoding, bad_encoding, TE "identity"),
		LINE(encoding_before_chunked, bad_encoding, TE "gzip, chunked"),
		LINE(encoding_behind_chunked, bad_encoding, TE "chunked, gzip"),
		LINE(chunked_twice_in_a_list, bad_encoding, TE "chunked, chunked"),
		LINE(chunked_twice_in_two_fields, bad_encoding, TE "chunked\r\n" TE "chunked"),
		LINE(empty_encoding_before_chunked, bad_encoding, TE "\r\n" TE "chunked"),
		LINE(gzip_field_before_chunked, bad_encoding, TE "gzip\r\n" TE "chunked"),
		LINE(chunked_with_a_comma, bad_encoding, TE ",chunked"),
		LINE(chunked_with_a_letter_before, bad_encoding, TE "xchunked"),
		LINE(chunked_with_a_letter_behind, bad_encoding, TE "chunkedx"),
		LINE(chunked_with_a_parameter, bad_encoding, TE "chunked;q=1"),
		LINE(chunked_in_quotes, bad_encoding, TE "\"chunked\""),
		LINE(chunked_with_a_tab, bad_encoding, TE "chunked\t"),
		LINE(chunked_with_vertical_tab, bad_byte, TE "\vchunked"),
		ROW(encoding_on_http_1_0, bad_encoding,
		    "POST / HTTP/1.0\r\nHost: a\r\n" TE "chunked\r\n\r\n0\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, host_is_there_once)
{
	const struct row rows[] = {
		ROW(missing_host, no_host, "GET / HTTP/1.1\r\nA: b\r\n\r\n"),
		ROW(missing_host_on_http_1_0, no_host, "GET / HTTP/1.0\r\n\r\n"),
		ROW(missing_host_with_absolute_target, no_host, "GET http://a/ HTTP/1.1\r\n\r\n"),
		ROW(two_hosts, several_hosts, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
		ROW(two_equal_hosts, several_hosts, "GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, host_is_a_name_or_address_with_an_optional_port)
{
	const struct row rows[] = {
		HOST(empty_host, bad_host, ""),
		HOST(host_with_space, bad_host, "a b"),
		HOST(host_with_tab, bad_host, "a\tb"),
		HOST(host_with_comma, bad_host, "a,b"),
		HOST(host_with_slash, bad_host, "a/b"),
		HOST(host_with_user, bad_host, "u@a"),
		HOST(host_with_escape, bad_host, "a%2eb"),
		HOST(host_with_empty_label, bad_host, "a..b"),
		HOST(host_that_begins_with_dot, bad_host, ".a"),
		HOST(host_that_is_not_ascii, bad_host, "\xc3\xa4"),
		HOST(host_with_empty_port, bad_host, "a:"),
		HOST(host_with_port_zero, bad_host, "a:0"),
		HOST(host_with_port_too_large, bad_host, "a:65536"),
		HOST(host_with_endless_port, bad_host, "a:00000000000000000000000000000000000001x"),
		HOST(host_with_port_name, bad_host, "a:http"),
		HOST(host_with_two_ports, bad_host, "a:1:2"),
		HOST(host_that_is_a_port, bad_host, ":80"),
		HOST(host_with_open_bracket, bad_host, "[::1"),
		HOST(host_with_text_behind_bracket, bad_host, "[::1]x"),
		HOST(host_with_zone, bad_host, "[fe80::1%25eth0]"),
		HOST(host_with_empty_brackets, bad_host, "[]"),
		HOST(host_with_port, none, "a-b.example:8443"),
		HOST(host_that_is_an_address, none, "192.0.2.1:1"),
		HOST(host_that_is_a_bracketed_address, none, "[2001:db8::1]:443"),
	};

	check(ROWS(rows));
}

Test(http_request, absolute_target_names_the_host)
{
	const struct row rows[] = {
		ROW(absolute_target_with_other_host, target_not_host,
		    "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(absolute_target_with_other_port, target_not_host,
		    "GET http://a:1/ HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(absolute_target_with_user, target_not_host,
		    "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
		ROW(absolute_target_with_host_in_other_case, none,
		    "GET HTTPS://A/ HTTP/1.1\r\nHost: a\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_request, target_has_a_form_we_know)
{
	const struct row rows[] = {
		TARGET(fragment, bad_target, "/a#b"),
		TARGET(fragment_in_query, bad_target, "/a?b#c"),
		TARGET(target_that_is_not_ascii, bad_target, "/\xc3\xa4"),
		TARGET(target_with_tab, bad_target, "/a\tb"),
		TARGET(target_without_slash, bad_target, "a"),
		TARGET(asterisk_for_get, bad_target, "*"),
		TARGET(asterisk_with_path, bad_target, "*/a"),
		TARGET(other_scheme, bad_target, "ftp://a/"),
		TARGET(scheme_without_slashes, bad_target, "http:a"),
		TARGET(scheme_without_host, bad_target, "http:///a"),
		TARGET(authority_form, bad_target, "a:443"),
		TARGET(absolute_target_without_path_but_query, bad_target, "http://a?b"),
	};

	check(ROWS(rows));
}

Test(http_request, path_has_no_second_reading)
{
	const struct row rows[] = {
		TARGET(dot_segment, unsafe_path, "/a/./b"),
		TARGET(dot_segment_at_end, unsafe_path, "/a/."),
		TARGET(dot_dot_segment, unsafe_path, "/a/../b"),
		TARGET(dot_dot_segment_at_end, unsafe_path, "/a/.."),
		TARGET(dot_dot_segment_before_query, unsafe_path, "/a/..?b"),
		TARGET(dot_dot_segment_with_parameter, unsafe_path, "/a/..;b/c"),
		TARGET(dot_dot_segment_in_absolute_target, unsafe_path, "http://a/../b"),
		TARGET(double_slash, unsafe_path, "/a//b"),
		TARGET(double_slash_at_start, unsafe_path, "//a"),
		TARGET(double_slash_at_end, unsafe_path, "/a//"),
		TARGET(backslash, unsafe_path, "/a\\b"),
		TARGET(encoded_slash, unsafe_path, "/a%2fb"),
		TARGET(encoded_slash_in_upper_case, unsafe_path, "/a%2Fb"),
		TARGET(encoded_backslash, unsafe_path, "/a%5cb"),
		TARGET(encoded_dots, unsafe_path, "/a/%2e%2e/b"),
		TARGET(encoded_dot_behind_dot, unsafe_path, "/a/.%2E/b"),
		TARGET(encoded_nul, unsafe_path, "/a%00"),
		TARGET(encoded_line_end, unsafe_path, "/a%0d%0aX:y"),
		TARGET(slash_encoded_twice, unsafe_path, "/a%252fb"),
		TARGET(dot_encoded_three_times, unsafe_path, "/a/%25252e%25252e/b"),
		TARGET(escape_that_is_none, unsafe_path, "/a%zz"),
		TARGET(escape_cut_off, unsafe_path, "/a%2"),
		TARGET(dots_inside_segments, none, "/a/..b/c./.d/..."),
		TARGET(slashes_and_escapes_in_query, none, "/a?b=http://c/../d%2f%00\\"),
		TARGET(escapes_of_others, none, "/a%20b%25c%c3%a4"),
		TARGET(double_encoded_letter, none, "/a%2541"),
	};

	check(ROWS(rows));
}

Test(http_request, only_100_continue_may_be_expected)
{
	const struct row rows[] = {
		LINE(unknown_expectation, expectation_failed, "Expect: 200-ok"),
		LINE(list_of_expectations, expectation_failed,
		     "Expect: 100-continue, 100-continue"),
		LINE(second_expectation_unknown, expectation_failed,
		     "Expect: 100-continue\r\nExpect: x"),
	};

	check(ROWS(rows));
}

Test(http_request, asterisk_for_options_is_forwarded)
{
	is_forwarded("asterisk", SPAN_LIT("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert(memcmp(drive_to_backend(&d).p, "OPTIONS * HTTP/1.1\r\n", 20) == 0);
	is_forwarded("asterisk", SPAN_LIT("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert(memcmp(drive_to_backend(&d).p, "OPTIONS * HTTP/1.1\r\n", 20) == 0);
	is_forwarded("asterisk", SPAN_LIT("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert(memcmp(drive_to_backend(&d).p, "GET / HTTP/1.1\r\n", 16) == 0);
}

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
	is_forwarded("at the limit", big_request(1, rest));
	is_refused("over the limit", big_request(1, rest + 1), HTTP_REFUSAL_head_too_large);
}

Test(http_request, request_line_over_the_limit)
{
	is_refused("over the limit", big_request(8300, 1), HTTP_REFUSAL_target_too_long);
}

Test(http_request, long_request_line_before_long_headers_is_not_the_target_s_fault)
{
	is_refused("over the limit", big_request(4200, 4200), HTTP_REFUSAL_head_too_large);
}

Test(http_request, endless_head_is_refused_before_its_end)
{
	is_refused("over the limit", span_head(big_request(1, 8500), 8300),
		   HTTP_REFUSAL_head_too_large);
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
	is_forwarded("at the limit", many_headers(64));
	is_refused("over the limit", many_headers(65), HTTP_REFUSAL_too_many_headers);
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
