/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/net_priv.h"

/* RFC 5227 section 1.1: ANNOUNCE_INTERVAL; an announcement is made twice, lest one be lost. */
#define ANNOUNCE_INTERVAL_NS 2000000000ull

static void announce_all(struct net *net)
{
	for (unsigned i = 0; i < net->netif_count; i++) {
		struct netif *nif = &net->netifs[i];

		for (unsigned k = 0; k < nif->params.addr_count; k++)
			arp_announce(net, nif, nif->params.addrs[k].addr);
	}
}

static void announce_timer_expired(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	(void)t;
	(void)now_ns;
	announce_all(ctx);
}

static uint16_t mtu_of(const struct netif_params *params, struct rte_mempool *tx_pool)
{
	unsigned room = rte_pktmbuf_data_room_size(tx_pool) - RTE_PKTMBUF_HEADROOM -
			ETH_HEADER_BYTES;

	return (uint16_t)RTE_MIN((unsigned)params->mtu, room);
}

static void netif_init(struct net *net, uint8_t idx, const struct netif_params *params)
{
	struct netif *nif = &net->netifs[idx];

	nif->params = *params;
	nif->params.mtu = mtu_of(params, net->tx_pool);
	nif->idx = idx;
	nif->count = net->count;
	neigh_table_init(&nif->neigh, idx, &net->timers, arp_timer_expired, net->count);
}

static enum gw_err routes_init(struct route_table *t, const struct net_params *params)
{
	enum gw_err err = GW_ERR_OK;

	for (unsigned i = 0; i < params->netif_count; i++) {
		for (unsigned k = 0; k < params->netifs[i].addr_count && err == GW_ERR_OK; k++)
			err = route_add_connected(t, params->netifs[i].addrs[k], (uint8_t)i);
	}
	for (unsigned i = 0; i < params->route_count && err == GW_ERR_OK; i++)
		err = route_add_static(t, params->routes[i].prefix, params->routes[i].via);
	return err;
}

enum gw_err net_init(struct net *net, const struct net_params *params, struct counters *count,
		     uint64_t now_ns)
{
	enum gw_err err;

	memset(net, 0, sizeof(*net));
	net->count = count;
	net->tx_pool = params->tx_pool;
	net->steer = params->steer;
	timer_wheel_init(&net->timers, now_ns);
	timer_entry_init(&net->announce_timer, announce_timer_expired);
	ip4_reassembly_init(&net->reassembly, params->hash_seed, &net->timers, count);
	for (unsigned i = 0; i < params->netif_count; i++)
		netif_init(net, (uint8_t)i, &params->netifs[i]);
	net->netif_count = params->netif_count;
	err = routes_init(&net->routes, params);
	if (err != GW_ERR_OK)
		return err;
	return tcp_init(net, &params->tcp, params->hash_seed, now_ns);
}

void net_fini(struct net *net)
{
	tcp_fini(net);
	ip4_reassembly_fini(&net->reassembly);
	for (unsigned i = 0; i < net->netif_count; i++) {
		struct netif *nif = &net->netifs[i];

		neigh_table_fini(&nif->neigh);
		for (unsigned k = 0; k < nif->txq_count; k++)
			rte_pktmbuf_free(nif->txq[k]);
		nif->txq_count = 0;
	}
}

static enum drop_reason eth_input(struct net *net, struct netif *nif, struct rte_mbuf *m,
				  uint64_t now_ns)
{
	struct eth_header eth;
	enum drop_reason why = eth_header_parse(pkt_head(m), &eth);
	bool is_broadcast;

	if (why != DROP_none)
		return why;
	is_broadcast = eth_addr_eq(eth.dst, eth_broadcast);
	if (!is_broadcast && !eth_addr_eq(eth.dst, nif->params.mac))
		return DROP_eth_not_ours;
	if (eth.vlan_id != 0)
		return DROP_eth_vlan;
	rte_pktmbuf_adj(m, eth.header_bytes);
	if (eth.type == ETH_TYPE_ARP) {
		if (steer_is_leader(net))
			return arp_input(net, nif, m, now_ns);
		steer_packet(net, nif, STEER_LEADER, STEER_ARP, m);
		return DROP_none;
	}
	if (eth.type != ETH_TYPE_IP4)
		return DROP_eth_type;
	/* RFC 1122 section 3.3.6: an address of one host in a frame to all is not for us. */
	if (is_broadcast)
		return DROP_ip4_broadcast;
	return ip4_input(net, nif, m, now_ns);
}

void net_rx_burst(struct net *net, unsigned netif_idx, struct rte_mbuf **pkts, uint16_t count,
		  uint64_t now_ns)
{
	struct netif *nif = &net->netifs[netif_idx];

	counter_add(net->count, COUNTER_net_rx, count);
	for (unsigned i = 0; i < count; i++)
		rte_prefetch0(rte_pktmbuf_mtod(pkts[i], const void *));
	for (unsigned i = 0; i < count; i++) {
		enum drop_reason why = eth_input(net, nif, pkts[i], now_ns);

		if (why == DROP_none)
			continue;
		drop_count(net->count, why);
		rte_pktmbuf_free(pkts[i]);
	}
}

void net_timers_run(struct net *net, uint64_t now_ns)
{
	timer_wheel_run(&net->timers, now_ns, net);
	tcp_timers_run(net, now_ns);
}

void net_output_all(struct net *net, uint64_t now_ns)
{
	tcp_output_all(net, now_ns);
}

void net_announce(struct net *net, uint64_t now_ns)
{
	if (!steer_is_leader(net))
		return;
	announce_all(net);
	timer_arm(&net->timers, &net->announce_timer, now_ns + ANNOUNCE_INTERVAL_NS);
}
