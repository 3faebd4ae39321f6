/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/net/fixture.h"

#include <criterion/criterion.h>

struct fixture fx;
const uint8_t gw_front_mac[6] = {2, 0, 0, 0, 0, 1}, gw_back_mac[6] = {2, 0, 0, 0, 1, 1};
const uint8_t client_mac[6] = {2, 0, 0, 0, 0, 2}, backend_mac[6] = {2, 0, 0, 0, 1, 2};
const uint8_t stranger_mac[6] = {2, 0, 0, 0, 0, 99};

/* In TCP's place. */
enum gw_err tcp_init(struct net *net, const struct tcp_params *params, const uint64_t secret[2],
		     uint64_t now_ns)
{
	(void)net;
	(void)params;
	(void)secret;
	(void)now_ns;
	return GW_ERR_OK;
}

void tcp_fini(struct net *net)
{
	(void)net;
	rte_pktmbuf_free(fx.segment);
	fx.segment = NULL;
}

void tcp_input(struct net *net, struct rte_mbuf *m, const struct ip4_header *ip, uint64_t now_ns)
{
	cr_assert_eq(now_ns, fx.now_ns);
	rte_pktmbuf_free(fx.segment);
	fx.segment_net = net;
	fx.segment = m;
	fx.segment_ip = *ip;
	fx.segment_count++;
}

void tcp_on_unreachable(struct net *net, struct ip4_endpoint local, struct ip4_endpoint remote,
			uint32_t seq)
{
	fx.unreachable_net = net;
	fx.unreachable = (struct icmp_quote){.local = local, .remote = remote, .seq = seq};
	fx.unreachable_count++;
}

bool tcp_on_too_big(struct net *net, const struct icmp_quote *quote, uint16_t mtu_bytes)
{
	fx.unreachable_net = net;
	fx.too_big = *quote;
	fx.too_big_mtu = mtu_bytes;
	return fx.too_big_believed;
}

void tcp_timers_run(struct net *net, uint64_t now_ns)
{
	(void)net;
	(void)now_ns;
}

void tcp_output_all(struct net *net, uint64_t now_ns)
{
	(void)net;
	(void)now_ns;
}

static void net_make(struct net *net, struct counters *count, void (*change)(struct netif_params *),
		     const struct steer_params *steer)
{
	struct net_params params = {
		.netifs =
			{
				{.name = "front",
				 .mtu = 1500,
				 .addrs = {{GW_FRONT, 24}},
				 .addr_count = 1},
				{.name = "back",
				 .mtu = 1500,
				 .addrs = {{GW_BACK, 24}},
				 .addr_count = 1},
			},
		.netif_count = 2,
		.routes = {{.prefix = {IP(0, 0, 0, 0), 0}, .via = IP(198, 18, 0, 254)}},
		.route_count = 1,
	};

	memcpy(params.netifs[0].mac, gw_front_mac, 6);
	memcpy(params.netifs[1].mac, gw_back_mac, 6);
	if (change != NULL)
		change(&params.netifs[0]);
	params.tx_pool = fx.pool;
	if (steer != NULL)
		params.steer = *steer;
	cr_assert_eq(net_init(net, &params, count, fx.now_ns), GW_ERR_OK);
}

static void fixture_begin(void)
{
	memset(&fx, 0, sizeof(fx));
	fx.now_ns = 100 * SECOND;
	fx.pool = mbuf_pool_create(4096, MBUF_POOL_DATA_ROOM_BYTES);
}

void fixture_set_up(void (*change)(struct netif_params *front))
{
	fixture_begin();
	net_make(&fx.net, &fx.count, change, NULL);
}

void fixture_set_up_two(void)
{
	static const uint8_t key[RSS_KEY_BYTES_MIN] = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b,
						       0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d,
						       0x43, 0xa3, 0x8f, 0xb0};
	static const struct rss *const each[] = {&fx.rss, &fx.rss};
	struct steer_params steer = {.worker_count = 2, .rss = each};

	fixture_begin();
	rss_init_even(&fx.rss, SPAN(key), 2);
	cr_assert_eq(steer_ring_init(&fx.to_other), GW_ERR_OK);
	cr_assert_eq(steer_ring_init(&fx.from_other), GW_ERR_OK);
	steer.out[1] = &fx.to_other;
	steer.in[1] = &fx.from_other;
	net_make(&fx.net, &fx.count, NULL, &steer);
	steer = (struct steer_params){.worker_idx = 1, .worker_count = 2, .rss = each};
	steer.in[0] = &fx.to_other;
	steer.out[0] = &fx.from_other;
	net_make(&fx.other, &fx.other_count, NULL, &steer);
}

void fixture_tear_down(void)
{
	for (unsigned i = 0; i < fx.net.netif_count; i++)
		neigh_table_check(&fx.net.netifs[i].neigh);
	net_fini(&fx.net);
	if (fx.other.count != NULL) {
		net_fini(&fx.other);
		steer_ring_fini(&fx.to_other);
		steer_ring_fini(&fx.from_other);
	}
	mbuf_pool_destroy(fx.pool);
}

struct rte_mbuf *frame_make(const uint8_t dst[6], const uint8_t src[6], uint16_t type,
			    struct span payload)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(fx.pool);
	struct eth_header eth = {.type = type};
	size_t len = payload.len < 46 ? 46 : payload.len;
	uint8_t *p = (uint8_t *)rte_pktmbuf_append(m, (uint16_t)(ETH_HEADER_BYTES + len));

	memcpy(eth.dst, dst, 6);
	memcpy(eth.src, src, 6);
	eth_header_emit(&eth, p);
	memset(p + ETH_HEADER_BYTES, 0xee, len);
	memcpy(p + ETH_HEADER_BYTES, payload.p, payload.len);
	return m;
}

struct rte_mbuf *frame_make_ip4(const uint8_t dst[6], const uint8_t src[6], struct ip4_header ip,
				struct span payload)
{
	uint8_t packet[2000];

	ip.total_bytes = (uint16_t)(IP4_HEADER_BYTES + payload.len);
	ip.ttl = 64;
	ip4_header_emit(&ip, true, packet);
	memcpy(packet + IP4_HEADER_BYTES, payload.p, payload.len);
	return frame_make(dst, src, ETH_TYPE_IP4, span_of(packet, ip.total_bytes));
}

struct rte_mbuf *frame_make_arp(const uint8_t dst[6], const struct arp_packet *arp)
{
	uint8_t packet[ARP_PACKET_BYTES];

	arp_packet_emit(arp, packet);
	return frame_make(dst, arp->sender_mac, ETH_TYPE_ARP, SPAN(packet));
}

uint64_t drops_total(void)
{
	uint64_t total = 0;

	for (unsigned i = 0; i < DROP_COUNT; i++)
		total += fx.count.drop[i];
	return total;
}

void receive(unsigned idx, struct rte_mbuf *m)
{
	net_rx_burst(&fx.net, idx, &m, 1, fx.now_ns);
}

void receive_dropped(unsigned idx, struct rte_mbuf *m, enum drop_reason why)
{
	uint32_t outstanding = mbuf_pool_outstanding(fx.pool);
	uint64_t before = drops_total(), before_why = fx.count.drop[why];
	unsigned queued = fx.net.netifs[0].txq_count + fx.net.netifs[1].txq_count;

	receive(idx, m);
	cr_assert_eq(fx.count.drop[why], before_why + 1, "not counted as %s", drop_infos[why].name);
	cr_assert_eq(drops_total(), before + 1, "counted more than once");
	cr_assert_eq(mbuf_pool_outstanding(fx.pool), outstanding - 1, "not freed");
	cr_assert_eq(fx.net.netifs[0].txq_count + fx.net.netifs[1].txq_count, queued, "answered");
}

struct rte_mbuf *sent_take(unsigned idx)
{
	struct netif *nif = &fx.net.netifs[idx];
	struct rte_mbuf *m = nif->txq[0];

	if (nif->txq_count == 0)
		return NULL;
	netif_tx_done(nif, 1);
	return m;
}

void client_resolve(void)
{
	struct arp_packet reply = {.op = ARP_REPLY, .sender = CLIENT, .target = GW_FRONT};

	memcpy(reply.sender_mac, client_mac, 6);
	memcpy(reply.target_mac, gw_front_mac, 6);
	receive(0, frame_make_arp(gw_front_mac, &reply));
}
