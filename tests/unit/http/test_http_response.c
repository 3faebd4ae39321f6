/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a backend's response may not have, one row a construct.  Each response comes whole and byte by byte; the client
 * gets nothing of a refused one. */
#include <criterion/criterion.h>

#include "drive.h"

static struct drive d;

static enum http_step get(struct span response, bool eof, const char *method, size_t piece_bytes)
{
	char request[100];

	snprintf(request, sizeof(request), "%s / HTTP/1.1\r\nHost: a\r\n\r\n", method);
	drive_init(&d);
	cr_assert_eq(drive_request(&d, span_str(request)), HTTP_STEP_DONE);
	d.piece_bytes = piece_bytes;
	return drive_response(&d, response, eof);
}

static void is_failed(const char *name, struct span response, bool eof, enum http_refusal why)
{
	for (size_t piece_bytes = 0; piece_bytes < 2; piece_bytes++) {
		cr_assert_eq(get(response, eof, "GET", piece_bytes), HTTP_STEP_FAILED, "%s", name);
		cr_assert_eq(d.x.refusal, why, "%s: %s instead of %s", name,
			     http_refusal_infos[d.x.refusal].name, http_refusal_infos[why].name);
		cr_assert_eq(drive_to_client(&d).len, 0);
		cr_assert_not(d.x.backend_keep_alive);
		cr_assert_not(d.x.response_started);
		/* Our page can still be sent, on a connection that goes on. */
		cr_assert(d.x.client_keep_alive && d.x.request_done);
	}
}

struct row {
	const char *name;
	enum http_refusal why;
	struct span response;
};

static void check(const struct row *rows, size_t row_count)
{
	for (size_t i = 0; i < row_count; i++)
		is_failed(rows[i].name, rows[i].response, false, rows[i].why);
}

#define ROWS(rows) (rows), sizeof(rows) / sizeof((rows)[0])
#define ROW(name, why, response) ((struct row){#name, HTTP_REFUSAL_##why, SPAN_LIT(response)})
#define LINE(name, why, line) ROW(name, why, "HTTP/1.1 200 OK\r\n" line "\r\n\r\n")
#define CL "Content-Length: "
#define TE "Transfer-Encoding: "
#define INTERIM "HTTP/1.1 100 Continue\r\n\r\n"
#define FOUR_INTERIMS INTERIM INTERIM INTERIM INTERIM

Test(http_response, status_line_has_a_version_and_three_digits)
{
	const struct row rows[] = {
		ROW(no_http_at_all, backend_bad_response, "SSH-2.0-x\r\n\r\n"),
		ROW(http_2_0, backend_bad_response, "HTTP/2.0 200 OK\r\n\r\n"),
		ROW(http_0_9, backend_bad_response, "HTTP/0.9 200 OK\r\n\r\n"),
		ROW(rtsp, backend_bad_response, "RTSP/1.0 200 OK\r\n\r\n"),
		ROW(two_digit_status, backend_bad_response, "HTTP/1.1 20 OK\r\n\r\n"),
		ROW(four_digit_status, backend_bad_response, "HTTP/1.1 2000 OK\r\n\r\n"),
		ROW(status_glued_to_reason, backend_bad_response, "HTTP/1.1 200OK\r\n\r\n"),
		ROW(status_below_100, backend_bad_response, "HTTP/1.1 099 OK\r\n\r\n"),
		ROW(status_above_599, backend_bad_response, "HTTP/1.1 600 OK\r\n\r\n"),
		ROW(two_spaces_before_status, backend_bad_response, "HTTP/1.1  200 OK\r\n\r\n"),
		ROW(no_status, backend_bad_response, "HTTP/1.1\r\n\r\n"),
		ROW(empty_line_before_status_line, backend_bad_response,
		    "\r\nHTTP/1.1 200 OK\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_response, nothing_can_split_the_response)
{
	const struct row rows[] = {
		LINE(bare_lf_in_header, backend_bad_response, "A: b\nC: d"),
		LINE(bare_cr_in_header, backend_bad_response, "A: b\rC: d"),
		LINE(nul_in_header, backend_bad_response, "A: b\0c"),
		LINE(folded_line, backend_bad_response, "A: b\r\n c"),
		LINE(space_before_colon, backend_bad_response, "A : b"),
		LINE(no_colon, backend_bad_response, "Abc"),
		LINE(empty_name, backend_bad_response, ": b"),
		LINE(too_many_connection_options, backend_bad_response,
		     "Connection: a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q"),
		ROW(bare_lf_in_reason, backend_bad_response, "HTTP/1.1 200 OK\nA: b\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_response, framing_has_one_reading)
{
	const struct row rows[] = {
		LINE(length_then_encoding, backend_bad_framing, CL "5\r\n" TE "chunked"),
		LINE(encoding_then_length, backend_bad_framing, TE "chunked\r\n" CL "5"),
		LINE(two_lengths_that_differ, backend_bad_framing, CL "5\r\n" CL "6"),
		LINE(two_lengths_that_agree, backend_bad_framing, CL "5\r\n" CL "5"),
		LINE(list_of_lengths, backend_bad_framing, CL "5, 5"),
		LINE(signed_length, backend_bad_framing, CL "+5"),
		LINE(empty_length, backend_bad_framing, CL),
		LINE(length_over_64_bits, backend_bad_framing, CL "18446744073709551616"),
		LINE(empty_encoding, backend_bad_framing, TE),
		LINE(unknown_encoding, backend_bad_framing, TE "gzip"),
		LINE(encoding_before_chunked, backend_bad_framing, TE "gzip, chunked"),
		LINE(encoding_behind_chunked, backend_bad_framing, TE "chunked, gzip"),
		LINE(chunked_twice, backend_bad_framing, TE "chunked\r\n" TE "chunked"),
		LINE(chunked_with_a_letter_before, backend_bad_framing, TE "xchunked"),
		ROW(encoding_on_http_1_0, backend_bad_framing,
		    "HTTP/1.0 200 OK\r\n" TE "chunked\r\n\r\n"),
	};

	check(ROWS(rows));
}

Test(http_response, interim_responses_are_bounded_and_bare)
{
	const struct row rows[] = {
		ROW(upgrade_nobody_asked_for, backend_upgrade,
		    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: "
		    "upgrade\r\n\r\n"),
		ROW(interim_with_length, backend_bad_framing,
		    "HTTP/1.1 103 Early Hints\r\n" CL "0\r\n\r\n"),
		ROW(interim_with_encoding, backend_bad_framing,
		    "HTTP/1.1 103 Early Hints\r\n" TE "chunked\r\n\r\n"),
		ROW(nine_interims, backend_interim_flood, FOUR_INTERIMS FOUR_INTERIMS INTERIM),
	};

	check(ROWS(rows));
}

Test(http_response, eight_interims_are_dropped)
{
	cr_assert_eq(get(SPAN_LIT(FOUR_INTERIMS FOUR_INTERIMS "HTTP/1.1 204 No Content\r\n\r\n"),
			 false, "GET", 1),
		     HTTP_STEP_DONE);
	cr_assert(span_eq(drive_to_client(&d), SPAN_LIT("HTTP/1.1 204 No Content\r\n\r\n")));
	cr_assert(d.x.backend_keep_alive);
}

/* ends that come too early */
Test(http_response, end_before_anything)
{
	is_failed("nothing", SPAN_LIT(""), true, HTTP_REFUSAL_backend_closed);
	cr_assert_not(d.x.response_seen);
}

Test(http_response, end_in_the_head)
{
	is_failed("half a head", SPAN_LIT("HTTP/1.1 200 OK\r\nA: b\r\n"), true,
		  HTTP_REFUSAL_backend_closed);
	cr_assert(d.x.response_seen);
}

Test(http_response, end_behind_an_interim)
{
	is_failed("interim only", SPAN_LIT(INTERIM), true, HTTP_REFUSAL_backend_closed);
}

/* Part of the body is out: the client must see the connection break. */
static void is_broken(struct span response, bool eof, enum http_refusal why)
{
	cr_assert_eq(get(response, eof, "GET", 0), HTTP_STEP_FAILED);
	cr_assert_eq(d.x.refusal, why);
	cr_assert(d.x.response_started);
	cr_assert_not(d.x.response_done);
	cr_assert_not(d.x.client_keep_alive);
	cr_assert_not(d.x.backend_keep_alive);
}

Test(http_response, end_before_the_length_is_reached)
{
	is_broken(SPAN_LIT("HTTP/1.1 200 OK\r\n" CL "5\r\n\r\nabcd"), true,
		  HTTP_REFUSAL_backend_truncated);
}

Test(http_response, end_before_the_last_chunk)
{
	is_broken(SPAN_LIT("HTTP/1.1 200 OK\r\n" TE "chunked\r\n\r\n3\r\nabc\r\n"), true,
		  HTTP_REFUSAL_backend_truncated);
}

Test(http_response, end_before_the_end_of_trailers)
{
	is_broken(SPAN_LIT("HTTP/1.1 200 OK\r\n" TE "chunked\r\n\r\n0\r\nA: b\r\n"), true,
		  HTTP_REFUSAL_backend_truncated);
}

Test(http_response, malformed_chunk)
{
	is_broken(SPAN_LIT("HTTP/1.1 200 OK\r\n" TE "chunked\r\n\r\n3\r\nabcd\r\n"), false,
		  HTTP_REFUSAL_backend_bad_framing);
}

Test(http_response, head_over_the_limits)
{
	static char big[9000];
	int n = snprintf(big, sizeof(big), "HTTP/1.1 200 OK\r\nA: %08200d\r\n\r\n", 0);

	is_failed("too large", span_of(big, (size_t)n), false, HTTP_REFUSAL_backend_head_too_large);
	n = snprintf(big, sizeof(big), "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i < 65; i++)
		n += snprintf(big + n, sizeof(big) - (size_t)n, "A: b\r\n");
	n += snprintf(big + n, sizeof(big) - (size_t)n, "\r\n");
	is_failed("too large", span_of(big, (size_t)n), false, HTTP_REFUSAL_backend_head_too_large);
}
