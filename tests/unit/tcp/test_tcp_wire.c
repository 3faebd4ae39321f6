/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "net/wire/tcp_wire.h"

static enum drop_reason parse_opts(struct span wire, struct tcp_opts *ret_opts)
{
	memset(ret_opts, 1, sizeof(*ret_opts)); /* every bool true */
	return tcp_opts_parse(wire, ret_opts);
}

#define REFUSED(...)                                                                               \
	do {                                                                                       \
		const uint8_t wire[] = {__VA_ARGS__};                                              \
		struct tcp_opts opts;                                                              \
		cr_assert_eq(parse_opts(SPAN(wire), &opts), DROP_tcp_bad_option);                  \
		cr_assert(opts.has_mss, "must be untouched");                                      \
	} while (0)

Test(tcp_wire, option_of_zero_length_is_refused)
{
	REFUSED(5, 0, 1, 1);
}

Test(tcp_wire, option_of_length_one_is_refused)
{
	REFUSED(254, 1, 1, 1);
}

Test(tcp_wire, option_longer_than_the_list_is_refused)
{
	REFUSED(1, 1, 2, 4);
	REFUSED(253, 6, 0, 0);
	REFUSED(8, 10, 0, 0, 0, 0, 0, 0, 0);
}

Test(tcp_wire, option_without_length_is_refused)
{
	REFUSED(1, 1, 1, 2);
}

Test(tcp_wire, known_option_of_the_wrong_length_is_refused)
{
	REFUSED(2, 3, 5, 0);
	REFUSED(3, 4, 7, 0);
	REFUSED(8, 9, 0, 0, 0, 0, 0, 0, 0);
	REFUSED(3, 2, 1, 1);
}

Test(tcp_wire, what_follows_the_end_is_not_looked_at)
{
	const uint8_t wire[] = {1, 0, 2, 0};
	struct tcp_opts opts;

	cr_assert_eq(parse_opts(SPAN(wire), &opts), DROP_none);
	cr_assert_not(opts.has_mss);
}

Test(tcp_wire, unknown_options_are_skipped)
{
	const uint8_t wire[] = {4, 2, 254, 6, 1, 2, 3, 4, 2, 4, 5, 0xb4};
	struct tcp_opts opts;

	cr_assert_eq(parse_opts(SPAN(wire), &opts), DROP_none);
	cr_assert(opts.has_mss);
	cr_assert_eq(opts.mss, 1460);
}

Test(tcp_wire, an_option_given_twice_counts_the_first_time)
{
	const uint8_t wire[] = {2, 4, 5, 0xb4, 2, 4, 0, 1};
	struct tcp_opts opts;

	cr_assert_eq(parse_opts(SPAN(wire), &opts), DROP_none);
	cr_assert_eq(opts.mss, 1460);
}

Test(tcp_wire, window_shift_above_14_is_read_as_14)
{
	const uint8_t wire[] = {3, 3, 15, 1};
	struct tcp_opts opts;

	cr_assert_eq(parse_opts(SPAN(wire), &opts), DROP_none);
	cr_assert_eq(opts.window_shift, 14);
}

Test(tcp_wire, empty_list_has_nothing)
{
	struct tcp_opts opts;

	cr_assert_eq(parse_opts(span_of(NULL, 0), &opts), DROP_none);
	cr_assert(!opts.has_mss && !opts.has_window_shift && !opts.has_timestamps);
}

Test(tcp_wire, timestamps_are_read_in_the_usual_and_in_any_other_place)
{
	const uint8_t usual[] = {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8};
	const uint8_t other[] = {8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1};
	struct tcp_opts a, b;

	cr_assert_eq(parse_opts(SPAN(usual), &a), DROP_none);
	cr_assert_eq(parse_opts(SPAN(other), &b), DROP_none);
	cr_assert_eq(a.ts_val, 0x01020304);
	cr_assert_eq(a.ts_ecr, 0x05060708);
	cr_assert(a.has_timestamps && b.has_timestamps);
	cr_assert(a.ts_val == b.ts_val && a.ts_ecr == b.ts_ecr);
}

static const uint8_t good[] = {
	0x9c, 0x40, 0x01, 0xbb, 1, 2, 3, 4, 5, 6, 7, 8, 0x50, 0x12, 0x20, 0x01, 0xaa, 0xaa, 0, 0,
};

static enum drop_reason parse_with(unsigned at, uint8_t value, size_t len, struct tcp_header *ret)
{
	uint8_t wire[sizeof(good)];

	memcpy(wire, good, sizeof(wire));
	wire[at] = value;
	return tcp_header_parse(span_of(wire, len), ret);
}

Test(tcp_wire, header_fields_are_read)
{
	struct tcp_header h;

	cr_assert_eq(tcp_header_parse(SPAN(good), &h), DROP_none);
	cr_assert(h.src_port == 40000 && h.dst_port == 443);
	cr_assert(h.seq == 0x01020304 && h.ack == 0x05060708);
	cr_assert(h.flags == (TCP_SYN | TCP_ACK) && h.window == 0x2001 && h.header_bytes == 20);
}

Test(tcp_wire, header_shorter_than_it_says_is_refused)
{
	struct tcp_header h;

	cr_assert_eq(tcp_header_parse(span_head(SPAN(good), 19), &h), DROP_tcp_short);
	cr_assert_eq(tcp_header_parse(span_of(NULL, 0), &h), DROP_tcp_short);
	cr_assert_eq(parse_with(12, 0x40, 20, &h), DROP_tcp_short);
	cr_assert_eq(parse_with(12, 0x60, 20, &h), DROP_tcp_short);
	cr_assert_eq(parse_with(12, 0x00, 20, &h), DROP_tcp_short);
}

Test(tcp_wire, flags_that_contradict_each_other_are_refused)
{
	struct tcp_header h;

	cr_assert_eq(parse_with(13, TCP_SYN | TCP_FIN, 20, &h), DROP_tcp_bad_flags);
	cr_assert_eq(parse_with(13, TCP_SYN | TCP_RST, 20, &h), DROP_tcp_bad_flags);
	cr_assert_eq(parse_with(13, TCP_RST | TCP_FIN | TCP_ACK, 20, &h), DROP_none);
}

Test(tcp_wire, port_0_is_refused)
{
	uint8_t wire[sizeof(good)];
	struct tcp_header h;

	memcpy(wire, good, sizeof(wire));
	wire[0] = wire[1] = 0;
	cr_assert_eq(tcp_header_parse(SPAN(wire), &h), DROP_tcp_bad_port);
	memcpy(wire, good, sizeof(wire));
	wire[2] = wire[3] = 0;
	cr_assert_eq(tcp_header_parse(SPAN(wire), &h), DROP_tcp_bad_port);
}

Test(tcp_wire, what_is_emitted_parses_to_the_same)
{
	struct tcp_header h =
				  {
					  .seq = 0xfffffff0,
					  .ack = 7,
					  .src_port = 1,
					  .dst_port = 65535,
					  .window = 65535,
					  .flags = TCP_SYN | TCP_ACK,
					  .opts = {.has_mss = true,
						   .mss = 1460,
						   .has_window_shift = true,
						   .window_shift = 7,
						   .has_timestamps = true,
						   .ts_val = 1,
						   .ts_ecr = UINT32_MAX},
				  },
			  back;
	uint8_t wire[TCP_HEADER_BYTES_MAX];

	memset(wire, 0xee, sizeof(wire));
	tcp_header_emit(&h, wire);
	cr_assert_eq(tcp_header_size(&h), 40);
	cr_assert_eq(wire[40], 0xee);
	cr_assert_eq(tcp_header_parse(span_of(wire, 40), &back), DROP_none);
	h.header_bytes = 40;
	cr_assert_eq(memcmp(&h.opts, &back.opts, sizeof(h.opts)), 0);
	cr_assert(h.seq == back.seq && h.ack == back.ack && h.flags == back.flags);
	cr_assert(h.src_port == back.src_port && h.dst_port == back.dst_port);
	cr_assert(h.window == back.window && back.header_bytes == 40);
}
