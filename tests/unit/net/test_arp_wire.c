/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/arp_wire.h"

#include <criterion/criterion.h>

/* 198.18.0.2 at 02:00:00:00:00:02 asks who has 198.18.0.1. */
static const uint8_t request[ARP_PACKET_BYTES] = {
	0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 198, 18, 0, 2, 0, 0, 0, 0, 0, 0, 198, 18, 0, 1,
};

Test(arp_wire, every_truncation_is_refused)
{
	struct arp_packet a;

	for (size_t len = 0; len < sizeof(request); len++)
		cr_assert_eq(arp_packet_parse(span_of(request, len), &a), DROP_arp_malformed);
}

Test(arp_wire, anything_but_ip4_over_ethernet_is_refused)
{
	struct arp_packet a;

	/* hardware type, protocol type, the two lengths, operation */
	for (size_t i = 0; i < 8; i++) {
		uint8_t wire[ARP_PACKET_BYTES];

		memcpy(wire, request, sizeof(wire));
		wire[i] ^= 0x40;
		cr_assert_eq(arp_packet_parse(SPAN(wire), &a), DROP_arp_malformed, "byte %zu", i);
	}
}

Test(arp_wire, operations_zero_and_three_are_refused)
{
	uint8_t wire[ARP_PACKET_BYTES];
	struct arp_packet a;

	memcpy(wire, request, sizeof(wire));
	wire[7] = 0;
	cr_assert_eq(arp_packet_parse(SPAN(wire), &a), DROP_arp_malformed);
	wire[7] = 3;
	cr_assert_eq(arp_packet_parse(SPAN(wire), &a), DROP_arp_malformed);
}

Test(arp_wire, a_request_is_read)
{
	struct arp_packet a;

	cr_assert_eq(arp_packet_parse(SPAN(request), &a), DROP_none);
	cr_assert_eq(a.op, ARP_REQUEST);
	cr_assert_eq(a.sender.v, 0xc6120002);
	cr_assert_eq(a.target.v, 0xc6120001);
	cr_assert_eq(a.sender_mac[5], 2);
}

Test(arp_wire, what_is_emitted_reads_back)
{
	uint8_t wire[ARP_PACKET_BYTES];
	struct arp_packet a;

	cr_assert_eq(arp_packet_parse(SPAN(request), &a), DROP_none);
	arp_packet_emit(&a, wire);
	cr_assert_arr_eq(wire, request, sizeof(wire));
}
