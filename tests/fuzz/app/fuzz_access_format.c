/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Texts of peers in the access log: whatever they are, a line is one line of printable ASCII, and JSON with every key once. */
#include "app/gateway/access_format.h"

#include <jansson.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *const names[] = {"api"};

/* Each text is what stands between two bytes 0xfe; the first byte says which numbers the record has. */
static void fill(struct access_record *r, struct span in)
{
	uint8_t bits = in.len > 0 ? in.p[0] : 0;
	unsigned which = 0;

	access_record_init(r);
	r->listener_idx = r->pool_idx = bits & 1;
	r->verify = (enum access_verify)(bits >> 1 & 3) % 3;
	r->reason = (enum auth_reason)(bits % AUTH_REASON_COUNT);
	r->error = (enum drop_reason)(bits % DROP_COUNT);
	r->has_sha256 = (bits & 8) != 0;
	in = span_skip(in, 1);
	while (which < ACCESS_TEXT_COUNT) {
		const uint8_t *end = in.len > 0 ? memchr(in.p, 0xfe, in.len) : NULL;
		size_t text_len = end != NULL ? (size_t)(end - in.p) : in.len;

		access_record_set(r, (enum access_text)which++, span_head(in, text_len));
		if (end == NULL)
			return;
		in = span_skip(in, text_len + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct access_names known = {
		.listeners = names, .listener_count = 1, .pools = names, .pool_count = 1};
	struct outbuf out = outbuf_of(malloc(ACCESS_LINE_BYTES_MAX), ACCESS_LINE_BYTES_MAX);
	struct access_record *r = malloc(sizeof(*r));
	json_t *line;

	if (out.p == NULL || r == NULL)
		abort();
	fill(r, span_of(data, len));
	if (!access_format(&out, r, &known, len) || out.overflowed)
		abort();
	for (size_t i = 0; i + 1 < out.len; i++) {
		if (out.p[i] < 0x20 || out.p[i] > 0x7e)
			abort();
	}
	line = json_loadb((const char *)out.p, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
			  NULL);
	if (out.p[out.len - 1] != '\n' || json_object_size(line) < 24)
		abort();
	json_decref(line);
	free(r);
	free(out.p);
	return 0;
}
