/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/checksum.h"
#include "net/wire/ip4_wire.h"

#include <criterion/criterion.h>

/* 198.18.0.2 > 198.18.0.1, TCP, 20 bytes of payload, "don't fragment"; with room for options. */
static const uint8_t good[44] = {
	0x45, 0, 0, 40, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 198, 18, 0, 2, 198, 18, 0, 1,
};

/* What the last was read as. */
static struct ip4_header h;

/* The same with one byte changed and the checksum made good again over header_bytes. */
static enum drop_reason parse_with(size_t at, uint8_t value, size_t header_bytes, size_t len)
{
	uint8_t wire[sizeof(good)];
	struct checksum c = {0};

	memcpy(wire, good, sizeof(wire));
	wire[at] = value;
	checksum_add(&c, span_of(wire, header_bytes));
	checksum_put(wire + 10, checksum_value(c));
	return ip4_header_parse(span_of(wire, len), len, &h);
}

Test(ip4_wire, every_truncation_of_the_header_is_refused)
{
	for (size_t len = 0; len < IP4_HEADER_BYTES; len++)
		cr_assert_eq(ip4_header_parse(span_of(good, len), len, &h), DROP_ip4_truncated);
}

Test(ip4_wire, other_versions_are_refused)
{
	cr_assert_eq(parse_with(0, 0x65, 20, 44), DROP_ip4_bad_version);
	cr_assert_eq(parse_with(0, 0x05, 20, 44), DROP_ip4_bad_version);
}

Test(ip4_wire, lengths_that_contradict_each_other_are_refused)
{
	cr_assert_eq(parse_with(0, 0x44, 16, 44), DROP_ip4_bad_length, "header of four words");
	cr_assert_eq(parse_with(0, 0x4f, 44, 44), DROP_ip4_bad_length, "header beyond the frame");
	cr_assert_eq(parse_with(3, 19, 20, 44), DROP_ip4_bad_length,
		     "packet shorter than its header");
	cr_assert_eq(parse_with(3, 45, 20, 44), DROP_ip4_bad_length, "packet beyond the frame");
	cr_assert_eq(parse_with(2, 0xff, 20, 44), DROP_ip4_bad_length);
	cr_assert_eq(parse_with(3, 44, 20, 44), DROP_none);
	cr_assert_eq(parse_with(3, 20, 20, 44), DROP_none, "no payload");
}

Test(ip4_wire, a_wrong_checksum_is_refused)
{
	uint8_t wire[sizeof(good)];

	cr_assert_eq(ip4_header_parse(SPAN(good), sizeof(good), &h), DROP_ip4_bad_checksum);
	ip4_header_emit(&(struct ip4_header){.total_bytes = 40, .ttl = 1}, true, wire);
	for (unsigned bit = 0; bit < IP4_HEADER_BYTES * 8; bit++) {
		wire[bit / 8] ^= (uint8_t)(1u << bit % 8);
		cr_assert_neq(ip4_header_parse(SPAN(wire), sizeof(wire), &h), DROP_none);
		wire[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	cr_assert_eq(ip4_header_parse(SPAN(wire), sizeof(wire), &h), DROP_none);
}

Test(ip4_wire, options_are_refused)
{
	cr_assert_eq(parse_with(0, 0x46, 24, 44), DROP_ip4_options);
}

static bool is_fragment_with(size_t at, uint8_t value)
{
	cr_assert_eq(parse_with(at, value, 20, 44), DROP_none);
	return ip4_is_fragment(&h);
}

Test(ip4_wire, a_fragment_is_known_by_its_offset_and_by_what_follows)
{
	cr_assert(is_fragment_with(6, 0x20), "more to come");
	cr_assert(h.more_fragments && h.offset_bytes == 0 && h.id == 0x1234);
	cr_assert(is_fragment_with(7, 0x01), "not the first");
	cr_assert(!h.more_fragments && h.offset_bytes == 8);
	cr_assert(is_fragment_with(6, 0x1f), "far from the first");
	cr_assert_eq(h.offset_bytes, 0x1f00 * 8);
	cr_assert_not(is_fragment_with(6, 0x00), "may be fragmented, is not");
	cr_assert_not(is_fragment_with(6, 0x80), "the reserved bit is not looked at");
}

Test(ip4_wire, a_joined_header_is_that_of_the_whole_packet)
{
	uint8_t wire[1000];

	memcpy(wire, good, sizeof(good));
	wire[6] = 0x20;
	ip4_header_join(wire, 1000);
	cr_assert_eq(ip4_header_parse(SPAN(wire), sizeof(wire), &h), DROP_none);
	cr_assert_eq(h.total_bytes, 1000);
	cr_assert_not(ip4_is_fragment(&h));
}

Test(ip4_wire, what_is_emitted_reads_back)
{
	struct ip4_header in = {.src = {0xc6120002},
				.dst = {0xc6120001},
				.total_bytes = 40,
				.protocol = IP4_PROTOCOL_TCP,
				.ttl = 64};
	struct ip4_header out;
	uint8_t wire[40] = {0};

	ip4_header_emit(&in, true, wire);
	cr_assert_eq(ip4_header_parse(SPAN(wire), sizeof(wire), &out), DROP_none);
	cr_assert(ip4_eq(in.src, out.src) && ip4_eq(in.dst, out.dst));
	cr_assert_eq(out.total_bytes, 40);
	cr_assert_eq(out.protocol, IP4_PROTOCOL_TCP);
	cr_assert_eq(out.ttl, 64);
	cr_assert_eq(wire[6], 0x40, "never to be fragmented");
	ip4_header_emit(&in, false, wire);
	cr_assert(wire[10] == 0 && wire[11] == 0, "left to the port");
}

Test(ip4_wire, a_quoted_header_may_be_cut_and_changed)
{
	cr_assert_eq(ip4_header_parse_quoted(span_of(good, 28), &h), DROP_none);
	cr_assert_eq(h.total_bytes, 40);
	cr_assert_eq(ip4_header_parse_quoted(span_of(good, 19), &h), DROP_ip4_truncated);
	cr_assert_eq(ip4_header_parse_quoted(span_of(good + 1, 28), &h), DROP_ip4_bad_version);
}
