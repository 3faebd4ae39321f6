/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks lie inside the text and in order; what decodes has exactly one encoding, the one that
 * stands there. */
#include "base/assert.h"
#include "tests/support/trust_files.h"
#include "tls/trust/pem.h"

#define BYTES_MAX 1048576

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint8_t decoded[BYTES_MAX], encoded[2 * BYTES_MAX];

/* The characters of a body without its line ends are those that encode out. */
static void check_encoding(struct span body, struct span out)
{
	struct outbuf again = outbuf_of(encoded, sizeof(encoded));
	size_t at = 0;

	base64_put(&again, out);
	for (size_t i = 0; i < body.len; i++) {
		if (body.p[i] == '\n' || body.p[i] == '\r')
			continue;
		GW_ASSERT(at < again.len && again.p[at] == body.p[i]);
		at++;
	}
	GW_ASSERT(at == again.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span in = span_of(data, len);
	struct pem_block block;

	if (len > BYTES_MAX)
		return 0;
	while (pem_take(&in, &block) == PEM_BLOCK) {
		struct outbuf out = outbuf_of(decoded, sizeof(decoded));
		const uint8_t *end = data + len - in.len;

		GW_ASSERT(block.label.len > 0 && block.label.p >= data);
		GW_ASSERT(block.label.p + block.label.len < block.body.p);
		GW_ASSERT(block.body.p + block.body.len < end);
		(void)pem_is_private_key(&block);
		if (pem_decode(block.body, &out)) {
			GW_ASSERT(out.len > 0 && out.len < block.body.len);
			check_encoding(block.body, outbuf_span(&out));
		}
	}
	return 0;
}
