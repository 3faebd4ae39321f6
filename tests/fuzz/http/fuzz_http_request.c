/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client's bytes.  What reaches the backend must read, by two readers, as exactly one request: the same method,
 * target, host and body, every header that may pass and no other, and ours once each. */
#include "base/assert.h"
#include "http/exchange.h"
#include "http/header_rules.h"
#include "tests/fuzz/http/reread.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define INPUT_BYTES_MAX 8192

static const struct http_limits limits = {
	.header_bytes = 2048,
	.header_count = 48,
	.body_bytes = 1024,
};

static const struct span ours[] = {
	{(const uint8_t *)"Host", 4},
	{(const uint8_t *)"X-Forwarded-For", 15},
	{(const uint8_t *)"X-Forwarded-Proto", 17},
	{(const uint8_t *)"X-Forwarded-Port", 16},
	{(const uint8_t *)"Client-Cert", 11},
};
#define OURS_COUNT (sizeof(ours) / sizeof(ours[0]))

static uint8_t sent_mem[32768];
static struct reread reread;

static bool passes(const struct http_connection_options *options, struct span name)
{
	return !header_rules_strip_request(name) && !http_connection_names(options, name);
}

/* The next header of the client's that may pass. */
static bool next_passing(struct span *lines, const struct http_connection_options *options,
			 struct http_header *ret_header)
{
	while (http_headers_next(lines, ret_header)) {
		if (passes(options, ret_header->name))
			return true;
	}
	return false;
}

/* Every header in `sent` is the client's next one that passes, or one of ours, or framing. */
static void check_headers(struct span client_lines, struct span sent_lines)
{
	struct http_connection_options options;
	unsigned count[OURS_COUNT] = {0}, framing_count = 0;
	struct http_header h, want;

	GW_ASSERT(http_connection_read(client_lines, &options));
	while (http_headers_next(&sent_lines, &h)) {
		bool is_ours = false;

		for (size_t i = 0; i < OURS_COUNT; i++) {
			is_ours |= span_eq(h.name, ours[i]);
			count[i] += span_eq(h.name, ours[i]);
		}
		if (is_ours)
			continue;
		if (header_rules_strip_request(h.name)) {
			GW_ASSERT(span_eq(h.name, SPAN_LIT("Content-Length")) ||
				  span_eq(h.name, SPAN_LIT("Transfer-Encoding")));
			framing_count++;
			continue;
		}
		GW_ASSERT(next_passing(&client_lines, &options, &want));
		GW_ASSERT(span_eq(want.name, h.name) && span_eq(want.value, h.value));
	}
	GW_ASSERT(!next_passing(&client_lines, &options, &want));
	GW_ASSERT(framing_count <= 1);
	for (size_t i = 0; i < OURS_COUNT; i++)
		GW_ASSERT(count[i] == 1);
}

/* What was sent, against the head as our parser saw it. */
static void check_head(const struct http_request *r, struct span sent)
{
	struct http_limits wide = {.header_bytes = UINT32_MAX, .header_count = UINT32_MAX};
	struct http_request again;

	GW_ASSERT(http_request_parse(sent, &wide, &again) == HTTP_REFUSAL_none);
	GW_ASSERT(span_eq(r->method, again.method));
	GW_ASSERT(span_eq(r->target, again.target));
	GW_ASSERT(span_eq(r->path, again.path));
	GW_ASSERT(span_eq(r->authority, again.authority));
	GW_ASSERT(span_eq(r->host, again.host));
	GW_ASSERT(r->is_chunked == again.is_chunked);
	GW_ASSERT(r->content_length == again.content_length);
	check_headers(r->headers, again.headers);
}

/* The whole message as sent, and llhttp's view of the client's, where that is no upgrade. */
static void check_message(struct span client, struct span sent)
{
	static struct reread client_reread;

	GW_ASSERT(reread_message(sent, false, false, false, &reread));
	if (!reread_message(client, false, false, false, &client_reread))
		return;
	GW_ASSERT(reread.body_bytes == client_reread.body_bytes);
	GW_ASSERT(memcmp(reread.body, client_reread.body, reread.body_bytes) == 0);
}

static void forward(struct http_exchange *x, struct span in, struct outbuf *out)
{
	const struct http_forward fwd = {
		.client_ip = SPAN_LIT("192.0.2.7"),
		.scheme = SPAN_LIT("https"),
		.listener_port = 443,
		.identity_block = SPAN_LIT("Client-Cert: :b3Vycw==:\r\n"),
		.backend_keep_alive = true,
	};
	struct http_request r = x->request;
	struct span client = in;
	enum http_step step;
	size_t n = 0;

	/* As much as the header promises, not more. */
	out->cap = HTTP_EMIT_HEAD_MAX(&limits) + fwd.identity_block.len;
	GW_ASSERT(http_exchange_forward(x, &fwd, &n, out));
	out->cap = sizeof(sent_mem);
	GW_ASSERT(n <= limits.header_bytes);
	check_head(&r, outbuf_span(out));
	client.len = n;
	step = http_exchange_request(x, span_skip(in, n), &n, out);
	client.len += n;
	GW_ASSERT(client.len <= in.len);
	GW_ASSERT((step == HTTP_STEP_DONE) == x->request_done);
	if (step == HTTP_STEP_DONE)
		check_message(client, outbuf_span(out));
	else if (step == HTTP_STEP_REFUSED)
		GW_ASSERT(!reread_message(outbuf_span(out), false, false, false, &reread));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct outbuf out = outbuf_of(sent_mem, sizeof(sent_mem));
	struct span in = span_of(data, len);
	struct http_exchange x;
	size_t n = 1;

	if (len > INPUT_BYTES_MAX)
		return 0;
	http_exchange_init(&x, &limits);
	http_exchange_begin(&x);
	switch (http_exchange_request(&x, in, &n, &out)) {
	case HTTP_STEP_WANT_INPUT:
		GW_ASSERT(len <= limits.header_bytes);
		break;
	case HTTP_STEP_REFUSED:
		GW_ASSERT(x.refusal != HTTP_REFUSAL_none && !x.client_keep_alive);
		break;
	case HTTP_STEP_HEAD:
		GW_ASSERT(n == 0 && out.len == 0);
		forward(&x, in, &out);
		return 0;
	default:
		GW_ASSERT(false);
	}
	GW_ASSERT(n == 0 && out.len == 0 && !x.request_done);
	return 0;
}
