/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The backend's bytes, behind one byte that says how the client asked: bit 0: HEAD, bit 1: HTTP/1.0, bit 2: no end of stream
 * behind them.  What reaches the client must read, by another reader, as exactly one response with the status and
 * the body that it has at the backend, and without hop-by-hop headers. */
#include "base/assert.h"
#include "http/exchange.h"
#include "http/header_rules.h"
#include "http/http_response.h"
#include "tests/fuzz/http/reread.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define INPUT_BYTES_MAX 8192

static const struct http_limits limits = {.header_bytes = 2048, .header_count = 48};

/* We add headers to as many as a backend may send. */
static const struct http_limits wide = {.header_bytes = UINT32_MAX, .header_count = UINT32_MAX};

static uint8_t sent_mem[32768];
static struct reread sent_reread, backend_reread;

static void ask(struct http_exchange *x, bool is_head, bool is_http_1_0)
{
	const struct http_forward fwd = {
		.client_ip = SPAN_LIT("192.0.2.7"),
		.scheme = SPAN_LIT("https"),
		.backend_keep_alive = true,
	};
	uint8_t mem[512];
	struct outbuf request = outbuf_of(mem, sizeof(mem)), ignored;
	size_t n;

	outbuf_puts(&request, is_head ? "HEAD" : "GET");
	outbuf_puts(&request, is_http_1_0 ? " / HTTP/1.0" : " / HTTP/1.1");
	outbuf_puts(&request, "\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
	ignored = outbuf_of(sent_mem, sizeof(sent_mem));
	http_exchange_init(x, &limits);
	http_exchange_begin(x);
	GW_ASSERT(http_exchange_request(x, outbuf_span(&request), &n, NULL) == HTTP_STEP_HEAD);
	GW_ASSERT(http_exchange_forward(x, &fwd, &n, &ignored));
	GW_ASSERT(x->request_done && x->client_keep_alive);
}

/* Skips interim responses, as the exchange did. */
static struct span final_response(struct span backend)
{
	for (;;) {
		struct http_head_scan scan = {0};
		struct http_response r;

		GW_ASSERT(http_head_scan(&scan, backend) == HTTP_HEAD_COMPLETE);
		GW_ASSERT(http_response_parse(span_head(backend, scan.offset), &limits, &r) ==
			  HTTP_REFUSAL_none);
		if (r.status >= 200)
			return backend;
		backend = span_skip(backend, scan.offset);
	}
}

static void check_headers(struct span sent)
{
	struct http_head_scan scan = {0};
	struct http_response r;
	struct http_header h;
	unsigned framing_count = 0;

	GW_ASSERT(http_head_scan(&scan, sent) == HTTP_HEAD_COMPLETE);
	GW_ASSERT(http_response_parse(span_head(sent, scan.offset), &wide, &r) ==
		  HTTP_REFUSAL_none);
	reread_same_headers(&sent_reread, r.headers);
	while (http_headers_next(&r.headers, &h)) {
		if (!header_rules_strip_response(h.name))
			continue;
		if (span_eq(h.name, SPAN_LIT("Connection")))
			continue;
		GW_ASSERT(span_eq(h.name, SPAN_LIT("Content-Length")) ||
			  span_eq(h.name, SPAN_LIT("Transfer-Encoding")));
		framing_count++;
	}
	GW_ASSERT(framing_count <= 1);
}

static void check_done(const struct http_exchange *x, struct span backend, struct span sent,
		       bool eof)
{
	/* The client sees an end of the stream exactly when it was told so. */
	GW_ASSERT(reread_message(sent, true, x->request.is_head, !x->client_keep_alive,
				 &sent_reread));
	GW_ASSERT(sent_reread.status == x->response_status);
	check_headers(sent);
	if (!reread_message(final_response(backend), true, x->request.is_head, eof,
			    &backend_reread))
		return;
	GW_ASSERT(backend_reread.status == sent_reread.status);
	GW_ASSERT(backend_reread.body_bytes == sent_reread.body_bytes);
	GW_ASSERT(memcmp(backend_reread.body, sent_reread.body, sent_reread.body_bytes) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct outbuf out = outbuf_of(sent_mem, sizeof(sent_mem));
	struct http_exchange x;
	enum http_step step;
	struct span in;
	bool eof;
	size_t n = 0;

	if (len == 0 || len > INPUT_BYTES_MAX)
		return 0;
	in = span_of(data + 1, len - 1);
	eof = (data[0] & 4) == 0;
	ask(&x, data[0] & 1, data[0] & 2);
	step = http_exchange_response(&x, in, eof, &n, &out);
	GW_ASSERT(n <= in.len);
	GW_ASSERT(x.response_done == (step == HTTP_STEP_DONE));
	GW_ASSERT(x.response_started == (out.len > 0));
	if (step == HTTP_STEP_DONE) {
		check_done(&x, span_head(in, n), outbuf_span(&out), eof);
		GW_ASSERT(!x.backend_keep_alive || (n == in.len && !eof));
	} else if (step == HTTP_STEP_FAILED) {
		GW_ASSERT(x.refusal != HTTP_REFUSAL_none && !x.backend_keep_alive);
		GW_ASSERT(!x.response_started || !x.client_keep_alive);
	} else {
		GW_ASSERT(step == HTTP_STEP_WANT_INPUT && !eof);
	}
	return 0;
}
