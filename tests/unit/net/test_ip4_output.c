/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net/fixture.h"

#include <criterion/criterion.h>

static void all_offloads(struct netif_params *front)
{
	front->tx_ip4_checksum = true;
	front->tx_tcp_checksum = true;
	front->tx_multi_segment = true;
}

static void know_client(void)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(fx.pool);

	rte_pktmbuf_append(m, 20);
	ip4_output(&fx.net, m, GW_FRONT, CLIENT, 253, fx.now_ns);
	client_resolve();
	while ((m = sent_take(0)) != NULL)
		rte_pktmbuf_free(m);
}

static void set_up_plain(void)
{
	fixture_set_up(NULL);
	know_client();
}

static void set_up_offloads(void)
{
	fixture_set_up(all_offloads);
	know_client();
}

#define PLAIN .init = set_up_plain, .fini = fixture_tear_down
#define OFFLOADS .init = set_up_offloads, .fini = fixture_tear_down

/* A TCP header whose checksum field holds rubbish, then payload_bytes, of which the last in_tail lie in a second
 * buffer. */
static struct rte_mbuf *segment_make(uint16_t payload_bytes, uint16_t in_tail)
{
	uint8_t header[20] = {0x9c, 0x40, 0x01, 0xbb, 0,    0,    0,    1, 0,
			      0,    0,    0,    0x50, 0x10, 0xff, 0xff, 7, 7};
	struct rte_mbuf *m = rte_pktmbuf_alloc(fx.pool), *tail;

	memcpy(rte_pktmbuf_append(m, 20), header, 20);
	memset(rte_pktmbuf_append(m, (uint16_t)(payload_bytes - in_tail)), 'x',
	       payload_bytes - in_tail);
	if (in_tail > 0) {
		tail = rte_pktmbuf_alloc(fx.pool);
		memset(rte_pktmbuf_append(tail, in_tail), 'x', in_tail);
		rte_pktmbuf_chain(m, tail);
	}
	return m;
}

static enum drop_reason segment_send(struct rte_mbuf *m)
{
	return ip4_output(&fx.net, m, GW_FRONT, CLIENT, IP4_PROTOCOL_TCP, fx.now_ns);
}

/* Asserts that m is a good frame from us to the client with payload_bytes behind a TCP header; frees it. */
static void expect_good_frame(struct rte_mbuf *m, uint16_t payload_bytes)
{
	struct checksum c = {0};
	struct ip4_header ip;

	cr_assert_not_null(m);
	cr_assert_eq(rte_pktmbuf_pkt_len(m), 54u + payload_bytes);
	cr_assert_arr_eq(rte_pktmbuf_mtod(m, uint8_t *), client_mac, 6);
	rte_pktmbuf_adj(m, ETH_HEADER_BYTES);
	cr_assert_eq(ip4_header_parse(pkt_head(m), rte_pktmbuf_pkt_len(m), &ip), DROP_none);
	cr_assert_eq(ip.total_bytes, 40 + payload_bytes);
	rte_pktmbuf_adj(m, IP4_HEADER_BYTES);
	checksum_add_pseudo(&c, ip.src, ip.dst, ip.protocol, (uint16_t)rte_pktmbuf_pkt_len(m));
	pkt_checksum_add(m, &c);
	cr_assert_eq(checksum_value(c), 0);
	rte_pktmbuf_free(m);
}

Test(ip4_output, headers_go_into_the_headroom, PLAIN)
{
	struct rte_mbuf *m = segment_make(5, 0);

	cr_assert_eq(segment_send(m), DROP_none);
	cr_assert_eq(fx.net.netifs[0].txq[0], m, "no copy");
	cr_assert_eq(m->ol_flags, 0);
	expect_good_frame(sent_take(0), 5);
}

Test(ip4_output, a_chain_is_sent_linear_where_the_port_takes_none, PLAIN)
{
	struct rte_mbuf *m;

	cr_assert_eq(segment_send(segment_make(1001, 1000)), DROP_none);
	m = sent_take(0);
	cr_assert_eq(m->nb_segs, 1);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 1);
	expect_good_frame(m, 1001);
}

Test(ip4_output, a_chain_stays_one_where_the_port_takes_it, OFFLOADS)
{
	struct rte_mbuf *m = segment_make(1001, 1000);

	cr_assert_eq(segment_send(m), DROP_none);
	cr_assert_eq(fx.net.netifs[0].txq[0], m);
	cr_assert_eq(m->nb_segs, 2);
	rte_pktmbuf_free(sent_take(0));
}

Test(ip4_output, a_port_that_fills_in_checksums_gets_what_it_wants, OFFLOADS)
{
	struct rte_mbuf *m = segment_make(5, 0);
	struct checksum c = {0};
	uint8_t want[2];

	cr_assert_eq(segment_send(m), DROP_none);
	m = sent_take(0);
	cr_assert_eq(m->ol_flags,
		     RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM | RTE_MBUF_F_TX_TCP_CKSUM);
	cr_assert_eq(m->l2_len, 14);
	cr_assert_eq(m->l3_len, 20);
	checksum_add_pseudo(&c, GW_FRONT, CLIENT, IP4_PROTOCOL_TCP, 25);
	checksum_put(want, checksum_partial(c));
	cr_assert_arr_eq(rte_pktmbuf_mtod_offset(m, uint8_t *, 34 + 16), want, 2,
			 "pseudo header only");
	cr_assert_eq(*rte_pktmbuf_mtod_offset(m, uint16_t *, 14 + 10), 0);
	rte_pktmbuf_free(m);
}

/* As TCP does it: its queue keeps a reference until the segment is acknowledged. */
Test(ip4_output, the_senders_own_reference_costs_no_copy, PLAIN)
{
	struct rte_mbuf *m = segment_make(5, 0);

	rte_mbuf_refcnt_update(m, 1);
	cr_assert_eq(segment_send(m), DROP_none);
	cr_assert_eq(fx.net.netifs[0].txq[0], m);
	expect_good_frame(sent_take(0), 5);
	cr_assert_eq(rte_mbuf_refcnt_read(m), 1);
	rte_pktmbuf_free(m);
}

Test(ip4_output, a_clone_is_never_written, PLAIN)
{
	struct rte_mbuf *m = segment_make(5, 0), *clone = rte_pktmbuf_clone(m, fx.pool);
	uint8_t before[160];

	memcpy(before, m->buf_addr, sizeof(before));
	cr_assert_eq(segment_send(clone), DROP_none);
	cr_assert_arr_eq(m->buf_addr, before, sizeof(before));
	expect_good_frame(sent_take(0), 5);
	rte_pktmbuf_free(m);
}

Test(ip4_output, no_headroom_means_a_copy, PLAIN)
{
	struct rte_mbuf *m = segment_make(100, 0);

	rte_pktmbuf_prepend(m, 100);
	rte_pktmbuf_adj(m, 0);
	memmove(rte_pktmbuf_mtod(m, char *), rte_pktmbuf_mtod(m, char *) + 100, 120);
	rte_pktmbuf_trim(m, 100);
	cr_assert_eq(rte_pktmbuf_headroom(m), RTE_PKTMBUF_HEADROOM - 100);
	cr_assert_eq(segment_send(m), DROP_none);
	expect_good_frame(sent_take(0), 100);
}

Test(ip4_output, without_a_buffer_for_the_copy_it_is_dropped_once, PLAIN)
{
	struct rte_mbuf *m = segment_make(100, 50);

	mbuf_pool_limit(fx.pool, 0);
	cr_assert_eq(segment_send(m), DROP_tx_no_mbuf);
	cr_assert_eq(drops_total(), 1);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
}

Test(ip4_output, more_than_the_mtu_is_dropped, PLAIN)
{
	cr_assert_eq(ip4_path_mtu(&fx.net, CLIENT), 1480);
	cr_assert_eq(segment_send(segment_make(1460, 0)), DROP_none);
	expect_good_frame(sent_take(0), 1460);
	cr_assert_eq(segment_send(segment_make(1461, 0)), DROP_ip4_too_big);
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), 0);
}

static void jumbo(struct netif_params *front)
{
	front->mtu = 9000;
}

Test(ip4_output, a_frame_is_never_larger_than_a_buffer)
{
	fixture_set_up(jumbo);
	cr_assert_eq(ip4_path_mtu(&fx.net, CLIENT), 2048 - ETH_HEADER_BYTES - IP4_HEADER_BYTES);
	fixture_tear_down();
}

Test(ip4_output, the_source_is_our_address_on_the_way, PLAIN)
{
	struct ip4 src = {0};

	cr_assert(ip4_source_for(&fx.net, BACKEND, &src));
	cr_assert(ip4_eq(src, GW_BACK));
	cr_assert(ip4_source_for(&fx.net, IP(203, 0, 113, 1), &src));
	cr_assert(ip4_eq(src, GW_FRONT));
	fx.net.routes.count = 0;
	cr_assert_not(ip4_source_for(&fx.net, BACKEND, &src));
	cr_assert_eq(segment_send(segment_make(1, 0)), DROP_ip4_no_route);
	cr_assert_eq(ip4_path_mtu(&fx.net, BACKEND), 0);
}

Test(ip4_output, a_route_through_nowhere_refuses_to_start)
{
	struct net_params params = {
		.routes = {{.prefix = {IP(10, 0, 0, 0), 8}, .via = IP(10, 0, 0, 1)}},
		.route_count = 1};
	static struct net net;
	static struct counters count;

	params.tx_pool = mbuf_pool_create(1, MBUF_POOL_DATA_ROOM_BYTES);
	cr_assert_eq(net_init(&net, &params, &count, 0), GW_ERR_CONFIG);
	mbuf_pool_destroy(params.tx_pool);
}
