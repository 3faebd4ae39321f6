/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens to a received frame: each refusal, with exactly one drop counted and nothing answered. */
#include "tests/unit/net/fixture.h"

#include <criterion/criterion.h>

static void set_up(void)
{
	fixture_set_up(NULL);
}

TestSuite(net_rx, .init = set_up, .fini = fixture_tear_down);

static const uint8_t segment[32] = {0x9c, 0x40, 0x01, 0xbb, 0, 0,    0,    1, 0,
				    0,    0,    0,    0x50, 2, 0xff, 0xff, 1, 2};

static struct rte_mbuf *tcp_from(struct ip4 src, struct ip4 dst)
{
	return frame_make_ip4(
		gw_front_mac, client_mac,
		(struct ip4_header){.src = src, .dst = dst, .protocol = IP4_PROTOCOL_TCP},
		SPAN(segment));
}

Test(net_rx, a_segment_reaches_tcp_without_ethernet_padding)
{
	/* One byte of payload: the frame is padded to 60. */
	struct rte_mbuf *m = frame_make_ip4(
		gw_front_mac, client_mac,
		(struct ip4_header){.src = CLIENT, .dst = GW_FRONT, .protocol = IP4_PROTOCOL_TCP},
		span_of(segment, 21));

	cr_assert_eq(rte_pktmbuf_pkt_len(m), 60);
	receive(0, m);
	cr_assert_eq(fx.segment_count, 1);
	cr_assert_eq(drops_total(), 0);
	cr_assert_eq(rte_pktmbuf_pkt_len(fx.segment), 21);
	cr_assert_arr_eq(rte_pktmbuf_mtod(fx.segment, uint8_t *), segment, 21);
	cr_assert(ip4_eq(fx.segment_ip.src, CLIENT) && ip4_eq(fx.segment_ip.dst, GW_FRONT));
	cr_assert_eq(fx.count.event[COUNTER_net_rx], 1);
}

Test(net_rx, runts_are_dropped)
{
	for (uint16_t len = 0; len < ETH_HEADER_BYTES; len++) {
		struct rte_mbuf *m = tcp_from(CLIENT, GW_FRONT);

		rte_pktmbuf_trim(m, (uint16_t)(rte_pktmbuf_pkt_len(m) - len));
		receive_dropped(0, m, DROP_eth_truncated);
	}
}

Test(net_rx, frames_to_other_stations_are_dropped)
{
	const uint8_t multicast[6] = {1, 0, 0x5e, 0, 0, 1};
	struct ip4_header ip = {.src = CLIENT, .dst = GW_FRONT, .protocol = IP4_PROTOCOL_TCP};

	receive_dropped(0, frame_make_ip4(stranger_mac, client_mac, ip, SPAN(segment)),
			DROP_eth_not_ours);
	receive_dropped(0, frame_make_ip4(gw_back_mac, client_mac, ip, SPAN(segment)),
			DROP_eth_not_ours);
	receive_dropped(0, frame_make_ip4(multicast, client_mac, ip, SPAN(segment)),
			DROP_eth_not_ours);
	receive_dropped(0, frame_make_ip4(gw_front_mac, multicast, ip, SPAN(segment)),
			DROP_eth_bad_source);
	cr_assert_eq(fx.segment_count, 0);
}

Test(net_rx, other_ethertypes_are_dropped)
{
	receive_dropped(0, frame_make(gw_front_mac, client_mac, 0x86dd, SPAN(segment)),
			DROP_eth_type);
	receive_dropped(0, frame_make(gw_front_mac, client_mac, 46, SPAN(segment)), DROP_eth_type);
}

Test(net_rx, a_vlan_is_dropped_and_a_priority_tag_is_not)
{
	uint8_t tagged[4 + 20 + sizeof(segment)] = {0, 0, 0x08, 0x00};
	struct ip4_header ip = {.src = CLIENT,
				.dst = GW_FRONT,
				.protocol = IP4_PROTOCOL_TCP,
				.ttl = 1,
				.total_bytes = 20 + sizeof(segment)};

	ip4_header_emit(&ip, true, tagged + 4);
	memcpy(tagged + 24, segment, sizeof(segment));
	tagged[1] = 12;
	receive_dropped(0, frame_make(gw_front_mac, client_mac, 0x8100, SPAN(tagged)),
			DROP_eth_vlan);
	tagged[0] = 0xe0;
	tagged[1] = 0;
	receive(0, frame_make(gw_front_mac, client_mac, 0x8100, SPAN(tagged)));
	cr_assert_eq(fx.segment_count, 1);
}

Test(net_rx, broken_headers_are_dropped)
{
	struct rte_mbuf *m = tcp_from(CLIENT, GW_FRONT);

	rte_pktmbuf_trim(m, (uint16_t)(rte_pktmbuf_pkt_len(m) - 33));
	receive_dropped(0, m, DROP_ip4_truncated);
	m = tcp_from(CLIENT, GW_FRONT);
	rte_pktmbuf_trim(m, 20);
	receive_dropped(0, m, DROP_ip4_bad_length);
	m = tcp_from(CLIENT, GW_FRONT);
	*rte_pktmbuf_mtod_offset(m, uint8_t *, ETH_HEADER_BYTES + 8) ^= 1;
	receive_dropped(0, m, DROP_ip4_bad_checksum);
}

Test(net_rx, martian_sources_are_dropped)
{
	const struct ip4 martians[] =
		{
			IP(0, 0, 0, 0),    IP(0, 1, 2, 3),   IP(127, 0, 0, 1),
			IP(224, 0, 0, 1),  IP(240, 0, 0, 1), IP(255, 255, 255, 255),
			GW_FRONT,          GW_BACK,          IP(198, 18, 0, 255),
			IP(198, 18, 0, 0), BACKEND, /* lives behind the other port */
		};

	for (size_t i = 0; i < RTE_DIM(martians); i++)
		receive_dropped(0, tcp_from(martians[i], GW_FRONT), DROP_ip4_martian);
	receive(0, tcp_from(IP(203, 0, 113, 9), GW_FRONT));
	cr_assert_eq(fx.segment_count, 1, "a stranger from afar is welcome");
}

Test(net_rx, broadcast_and_multicast_are_never_answered)
{
	const uint8_t echo[8] = {8, 0, 0xf7, 0xff};
	struct ip4_header ip = {
		.src = CLIENT, .dst = IP(198, 18, 0, 255), .protocol = IP4_PROTOCOL_ICMP};

	receive_dropped(0, frame_make_ip4(gw_front_mac, client_mac, ip, SPAN(echo)),
			DROP_ip4_broadcast);
	ip.dst = IP(255, 255, 255, 255);
	receive_dropped(0, frame_make_ip4(eth_broadcast, client_mac, ip, SPAN(echo)),
			DROP_ip4_broadcast);
	ip.dst = IP(224, 0, 0, 1);
	receive_dropped(0, frame_make_ip4(gw_front_mac, client_mac, ip, SPAN(echo)),
			DROP_ip4_broadcast);
	ip.dst = GW_FRONT;
	receive_dropped(0, frame_make_ip4(eth_broadcast, client_mac, ip, SPAN(echo)),
			DROP_ip4_broadcast);
}

Test(net_rx, addresses_of_others_and_of_the_other_port_are_dropped)
{
	receive_dropped(0, tcp_from(CLIENT, IP(198, 18, 0, 3)), DROP_ip4_not_ours);
	receive_dropped(0, tcp_from(CLIENT, IP(203, 0, 113, 1)), DROP_ip4_not_ours);
	receive_dropped(0, tcp_from(CLIENT, GW_BACK), DROP_ip4_not_ours);
}

Test(net_rx, other_protocols_are_dropped)
{
	struct ip4_header ip = {.src = CLIENT, .dst = GW_FRONT, .protocol = 17};

	receive_dropped(0, frame_make_ip4(gw_front_mac, client_mac, ip, SPAN(segment)),
			DROP_ip4_protocol);
}

/* Any RFC 791 header with the two bits set; its checksum is right. */
static struct rte_mbuf *with_header_byte(size_t at, uint8_t value)
{
	struct rte_mbuf *m = tcp_from(CLIENT, GW_FRONT);
	uint8_t *ip = rte_pktmbuf_mtod_offset(m, uint8_t *, ETH_HEADER_BYTES);
	struct checksum c = {0};

	ip[at] = value;
	checksum_put(ip + 10, 0);
	checksum_add(&c, span_of(ip, (size_t)(ip[0] & 15) * 4));
	checksum_put(ip + 10, checksum_value(c));
	return m;
}

Test(net_rx, options_are_dropped)
{
	receive_dropped(0, with_header_byte(0, 0x46), DROP_ip4_options);
}

/* Bytes at..at+len of a payload, of the packet 5 from the client. */
static struct rte_mbuf *fragment_make(struct span bytes, uint16_t at, bool more, uint8_t protocol)
{
	struct rte_mbuf *m = frame_make_ip4(
		gw_front_mac, client_mac,
		(struct ip4_header){.src = CLIENT, .dst = GW_FRONT, .protocol = protocol}, bytes);
	uint8_t *ip = rte_pktmbuf_mtod_offset(m, uint8_t *, ETH_HEADER_BYTES);
	struct checksum c = {0};

	ip[5] = 5;
	ip[6] = (uint8_t)((more ? 0x20 : 0) | at >> 11);
	ip[7] = (uint8_t)(at >> 3);
	checksum_put(ip + 10, 0);
	checksum_add(&c, span_of(ip, IP4_HEADER_BYTES));
	checksum_put(ip + 10, checksum_value(c));
	return m;
}

Test(net_rx, a_segment_in_fragments_reaches_tcp_in_one)
{
	uint8_t bytes[49] = {0x9c, 0x40, 0x01, 0xbb};

	bytes[48] = 0x5a;
	receive(0, fragment_make(span_skip(SPAN(bytes), 48), 48, false, IP4_PROTOCOL_TCP));
	cr_assert_eq(fx.segment_count, 0);
	receive(0, fragment_make(span_head(SPAN(bytes), 48), 0, true, IP4_PROTOCOL_TCP));
	cr_assert_eq(fx.segment_count, 1);
	cr_assert_eq(rte_pktmbuf_pkt_len(fx.segment), 49, "without padding");
	cr_assert_eq(*rte_pktmbuf_mtod(fx.segment->next, uint8_t *), 0x5a);
	cr_assert_eq(fx.segment_ip.total_bytes, 69);
	cr_assert_eq(drops_total(), 0);
}

Test(net_rx, a_ping_in_fragments_is_answered)
{
	uint8_t echo[56] = {8};
	struct checksum c = {0};
	struct rte_mbuf *m;

	checksum_add(&c, SPAN(echo));
	checksum_put(echo + 2, checksum_value(c));
	client_resolve();
	rte_pktmbuf_free(sent_take(0));
	receive(0, fragment_make(span_head(SPAN(echo), 48), 0, true, IP4_PROTOCOL_ICMP));
	receive(0, fragment_make(span_skip(SPAN(echo), 48), 48, false, IP4_PROTOCOL_ICMP));
	cr_assert_eq(fx.count.event[COUNTER_icmp_echo_replies], 1);
	while ((m = sent_take(0)) != NULL)
		rte_pktmbuf_free(m);
}

Test(net_rx, what_fragments_make_is_refused_like_anything_else)
{
	uint8_t echo[56] = {8};

	receive(0, fragment_make(span_head(SPAN(echo), 48), 0, true, IP4_PROTOCOL_ICMP));
	receive(0, fragment_make(span_skip(SPAN(echo), 48), 48, false, IP4_PROTOCOL_ICMP));
	cr_assert_eq(fx.count.drop[DROP_icmp_bad_checksum], 1);
	cr_assert_eq(drops_total(), 1);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
}

Test(net_rx, fragments_of_what_nobody_wants_are_not_kept)
{
	const uint8_t bytes[48] = {0};

	receive_dropped(0, fragment_make(SPAN(bytes), 0, true, 17), DROP_ip4_protocol);
	receive_dropped(0, fragment_make(span_head(SPAN(bytes), 40), 0, true, IP4_PROTOCOL_TCP),
			DROP_ip4_fragment);
}

Test(net_rx, fragments_that_stay_alone_are_freed)
{
	const uint8_t bytes[48] = {0};

	receive(0, fragment_make(SPAN(bytes), 0, true, IP4_PROTOCOL_TCP));
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 1);
	fx.now_ns += IP4_REASSEMBLY_NS + SECOND;
	net_timers_run(&fx.net, fx.now_ns);
	cr_assert_eq(fx.count.drop[DROP_ip4_fragment_late], 1);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
	receive(0, fragment_make(SPAN(bytes), 0, true, IP4_PROTOCOL_TCP)); /* freed at the end */
}

Test(net_rx, a_checksum_verdict_counts_only_from_a_port_that_offers_it)
{
	struct rte_mbuf *m = tcp_from(CLIENT, GW_FRONT);

	m->ol_flags |= RTE_MBUF_F_RX_L4_CKSUM_GOOD;
	receive(0, m);
	cr_assert_eq(fx.segment->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK,
		     RTE_MBUF_F_RX_L4_CKSUM_UNKNOWN);
	fx.net.netifs[0].params.rx_checksum = true;
	m = tcp_from(CLIENT, GW_FRONT);
	m->ol_flags |= RTE_MBUF_F_RX_L4_CKSUM_GOOD;
	receive(0, m);
	cr_assert_eq(fx.segment->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK,
		     RTE_MBUF_F_RX_L4_CKSUM_GOOD);
}

static struct rte_mbuf *icmp_from_client(struct span message)
{
	return frame_make_ip4(
		gw_front_mac, client_mac,
		(struct ip4_header){.src = CLIENT, .dst = GW_FRONT, .protocol = IP4_PROTOCOL_ICMP},
		message);
}

Test(net_rx, a_ping_is_answered_once_the_client_is_known)
{
	uint8_t echo[11] = {8, 0, 0, 0, 0x12, 0x34, 0, 1, 'a', 'b', 'c'};
	struct checksum c = {0};
	struct ip4_header ip;
	struct rte_mbuf *m;

	checksum_add(&c, SPAN(echo));
	checksum_put(echo + 2, checksum_value(c));
	c = (struct checksum){0};
	receive(0, icmp_from_client(SPAN(echo)));
	m = sent_take(0); /* who has 198.18.0.2? */
	rte_pktmbuf_free(m);
	cr_assert_null(sent_take(0));
	client_resolve();
	m = sent_take(0);
	cr_assert_not_null(m);
	cr_assert_arr_eq(rte_pktmbuf_mtod(m, uint8_t *), client_mac, 6);
	rte_pktmbuf_adj(m, ETH_HEADER_BYTES);
	cr_assert_eq(ip4_header_parse(pkt_head(m), rte_pktmbuf_pkt_len(m), &ip), DROP_none);
	cr_assert(ip4_eq(ip.src, GW_FRONT) && ip4_eq(ip.dst, CLIENT));
	cr_assert_eq(ip.total_bytes, 31);
	rte_pktmbuf_adj(m, IP4_HEADER_BYTES);
	pkt_checksum_add(m, &c);
	cr_assert_eq(checksum_value(c), 0);
	cr_assert_eq(rte_pktmbuf_mtod(m, uint8_t *)[0], 0, "an echo reply");
	cr_assert_arr_eq(rte_pktmbuf_mtod(m, uint8_t *) + 4, echo + 4, 7);
	cr_assert_eq(fx.count.event[COUNTER_icmp_echo_replies], 1);
	cr_assert_eq(drops_total(), 0);
	rte_pktmbuf_free(m);
}

/* Its sum is 0 however it is counted: the checksum of all zeros is not 0 but its other form. */
Test(net_rx, a_ping_of_zeros_gets_a_reply_with_a_good_checksum)
{
	const uint8_t echo[8] = {8, 0, 0xf7, 0xff};
	struct checksum c = {0};
	struct rte_mbuf *m;

	receive(0, icmp_from_client(SPAN(echo)));
	rte_pktmbuf_free(sent_take(0));
	client_resolve();
	m = sent_take(0);
	rte_pktmbuf_adj(m, ETH_HEADER_BYTES + IP4_HEADER_BYTES);
	pkt_checksum_add(m, &c);
	cr_assert_eq(checksum_value(c), 0);
	rte_pktmbuf_free(m);
}

Test(net_rx, broken_icmp_is_dropped)
{
	const uint8_t bad_checksum[8] = {8, 0, 0xf7, 0xfe}, redirect[8] = {5, 1, 0xfa, 0xfe};

	receive_dropped(0, icmp_from_client(span_of(bad_checksum, 7)), DROP_icmp_truncated);
	receive_dropped(0, icmp_from_client(SPAN(bad_checksum)), DROP_icmp_bad_checksum);
	receive_dropped(0, icmp_from_client(SPAN(redirect)), DROP_icmp_other);
}

Test(net_rx, an_unreachable_error_is_told_to_tcp)
{
	uint8_t error[8 + 28] = {3,   1, 0,    0, 0,    0,    0,    0,    0x45, 0,  0, 40,
				 0,   0, 0x40, 0, 1,    6,    0,    0,    198,  18, 0, 1,
				 203, 0, 113,  7, 0x9c, 0x40, 0x1f, 0x90, 0,    0,  0, 9};
	struct checksum c = {0};

	checksum_add(&c, SPAN(error));
	checksum_put(error + 2, checksum_value(c));
	receive(0, icmp_from_client(SPAN(error)));
	cr_assert_eq(fx.unreachable_count, 1);
	cr_assert(ip4_eq(fx.unreachable.local.addr, GW_FRONT));
	cr_assert_eq(fx.unreachable.local.port, 40000);
	cr_assert(ip4_eq(fx.unreachable.remote.addr, IP(203, 0, 113, 7)));
	cr_assert_eq(fx.unreachable.seq, 9);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
	error[8 + 9] = 17;
	checksum_put(error + 2, 0);
	c = (struct checksum){0};
	checksum_add(&c, SPAN(error));
	checksum_put(error + 2, checksum_value(c));
	receive_dropped(0, icmp_from_client(SPAN(error)), DROP_icmp_bad_quote);
}

static struct rte_mbuf *too_big_make(uint16_t mtu)
{
	uint8_t error[8 + 28] = {3,   4, 0,    0, 0,    0,    0,    0,    0x45, 0,  5, 220,
				 0,   0, 0x40, 0, 1,    6,    0,    0,    198,  18, 0, 1,
				 203, 0, 113,  7, 0x9c, 0x40, 0x1f, 0x90, 0,    0,  0, 9};
	struct checksum c = {0};

	error[6] = (uint8_t)(mtu >> 8);
	error[7] = (uint8_t)mtu;
	checksum_add(&c, SPAN(error));
	checksum_put(error + 2, checksum_value(c));
	return icmp_from_client(SPAN(error));
}

Test(net_rx, a_packet_too_big_for_the_path_is_told_to_tcp)
{
	fx.too_big_believed = true;
	receive(0, too_big_make(1400));
	cr_assert_eq(fx.too_big_mtu, 1400);
	cr_assert_eq(fx.too_big.total_bytes, 1500);
	cr_assert_eq(fx.too_big.seq, 9);
	cr_assert_eq(fx.unreachable_count, 0);
	cr_assert_eq(drops_total(), 0);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
	fx.too_big_believed = false;
	receive_dropped(0, too_big_make(1300), DROP_icmp_not_believed);
}

Test(net_rx, a_chain_with_a_split_header_is_dropped_and_with_split_payload_is_taken)
{
	struct rte_mbuf *m = tcp_from(CLIENT, GW_FRONT), *tail = rte_pktmbuf_alloc(fx.pool);

	memcpy(rte_pktmbuf_append(tail, 10), rte_pktmbuf_mtod_offset(m, char *, 56), 10);
	m->data_len = 56;
	m->pkt_len = 56;
	rte_pktmbuf_chain(m, tail);
	receive(0, m);
	cr_assert_eq(fx.segment_count, 1);
	cr_assert_eq(rte_pktmbuf_pkt_len(fx.segment), sizeof(segment));

	m = tcp_from(CLIENT, GW_FRONT);
	tail = rte_pktmbuf_alloc(fx.pool);
	memcpy(rte_pktmbuf_append(tail, 36), rte_pktmbuf_mtod_offset(m, char *, 30), 36);
	m->data_len = 30;
	m->pkt_len = 30;
	rte_pktmbuf_chain(m, tail);
	receive(0, m);
	cr_assert_eq(fx.count.drop[DROP_ip4_truncated], 1);
}
