/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/cert_build.h"

#include "base/assert.h"

#define SCRATCH_BYTES 65536

void der_put(struct outbuf *out, unsigned tag, struct span body)
{
	outbuf_putc(out, (char)tag);
	if (body.len >= 0x10000) {
		outbuf_putc(out, (char)0x83);
		outbuf_putc(out, (char)(body.len >> 16));
		outbuf_putc(out, (char)(body.len >> 8));
	} else if (body.len >= 0x100) {
		outbuf_putc(out, (char)0x82);
		outbuf_putc(out, (char)(body.len >> 8));
	} else if (body.len >= 0x80) {
		outbuf_putc(out, (char)0x81);
	}
	outbuf_putc(out, (char)body.len);
	outbuf_put(out, body);
	GW_ASSERT(!out->overflowed);
}

/* ecdsa-with-SHA256; CN=x; 2020 to 2040; a P-256 point of zeros, which no reader of syntax
 * minds. */
struct cert_parts cert_parts_plain(void)
{
	static const uint8_t key[91] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
					0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
					0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

	return (struct cert_parts){
		.version = SPAN_LIT("\xa0\x03\x02\x01\x02"),
		.serial = SPAN_LIT("\x02\x01\x07"),
		.inner_alg = SPAN_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"),
		.issuer = SPAN_LIT("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02"
				   "ca"),
		.validity = SPAN_LIT("\x30\x1e\x17\x0d"
				     "200101000000Z"
				     "\x17\x0d"
				     "400101000000Z"),
		.subject = SPAN_LIT("\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"),
		.key = SPAN(key),
		.outer_alg = SPAN_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"),
		.signature = SPAN_LIT("\x03\x09\x00\x30\x06\x02\x01\x01\x02\x01\x01"),
	};
}

struct span cert_build(const struct cert_parts *parts, struct outbuf *out)
{
	uint8_t a[SCRATCH_BYTES], b[SCRATCH_BYTES];
	struct outbuf tbs = outbuf_of(a, sizeof(a)), body = outbuf_of(b, sizeof(b));
	size_t begin = out->len;

	outbuf_put(&tbs, parts->version);
	outbuf_put(&tbs, parts->serial);
	outbuf_put(&tbs, parts->inner_alg);
	outbuf_put(&tbs, parts->issuer);
	outbuf_put(&tbs, parts->validity);
	outbuf_put(&tbs, parts->subject);
	outbuf_put(&tbs, parts->key);
	outbuf_put(&tbs, parts->unique_ids);
	if (parts->extensions.len > 0) {
		struct outbuf list = outbuf_of(b, sizeof(b));

		der_put(&list, 0x30, parts->extensions);
		der_put(&tbs, 0xa3, outbuf_span(&list));
	}
	der_put(&body, 0x30, outbuf_span(&tbs));
	outbuf_put(&body, parts->outer_alg);
	outbuf_put(&body, parts->signature);
	der_put(out, 0x30, outbuf_span(&body));
	outbuf_put(out, parts->trailer);
	GW_ASSERT(!tbs.overflowed && !body.overflowed && !out->overflowed);
	return span_of(out->p + begin, out->len - begin);
}

struct span ext_put(struct outbuf *out, struct span oid, bool is_critical, struct span value)
{
	uint8_t storage[SCRATCH_BYTES];
	struct outbuf body = outbuf_of(storage, sizeof(storage));
	size_t begin = out->len;

	der_put(&body, 0x06, oid);
	if (is_critical)
		outbuf_put(&body, SPAN_LIT("\x01\x01\xff"));
	der_put(&body, 0x04, value);
	der_put(out, 0x30, outbuf_span(&body));
	return span_of(out->p + begin, out->len - begin);
}

struct span name_put1(struct outbuf *out, struct span oid, unsigned tag, struct span text)
{
	uint8_t a[SCRATCH_BYTES], b[SCRATCH_BYTES];
	struct outbuf inner = outbuf_of(a, sizeof(a)), outer = outbuf_of(b, sizeof(b));
	size_t begin = out->len;

	der_put(&inner, 0x06, oid);
	der_put(&inner, tag, text);
	der_put(&outer, 0x30, outbuf_span(&inner));
	inner.len = 0;
	der_put(&inner, 0x31, outbuf_span(&outer));
	der_put(out, 0x30, outbuf_span(&inner));
	return span_of(out->p + begin, out->len - begin);
}
