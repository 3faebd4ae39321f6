/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/checksum.h"

#include <criterion/criterion.h>

static uint16_t checksum_of(struct span bytes)
{
	struct checksum c = {0};

	checksum_add(&c, bytes);
	return checksum_value(c);
}

/* RFC 1071 as it is written: 16-bit words, carries added at the end. */
static uint16_t naive_checksum(struct span bytes)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < bytes.len; i++)
		sum += (uint64_t)bytes.p[i] << (i % 2 == 0 ? 8 : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

Test(checksum, example_of_rfc_1071)
{
	const uint8_t bytes[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};

	cr_assert_eq(checksum_of(SPAN(bytes)), (uint16_t)~0xddf2);
}

Test(checksum, nothing_and_all_ones)
{
	uint8_t ones[64];

	memset(ones, 0xff, sizeof(ones));
	cr_assert_eq(checksum_of(span_of(NULL, 0)), 0xffff);
	cr_assert_eq(checksum_of(SPAN(ones)), 0);
}

Test(checksum, pieces_of_any_length_add_up_to_the_whole)
{
	uint8_t bytes[1500];
	uint32_t random = 5;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		random = random * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(random >> 24);
	}
	for (unsigned round = 0; round < 2000; round++) {
		size_t len = (round * 7919) % sizeof(bytes);
		struct span left = span_of(bytes, len);
		struct checksum c = {0};

		while (left.len > 0) {
			random = random * 1664525 + 1013904223;
			struct span piece = span_head(left, 1 + (random >> 16) % 40);

			checksum_add(&c, piece);
			left = span_skip(left, piece.len);
		}
		cr_assert_eq(checksum_value(c), naive_checksum(span_of(bytes, len)));
	}
}

Test(checksum, pseudo_header_of_a_real_segment)
{
	/* A SYN from 198.18.0.2:40000 to 198.18.0.1:443; its checksum was computed by Python from RFC 9293. */
	uint8_t segment[20] = {0x9c, 0x40, 0x01, 0xbb, 0,    0,    0,    1,
			       0,    0,    0,    0,    0x50, 0x02, 0xff, 0xff};
	struct ip4 src = {0xc6120002}, dst = {0xc6120001};
	struct checksum c = {0};

	checksum_add_pseudo(&c, src, dst, 6, sizeof(segment));
	cr_assert_eq(checksum_partial(c), 0x8c42);
	checksum_add(&c, SPAN(segment));
	cr_assert_eq(checksum_value(c), 0x85be);
	checksum_put(segment + 16, 0x85be);
	c = (struct checksum){0};
	checksum_add_pseudo(&c, src, dst, 6, sizeof(segment));
	checksum_add(&c, SPAN(segment));
	cr_assert_eq(checksum_value(c), 0);
}
