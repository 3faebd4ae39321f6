/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>

#include "http/http_page.h"

static uint8_t mem[HTTP_PAGE_BYTES_MAX];
static struct outbuf out;

static void page_is(enum http_refusal why, const struct http_page_params *params, const char *want)
{
	out = outbuf_of(mem, sizeof(mem));
	cr_assert(http_page_emit(&out, why, params));
	cr_assert(span_eq(outbuf_span(&out), span_str(want)), "%.*s", (int)out.len,
		  (const char *)mem);
}

#define HEAD                                                                                       \
	"Content-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"           \
	"Cache-Control: no-store\r\n"

Test(http_page, missing_certificate)
{
	page_is(HTTP_REFUSAL_client_no_certificate,
		&(struct http_page_params){.detail = SPAN_LIT("no_certificate"),
					   .request_id = SPAN_LIT("0badcafe")},
		"HTTP/1.1 400 Bad Request\r\n" HEAD
		"Content-Length: 82\r\nConnection: close\r\n\r\n"
		"400 No required SSL certificate was sent\nreason: no_certificate\nrequest: "
		"0badcafe\n");
}

Test(http_page, refused_certificate)
{
	page_is(HTTP_REFUSAL_client_certificate_refused,
		&(struct http_page_params){.detail = SPAN_LIT("expired"),
					   .request_id = SPAN_LIT("1")},
		"HTTP/1.1 400 Bad Request\r\n" HEAD
		"Content-Length: 57\r\nConnection: close\r\n\r\n"
		"400 The SSL certificate error\nreason: expired\nrequest: 1\n");
}

Test(http_page, refusal_without_detail_says_its_name)
{
	page_is(HTTP_REFUSAL_host_mismatch, &(struct http_page_params){.keep_alive = true},
		"HTTP/1.1 421 Misdirected Request\r\n" HEAD
		"Content-Length: 46\r\nConnection: keep-alive\r\n\r\n"
		"421 Misdirected Request\nreason: host_mismatch\n");
}

Test(http_page, head_has_no_body)
{
	page_is(HTTP_REFUSAL_host_mismatch, &(struct http_page_params){.is_head = true},
		"HTTP/1.1 421 Misdirected Request\r\n" HEAD
		"Content-Length: 46\r\nConnection: close\r\n\r\n");
}

Test(http_page, detail_cannot_add_lines_or_bytes_of_other_kinds)
{
	page_is(HTTP_REFUSAL_no_backend,
		&(struct http_page_params){.detail = SPAN_LIT("a\r\nb\0\xff")},
		"HTTP/1.1 503 Service Unavailable\r\n" HEAD
		"Content-Length: 51\r\nConnection: close\r\n\r\n"
		"503 Service Temporarily Unavailable\nreason: a??b??\n");
}

Test(http_page, method_not_allowed_says_what_is)
{
	out = outbuf_of(mem, sizeof(mem));
	cr_assert(http_page_emit(&out, HTTP_REFUSAL_method_not_allowed,
				 &(struct http_page_params){0}));
	cr_assert_not_null(memmem(mem, out.len, "\r\nAllow: GET,", 13));
}

/* The longest texts, for every refusal: all have a status line, and room. */
Test(http_page, every_refusal_has_a_page_that_fits)
{
	char text[500];
	struct http_page_params params = {.detail = SPAN(text), .request_id = SPAN(text)};

	memset(text, 'x', sizeof(text));
	for (int why = 1; why < HTTP_REFUSAL_COUNT; why++) {
		const struct http_refusal_info *info = &http_refusal_infos[why];
		char line[32];

		out = outbuf_of(mem, sizeof(mem));
		cr_assert(http_page_emit(&out, (enum http_refusal)why, &params));
		snprintf(line, sizeof(line), "HTTP/1.1 %u ", info->status);
		cr_assert(memcmp(mem, line, 13) == 0);
		cr_assert(mem[13] >= 'A' && mem[13] <= 'Z', "no reason phrase for %u",
			  info->status);
		cr_assert(info->drop > DROP_none && info->drop < DROP_COUNT);
	}
}

Test(http_page, what_does_not_fit_is_not_begun)
{
	out = outbuf_of(mem, 100);
	cr_assert_not(http_page_emit(&out, HTTP_REFUSAL_no_backend, &(struct http_page_params){0}));
	cr_assert_eq(out.len, 0);
}
