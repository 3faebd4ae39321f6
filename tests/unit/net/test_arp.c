/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net/fixture.h"

#include <criterion/criterion.h>

static void set_up(void)
{
	fixture_set_up(NULL);
}

TestSuite(arp, .init = set_up, .fini = fixture_tear_down);

static struct arp_packet arp_of(enum arp_op op, struct ip4 sender, const uint8_t mac[6],
				struct ip4 target)
{
	struct arp_packet a = {.op = op, .sender = sender, .target = target};

	memcpy(a.sender_mac, mac, 6);
	return a;
}

static void arp_receive(enum arp_op op, struct ip4 sender, const uint8_t mac[6], struct ip4 target)
{
	struct arp_packet a = arp_of(op, sender, mac, target);

	receive(0, frame_make_arp(eth_broadcast, &a));
}

static void arp_dropped(enum arp_op op, struct ip4 sender, const uint8_t mac[6], struct ip4 target,
			enum drop_reason why)
{
	struct arp_packet a = arp_of(op, sender, mac, target);

	receive_dropped(0, frame_make_arp(eth_broadcast, &a), why);
}

/* The next frame of interface 0, which must be ARP; to is where it goes. */
static struct arp_packet arp_sent(uint8_t to[6])
{
	struct rte_mbuf *m = sent_take(0);
	struct eth_header eth;
	struct arp_packet a;

	cr_assert_not_null(m);
	cr_assert_eq(eth_header_parse(pkt_head(m), &eth), DROP_none);
	cr_assert_eq(eth.type, ETH_TYPE_ARP);
	cr_assert_arr_eq(eth.src, gw_front_mac, 6);
	memcpy(to, eth.dst, 6);
	rte_pktmbuf_adj(m, ETH_HEADER_BYTES);
	cr_assert_eq(arp_packet_parse(pkt_head(m), &a), DROP_none);
	cr_assert_arr_eq(a.sender_mac, gw_front_mac, 6);
	rte_pktmbuf_free(m);
	return a;
}

static void expect_request(struct ip4 target, const uint8_t to[6])
{
	uint8_t dst[6];
	struct arp_packet a = arp_sent(dst);

	cr_assert_eq(a.op, ARP_REQUEST);
	cr_assert(ip4_eq(a.sender, GW_FRONT) && ip4_eq(a.target, target));
	cr_assert_arr_eq(dst, to, 6);
}

/* A packet of 20 bytes to dst, any protocol. */
static enum drop_reason packet_send(struct ip4 dst)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(fx.pool);

	memset(rte_pktmbuf_append(m, 20), 0, 20);
	return ip4_output(&fx.net, m, GW_FRONT, dst, 253, fx.now_ns);
}

/* The next frame of interface 0 must be IPv4 to this station. */
static void expect_packet(const uint8_t to[6])
{
	struct rte_mbuf *m = sent_take(0);
	struct eth_header eth;

	cr_assert_not_null(m);
	cr_assert_eq(eth_header_parse(pkt_head(m), &eth), DROP_none);
	cr_assert_eq(eth.type, ETH_TYPE_IP4);
	cr_assert_arr_eq(eth.dst, to, 6);
	rte_pktmbuf_free(m);
}

static void wait_ms(unsigned ms)
{
	fx.now_ns += ms * 1000000ull;
	net_timers_run(&fx.net, fx.now_ns);
}

/* The client is a known neighbour afterwards, and nothing waits. */
static void know_client(void)
{
	cr_assert_eq(packet_send(CLIENT), DROP_none);
	expect_request(CLIENT, eth_broadcast);
	client_resolve();
	expect_packet(client_mac);
}

Test(arp, a_request_for_our_address_is_answered_to_the_asker_alone)
{
	uint8_t dst[6];
	struct arp_packet a;

	arp_receive(ARP_REQUEST, CLIENT, client_mac, GW_FRONT);
	a = arp_sent(dst);
	cr_assert_eq(a.op, ARP_REPLY);
	cr_assert(ip4_eq(a.sender, GW_FRONT) && ip4_eq(a.target, CLIENT));
	cr_assert_arr_eq(a.target_mac, client_mac, 6);
	cr_assert_arr_eq(dst, client_mac, 6);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
	cr_assert_null(neigh_find(&fx.net.netifs[0].neigh, CLIENT),
		       "asking makes nobody a neighbour");
}

Test(arp, a_probe_for_our_address_is_answered)
{
	uint8_t dst[6];

	arp_receive(ARP_REQUEST, IP(0, 0, 0, 0), client_mac, GW_FRONT);
	cr_assert_eq(arp_sent(dst).op, ARP_REPLY);
	arp_dropped(ARP_REPLY, IP(0, 0, 0, 0), client_mac, GW_FRONT, DROP_arp_bad_sender);
}

Test(arp, requests_for_others_are_dropped)
{
	arp_dropped(ARP_REQUEST, CLIENT, client_mac, IP(198, 18, 0, 3), DROP_arp_not_ours);
	arp_dropped(ARP_REQUEST, CLIENT, client_mac, GW_BACK, DROP_arp_not_ours);
}

Test(arp, senders_that_cannot_be_neighbours_are_dropped)
{
	const uint8_t group[6] = {1, 0, 0x5e, 0, 0, 1}, zero[6] = {0};
	struct arp_packet a = arp_of(ARP_REQUEST, CLIENT, client_mac, GW_FRONT);

	arp_dropped(ARP_REQUEST, IP(203, 0, 113, 1), client_mac, GW_FRONT, DROP_arp_bad_sender);
	arp_dropped(ARP_REQUEST, BACKEND, client_mac, GW_FRONT, DROP_arp_bad_sender);
	arp_dropped(ARP_REQUEST, IP(198, 18, 0, 255), client_mac, GW_FRONT, DROP_arp_bad_sender);
	arp_dropped(ARP_REQUEST, GW_FRONT, stranger_mac, GW_FRONT, DROP_arp_conflict);
	arp_dropped(ARP_REPLY, GW_FRONT, stranger_mac, GW_FRONT, DROP_arp_conflict);
	/* The Ethernet source is a station, the ARP sender is not. */
	for (unsigned i = 0; i < 2; i++) {
		struct rte_mbuf *m;

		memcpy(a.sender_mac, client_mac, 6);
		m = frame_make_arp(eth_broadcast, &a);
		memcpy(rte_pktmbuf_mtod_offset(m, uint8_t *, ETH_HEADER_BYTES + 8),
		       i ? group : zero, 6);
		receive_dropped(0, m, DROP_arp_bad_sender);
	}
}

Test(arp, nobody_becomes_a_neighbour_unasked)
{
	arp_dropped(ARP_REPLY, CLIENT, client_mac, GW_FRONT, DROP_arp_unsolicited);
	arp_dropped(ARP_REPLY, CLIENT, client_mac, CLIENT, DROP_arp_unsolicited);
	arp_dropped(ARP_REQUEST, CLIENT, client_mac, CLIENT, DROP_arp_not_ours);
	cr_assert_null(neigh_find(&fx.net.netifs[0].neigh, CLIENT));
}

Test(arp, packets_wait_in_order_until_the_neighbour_answers)
{
	for (unsigned i = 0; i < 3; i++)
		cr_assert_eq(packet_send(CLIENT), DROP_none);
	expect_request(CLIENT, eth_broadcast);
	cr_assert_null(sent_take(0), "asked once, however many wait");
	client_resolve();
	for (unsigned i = 0; i < 3; i++)
		expect_packet(client_mac);
	cr_assert_eq(packet_send(CLIENT), DROP_none);
	expect_packet(client_mac);
	cr_assert_eq(drops_total(), 0);
}

Test(arp, a_packet_to_a_far_host_goes_to_the_router)
{
	cr_assert_eq(packet_send(IP(203, 0, 113, 7)), DROP_none);
	expect_request(IP(198, 18, 0, 254), eth_broadcast);
}

Test(arp, a_silent_neighbour_is_asked_once_a_second_and_given_up)
{
	cr_assert_eq(packet_send(CLIENT), DROP_none);
	expect_request(CLIENT, eth_broadcast);
	for (unsigned i = 0; i < 2; i++) {
		wait_ms(990);
		cr_assert_null(sent_take(0));
		wait_ms(11);
		expect_request(CLIENT, eth_broadcast);
	}
	wait_ms(1001);
	cr_assert_null(sent_take(0));
	cr_assert_eq(fx.count.drop[DROP_neigh_unreachable], 1);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
	/* For a second nobody asks again; then it is tried anew. */
	cr_assert_eq(packet_send(CLIENT), DROP_neigh_unreachable);
	cr_assert_null(sent_take(0));
	wait_ms(1001);
	cr_assert_eq(packet_send(CLIENT), DROP_none);
	expect_request(CLIENT, eth_broadcast);
}

Test(arp, tcp_hears_that_its_segment_could_not_be_delivered)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(fx.pool);
	uint8_t syn[20] = {0x9c, 0x40, 0x1f, 0x90, 1, 2, 3, 4, 0, 0, 0, 0, 0x50, 2};

	memcpy(rte_pktmbuf_append(m, 20), syn, 20);
	cr_assert_eq(ip4_output(&fx.net, m, GW_FRONT, CLIENT, IP4_PROTOCOL_TCP, fx.now_ns),
		     DROP_none);
	for (unsigned i = 0; i < 3; i++)
		wait_ms(1001);
	cr_assert_eq(fx.unreachable_count, 1);
	cr_assert_eq(fx.unreachable.seq, 0x01020304);
	cr_assert(ip4_eq(fx.unreachable.remote.addr, CLIENT));
	cr_assert_eq(fx.unreachable.remote.port, 8080);
}

Test(arp, a_neighbour_in_use_is_asked_again_where_it_is)
{
	know_client();
	wait_ms(29000);
	packet_send(CLIENT);
	expect_packet(client_mac);
	cr_assert_null(sent_take(0));
	wait_ms(2000);
	packet_send(CLIENT);
	expect_request(CLIENT, client_mac);
	expect_packet(client_mac);
	client_resolve();
	wait_ms(5000);
	packet_send(CLIENT);
	expect_packet(client_mac);
	cr_assert_null(sent_take(0), "confirmed");
}

Test(arp, a_neighbour_that_vanished_is_found_again_by_broadcast)
{
	know_client();
	wait_ms(31000);
	packet_send(CLIENT);
	expect_request(CLIENT, client_mac);
	expect_packet(client_mac);
	for (unsigned i = 0; i < 2; i++) {
		wait_ms(1001);
		expect_request(CLIENT, client_mac);
	}
	wait_ms(1001);
	cr_assert_null(sent_take(0));
	packet_send(CLIENT);
	expect_request(CLIENT, eth_broadcast);
	/* It has a new card. */
	arp_receive(ARP_REPLY, CLIENT, stranger_mac, GW_FRONT);
	expect_packet(stranger_mac);
}

Test(arp, a_live_neighbour_is_not_replaced_by_a_forged_announcement)
{
	know_client();
	wait_ms(5000);
	/* The forger's word makes us ask the true owner, once. */
	arp_receive(ARP_REQUEST, CLIENT, stranger_mac, CLIENT);
	cr_assert_eq(fx.count.drop[DROP_arp_contested], 1);
	expect_request(CLIENT, client_mac);
	arp_dropped(ARP_REPLY, CLIENT, stranger_mac, GW_FRONT, DROP_arp_contested);
	packet_send(CLIENT);
	expect_packet(client_mac);
	client_resolve();
	arp_dropped(ARP_REPLY, CLIENT, stranger_mac, GW_FRONT, DROP_arp_contested);
	packet_send(CLIENT);
	expect_packet(client_mac);
	cr_assert_null(sent_take(0));
}

Test(arp, an_announcement_takes_over_when_the_old_place_is_silent)
{
	know_client();
	wait_ms(5000);
	arp_receive(ARP_REQUEST, CLIENT, stranger_mac, CLIENT);
	for (unsigned i = 0; i < 3; i++) {
		expect_request(CLIENT, client_mac);
		wait_ms(1001);
	}
	packet_send(CLIENT);
	expect_request(CLIENT, eth_broadcast);
	arp_receive(ARP_REPLY, CLIENT, stranger_mac, GW_FRONT);
	expect_packet(stranger_mac);
}

Test(arp, new_neighbours_are_asked_for_at_a_bounded_rate)
{
	unsigned sent = 0;
	struct rte_mbuf *m;

	for (unsigned i = 0; i < 2000; i++)
		packet_send(IP(198, 18, 0, 3 + i % 250));
	while ((m = sent_take(0)) != NULL) {
		sent++;
		rte_pktmbuf_free(m);
	}
	cr_assert_eq(sent, 256);
	cr_assert_gt(fx.count.drop[DROP_neigh_budget], 0);
	cr_assert_eq(packet_send(CLIENT), DROP_neigh_budget);
	wait_ms(1001);
	while ((m = sent_take(0)) != NULL)
		rte_pktmbuf_free(m);
	cr_assert_eq(packet_send(CLIENT), DROP_none);
}

Test(arp, without_buffers_nothing_is_sent_and_nothing_lost)
{
	struct arp_packet a = arp_of(ARP_REQUEST, CLIENT, client_mac, GW_FRONT);
	struct rte_mbuf *m = frame_make_arp(eth_broadcast, &a);

	mbuf_pool_limit(fx.pool, 0);
	receive(0, m);
	cr_assert_null(sent_take(0));
	cr_assert_eq(fx.count.drop[DROP_tx_no_mbuf], 1);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
}

Test(arp, every_address_is_announced_twice)
{
	uint8_t dst[6];
	struct arp_packet a;

	net_announce(&fx.net, fx.now_ns);
	for (unsigned i = 0; i < 2; i++) {
		a = arp_sent(dst);
		cr_assert_eq(a.op, ARP_REQUEST);
		cr_assert(ip4_eq(a.sender, GW_FRONT) && ip4_eq(a.target, GW_FRONT));
		cr_assert_arr_eq(dst, eth_broadcast, 6);
		wait_ms(2001);
	}
	cr_assert_null(sent_take(0));
	cr_assert_eq(fx.net.netifs[1].txq_count, 2);
}
