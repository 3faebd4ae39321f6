/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/net_priv.h"

/* RFC 6890: networks that are no source on the wire.  224.0.0.0/3 is multicast, reserved and limited broadcast. */
static const struct ip4_prefix never_a_source[] = {
	{{0x00000000}, 8},
	{{0x7f000000}, 8},
	{{0xe0000000}, 3},
};

/* Our own addresses and those of a network that another port is connected to cannot come in here: whoever sends from
 * them wants to be taken for somebody else, and our answer would go to the one he names. */
static bool source_is_martian(const struct net *net, const struct netif *nif, struct ip4 src)
{
	const struct route *route;

	for (size_t i = 0; i < RTE_DIM(never_a_source); i++) {
		if (ip4_prefix_has(never_a_source[i], src))
			return true;
	}
	for (unsigned i = 0; i < net->netif_count; i++) {
		if (netif_owns(&net->netifs[i], src))
			return true;
	}
	if (netif_is_broadcast(nif, src))
		return true;
	route = route_lookup(&net->routes, src);
	return route != NULL && route->via.v == 0 && route->netif_idx != nif->idx;
}

/* A whole packet of this worker's. */
static enum drop_reason packet_deliver(struct net *net, struct rte_mbuf *m,
				       const struct ip4_header *ip, uint64_t now_ns)
{
	rte_pktmbuf_adj(m, IP4_HEADER_BYTES);
	if (ip->protocol == IP4_PROTOCOL_ICMP)
		return icmp_input(net, m, ip, now_ns);
	tcp_input(net, m, ip, now_ns);
	return DROP_none;
}

/* Hands m to the worker it belongs to, when that is another. */
static bool packet_pass(struct net *net, const struct netif *nif, struct rte_mbuf *m,
			const struct ip4_header *ip)
{
	unsigned owner;

	if (net->steer.worker_count <= 1)
		return false;
	owner = steer_owner(net, nif, ip, span_skip(pkt_head(m), IP4_HEADER_BYTES));
	if (owner == net->steer.worker_idx)
		return false;
	steer_packet(net, nif, owner, STEER_IP4, m);
	return true;
}

/* Consumes m, put together from fragments: their addresses said where, its ports say whose it is. */
static void whole_input(struct net *net, const struct netif *nif, struct rte_mbuf *m,
			uint64_t now_ns)
{
	struct ip4_header ip;
	enum drop_reason why = ip4_header_parse(pkt_head(m), rte_pktmbuf_pkt_len(m), &ip);

	if (why == DROP_none && packet_pass(net, nif, m, &ip))
		return;
	if (why == DROP_none)
		why = packet_deliver(net, m, &ip, now_ns);
	if (why == DROP_none)
		return;
	drop_count(net->count, why);
	rte_pktmbuf_free(m);
}

/* m was this worker's to take: a whole packet, or a fragment of one that may turn out to be another's. */
static enum drop_reason packet_take(struct net *net, const struct netif *nif, struct rte_mbuf *m,
				    const struct ip4_header *ip, uint64_t now_ns)
{
	struct rte_mbuf *whole;
	enum drop_reason why;

	if (ip->protocol != IP4_PROTOCOL_ICMP && ip->protocol != IP4_PROTOCOL_TCP)
		return DROP_ip4_protocol;
	if (!ip4_is_fragment(ip))
		return packet_deliver(net, m, ip, now_ns);
	why = ip4_reassembly_take(&net->reassembly, m, ip, now_ns, &whole);
	if (why == DROP_none && whole != NULL)
		whole_input(net, nif, whole, now_ns);
	return why;
}

enum drop_reason ip4_input(struct net *net, struct netif *nif, struct rte_mbuf *m, uint64_t now_ns)
{
	struct ip4_header ip;
	enum drop_reason why = ip4_header_parse(pkt_head(m), rte_pktmbuf_pkt_len(m), &ip);

	if (why != DROP_none)
		return why;
	if (source_is_martian(net, nif, ip.src))
		return DROP_ip4_martian;
	if (netif_is_broadcast(nif, ip.dst) || ip.dst.v >> 28 == 0xe)
		return DROP_ip4_broadcast;
	if (!netif_owns(nif, ip.dst))
		return DROP_ip4_not_ours;

	/* What lies behind the packet is Ethernet's padding. */
	if (rte_pktmbuf_trim(m, (uint16_t)(rte_pktmbuf_pkt_len(m) - ip.total_bytes)) != 0)
		return DROP_ip4_bad_length;
	/* A port's word about TCP's checksum counts only where it offers to check. */
	if (!nif->params.rx_checksum)
		m->ol_flags &= ~RTE_MBUF_F_RX_L4_CKSUM_MASK;
	return packet_pass(net, nif, m, &ip) ? DROP_none : packet_take(net, nif, m, &ip, now_ns);
}

enum drop_reason ip4_input_owned(struct net *net, struct netif *nif, struct rte_mbuf *m,
				 uint64_t now_ns)
{
	struct ip4_header ip;
	enum drop_reason why = ip4_header_parse(pkt_head(m), rte_pktmbuf_pkt_len(m), &ip);

	return why == DROP_none ? packet_take(net, nif, m, &ip, now_ns) : why;
}
