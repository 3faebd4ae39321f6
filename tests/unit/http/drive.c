/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drive.h"

#include <stdlib.h>

void drive_init(struct drive *d)
{
	/* All but the memory of the sinks, which is large. */
	memset(d, 0, offsetof(struct drive, to_backend_mem));
	d->limits = (struct http_limits){.header_bytes = 8192, .header_count = 64};
	d->fwd = (struct http_forward){
		.client_ip = SPAN_LIT("192.0.2.7"),
		.scheme = SPAN_LIT("https"),
		.listener_port = 443,
		.backend_keep_alive = true,
	};
	d->to_backend = outbuf_of(d->to_backend_mem, sizeof(d->to_backend_mem));
	d->to_client = outbuf_of(d->to_client_mem, sizeof(d->to_client_mem));
	http_exchange_init(&d->x, &d->limits);
	http_exchange_begin(&d->x);
}

struct span drive_to_backend(const struct drive *d)
{
	return outbuf_span(&d->to_backend);
}

struct span drive_to_client(const struct drive *d)
{
	return outbuf_span(&d->to_client);
}

/* A window on the sink, of the space that the test wants to offer. */
static struct outbuf window(const struct drive *d, const struct outbuf *sink)
{
	size_t space = outbuf_space(sink);

	if (d->sink_bytes > 0 && d->sink_bytes < space)
		space = d->sink_bytes;
	return outbuf_of(sink->p + sink->len, space);
}

/* Bytes from..shown of in, in an allocation of that length, so that a sanitizer sees a look beyond them; and gone
 * when the call is over, so that it sees a pointer that was kept. */
static struct span piece(struct span in, size_t from, size_t shown)
{
	size_t len = shown - from;
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (len > 0)
		memcpy(copy, in.p + from, len);
	return span_of(copy, len);
}

static size_t show_more(const struct drive *d, struct span in, size_t shown)
{
	if (d->piece_bytes == 0 || in.len - shown < d->piece_bytes)
		return in.len;
	return shown + d->piece_bytes;
}

static enum http_step forward(struct drive *d, struct outbuf *out, size_t *ret_consumed)
{
	/* A head needs its room at once: a session waits until it has it. */
	*out = outbuf_of(d->to_backend.p + d->to_backend.len, outbuf_space(&d->to_backend));
	if (!http_exchange_forward(&d->x, &d->fwd, ret_consumed, out))
		return HTTP_STEP_WANT_OUTPUT;
	return HTTP_STEP_HEAD;
}

enum http_step drive_request(struct drive *d, struct span in)
{
	size_t from = 0, shown = show_more(d, in, 0);

	for (;;) {
		struct span show = piece(in, from, shown);
		struct outbuf out = window(d, &d->to_backend);
		size_t consumed = 0;
		enum http_step step = http_exchange_request(&d->x, show, &consumed, &out);

		if (step == HTTP_STEP_HEAD)
			step = forward(d, &out, &consumed);
		free((void *)show.p);
		from += consumed;
		d->request_consumed = from;
		d->to_backend.len += out.len;
		if (step == HTTP_STEP_WANT_INPUT) {
			if (shown == in.len)
				return step;
			shown = show_more(d, in, shown);
		} else if (step == HTTP_STEP_WANT_OUTPUT) {
			if (out.len == 0 && consumed == 0)
				return step;
		} else if (step != HTTP_STEP_HEAD) {
			return step;
		}
	}
}

enum http_step drive_response(struct drive *d, struct span in, bool eof)
{
	size_t from = 0, shown = show_more(d, in, 0);

	for (;;) {
		struct span show = piece(in, from, shown);
		struct outbuf out = window(d, &d->to_client);
		bool started = d->x.response_started;
		size_t consumed = 0;
		enum http_step step;

		if (!started)
			out = outbuf_of(out.p, outbuf_space(&d->to_client));
		step = http_exchange_response(&d->x, show, eof && shown == in.len, &consumed, &out);
		free((void *)show.p);
		from += consumed;
		d->response_consumed = from;
		d->to_client.len += out.len;
		if (step == HTTP_STEP_WANT_INPUT) {
			if (shown == in.len)
				return step;
			shown = show_more(d, in, shown);
		} else if (step == HTTP_STEP_WANT_OUTPUT) {
			if (out.len == 0 && consumed == 0)
				return step;
		} else if (step == HTTP_STEP_DONE && shown < in.len) {
			/* What has come since the response ended decides about the connection too. */
			shown = in.len;
		} else {
			return step;
		}
	}
}
