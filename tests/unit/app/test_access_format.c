/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/access_format.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

static const char *const listeners[] = {"api", "open"};
static const char *const pools[] = {"app"};
static const struct access_names names = {
	.listeners = listeners,
	.listener_count = 2,
	.pools = pools,
	.pool_count = 1,
	.utc_offset_ns = 1700000000000000000,
};

static struct access_record fresh(void)
{
	struct access_record r;

	memset(&r, 0xff, sizeof(r));
	access_record_init(&r);
	r.client_ip = 0xc6120002;
	r.client_port = 4711;
	return r;
}

static const char *formatted(const struct access_record *r, uint64_t repeated)
{
	static char line[ACCESS_LINE_BYTES_MAX + 1];
	struct outbuf out = outbuf_of(line, ACCESS_LINE_BYTES_MAX);

	cr_assert(access_format(&out, r, &names, repeated));
	cr_assert(!out.overflowed);
	line[out.len] = '\0';
	cr_assert_eq(strchr(line, '\n'), line + out.len - 1, "one line");
	return line;
}

Test(access_format, nothing_known_is_null)
{
	struct access_record r = fresh();

	cr_assert_str_eq(
		formatted(&r, 0),
		"{\"ts\":\"2023-11-14T22:13:20.000Z\",\"id\":null,\"listener\":null,"
		"\"client_ip\":\"198.18.0.2\",\"client_port\":4711,\"tls_version\":null,"
		"\"tls_cipher\":null,\"sni\":null,\"resumed\":false,\"client_verify\":null,"
		"\"client_reason\":null,\"client_subject\":null,\"client_sha256\":null,"
		"\"method\":null,\"host\":null,\"target\":null,\"status\":null,\"bytes_in\":0,"
		"\"bytes_out\":0,\"backend\":null,\"backend_status\":null,\"duration_us\":0,"
		"\"backend_us\":null,\"error\":null}\n");
}

Test(access_format, everything_known_is_shown)
{
	struct access_record r = fresh();

	r.end_ns = 1234567890;
	r.listener_idx = 0;
	r.tls_version = "TLSv1.3";
	r.tls_cipher = "TLS_AES_128_GCM_SHA256";
	r.verify = ACCESS_VERIFY_JUDGED;
	r.reason = AUTH_ok;
	r.has_sha256 = true;
	memset(r.sha256, 0xab, sizeof(r.sha256));
	r.status = r.backend_status = 200;
	r.bytes_in = 10;
	r.bytes_out = UINT64_MAX;
	r.pool_idx = 0;
	r.backend_ip = 0xc6130002;
	r.backend_port = 8080;
	r.duration_us = 7;
	r.backend_us = 5;
	memset(r.id, 'a', sizeof(r.id));
	access_record_set(&r, ACCESS_TEXT_SNI, SPAN_LIT("api.example"));
	access_record_set(&r, ACCESS_TEXT_SUBJECT, SPAN_LIT("CN=x"));
	access_record_set(&r, ACCESS_TEXT_METHOD, SPAN_LIT("GET"));
	access_record_set(&r, ACCESS_TEXT_HOST, SPAN_LIT("api.example"));
	access_record_set(&r, ACCESS_TEXT_TARGET, SPAN_LIT("/"));
	cr_assert_str_eq(
		formatted(&r, 0),
		"{\"ts\":\"2023-11-14T22:13:21.234Z\",\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
		"\"listener\":\"api\",\"client_ip\":\"198.18.0.2\",\"client_port\":4711,"
		"\"tls_version\":\"TLSv1.3\",\"tls_cipher\":\"TLS_AES_128_GCM_SHA256\","
		"\"sni\":\"api.example\",\"resumed\":false,\"client_verify\":\"SUCCESS\","
		"\"client_reason\":\"ok\",\"client_subject\":\"CN=x\",\"client_sha256\":\""
		"abababababababababababababababababababababababababababababababab\","
		"\"method\":\"GET\",\"host\":\"api.example\",\"target\":\"/\",\"status\":200,"
		"\"bytes_in\":10,\"bytes_out\":18446744073709551615,"
		"\"backend\":\"app/198.19.0.2:8080\",\"backend_status\":200,\"duration_us\":7,"
		"\"backend_us\":5,\"error\":null}\n");
}

Test(access_format, verdicts_have_their_words)
{
	struct access_record r = fresh();

	r.verify = ACCESS_VERIFY_PASSED;
	cr_assert(strstr(formatted(&r, 0),
			 "\"client_verify\":\"PASSTHROUGH\",\"client_reason\":null"));
	r.verify = ACCESS_VERIFY_NONE;
	cr_assert(strstr(formatted(&r, 0), "\"client_verify\":\"NONE\",\"client_reason\":null"));
	r.verify = ACCESS_VERIFY_JUDGED;
	r.reason = AUTH_no_certificate;
	cr_assert(strstr(formatted(&r, 0),
			 "\"client_verify\":\"NONE\",\"client_reason\":\"no_certificate\""));
	r.reason = AUTH_expired;
	cr_assert(strstr(formatted(&r, 0),
			 "\"client_verify\":\"FAILED:expired\",\"client_reason\":\"expired\""));
}

Test(access_format, an_error_has_the_name_of_its_counter)
{
	struct access_record r = fresh();

	r.error = DROP_http_host_mismatch;
	cr_assert(strstr(formatted(&r, 0), "\"error\":\"http_host_mismatch\"}"));
}

Test(access_format, a_sum_says_how_many)
{
	struct access_record r = fresh();

	cr_assert(strstr(formatted(&r, 17), ",\"repeated\":17}\n"));
	cr_assert_null(strstr(formatted(&r, 0), "repeated"));
}

Test(access_format, hostile_bytes_cannot_leave_their_string)
{
	static const char hostile[] = "\"}\n{\"x\":\"\\\r\t\x00\x1b\x7f\x80\xff\xc3\xa9";
	struct access_record r = fresh();
	json_error_t error;
	json_t *line;

	access_record_set(&r, ACCESS_TEXT_TARGET, span_of(hostile, sizeof(hostile) - 1));
	cr_assert(strstr(formatted(&r, 0),
			 "\"target\":\"\\\"}\\u000a{\\\"x\\\":\\\"\\\\\\u000d\\u0009\\u0000\\u001b"
			 "\\u007f\\u0080\\u00ff\\u00c3\\u00a9\""));
	line = json_loads(formatted(&r, 0), JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	cr_assert_not_null(line, "%s", error.text);
	json_decref(line);
}

Test(access_format, longer_texts_are_cut_and_marked)
{
	struct access_record r = fresh();
	char text[ACCESS_TARGET_BYTES + 1];
	struct span kept;

	memset(text, 'x', sizeof(text));
	access_record_set(&r, ACCESS_TEXT_METHOD, span_of(text, ACCESS_METHOD_BYTES));
	cr_assert_null(strstr(formatted(&r, 0), "truncated"));
	access_record_set(&r, ACCESS_TEXT_METHOD, span_of(text, ACCESS_METHOD_BYTES + 1));
	access_record_set(&r, ACCESS_TEXT_TARGET, span_of(text, sizeof(text)));
	cr_assert(strstr(formatted(&r, 0), ",\"truncated\":[\"method\",\"target\"]}"));
	cr_assert(access_record_text(&r, ACCESS_TEXT_TARGET, &kept));
	cr_assert_eq(kept.len, ACCESS_TARGET_BYTES);
	access_record_set(&r, ACCESS_TEXT_METHOD, SPAN_LIT("GET"));
	cr_assert(strstr(formatted(&r, 0), ",\"truncated\":[\"target\"]}"));
}

Test(access_format, the_longest_line_fits)
{
	struct access_record r = fresh();
	char text[1024];

	memset(text, 0xff, sizeof(text));
	for (unsigned i = 0; i < ACCESS_TEXT_COUNT; i++)
		access_record_set(&r, (enum access_text)i, span_of(text, sizeof(text)));
	r.tls_version = r.tls_cipher =
		"a name that is longer than any cipher suite's name could be";
	r.bytes_in = r.bytes_out = r.duration_us = r.backend_us = UINT64_MAX;
	r.verify = ACCESS_VERIFY_JUDGED;
	r.reason = AUTH_duplicate_extension;
	r.error = DROP_tls_handshake_certificate_unusable;
	r.pool_idx = r.listener_idx = 0;
	cr_assert_lt(strlen(formatted(&r, UINT64_MAX)), ACCESS_LINE_BYTES_MAX);
}

Test(access_format, nothing_is_written_where_a_line_may_not_fit)
{
	static char buf[ACCESS_LINE_BYTES_MAX];
	struct outbuf out = outbuf_of(buf, sizeof(buf) - 1);
	struct access_record r = fresh();

	cr_assert(!access_format(&out, &r, &names, 0));
	cr_assert_eq(out.len, 0);
}

Test(access_format, indexes_of_nothing_are_null)
{
	struct access_record r = fresh();

	r.listener_idx = 2;
	r.pool_idx = 1;
	cr_assert(strstr(formatted(&r, 0), "\"listener\":null"));
	cr_assert(strstr(formatted(&r, 0), "\"backend\":null"));
}
