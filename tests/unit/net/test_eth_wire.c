/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/eth_wire.h"

#include <criterion/criterion.h>

#define TO 0x02, 0, 0, 0, 0, 0x01
#define FROM 0x02, 0, 0, 0, 0, 0x02

Test(eth_wire, every_truncation_is_refused)
{
	const uint8_t wire[] = {TO, FROM, 0x81, 0x00, 0x20, 0x0c, 0x08, 0x00};
	struct eth_header h;

	for (size_t len = 0; len < sizeof(wire); len++)
		cr_assert_eq(eth_header_parse(span_of(wire, len), &h), DROP_eth_truncated);
	cr_assert_eq(eth_header_parse(SPAN(wire), &h), DROP_none);
}

Test(eth_wire, a_group_is_no_sender)
{
	const uint8_t multicast[] = {TO, 0x01, 0, 0x5e, 0, 0, 1, 0x08, 0x00};
	const uint8_t broadcast[] = {TO, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x08, 0x00};
	const uint8_t zero[] = {TO, 0, 0, 0, 0, 0, 0, 0x08, 0x00};
	struct eth_header h;

	cr_assert_eq(eth_header_parse(SPAN(multicast), &h), DROP_eth_bad_source);
	cr_assert_eq(eth_header_parse(SPAN(broadcast), &h), DROP_eth_bad_source);
	cr_assert_eq(eth_header_parse(SPAN(zero), &h), DROP_eth_bad_source);
}

Test(eth_wire, untagged_and_tagged)
{
	const uint8_t plain[] = {TO, FROM, 0x08, 0x06};
	const uint8_t tagged[] = {TO, FROM, 0x81, 0x00, 0xef, 0xfe, 0x08, 0x00};
	struct eth_header h;

	cr_assert_eq(eth_header_parse(SPAN(plain), &h), DROP_none);
	cr_assert_eq(h.type, ETH_TYPE_ARP);
	cr_assert_eq(h.vlan_id, 0);
	cr_assert_eq(h.header_bytes, 14);
	cr_assert_eq(h.dst[5], 1);
	cr_assert_eq(h.src[5], 2);
	cr_assert_eq(eth_header_parse(SPAN(tagged), &h), DROP_none);
	cr_assert_eq(h.type, ETH_TYPE_IP4);
	cr_assert_eq(h.vlan_id, 0xffe, "without priority and drop bit");
	cr_assert_eq(h.header_bytes, 18);
}

Test(eth_wire, what_is_emitted_reads_back)
{
	struct eth_header in = {.dst = {TO}, .src = {FROM}, .type = ETH_TYPE_IP4}, out;
	uint8_t wire[ETH_HEADER_BYTES];

	eth_header_emit(&in, wire);
	cr_assert_eq(eth_header_parse(SPAN(wire), &out), DROP_none);
	cr_assert(eth_addr_eq(in.dst, out.dst) && eth_addr_eq(in.src, out.src));
	cr_assert_eq(out.type, in.type);
}
