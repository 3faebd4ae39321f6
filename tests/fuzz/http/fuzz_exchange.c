/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both directions, cut into pieces: one byte for the size of the pieces, one for that of the sinks, the client's bytes,
 * "\n--\n", the backend's bytes.  The result must be the one that the same bytes give at once. */
#include "base/assert.h"
#include "tests/unit/http/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define INPUT_BYTES_MAX 4096
#define SINK_BYTES_MIN 13 /* less than a chunk with one byte of data takes */

static struct drive whole, pieces;

static enum http_step run(struct drive *d, struct span client, struct span backend,
			  enum http_step *ret_response_step)
{
	enum http_step step;

	d->limits.body_bytes = 512;
	step = drive_request(d, client);
	*ret_response_step = HTTP_STEP_WANT_INPUT;
	if (d->x.request_state > 1 && step != HTTP_STEP_REFUSED)
		*ret_response_step = drive_response(d, backend, true);
	GW_ASSERT(step != HTTP_STEP_WANT_OUTPUT && *ret_response_step != HTTP_STEP_WANT_OUTPUT);
	return step;
}

static void check_flags(const struct http_exchange *a, const struct http_exchange *b)
{
	GW_ASSERT(a->refusal == b->refusal);
	GW_ASSERT(a->has_body == b->has_body);
	GW_ASSERT(a->request_done == b->request_done);
	GW_ASSERT(a->response_seen == b->response_seen);
	GW_ASSERT(a->response_started == b->response_started);
	GW_ASSERT(a->response_done == b->response_done);
	GW_ASSERT(a->response_status == b->response_status);
	GW_ASSERT(a->wants_continue == b->wants_continue);
	GW_ASSERT(a->client_keep_alive == b->client_keep_alive);
	GW_ASSERT(a->backend_keep_alive == b->backend_keep_alive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	enum http_step request_step, response_step, again;
	struct span client, backend;
	const uint8_t *cut;

	if (len < 2 || len > INPUT_BYTES_MAX)
		return 0;
	client = span_of(data + 2, len - 2);
	cut = client.len > 0 ? memmem(client.p, client.len, "\n--\n", 4) : NULL;
	backend = cut != NULL ? span_skip(client, (size_t)(cut - client.p) + 4) : span_of(NULL, 0);
	client.len = cut != NULL ? (size_t)(cut - client.p) : client.len;

	drive_init(&whole);
	request_step = run(&whole, client, backend, &response_step);
	drive_init(&pieces);
	pieces.piece_bytes = data[0];
	pieces.sink_bytes = SINK_BYTES_MIN + data[1];
	GW_ASSERT(run(&pieces, client, backend, &again) == request_step);
	GW_ASSERT(again == response_step);
	check_flags(&whole.x, &pieces.x);
	if (request_step == HTTP_STEP_DONE) {
		GW_ASSERT(whole.request_consumed == pieces.request_consumed);
		GW_ASSERT(whole.x.request_body.moved_bytes == pieces.x.request_body.moved_bytes);
	}
	if (response_step == HTTP_STEP_DONE) {
		GW_ASSERT(whole.response_consumed == pieces.response_consumed);
		GW_ASSERT(whole.x.response_body.moved_bytes == pieces.x.response_body.moved_bytes);
	}
	return 0;
}
