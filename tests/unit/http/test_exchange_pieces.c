/* SPDX-License-Identifier: GPL-3.0-or-later */
/* However input is cut and however small the sinks are, an exchange comes to the same result. */
#include <criterion/criterion.h>

#include "drive.h"

#define GET "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
#define PUT "PUT / HTTP/1.1\r\nHost: a\r\n"
#define OK "HTTP/1.1 200 OK\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n\r\n"

static const struct sample {
	const char *request, *response;
} samples[] = {
	{GET, OK "Content-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz"},
	{GET, "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 100 Go\r\n\r\n" OK CHUNKED
	      "5;e\r\nabcde\r\n01\r\nf\r\n0\r\nT: u\r\n\r\n"},
	{GET, OK "\r\nuntil the end of the connection"},
	{GET, OK "Content-Length: 9\r\n\r\ntoo short"},
	{GET, OK "Content-Length: 1\r\n\r\ntoo long"},
	{GET, OK CHUNKED "5\r\nabcdeX\r\n0\r\n\r\n"},
	{GET, OK "A: b\r\n c\r\n\r\n"},
	{"\r\n" PUT "Content-Length: 26\r\nA:b\r\n\r\nabcdefghijklmnopqrstuvwxyz" GET,
	 "HTTP/1.1 204 No\r\n\r\n"},
	{PUT CHUNKED "c;e\r\nabcdefghijkl\r\n1\r\nm\r\n0\r\nT: u\r\n\r\n" GET,
	 "HTTP/1.0 200 OK\r\n\r\n!"},
	{PUT CHUNKED "5\r\nabcdef\r\n0\r\n\r\n", OK "\r\n"},
	{PUT "Content-Length: 5\r\n" CHUNKED "0\r\n\r\n", OK "\r\n"},
	{"HEAD / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
	 OK "Content-Length: 5\r\n\r\n"},
};

/* What must not depend on pieces.  Chunks are put together, for their sizes may. */
struct result {
	enum http_step request_step, response_step;
	enum http_refusal refusal;
	size_t request_consumed, response_consumed;
	bool request_done, response_done, client_keep_alive, backend_keep_alive;
	uint8_t backend_mem[1024], client_mem[1024];
	struct outbuf to_backend, to_client;
};

static struct drive d;
static struct result whole, pieces;

/* The head as it is, the body without its chunks. */
static struct outbuf unchunk(struct span message, uint8_t *mem, size_t cap)
{
	const uint8_t *end = message.len > 0 ? memmem(message.p, message.len, "\r\n\r\n", 4) : NULL;
	size_t head_bytes = end != NULL ? (size_t)(end - message.p) + 4 : message.len, n = 0;
	struct outbuf out = outbuf_of(mem, cap);
	struct http_chunked c;
	struct span body, data;

	outbuf_put(&out, span_head(message, head_bytes));
	body = span_skip(message, head_bytes);
	if (head_bytes == 0 || memmem(message.p, head_bytes, CHUNKED, strlen(CHUNKED)) == NULL) {
		outbuf_put(&out, body);
		return out;
	}
	http_chunked_init(&c);
	for (; body.len > 0; body = span_skip(body, n)) {
		cr_assert_eq(http_chunked_read(&c, body, SIZE_MAX, &n, &data), HTTP_REFUSAL_none);
		cr_assert_gt(n, 0);
		outbuf_put(&out, data);
	}
	outbuf_puts(&out, http_chunked_is_done(&c) ? "<end>" : "<open>");
	return out;
}

static void run(const struct sample *s, size_t piece_bytes, size_t sink_bytes, struct result *r)
{
	*r = (struct result){0};
	drive_init(&d);
	d.piece_bytes = piece_bytes;
	d.sink_bytes = sink_bytes;
	r->request_step = drive_request(&d, span_str(s->request));
	r->request_consumed = d.request_consumed;
	if (r->request_step == HTTP_STEP_DONE) {
		r->response_step = drive_response(&d, span_str(s->response), true);
		/* A refused body's good part is moved or not, as it came. */
		if (r->response_step == HTTP_STEP_DONE)
			r->response_consumed = d.response_consumed;
	}
	r->refusal = d.x.refusal;
	r->request_done = d.x.request_done;
	r->response_done = d.x.response_done;
	r->client_keep_alive = d.x.client_keep_alive;
	r->backend_keep_alive = d.x.backend_keep_alive;
	r->to_backend = unchunk(drive_to_backend(&d), r->backend_mem, sizeof(r->backend_mem));
	r->to_client = unchunk(drive_to_client(&d), r->client_mem, sizeof(r->client_mem));
}

static bool same(const struct result *a, const struct result *b)
{
	bool is_whole = a->request_step == HTTP_STEP_DONE && a->response_step == HTTP_STEP_DONE;

	if (a->request_step != b->request_step || a->response_step != b->response_step ||
	    a->refusal != b->refusal || a->request_done != b->request_done ||
	    a->response_done != b->response_done || a->client_keep_alive != b->client_keep_alive ||
	    a->backend_keep_alive != b->backend_keep_alive)
		return false;
	if (!is_whole)
		return true;
	return a->request_consumed == b->request_consumed &&
	       a->response_consumed == b->response_consumed &&
	       span_eq(outbuf_span(&a->to_backend), outbuf_span(&b->to_backend)) &&
	       span_eq(outbuf_span(&a->to_client), outbuf_span(&b->to_client));
}

#define SAMPLE_COUNT (sizeof(samples) / sizeof(samples[0]))

Test(exchange_pieces, any_piece_size_gives_the_same_result)
{
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		run(&samples[i], 0, 0, &whole);
		for (size_t piece_bytes = 1; piece_bytes < 100; piece_bytes++) {
			run(&samples[i], piece_bytes, 0, &pieces);
			cr_assert(same(&whole, &pieces), "sample %zu, pieces of %zu", i,
				  piece_bytes);
		}
	}
}

Test(exchange_pieces, any_sink_size_gives_the_same_result)
{
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		run(&samples[i], 0, 0, &whole);
		for (size_t sink_bytes = 13; sink_bytes < 60; sink_bytes++) {
			run(&samples[i], 0, sink_bytes, &pieces);
			cr_assert(same(&whole, &pieces), "sample %zu, sinks of %zu", i, sink_bytes);
			run(&samples[i], 3, sink_bytes, &pieces);
			cr_assert(same(&whole, &pieces), "sample %zu, sinks of %zu", i, sink_bytes);
		}
	}
}

Test(exchange_pieces, sink_too_small_for_any_chunk_waits)
{
	drive_init(&d);
	d.sink_bytes = 12;
	cr_assert_eq(drive_request(&d, SPAN_LIT(PUT CHUNKED "1\r\na\r\n0\r\n\r\n")),
		     HTTP_STEP_WANT_OUTPUT);
	cr_assert_eq(d.x.request_done, false);
}

/* Bytes of a head that are already judged are not judged again: a head that trickles in costs linear work. */
Test(exchange_pieces, trickling_head_is_scanned_once)
{
	struct span in = SPAN_LIT(GET);
	size_t consumed;

	drive_init(&d);
	for (size_t n = 1; n < in.len; n++) {
		cr_assert_eq(http_exchange_request(&d.x, span_head(in, n), &consumed, NULL),
			     HTTP_STEP_WANT_INPUT);
		cr_assert_geq(d.x.request_scan.offset + 1, n);
	}
}
