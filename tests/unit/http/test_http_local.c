/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>

#include "http/http_local.h"

static char text[4096];

static const char *redirect(const char *host, const char *target, uint16_t port, bool keep_alive)
{
	struct http_request r = {.host = span_str(host), .target = span_str(target)};
	struct outbuf out = outbuf_of(text, sizeof(text) - 1);

	if (!http_local_redirect(&r, port, keep_alive, &out)) {
		cr_assert_eq(out.len, 0);
		return "refused";
	}
	text[out.len] = '\0';
	return text;
}

/* The whole answer, so that nothing can hide in it. */
static void assert_location(const char *host, const char *target, uint16_t port,
			    const char *location)
{
	char wanted[4096];

	snprintf(wanted, sizeof(wanted),
		 "HTTP/1.1 308 Permanent Redirect\r\nLocation: %s\r\nContent-Length: 0\r\n"
		 "Connection: keep-alive\r\n\r\n",
		 location);
	cr_assert_str_eq(redirect(host, target, port, true), wanted);
}

Test(http_local, redirect_keeps_host_and_target)
{
	assert_location("api.example", "/a/b?c=d&e=%41", 443, "https://api.example/a/b?c=d&e=%41");
	assert_location("API.Example", "/", 8443, "https://api.example:8443/");
	assert_location("api.example", "*", 443, "https://api.example/");
}

Test(http_local, nothing_ends_the_line_or_the_authority)
{
	assert_location("api.example", "/?x=\"<>\\^`{|}", 443,
			"https://api.example/?x=%22%3C%3E%5C%5E%60%7B%7C%7D");
	assert_location("api.example", "/?next=//evil.test/@x", 443,
			"https://api.example/?next=//evil.test/@x");
	/* The parser lets none of these through; if it did, they would do no harm. */
	assert_location("api.example", "/a\r\nSet-Cookie: x", 443,
			"https://api.example/a%0D%0ASet-Cookie:%20x");
	assert_location("api.example", "/\x7f\x80", 443, "https://api.example/%7F%80");
	cr_assert_str_eq(redirect("evil.test/", "/", 443, true), "refused");
	cr_assert_str_eq(redirect("a@evil.test", "/", 443, true), "refused");
	cr_assert_str_eq(redirect("a\r\nb", "/", 443, true), "refused");
	cr_assert_str_eq(redirect("[::1]", "/", 443, true), "refused");
	cr_assert_str_eq(redirect("", "/", 443, true), "refused");
	cr_assert_str_eq(redirect("api.example", "@evil.test", 443, true), "refused");
	cr_assert_str_eq(redirect("api.example", "", 443, true), "refused");
}

Test(http_local, what_does_not_fit_is_refused_whole)
{
	char target[5000] = "/";

	memset(target + 1, 'x', sizeof(target) - 2);
	cr_assert_str_eq(redirect("api.example", target, 443, true), "refused");
}

Test(http_local, closing_is_said)
{
	cr_assert(
		strstr(redirect("api.example", "/", 443, false), "\r\nConnection: close\r\n\r\n"));
}

static const char *health(bool is_head, bool is_draining)
{
	struct http_request r = {.is_head = is_head};
	struct outbuf out = outbuf_of(text, sizeof(text) - 1);

	cr_assert(http_local_health(&r, is_draining, !is_draining, &out));
	text[out.len] = '\0';
	return text;
}

Test(http_local, health_says_whether_new_work_is_welcome)
{
	cr_assert(strstr(health(false, false), "HTTP/1.1 200 OK\r\n") == text);
	cr_assert(strstr(text, "\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nok\n"));
	cr_assert(strstr(health(false, true), "HTTP/1.1 503 Service Unavailable\r\n") == text);
	cr_assert(strstr(text, "\r\nConnection: close\r\n\r\ndraining\n"));
}

Test(http_local, head_has_no_body)
{
	cr_assert(strstr(health(true, false), "\r\nContent-Length: 3\r\n"));
	cr_assert_str_eq(text + strlen(text) - 4, "\r\n\r\n");
}
