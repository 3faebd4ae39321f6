/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two workers of one machine and the rings between them. */
#include "net/steer.h"

#include "net/wire/be.h"
#include "net/wire/checksum.h"
#include "tests/unit/net/fixture.h"

#include <criterion/criterion.h>

TestSuite(steer, .init = fixture_set_up_two, .fini = fixture_tear_down);

static const struct ip4_endpoint server = {{0xc6120001}, 443};

/* Ports of the client with which a connection is worker 0's, and worker 1's. */
static uint16_t port_of(unsigned worker)
{
	for (uint16_t port = 1024;; port++) {
		struct ip4_endpoint client = {CLIENT, port};

		if (steer_is_ours(worker == 0 ? &fx.net : &fx.other, server, client))
			return port;
	}
}

static struct rte_mbuf *segment_make(uint16_t port)
{
	const uint8_t tcp[20] = {(uint8_t)(port >> 8), (uint8_t)port, 443 >> 8, 443 & 255};

	return frame_make_ip4(
		gw_front_mac, client_mac,
		(struct ip4_header){.src = CLIENT, .dst = GW_FRONT, .protocol = IP4_PROTOCOL_TCP},
		SPAN(tcp));
}

static struct rte_mbuf *icmp_make(struct span message)
{
	uint8_t bytes[200];
	struct checksum c = {0};

	memcpy(bytes, message.p, message.len);
	checksum_put(bytes + ICMP_CHECKSUM_OFFSET, 0);
	checksum_add(&c, span_of(bytes, message.len));
	checksum_put(bytes + ICMP_CHECKSUM_OFFSET, checksum_value(c));
	return frame_make_ip4(
		gw_front_mac, client_mac,
		(struct ip4_header){.src = CLIENT, .dst = GW_FRONT, .protocol = IP4_PROTOCOL_ICMP},
		span_of(bytes, message.len));
}

static void other_receives(struct rte_mbuf *m)
{
	net_rx_burst(&fx.other, 0, &m, 1, fx.now_ns);
}

static struct rte_mbuf *other_sent_take(unsigned idx)
{
	struct netif *nif = &fx.other.netifs[idx];
	struct rte_mbuf *m = nif->txq[0];

	if (nif->txq_count == 0)
		return NULL;
	netif_tx_done(nif, 1);
	return m;
}

static void client_says(bool to_other, uint16_t op)
{
	struct arp_packet arp = {.op = op, .sender = CLIENT, .target = GW_FRONT};
	struct rte_mbuf *m;

	memcpy(arp.sender_mac, client_mac, 6);
	m = frame_make_arp(gw_front_mac, &arp);
	if (to_other)
		other_receives(m);
	else
		receive(0, m);
}

Test(steer, each_connection_is_exactly_one_workers)
{
	unsigned mine = 0;

	for (uint16_t port = 1; port < 1000; port++) {
		struct ip4_endpoint client = {CLIENT, port};
		bool is_mine = steer_is_ours(&fx.net, server, client);

		cr_assert_neq(is_mine, steer_is_ours(&fx.other, server, client));
		mine += is_mine;
	}
	cr_assert_gt(mine, 400);
	cr_assert_lt(mine, 600);
}

Test(steer, a_segment_reaches_its_owner_whichever_queue_it_came_by)
{
	for (unsigned owner = 0; owner < 2; owner++) {
		const struct net *owners = owner == 0 ? &fx.net : &fx.other;

		for (unsigned queue = 0; queue < 2; queue++) {
			unsigned before = fx.segment_count;

			if (queue == 0)
				receive(0, segment_make(port_of(owner)));
			else
				other_receives(segment_make(port_of(owner)));
			cr_assert_eq(fx.segment_count, before + (owner == queue));
			cr_assert_eq(net_steered_run(&fx.net, fx.now_ns), owner == 0 && queue == 1);
			cr_assert_eq(net_steered_run(&fx.other, fx.now_ns),
				     owner == 1 && queue == 0);
			cr_assert_eq(fx.segment_count, before + 1);
			cr_assert_eq(fx.segment_net, owners);
			cr_assert_eq(rte_pktmbuf_pkt_len(fx.segment), 20, "without padding");
		}
	}
	cr_assert_eq(fx.count.event[COUNTER_steer_out], 1);
	cr_assert_eq(fx.count.event[COUNTER_steer_in], 1);
	cr_assert_eq(fx.other_count.event[COUNTER_steer_out], 1);
	cr_assert_eq(fx.other_count.event[COUNTER_steer_in], 1);
}

/* Half of a segment from that port; the halves are of the same packet. */
static struct rte_mbuf *half_make(uint16_t port, bool second)
{
	uint8_t tcp[96] = {(uint8_t)(port >> 8), (uint8_t)port, 443 >> 8, 443 & 255};
	struct rte_mbuf *m = frame_make_ip4(
		gw_front_mac, client_mac,
		(struct ip4_header){.src = CLIENT, .dst = GW_FRONT, .protocol = IP4_PROTOCOL_TCP},
		span_of(tcp + (second ? 48 : 0), 48));
	uint8_t *ip = rte_pktmbuf_mtod_offset(m, uint8_t *, ETH_HEADER_BYTES);
	struct checksum c = {0};

	ip[6] = second ? 0 : 0x20;
	ip[7] = second ? 48 / 8 : 0;
	checksum_put(ip + 10, 0);
	checksum_add(&c, span_of(ip, IP4_HEADER_BYTES));
	checksum_put(ip + 10, checksum_value(c));
	return m;
}

Test(steer, fragments_meet_at_one_worker_and_their_segment_goes_to_its_owner)
{
	for (unsigned owner = 0; owner < 2; owner++) {
		const struct net *owners = owner == 0 ? &fx.net : &fx.other;

		/* each half by another queue */
		receive(0, half_make(port_of(owner), owner == 0));
		other_receives(half_make(port_of(owner), owner != 0));
		for (unsigned turn = 0; turn < 2; turn++) {
			net_steered_run(&fx.net, fx.now_ns);
			net_steered_run(&fx.other, fx.now_ns);
		}
		cr_assert_eq(fx.segment_count, owner + 1);
		cr_assert_eq(fx.segment_net, owners);
		cr_assert_eq(rte_pktmbuf_pkt_len(fx.segment), 96);
	}
	cr_assert_eq(fx.count.event[COUNTER_ip4_reassembled] +
			     fx.other_count.event[COUNTER_ip4_reassembled],
		     2);
}

Test(steer, a_full_ring_costs_the_packet_and_is_counted)
{
	uint16_t port = port_of(1);

	for (unsigned i = 0; i < STEER_RING_COUNT; i++)
		receive(0, segment_make(port));
	cr_assert_eq(fx.count.event[COUNTER_steer_out], STEER_RING_COUNT);
	receive_dropped(0, segment_make(port), DROP_steer_ring_full);
	while (net_steered_run(&fx.other, fx.now_ns) > 0)
		continue;
	cr_assert_eq(fx.other_count.event[COUNTER_steer_in], STEER_RING_COUNT);
	receive(0, segment_make(port));
	cr_assert_eq(net_steered_run(&fx.other, fx.now_ns), 1, "and the ring recovers");
}

Test(steer, what_is_wrong_is_refused_before_it_is_passed_on)
{
	struct rte_mbuf *m = segment_make(port_of(1));

	*rte_pktmbuf_mtod_offset(m, uint8_t *, ETH_HEADER_BYTES + 10) ^= 1;
	receive_dropped(0, m, DROP_ip4_bad_checksum);
	cr_assert_eq(net_steered_run(&fx.other, fx.now_ns), 0);
}

Test(steer, the_leader_alone_answers_pings)
{
	const uint8_t echo[16] = {8};
	struct rte_mbuf *m;

	client_says(false, ARP_REQUEST);
	rte_pktmbuf_free(sent_take(0));
	other_receives(icmp_make(SPAN(echo)));
	cr_assert_null(other_sent_take(0));
	cr_assert_eq(fx.other_count.event[COUNTER_icmp_echo_replies], 0);
	cr_assert_eq(net_steered_run(&fx.net, fx.now_ns), 1);
	cr_assert_eq(fx.count.event[COUNTER_icmp_echo_replies], 1);
	m = sent_take(0); /* the request for the client's address; the reply waits for it */
	cr_assert_not_null(m);
	rte_pktmbuf_free(m);
}

/* What a router says about a segment of ours from port 443 to the client's. */
static struct rte_mbuf *unreachable_make(uint16_t client_port)
{
	uint8_t message[ICMP_HEADER_BYTES + IP4_HEADER_BYTES + 8] = {3, 1};
	struct ip4_header quoted = {
		.src = GW_FRONT,
		.dst = CLIENT,
		.protocol = IP4_PROTOCOL_TCP,
		.total_bytes = 40,
		.ttl = 1,
	};
	uint8_t *tcp = message + ICMP_HEADER_BYTES + IP4_HEADER_BYTES;

	ip4_header_emit(&quoted, true, message + ICMP_HEADER_BYTES);
	be16_put(tcp, 443);
	be16_put(tcp + 2, client_port);
	be32_put(tcp + 4, 77);
	return icmp_make(SPAN(message));
}

Test(steer, an_error_goes_to_the_owner_of_the_segment_it_quotes)
{
	uint16_t mine = port_of(0), others = port_of(1);

	receive(0, unreachable_make(others));
	cr_assert_eq(fx.unreachable_count, 0);
	net_steered_run(&fx.other, fx.now_ns);
	cr_assert_eq(fx.unreachable_count, 1);
	cr_assert_eq(fx.unreachable_net, &fx.other);
	cr_assert_eq(fx.unreachable.remote.port, others);
	other_receives(unreachable_make(mine));
	net_steered_run(&fx.net, fx.now_ns);
	cr_assert_eq(fx.unreachable_count, 2);
	cr_assert_eq(fx.unreachable_net, &fx.net);
	cr_assert_eq(fx.unreachable.seq, 77);
}

Test(steer, the_leader_alone_answers_arp)
{
	client_says(true, ARP_REQUEST);
	cr_assert_null(other_sent_take(0));
	cr_assert_eq(net_steered_run(&fx.net, fx.now_ns), 1);
	cr_assert_eq(fx.count.event[COUNTER_arp_replies_sent], 1);
	rte_pktmbuf_free(sent_take(0));
}

/* A packet of worker 1's to the client. */
static void other_sends(void)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(fx.pool);

	rte_pktmbuf_append(m, 8);
	cr_assert_eq(ip4_output(&fx.other, m, GW_FRONT, CLIENT, IP4_PROTOCOL_ICMP, fx.now_ns),
		     DROP_none);
}

Test(steer, the_leader_asks_for_others_and_all_learn)
{
	struct rte_mbuf *m;

	other_sends();
	cr_assert_null(other_sent_take(0), "no request of its own");
	cr_assert_eq(net_steered_run(&fx.net, fx.now_ns), 1);
	cr_assert_eq(fx.count.event[COUNTER_arp_requests_sent], 1);
	rte_pktmbuf_free(sent_take(0));
	client_says(true, ARP_REPLY); /* to whichever queue */
	cr_assert_eq(net_steered_run(&fx.net, fx.now_ns), 1);
	cr_assert_eq(net_steered_run(&fx.other, fx.now_ns), 1);
	m = other_sent_take(0);
	cr_assert_not_null(m, "what waited has gone");
	cr_assert_arr_eq(rte_pktmbuf_mtod(m, uint8_t *), client_mac, 6);
	rte_pktmbuf_free(m);
	other_sends();
	m = other_sent_take(0);
	cr_assert_not_null(m, "and the next goes at once");
	rte_pktmbuf_free(m);
	cr_assert_eq(drops_total(), 0);
}

Test(steer, what_the_leader_knows_is_news_to_whoever_asks)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(fx.pool);

	rte_pktmbuf_append(m, 8);
	ip4_output(&fx.net, m, GW_FRONT, CLIENT, IP4_PROTOCOL_ICMP, fx.now_ns);
	client_says(false, ARP_REPLY);
	net_steered_run(&fx.other, fx.now_ns);
	while ((m = sent_take(0)) != NULL)
		rte_pktmbuf_free(m);
	other_sends();
	net_steered_run(&fx.net, fx.now_ns);
	cr_assert_eq(fx.count.event[COUNTER_arp_requests_sent], 1, "nobody is asked again");
	net_steered_run(&fx.other, fx.now_ns);
	m = other_sent_take(0);
	cr_assert_not_null(m);
	rte_pktmbuf_free(m);
}

Test(steer, a_neighbour_that_talks_all_the_time_is_news_once_a_second)
{
	other_sends();
	net_steered_run(&fx.net, fx.now_ns);
	rte_pktmbuf_free(sent_take(0));
	for (unsigned i = 0; i < 100; i++)
		client_says(false, ARP_REPLY);
	cr_assert_eq(net_steered_run(&fx.other, fx.now_ns), 1);
	fx.now_ns += SECOND;
	client_says(false, ARP_REPLY);
	cr_assert_eq(net_steered_run(&fx.other, fx.now_ns), 1);
	rte_pktmbuf_free(other_sent_take(0));
}

Test(steer, who_does_not_answer_the_leader_is_lost_to_all)
{
	other_sends();
	for (unsigned i = 0; i < 5; i++) {
		net_steered_run(&fx.net, fx.now_ns);
		net_timers_run(&fx.net, fx.now_ns);
		net_steered_run(&fx.other, fx.now_ns);
		fx.now_ns += SECOND + 1000000;
	}
	cr_assert_eq(fx.count.event[COUNTER_arp_requests_sent], 3);
	cr_assert_eq(fx.count.event[COUNTER_neigh_lost], 1);
	cr_assert_eq(fx.other_count.event[COUNTER_neigh_lost], 0, "counted once");
	cr_assert_eq(fx.other_count.drop[DROP_neigh_unreachable], 1);
	for (struct rte_mbuf *m; (m = sent_take(0)) != NULL;)
		rte_pktmbuf_free(m);
}

Test(steer, the_leader_alone_announces)
{
	net_announce(&fx.other, fx.now_ns);
	cr_assert_null(other_sent_take(0));
	net_announce(&fx.net, fx.now_ns);
	for (unsigned i = 0; i < 2; i++) {
		struct rte_mbuf *m = sent_take(i);

		cr_assert_not_null(m);
		rte_pktmbuf_free(m);
	}
}
