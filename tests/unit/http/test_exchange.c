/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "drive.h"

#define XF                                                                                         \
	"X-Forwarded-For: 192.0.2.7\r\n"                                                           \
	"X-Forwarded-Proto: https\r\n"                                                             \
	"X-Forwarded-Port: 443\r\n"

static struct drive d;

static void is_bytes(struct span got, const char *want)
{
	cr_assert(span_eq(got, span_str(want)), "got:\n%.*s\nwanted:\n%s", (int)got.len,
		  (const char *)got.p, want);
}

static void request(const char *in)
{
	drive_init(&d);
	cr_assert_eq(drive_request(&d, span_str(in)), HTTP_STEP_DONE, "%s",
		     http_refusal_infos[d.x.refusal].name);
}

Test(exchange, head_is_rebuilt_for_the_backend)
{
	request("\r\nGET https://a.example/x?y HTTP/1.1\r\nhOst:a.example\r\nAccept:  */* "
		"\r\n\r\n");
	is_bytes(drive_to_backend(&d),
		 "GET /x?y HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n" XF "\r\n");
	cr_assert(d.x.client_keep_alive);
	cr_assert(d.x.request_done);
	cr_assert_not(d.x.has_body);
}

Test(exchange, response_is_rebuilt_for_the_client)
{
	request("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	cr_assert_eq(drive_response(&d,
				    SPAN_LIT("HTTP/1.1 200 Fine\r\nContent-Length: 3\r\n"
					     "Keep-Alive: 5\r\nX: y\r\n\r\nabc"),
				    false),
		     HTTP_STEP_DONE);
	is_bytes(drive_to_client(&d), "HTTP/1.1 200 Fine\r\nX: y\r\nContent-Length: 3\r\n\r\nabc");
	cr_assert(d.x.backend_keep_alive);
	cr_assert(d.x.client_keep_alive);
	cr_assert_eq(d.x.response_status, 200);
}

/* ---- request bodies ---- */

Test(exchange, body_ends_where_its_length_says)
{
	struct span in = SPAN_LIT(
		"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /x");

	drive_init(&d);
	cr_assert_eq(drive_request(&d, in), HTTP_STEP_DONE);
	cr_assert_eq(d.request_consumed, in.len - 6);
	is_bytes(drive_to_backend(&d),
		 "PUT / HTTP/1.1\r\nHost: a\r\n" XF "Content-Length: 3\r\n\r\nabc");
	cr_assert(d.x.has_body);
}

Test(exchange, unfinished_body_wants_more)
{
	drive_init(&d);
	cr_assert_eq(
		drive_request(&d,
			      SPAN_LIT("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab")),
		HTTP_STEP_WANT_INPUT);
	cr_assert_not(d.x.request_done);
	cr_assert_eq(drive_request(&d, SPAN_LIT("c")), HTTP_STEP_DONE);
	cr_assert(d.x.request_done);
}

Test(exchange, chunks_are_made_anew)
{
	request("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
		"00B;x=y\r\n0123456789A\r\n1\r\nz\r\n0\r\nA: b\r\n\r\n");
	is_bytes(drive_to_backend(&d),
		 "POST / HTTP/1.1\r\nHost: a\r\n" XF "Transfer-Encoding: chunked\r\n\r\n"
		 "b\r\n0123456789A\r\n1\r\nz\r\n0\r\n\r\n");
}

Test(exchange, method_that_has_a_body_says_when_it_has_none)
{
	request("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
	is_bytes(drive_to_backend(&d),
		 "POST / HTTP/1.1\r\nHost: a\r\n" XF "Content-Length: 0\r\n\r\n");
	cr_assert_not(d.x.has_body);
}

static void breaks_off(const char *in, enum http_refusal why)
{
	drive_init(&d);
	d.limits.body_bytes = 4;
	cr_assert_eq(drive_request(&d, span_str(in)), HTTP_STEP_REFUSED);
	cr_assert_eq(d.x.refusal, why);
	cr_assert_not(d.x.request_done);
	cr_assert_not(d.x.client_keep_alive);
	cr_assert_not(d.x.backend_keep_alive);
	/* and stays so */
	cr_assert_eq(drive_request(&d, SPAN_LIT("0\r\n\r\n")), HTTP_STEP_REFUSED);
}

#define CHUNKED "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

Test(exchange, malformed_chunk_breaks_off)
{
	breaks_off(CHUNKED "1\r\nabc", HTTP_REFUSAL_bad_chunk);
	/* The backend must not take what came so far for a whole body. */
	cr_assert_null(memmem(d.to_backend.p, d.to_backend.len, "0\r\n\r\n", 5));
}

Test(exchange, endless_trailers_break_off)
{
	static char in[5000];

	snprintf(in, sizeof(in), CHUNKED "0\r\nA: %04500d", 0);
	breaks_off(in, HTTP_REFUSAL_trailer_too_large);
	cr_assert_null(memmem(d.to_backend.p, d.to_backend.len, "0\r\n\r\n", 5));
}

Test(exchange, chunked_body_over_the_limit_breaks_off)
{
	breaks_off(CHUNKED "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", HTTP_REFUSAL_body_too_large);
	cr_assert_null(memmem(d.to_backend.p, d.to_backend.len, "0\r\n\r\n", 5));
}

Test(exchange, chunked_body_at_the_limit_passes)
{
	drive_init(&d);
	d.limits.body_bytes = 4;
	cr_assert_eq(drive_request(&d, SPAN_LIT(CHUNKED "4\r\nabcd\r\n0\r\n\r\n")), HTTP_STEP_DONE);
}

/* ---- several requests ---- */

Test(exchange, pipelined_requests_come_one_by_one)
{
	struct span in = SPAN_LIT("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
				  "PUT /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nxy"
				  "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
	const char *want[] = {"GET /1 HTTP/1.1\r\nHost: a\r\n" XF "\r\n",
			      "PUT /2 HTTP/1.1\r\nHost: a\r\n" XF "Content-Length: 2\r\n\r\nxy",
			      "GET /3 HTTP/1.1\r\nHost: a\r\n" XF "\r\n"};

	drive_init(&d);
	for (size_t i = 0; i < 3; i++) {
		d.to_backend.len = 0;
		cr_assert_eq(drive_request(&d, in), HTTP_STEP_DONE);
		is_bytes(drive_to_backend(&d), want[i]);
		in = span_skip(in, d.request_consumed);
		http_exchange_begin(&d.x);
	}
	cr_assert_eq(in.len, 0);
}

Test(exchange, last_request_that_the_limit_allows_closes)
{
	drive_init(&d);
	d.limits.requests_per_connection = 2;
	drive_request(&d, SPAN_LIT("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert(d.x.client_keep_alive);
	http_exchange_begin(&d.x);
	drive_request(&d, SPAN_LIT("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
	cr_assert_not(d.x.client_keep_alive);
	drive_response(&d, SPAN_LIT("HTTP/1.1 204 No Content\r\n\r\n"), false);
	is_bytes(drive_to_client(&d), "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
}

/* ---- routing ---- */

static enum http_step head_only(const char *in)
{
	size_t consumed = 1;
	enum http_step step;

	drive_init(&d);
	step = http_exchange_request(&d.x, span_str(in), &consumed, NULL);
	cr_assert_eq(consumed, 0);
	return step;
}

Test(exchange, head_may_be_asked_for_again)
{
	const char *in = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";
	char *moved = strdup(in);
	size_t consumed;

	cr_assert_eq(head_only(in), HTTP_STEP_HEAD);
	cr_assert_eq(http_exchange_request(&d.x, span_str(moved), &consumed, NULL), HTTP_STEP_HEAD);
	cr_assert_eq(d.x.request.path.p, (const uint8_t *)moved + 4);
	cr_assert_eq(consumed, 0);
	free(moved);
}

Test(exchange, head_that_does_not_fit_is_not_begun)
{
	uint8_t mem[200];
	struct outbuf out;
	size_t consumed, whole = strlen("GET / HTTP/1.1\r\nHost: a\r\n" XF "\r\n");

	head_only("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	for (size_t cap = 0; cap < whole; cap++) {
		out = outbuf_of(mem, cap);
		cr_assert_not(http_exchange_forward(&d.x, &d.fwd, &consumed, &out));
		cr_assert_eq(out.len, 0);
	}
	out = outbuf_of(mem, whole);
	cr_assert(http_exchange_forward(&d.x, &d.fwd, &consumed, &out));
	cr_assert_eq(out.len, whole);
	cr_assert_eq(consumed, 27);
}

Test(exchange, refused_route_keeps_the_connection_when_nothing_is_unread)
{
	size_t consumed;

	head_only("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	http_exchange_refuse(&d.x, HTTP_REFUSAL_host_not_found, &consumed);
	cr_assert_eq(consumed, 27);
	cr_assert(d.x.client_keep_alive);
	cr_assert_eq(d.x.refusal, HTTP_REFUSAL_host_not_found);
}

Test(exchange, refused_route_closes_when_a_body_is_unread)
{
	size_t consumed;

	head_only("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
	http_exchange_refuse(&d.x, HTTP_REFUSAL_host_not_found, &consumed);
	cr_assert_not(d.x.client_keep_alive);
}

Test(exchange, refused_certificate_closes)
{
	size_t consumed;

	head_only("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	http_exchange_refuse(&d.x, HTTP_REFUSAL_client_certificate_refused, &consumed);
	cr_assert_not(d.x.client_keep_alive);
}

Test(exchange, backend_is_asked_to_close_when_its_connection_is_not_kept)
{
	drive_init(&d);
	d.fwd.backend_keep_alive = false;
	drive_request(&d, SPAN_LIT("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
	is_bytes(drive_to_backend(&d),
		 "GET / HTTP/1.1\r\nHost: a\r\n" XF "Connection: close\r\n\r\n");
	drive_response(&d, SPAN_LIT("HTTP/1.1 204 No Content\r\n\r\n"), false);
	cr_assert_not(d.x.backend_keep_alive);
}

/* ---- Expect ---- */

#define EXPECT "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n"

Test(exchange, expecting_client_waits_for_leave)
{
	drive_init(&d);
	cr_assert_eq(drive_request(&d, SPAN_LIT(EXPECT)), HTTP_STEP_WANT_INPUT);
	cr_assert(d.x.wants_continue);
	cr_assert_eq(drive_request(&d, SPAN_LIT("x")), HTTP_STEP_DONE);
	cr_assert_not(d.x.wants_continue);
	is_bytes(drive_to_backend(&d),
		 "PUT / HTTP/1.1\r\nHost: a\r\n" XF "Content-Length: 1\r\n\r\nx");
}

Test(exchange, leave_is_not_given_behind_a_final_response)
{
	drive_init(&d);
	drive_request(&d, SPAN_LIT(EXPECT));
	drive_response(&d, SPAN_LIT("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), false);
	cr_assert_not(d.x.wants_continue);
	is_bytes(drive_to_client(&d),
		 "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
}

Test(exchange, leave_is_not_given_where_none_is_needed)
{
	request("GET / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
	cr_assert_not(d.x.wants_continue);
	request("PUT / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx");
	cr_assert_not(d.x.wants_continue);
}

/* ---- responses ---- */

/* method and request version, the backend's bytes, and all that the client gets. */
static void responds(const char *method, const char *version, const char *in, bool eof,
		     const char *want)
{
	char head[200];

	snprintf(head, sizeof(head), "%s / HTTP/%s\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
		 method, version);
	request(head);
	cr_assert_eq(drive_response(&d, span_str(in), eof), HTTP_STEP_DONE, "%s",
		     http_refusal_infos[d.x.refusal].name);
	cr_assert(d.x.response_done);
	is_bytes(drive_to_client(&d), want);
}

#define OK_CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

Test(exchange, chunked_response_is_chunked_anew)
{
	responds("GET", "1.1", OK_CHUNKED "3;x\r\nabc\r\n0\r\nClient-Cert: x\r\n\r\n", false,
		 OK_CHUNKED "3\r\nabc\r\n0\r\n\r\n");
	cr_assert(d.x.backend_keep_alive && d.x.client_keep_alive);
}

Test(exchange, response_until_close_becomes_chunked)
{
	responds("GET", "1.1", "HTTP/1.1 200 OK\r\n\r\nabc", true,
		 OK_CHUNKED "3\r\nabc\r\n0\r\n\r\n");
	cr_assert_not(d.x.backend_keep_alive);
	cr_assert(d.x.client_keep_alive);
}

Test(exchange, http_1_0_backend_is_used_once)
{
	responds("GET", "1.1",
		 "HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc", false,
		 "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
	cr_assert_not(d.x.backend_keep_alive);
	cr_assert(d.x.client_keep_alive);
}

Test(exchange, backend_that_says_close_is_not_used_again)
{
	responds("GET", "1.1", "HTTP/1.1 204 No Content\r\nConnection: x, CLOSE\r\n\r\n", false,
		 "HTTP/1.1 204 No Content\r\n\r\n");
	cr_assert_not(d.x.backend_keep_alive);
	cr_assert(d.x.client_keep_alive);
}

Test(exchange, http_1_0_client_is_told_that_its_connection_stays)
{
	responds("GET", "1.0", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false,
		 "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc");
	cr_assert(d.x.client_keep_alive);
}

Test(exchange, http_1_0_client_gets_no_chunks)
{
	responds("GET", "1.0", OK_CHUNKED "3\r\nabc\r\n0\r\n\r\n", false,
		 "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc");
	cr_assert_not(d.x.client_keep_alive);
	cr_assert(d.x.backend_keep_alive);
}

Test(exchange, response_to_head_has_no_body)
{
	responds("HEAD", "1.1", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", false,
		 "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
	cr_assert(d.x.backend_keep_alive);
	responds("HEAD", "1.1", OK_CHUNKED, false, "HTTP/1.1 200 OK\r\n\r\n");
	responds("HEAD", "1.1", "HTTP/1.1 200 OK\r\n\r\n", false, "HTTP/1.1 200 OK\r\n\r\n");
	cr_assert(d.x.backend_keep_alive);
}

Test(exchange, not_modified_has_no_body)
{
	responds("GET", "1.1", "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", false,
		 "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n");
	cr_assert(d.x.backend_keep_alive);
}

Test(exchange, no_content_that_declares_some_is_not_believed)
{
	responds("GET", "1.1", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", false,
		 "HTTP/1.1 204 No Content\r\n\r\n");
	cr_assert_not(d.x.backend_keep_alive);
	responds("GET", "1.1", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
		 false, "HTTP/1.1 204 No Content\r\n\r\n");
	cr_assert_not(d.x.backend_keep_alive);
}

Test(exchange, bytes_behind_the_response_end_the_backend_s_connection)
{
	responds("HEAD", "1.1", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", false,
		 "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
	cr_assert_not(d.x.backend_keep_alive);
	cr_assert(d.x.client_keep_alive);
	responds("GET", "1.1",
		 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabHTTP/1.1 200 OK\r\n\r\n", false,
		 "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
	cr_assert_not(d.x.backend_keep_alive);
}

Test(exchange, end_of_stream_behind_the_response_ends_the_backend_s_connection)
{
	responds("GET", "1.1", "HTTP/1.1 204 No Content\r\n\r\n", true,
		 "HTTP/1.1 204 No Content\r\n\r\n");
	cr_assert_not(d.x.backend_keep_alive);
}

Test(exchange, reason_may_be_missing)
{
	responds("GET", "1.1", "HTTP/1.1 204\r\n\r\n", false, "HTTP/1.1 204 \r\n\r\n");
}

/* The unread body would be taken for the next request. */
Test(exchange, response_before_the_end_of_the_request_closes_both)
{
	drive_init(&d);
	drive_request(&d, SPAN_LIT("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab"));
	cr_assert_eq(
		drive_response(&d, SPAN_LIT("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n"), false),
		HTTP_STEP_DONE);
	is_bytes(drive_to_client(&d),
		 "HTTP/1.1 413 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	cr_assert_not(d.x.client_keep_alive);
	cr_assert_not(d.x.backend_keep_alive);
	/* not even when the rest comes later */
	cr_assert_eq(drive_request(&d, SPAN_LIT("c")), HTTP_STEP_DONE);
	cr_assert_not(d.x.client_keep_alive);
	cr_assert_not(d.x.backend_keep_alive);
}

Test(exchange, response_that_does_not_fit_is_not_begun)
{
	struct span in = SPAN_LIT("HTTP/1.1 204 No Content\r\n\r\n");
	uint8_t mem[100];
	struct outbuf out;
	size_t consumed;

	request("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	for (size_t cap = 0; cap < in.len; cap++) {
		out = outbuf_of(mem, cap);
		cr_assert_eq(http_exchange_response(&d.x, in, false, &consumed, &out),
			     HTTP_STEP_WANT_OUTPUT);
		cr_assert_eq(consumed + out.len, 0);
		cr_assert_not(d.x.response_started);
	}
	out = outbuf_of(mem, in.len);
	cr_assert_eq(http_exchange_response(&d.x, in, false, &consumed, &out), HTTP_STEP_DONE);
}
