/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

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
