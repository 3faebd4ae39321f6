/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_leaf_key.h"

#include "base/outbuf.h"

#include <criterion/criterion.h>

static uint8_t mem[4][4096];

/* An element with this tag around body, in storage i. */
static struct span element(unsigned i, char tag, struct span body)
{
	struct outbuf out = outbuf_of(mem[i], sizeof(mem[i]));

	outbuf_putc(&out, tag);
	if (body.len >= 128)
		outbuf_putc(&out, (char)(body.len < 256 ? 0x81 : 0x82));
	if (body.len >= 256)
		outbuf_putc(&out, (char)(body.len >> 8));
	outbuf_putc(&out, (char)body.len);
	outbuf_put(&out, body);
	return outbuf_span(&out);
}

#define ED25519                                                                                    \
	"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"                                         \
	"0123456789abcdef0123456789abcdef"
#define SECP256K1                                                                                  \
	"\x30\x18\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x0a\x03\x04" \
	"\x00\x04xy"
/* Nothing in them is what a certificate has there, except that they are five elements of DER. */
#define FIELDS "\x02\x01\x01\x30\x00\x04\x01x\x05\x00\x30\x00"

/* A certificate that has fields, a key, and rubbish instead of extensions and signature. */
static struct span leaf_of(struct span fields, struct span info)
{
	struct outbuf out = outbuf_of(mem[2], sizeof(mem[2]));

	outbuf_put(&out, fields);
	outbuf_put(&out, info);
	outbuf_puts(&out, "rubbish");
	return element(1, 0x30, element(0, 0x30, outbuf_span(&out)));
}

#define RSA_ENCRYPTION "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"
#define RSASSA_PSS "\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define SHA384 "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02"
#define RSASSA_PSS_SHA384                                                                          \
	"\x30\x3d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x30\xa0\x0d" SHA384              \
	"\xa1\x1a\x30\x18\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08" SHA384                      \
	"\xa2\x03\x02\x01\x30"

/* An RSA key of this algorithm whose modulus and exponent have so many octets. */
static struct span rsa_info(struct span algorithm, size_t modulus_octets, size_t exponent_octets)
{
	uint8_t number[1024], body[2048];
	struct outbuf key = outbuf_of(body, sizeof(body));
	struct span inner;

	memset(number, 0xff, sizeof(number));
	number[0] = 0;
	outbuf_put(&key, element(3, 2, span_of(number, modulus_octets + 1)));
	outbuf_put(&key, element(3, 2, span_of(number, exponent_octets + 1)));
	inner = element(3, 0x30, outbuf_span(&key));
	key = outbuf_of(body, sizeof(body));
	outbuf_putc(&key, 0);
	outbuf_put(&key, inner);
	inner = element(3, 3, outbuf_span(&key));
	key = outbuf_of(body, sizeof(body));
	outbuf_put(&key, algorithm);
	outbuf_put(&key, inner);
	return element(3, 0x30, outbuf_span(&key));
}

static struct span rsa_leaf(size_t modulus_octets, size_t exponent_octets)
{
	return leaf_of(SPAN_LIT(FIELDS),
		       rsa_info(SPAN_LIT(RSA_ENCRYPTION), modulus_octets, exponent_octets));
}

static enum auth_reason find(struct span leaf)
{
	struct tls_leaf_key key;

	return tls_leaf_key_find(leaf, true, &key);
}

static unsigned schemes_of(struct span info)
{
	struct tls_leaf_key key;

	cr_assert_eq(tls_leaf_key_find(leaf_of(SPAN_LIT(FIELDS), info), true, &key), AUTH_ok);
	return key.rsa_schemes;
}

Test(tls_leaf_key, key_is_found_among_fields_that_are_no_certificate)
{
	struct span leaves[] = {SPAN_LIT(FIELDS), SPAN_LIT("\xa0\x01v" FIELDS)};

	for (size_t i = 0; i < 2; i++) { /* the second with a version before them */
		struct tls_leaf_key key;

		cr_assert_eq(tls_leaf_key_find(leaf_of(leaves[i], SPAN_LIT(ED25519)), false, &key),
			     AUTH_ok);
		cr_assert(span_eq(key.info, SPAN_LIT(ED25519)));
	}
}

Test(tls_leaf_key, leaf_without_a_key_in_its_place_is_a_parse_error)
{
	struct span leaf = leaf_of(SPAN_LIT(FIELDS), SPAN_LIT(ED25519));

	for (size_t n = 0; n < leaf.len; n++)
		cr_assert_eq(find(span_head(leaf, n)), AUTH_parse_error, "the first %zu octets", n);
	cr_assert_eq(find(leaf_of(SPAN_LIT("\x05\x00" FIELDS), SPAN_LIT(ED25519))),
		     AUTH_parse_error, "one field too many");
	cr_assert_eq(find(leaf_of(SPAN_LIT(FIELDS), SPAN_LIT(""))), AUTH_parse_error);
}

Test(tls_leaf_key, key_that_tls_cannot_use_is_an_unsupported_algorithm)
{
	cr_assert_eq(find(leaf_of(SPAN_LIT(FIELDS), SPAN_LIT(SECP256K1))),
		     AUTH_unsupported_algorithm);
}

Test(tls_leaf_key, key_that_costs_too_much_is_an_unsupported_algorithm)
{
	cr_assert_eq(find(rsa_leaf(128, 3)), AUTH_ok,
		     "too short a key is for the validator to refuse");
	cr_assert_eq(find(rsa_leaf(512, 4)), AUTH_ok);
	cr_assert_eq(find(rsa_leaf(513, 4)), AUTH_unsupported_algorithm);
	cr_assert_eq(find(rsa_leaf(512, 5)), AUTH_unsupported_algorithm);
}

Test(tls_leaf_key, rsa_keys_sign_by_the_schemes_of_their_kind)
{
	cr_assert_eq(schemes_of(rsa_info(SPAN_LIT(RSA_ENCRYPTION), 256, 3)), 7 << 4);
	cr_assert_eq(schemes_of(rsa_info(SPAN_LIT(RSASSA_PSS), 256, 3)), 7 << 9);
	cr_assert_eq(schemes_of(rsa_info(SPAN_LIT(RSASSA_PSS_SHA384), 256, 3)), 1 << 10);
	cr_assert_eq(schemes_of(SPAN_LIT(ED25519)), 0);
}

Test(tls_leaf_key, key_for_rsassa_pss_alone_needs_tls_1_3)
{
	struct span leaf = leaf_of(SPAN_LIT(FIELDS), rsa_info(SPAN_LIT(RSASSA_PSS), 256, 3));
	struct tls_leaf_key key;

	cr_assert_eq(tls_leaf_key_find(leaf, false, &key), AUTH_unsupported_algorithm);
	cr_assert_eq(tls_leaf_key_find(rsa_leaf(256, 3), false, &key), AUTH_ok);
}
