/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/icmp_wire.h"

#include <criterion/criterion.h>

static enum icmp_kind kind_of(uint8_t type, uint8_t code)
{
	const uint8_t wire[ICMP_HEADER_BYTES] = {type, code};
	enum icmp_kind kind;

	cr_assert_eq(icmp_kind_parse(SPAN(wire), &kind), DROP_none);
	return kind;
}

Test(icmp_wire, a_short_header_is_refused)
{
	const uint8_t wire[ICMP_HEADER_BYTES] = {8};
	enum icmp_kind kind;

	for (size_t len = 0; len < sizeof(wire); len++)
		cr_assert_eq(icmp_kind_parse(span_of(wire, len), &kind), DROP_icmp_truncated);
}

Test(icmp_wire, only_requests_and_final_errors_mean_something)
{
	cr_assert_eq(kind_of(8, 0), ICMP_ECHO);
	cr_assert_eq(kind_of(8, 1), ICMP_OTHER);
	cr_assert_eq(kind_of(0, 0), ICMP_OTHER, "a reply nobody asked for");
	cr_assert_eq(kind_of(3, 1), ICMP_UNREACHABLE);
	cr_assert_eq(kind_of(3, 4), ICMP_TOO_BIG);
	cr_assert_eq(kind_of(11, 0), ICMP_UNREACHABLE);
	cr_assert_eq(kind_of(5, 1), ICMP_OTHER, "redirects are never followed");
	cr_assert_eq(kind_of(13, 0), ICMP_OTHER);
}

static const uint8_t quoted[28] = {
	0x45, 0, 5,   0xdc, 0, 0, 0x40, 0,    1,    6,    0,    0,    198,  19,
	0,    1, 198, 19,   0, 2, 0x9c, 0x40, 0x1f, 0x90, 0xde, 0xad, 0xbe, 0xef,
};

Test(icmp_wire, a_quote_names_the_segment)
{
	struct icmp_quote q;

	cr_assert_eq(icmp_quote_parse(SPAN(quoted), &q), DROP_none);
	cr_assert_eq(q.local.addr.v, 0xc6130001);
	cr_assert_eq(q.local.port, 40000);
	cr_assert_eq(q.remote.addr.v, 0xc6130002);
	cr_assert_eq(q.remote.port, 8080);
	cr_assert_eq(q.seq, 0xdeadbeef);
}

Test(icmp_wire, a_quote_that_is_no_tcp_segment_is_refused)
{
	uint8_t udp[sizeof(quoted)], second_fragment[sizeof(quoted)];
	struct icmp_quote q;

	for (size_t len = 0; len < sizeof(quoted); len++)
		cr_assert_eq(icmp_quote_parse(span_of(quoted, len), &q), DROP_icmp_bad_quote);
	memcpy(udp, quoted, sizeof(udp));
	udp[9] = 17;
	cr_assert_eq(icmp_quote_parse(SPAN(udp), &q), DROP_icmp_bad_quote);
	memcpy(second_fragment, quoted, sizeof(second_fragment));
	second_fragment[7] = 185;
	cr_assert_eq(icmp_quote_parse(SPAN(second_fragment), &q), DROP_icmp_bad_quote);
}

Test(icmp_wire, an_echo_becomes_its_reply)
{
	uint8_t wire[] = {8, 0, 0x12, 0x34, 0, 7, 0, 1, 'a'};
	const uint8_t want[] = {0, 0, 0, 0, 0, 7, 0, 1, 'a'};

	icmp_echo_to_reply(wire);
	cr_assert_arr_eq(wire, want, sizeof(want));
}
