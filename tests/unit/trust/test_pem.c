/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/trust/pem.h"

static bool decoded(const char *body, const char *ret_text)
{
	uint8_t bytes[64];
	struct outbuf out = outbuf_of(bytes, sizeof(bytes));

	return pem_decode(span_str(body), &out) && span_eq(outbuf_span(&out), span_str(ret_text));
}

static bool refused(const char *body)
{
	uint8_t bytes[64];
	struct outbuf out = outbuf_of(bytes, sizeof(bytes));

	return !pem_decode(span_str(body), &out);
}

Test(pem, what_is_not_base64_throughout_is_refused)
{
	cr_expect(refused(""));
	cr_expect(refused("\n"));
	cr_expect(refused("YQ="));
	cr_expect(refused("YQ"));
	cr_expect(refused("Y==="));
	cr_expect(refused("YQ==="));
	cr_expect(refused("===="));
	cr_expect(refused("YWJj===="));
	cr_expect(refused("YQ==YQ=="));
	cr_expect(refused("YR=="), "bits behind the last byte");
	cr_expect(refused("YWK="), "bits behind the last byte");
	cr_expect(refused("YW Jj"));
	cr_expect(refused("YW\tJj"));
	cr_expect(refused("YW\rJj"), "CR alone");
	cr_expect(refused("YW-_"), "the other alphabet");
	cr_expect(refused("Proc-Type: 4,ENCRYPTED\n\nYWJj"));
}

Test(pem, base64_is_decoded)
{
	cr_expect(decoded("YQ==", "a"));
	cr_expect(decoded("YWI=\n", "ab"));
	cr_expect(decoded("YW\r\nJj\r\n", "abc"));
	cr_expect(decoded("fn9+Pz8/", "~\x7f~???"));
}

Test(pem, result_that_does_not_fit_is_refused)
{
	uint8_t bytes[2];
	struct outbuf out = outbuf_of(bytes, sizeof(bytes));

	cr_expect_not(pem_decode(SPAN_LIT("YWJj"), &out));
}

static enum pem_result taken(const char *text, struct pem_block *ret_block)
{
	struct span in = span_str(text);

	return pem_take(&in, ret_block);
}

Test(pem, unmatched_lines_are_malformed)
{
	struct pem_block block;

	cr_expect_eq(taken("-----BEGIN X-----\nYQ==\n", &block), PEM_MALFORMED);
	cr_expect_eq(taken("-----BEGIN X-----\nYQ==\n-----END Y-----\n", &block), PEM_MALFORMED);
	cr_expect_eq(taken("-----BEGIN X-----\n-----BEGIN X-----\n-----END X-----\n", &block),
		     PEM_MALFORMED);
	cr_expect_eq(taken("-----END X-----\n", &block), PEM_MALFORMED);
	cr_expect_eq(taken("-----BEGIN -----\n", &block), PEM_MALFORMED);
	cr_expect_eq(taken("-----BEGIN X----\nYQ==\n-----END X-----\n", &block), PEM_MALFORMED);
	cr_expect_eq(taken("-----\n", &block), PEM_MALFORMED);
}

Test(pem, blocks_are_found_between_text)
{
	struct span in = span_str("some text\r\n-----BEGIN A-----\r\nYQ==\r\n-----END A-----\r\n"
				  "\n-----BEGIN B C-----\nYg==\n-----END B C-----");
	struct pem_block block;

	cr_assert_eq(pem_take(&in, &block), PEM_BLOCK);
	cr_assert(span_eq(block.label, SPAN_LIT("A")));
	cr_assert(span_eq(block.body, SPAN_LIT("YQ==\r\n")));
	cr_assert_eq(pem_take(&in, &block), PEM_BLOCK);
	cr_assert(span_eq(block.label, SPAN_LIT("B C")));
	cr_assert(span_eq(block.body, SPAN_LIT("Yg==\n")));
	cr_assert_eq(pem_take(&in, &block), PEM_END);
	cr_assert_eq(taken("", &block), PEM_END);
	cr_assert_eq(taken("no block\n", &block), PEM_END);
}

Test(pem, private_keys_are_known_by_their_label)
{
	static const char *const keys[] = {"PRIVATE KEY", "RSA PRIVATE KEY",
					   "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY",
					   "OPENSSH PRIVATE KEY"};
	struct pem_block block = {.body = SPAN_LIT("")};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		block.label = span_str(keys[i]);
		cr_expect(pem_is_private_key(&block), "%s", keys[i]);
	}
	block.label = SPAN_LIT("PUBLIC KEY");
	cr_expect_not(pem_is_private_key(&block));
	block.label = SPAN_LIT("KEY");
	cr_expect_not(pem_is_private_key(&block));
}
