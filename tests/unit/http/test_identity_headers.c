/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "http/identity_headers.h"

static uint8_t mem[8192];
static struct outbuf out;

/* 50 bytes: one PEM line of 48 and two more; its base64 holds '+', '/' and '='. */
static const uint8_t leaf[50] = {0xfb, 0xff, 0xbf, [3] = 0x30, [49] = 0xff};

static struct peer_identity identity(void)
{
	static const uint8_t serial[] = {0x0a, 0xbc};

	return (struct peer_identity){
		.standing = PEER_VERIFIED,
		.leaf_der = SPAN(leaf),
		.subject_dn = SPAN_LIT("CN=device-7,O=Partner\\, Inc,C=SE"),
		.issuer_dn = SPAN_LIT("CN=Root,C=SE"),
		.serial = SPAN(serial),
		.not_before_s = 1693608201,
		.not_after_s = 1726872201,
		.sha1 = {0xde, 0xad, [19] = 0x0f},
	};
}

static bool render(unsigned dialects, const struct peer_identity *id, size_t cap)
{
	out = outbuf_of(mem, cap);
	return http_identity_render(dialects, id, &out);
}

static void rendered_is(const char *want)
{
	cr_assert(span_eq(outbuf_span(&out), span_str(want)), "%.*s", (int)out.len,
		  (const char *)mem);
}

Test(identity_headers, azure_dialect_is_what_nginx_prints)
{
	struct peer_identity id = identity();

	cr_assert(render(HTTP_IDENTITY_AZURE, &id, sizeof(mem)));
	rendered_is("X-Client-Certificate: -----BEGIN%20CERTIFICATE-----%0A"
		    "%2B%2F%2B%2FMAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%0A"
		    "AP8%3D%0A-----END%20CERTIFICATE-----%0A\r\n"
		    "X-Client-Certificate-Start-Date: Sep  1 22:43:21 2023 GMT\r\n"
		    "X-Client-Certificate-End-Date: Sep 20 22:43:21 2024 GMT\r\n"
		    "X-Client-Certificate-Fingerprint: dead00000000000000000000000000000000000f\r\n"
		    "X-Client-Certificate-Serial: 0ABC\r\n"
		    "X-Client-Certificate-Issuer: CN=Root,C=SE\r\n"
		    "X-Client-Certificate-Subject: CN=device-7,O=Partner\\, Inc,C=SE\r\n"
		    "X-Client-Certificate-Verification: SUCCESS\r\n");
}

Test(identity_headers, certificate_that_nobody_judged_is_said_to_be_that)
{
	struct peer_identity id = identity();
	const char *end = "X-Client-Certificate-Verification: PASSTHROUGH\r\n";

	id.standing = PEER_UNJUDGED;
	cr_assert(render(HTTP_IDENTITY_AZURE | HTTP_IDENTITY_RFC9440, &id, sizeof(mem)));
	cr_assert(span_eq(span_skip(outbuf_span(&out), out.len - strlen(end)), span_str(end)),
		  "and RFC 9440, which has no word for that, is silent");
	cr_assert(span_eq(span_head(outbuf_span(&out), 22), SPAN_LIT("X-Client-Certificate: ")));
}

Test(identity_headers, client_without_certificate_is_none_and_nothing_else)
{
	struct peer_identity id = {.standing = PEER_ANONYMOUS};

	cr_assert(render(HTTP_IDENTITY_AZURE | HTTP_IDENTITY_RFC9440, &id, sizeof(mem)));
	rendered_is("X-Client-Certificate-Verification: NONE\r\n");
	cr_assert(render(HTTP_IDENTITY_RFC9440, &id, sizeof(mem)));
	rendered_is("");
}

Test(identity_headers, refused_client_has_no_headers)
{
	struct peer_identity id = identity();

	id.standing = PEER_REFUSED;
	cr_assert_not(render(HTTP_IDENTITY_AZURE, &id, sizeof(mem)));
	cr_assert_eq(out.len, 0);
}

Test(identity_headers, rfc9440_dialect_is_a_byte_sequence)
{
	struct peer_identity id = identity();

	id.leaf_der = SPAN_LIT("ours");
	cr_assert(render(HTTP_IDENTITY_RFC9440, &id, sizeof(mem)));
	rendered_is("Client-Cert: :b3Vycw==:\r\n");
}

Test(identity_headers, no_dialect_is_no_header)
{
	struct peer_identity id = identity();

	cr_assert(render(0, &id, sizeof(mem)));
	cr_assert_eq(out.len, 0);
}

Test(identity_headers, both_dialects_at_once)
{
	struct peer_identity id = identity();

	cr_assert(render(HTTP_IDENTITY_AZURE | HTTP_IDENTITY_RFC9440, &id, sizeof(mem)));
	cr_assert_not_null(memmem(mem, out.len, "SUCCESS\r\nClient-Cert: :+/+/MAAA", 31));
}

Test(identity_headers, pem_ends_well_when_its_last_line_is_full)
{
	struct peer_identity id = identity();

	id.leaf_der = span_head(id.leaf_der, 48);
	cr_assert(render(HTTP_IDENTITY_AZURE, &id, sizeof(mem)));
	cr_assert_not_null(memmem(mem, out.len, "AAAA%0A-----END%20CERTIFICATE-----%0A\r\n", 39));
	cr_assert_null(memmem(mem, out.len, "%0A%0A", 6));
}

/* A name that ends its line would write the next header itself. */
Test(identity_headers, line_end_in_subject_is_refused)
{
	struct peer_identity id = identity();

	id.subject_dn = SPAN_LIT("CN=a\r\nX-Client-Certificate-Subject: CN=admin");
	cr_assert_not(render(HTTP_IDENTITY_AZURE, &id, sizeof(mem)));
	cr_assert_eq(out.len, 0);
}

Test(identity_headers, control_characters_in_issuer_are_refused)
{
	struct peer_identity id = identity();

	for (int c = 0; c < 128; c++) {
		char name[] = {'C', 'N', '=', (char)c};

		id.issuer_dn = SPAN(name);
		cr_assert_eq(render(HTTP_IDENTITY_AZURE, &id, sizeof(mem)), c >= ' ' && c != 0x7f);
	}
}

Test(identity_headers, what_does_not_fit_leaves_nothing)
{
	struct peer_identity id = identity();
	size_t whole;

	cr_assert(render(HTTP_IDENTITY_AZURE | HTTP_IDENTITY_RFC9440, &id, sizeof(mem)));
	whole = out.len;
	for (size_t cap = 0; cap < whole; cap++) {
		cr_assert_not(render(HTTP_IDENTITY_AZURE | HTTP_IDENTITY_RFC9440, &id, cap));
		cr_assert_eq(out.len, 0);
		cr_assert(out.overflowed);
	}
	cr_assert(render(HTTP_IDENTITY_AZURE | HTTP_IDENTITY_RFC9440, &id, whole));
}

static void date_is(int64_t time_s, const char *want)
{
	struct peer_identity id = identity();

	id.not_before_s = time_s;
	cr_assert(render(HTTP_IDENTITY_AZURE, &id, sizeof(mem)));
	cr_assert_not_null(memmem(mem, out.len, want, strlen(want)), "%s", want);
}

Test(identity_headers, dates_of_the_whole_calendar)
{
	date_is(0, "Start-Date: Jan  1 00:00:00 1970 GMT\r\n");
	date_is(-1, "Start-Date: Dec 31 23:59:59 1969 GMT\r\n");
	date_is(-631152000, "Start-Date: Jan  1 00:00:00 1950 GMT\r\n");
	date_is(951782400, "Start-Date: Feb 29 00:00:00 2000 GMT\r\n");
	date_is(4107542399, "Start-Date: Feb 28 23:59:59 2100 GMT\r\n");
	date_is(4107542400, "Start-Date: Mar  1 00:00:00 2100 GMT\r\n");
	date_is(253402300799, "Start-Date: Dec 31 23:59:59 9999 GMT\r\n");
}
