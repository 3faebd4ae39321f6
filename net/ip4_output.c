/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/net_priv.h"

#define TTL 64 /* RFC 1700, and what everyone uses */
#define TCP_CHECKSUM_OFFSET 16
#define TCP_HEADER_BYTES_MIN 20

/* m itself, or a linear copy of it where headers may not be written into m or the port takes no chain.  NULL when
 * there is no buffer for one; m is then gone.  More references than those of a sender's queue and of this packet
 * would be a driver that still reads what we are about to write. */
static struct rte_mbuf *writable_get(struct net *net, const struct netif *nif, struct rte_mbuf *m)
{
	struct rte_mbuf *copy;

	GW_DCHECK(rte_mbuf_refcnt_read(m) <= 2);
	if (pkt_has_headroom(m, IP4_HEADER_BYTES + ETH_HEADER_BYTES) &&
	    (m->nb_segs == 1 || nif->params.tx_multi_segment))
		return m;
	copy = pkt_copy_linear(m, net->tx_pool);
	if (copy != NULL)
		copy->tx_offload = m->tx_offload;
	rte_pktmbuf_free(m);
	return copy;
}

/* m's data begins with the TCP header, which lies in one piece. */
static void tcp_checksum_finish(const struct netif *nif, struct rte_mbuf *m, struct ip4 src,
				struct ip4 dst)
{
	uint8_t *field = rte_pktmbuf_mtod_offset(m, uint8_t *, TCP_CHECKSUM_OFFSET);
	struct checksum c = {0};

	GW_ASSERT(rte_pktmbuf_data_len(m) >= TCP_HEADER_BYTES_MIN);
	checksum_put(field, 0);
	checksum_add_pseudo(&c, src, dst, IP4_PROTOCOL_TCP, (uint16_t)rte_pktmbuf_pkt_len(m));
	if (nif->params.tx_tcp_checksum) {
		m->ol_flags |= RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_TCP_CKSUM;
		checksum_put(field, checksum_partial(c));
		return;
	}
	pkt_checksum_add(m, &c);
	checksum_put(field, checksum_value(c));
}

static void header_prepend(const struct netif *nif, struct rte_mbuf *m, struct ip4 src,
			   struct ip4 dst, uint8_t protocol)
{
	struct ip4_header ip = {
		.src = src,
		.dst = dst,
		.total_bytes = (uint16_t)(rte_pktmbuf_pkt_len(m) + IP4_HEADER_BYTES),
		.protocol = protocol,
		.ttl = TTL,
	};
	char *out = rte_pktmbuf_prepend(m, IP4_HEADER_BYTES);

	GW_ASSERT(out != NULL);
	ip4_header_emit(&ip, !nif->params.tx_ip4_checksum, (uint8_t *)out);
	if (nif->params.tx_ip4_checksum)
		m->ol_flags |= RTE_MBUF_F_TX_IPV4 | RTE_MBUF_F_TX_IP_CKSUM;
	m->l2_len = ETH_HEADER_BYTES;
	m->l3_len = IP4_HEADER_BYTES;
}

static enum drop_reason refuse(struct net *net, struct rte_mbuf *m, enum drop_reason why)
{
	rte_pktmbuf_free(m);
	return drop_count(net->count, why);
}

enum drop_reason ip4_output(struct net *net, struct rte_mbuf *m, struct ip4 src, struct ip4 dst,
			    uint8_t protocol, uint64_t now_ns)
{
	const struct route *route = route_lookup(&net->routes, dst);
	struct netif *nif;

	if (route == NULL)
		return refuse(net, m, DROP_ip4_no_route);
	nif = &net->netifs[route->netif_idx];
	if (rte_pktmbuf_pkt_len(m) + IP4_HEADER_BYTES > nif->params.mtu)
		return refuse(net, m, DROP_ip4_too_big);
	m = writable_get(net, nif, m);
	if (m == NULL)
		return drop_count(net->count, DROP_tx_no_mbuf);

	m->ol_flags = 0; /* what the receiving port noted in a buffer we answer with */
	if (protocol == IP4_PROTOCOL_TCP)
		tcp_checksum_finish(nif, m, src, dst);
	header_prepend(nif, m, src, dst, protocol);
	return arp_output(net, nif, m, route->via.v != 0 ? route->via : dst, now_ns);
}

bool ip4_source_for(const struct net *net, struct ip4 dst, struct ip4 *ret_src)
{
	const struct route *route = route_lookup(&net->routes, dst);
	const struct ip4_prefix *network;

	if (route == NULL)
		return false;
	network = netif_network_of(&net->netifs[route->netif_idx],
				   route->via.v != 0 ? route->via : dst);
	if (network == NULL)
		return false;
	*ret_src = network->addr;
	return true;
}

uint16_t ip4_path_mtu(const struct net *net, struct ip4 dst)
{
	const struct route *route = route_lookup(&net->routes, dst);

	if (route == NULL)
		return 0;
	return (uint16_t)(net->netifs[route->netif_idx].params.mtu - IP4_HEADER_BYTES);
}
