/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/netif.h"
#include "tests/support/mbuf_pool.h"

#include <criterion/criterion.h>

#define IP(a, b, c, d) ((struct ip4){(uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d)})

static struct counters count;
static struct netif nif;

static void set_up(void)
{
	nif.count = &count;
	nif.params = (struct netif_params){
		.mac = {2, 0, 0, 0, 0, 1},
		.mtu = 1500,
		.addrs = {{IP(198, 18, 0, 1), 24},
			  {IP(203, 0, 113, 0), 31},
			  {IP(192, 0, 2, 7), 32}},
		.addr_count = 3,
	};
}

Test(netif, networks_have_no_hosts_at_their_ends, .init = set_up)
{
	cr_assert_eq(netif_network_of(&nif, IP(198, 18, 0, 2)), &nif.params.addrs[0]);
	cr_assert_null(netif_network_of(&nif, IP(198, 18, 0, 0)));
	cr_assert_null(netif_network_of(&nif, IP(198, 18, 0, 255)));
	cr_assert_null(netif_network_of(&nif, IP(198, 18, 1, 2)));
	cr_assert_eq(netif_network_of(&nif, IP(203, 0, 113, 1)), &nif.params.addrs[1]);
	cr_assert_eq(netif_network_of(&nif, IP(203, 0, 113, 0)), &nif.params.addrs[1]);
	cr_assert_null(netif_network_of(&nif, IP(192, 0, 2, 6)));
}

Test(netif, broadcast_addresses, .init = set_up)
{
	cr_assert(netif_is_broadcast(&nif, IP(255, 255, 255, 255)));
	cr_assert(netif_is_broadcast(&nif, IP(198, 18, 0, 255)));
	cr_assert(netif_is_broadcast(&nif, IP(198, 18, 0, 0)), "the old form");
	cr_assert_not(netif_is_broadcast(&nif, IP(198, 18, 0, 1)));
	cr_assert_not(netif_is_broadcast(&nif, IP(203, 0, 113, 1)));
	cr_assert_not(netif_is_broadcast(&nif, IP(192, 0, 2, 7)));
}

Test(netif, owns_its_addresses_only, .init = set_up)
{
	cr_assert(netif_owns(&nif, IP(192, 0, 2, 7)));
	cr_assert_not(netif_owns(&nif, IP(198, 18, 0, 2)));
}

Test(netif, a_full_queue_drops_the_newest_and_keeps_order, .init = set_up)
{
	struct rte_mempool *pool = mbuf_pool_create(NETIF_TXQ_MAX + 10, MBUF_POOL_DATA_ROOM_BYTES);
	const uint8_t peer[6] = {2, 0, 0, 0, 0, 2};
	struct rte_mbuf *second = NULL;

	for (unsigned i = 0; i < NETIF_TXQ_MAX + 3; i++) {
		struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

		if (i == 1)
			second = m;
		cr_assert_eq(netif_output(&nif, m, peer, ETH_TYPE_IP4),
			     i < NETIF_TXQ_MAX ? DROP_none : DROP_tx_queue_full);
	}
	cr_assert_eq(count.drop[DROP_tx_queue_full], 3);
	cr_assert_eq(mbuf_pool_outstanding(pool), NETIF_TXQ_MAX);
	rte_pktmbuf_free(nif.txq[0]);
	netif_tx_done(&nif, 1);
	cr_assert_eq(nif.txq_count, NETIF_TXQ_MAX - 1);
	cr_assert_eq(nif.txq[0], second, "what the port did not take stays, in order");
	cr_assert_eq(count.event[COUNTER_net_tx], 1);
	rte_pktmbuf_free_bulk(nif.txq, nif.txq_count);
	netif_tx_done(&nif, nif.txq_count);
	mbuf_pool_destroy(pool);
}

Test(netif, the_frame_carries_both_addresses, .init = set_up)
{
	struct rte_mempool *pool = mbuf_pool_create(1, MBUF_POOL_DATA_ROOM_BYTES);
	const uint8_t peer[6] = {2, 0, 0, 0, 0, 2};
	struct eth_header eth;

	cr_assert_eq(netif_output(&nif, rte_pktmbuf_alloc(pool), peer, ETH_TYPE_ARP), DROP_none);
	cr_assert_eq(eth_header_parse(pkt_head(nif.txq[0]), &eth), DROP_none);
	cr_assert_arr_eq(eth.dst, peer, 6);
	cr_assert_arr_eq(eth.src, nif.params.mac, 6);
	cr_assert_eq(eth.type, ETH_TYPE_ARP);
	rte_pktmbuf_free(nif.txq[0]);
	mbuf_pool_destroy(pool);
}
