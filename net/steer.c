/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/steer.h"

#include "net/net_priv.h"
#include "net/wire/be.h"

/* Source and destination port stand first in a TCP header. */
#define PORTS_BYTES 4

enum gw_err steer_ring_init(struct spsc *ring)
{
	return spsc_init(ring, sizeof(struct steer_msg), STEER_RING_COUNT);
}

void steer_ring_fini(struct spsc *ring)
{
	struct steer_msg msg;

	while (ring->slots != NULL && spsc_pop(ring, &msg, 1) == 1)
		rte_pktmbuf_free(msg.m);
	spsc_fini(ring);
}

bool steer_is_leader(const struct net *net)
{
	return net->steer.worker_count <= 1 || net->steer.worker_idx == STEER_LEADER;
}

/* The interface that has addr, whose hash decides; NULL when it is none of ours. */
static const struct netif *netif_of(const struct net *net, struct ip4 addr)
{
	for (unsigned i = 0; i < net->netif_count; i++) {
		if (netif_owns(&net->netifs[i], addr))
			return &net->netifs[i];
	}
	return NULL;
}

static unsigned owner_of_tuple(const struct net *net, const struct netif *nif,
			       struct ip4_endpoint local, struct ip4_endpoint remote)
{
	const struct rss *rss = net->steer.rss[nif->idx];

	return rss_queue(rss, rss_hash_ports(rss, remote, local));
}

bool steer_is_ours(const struct net *net, struct ip4_endpoint local, struct ip4_endpoint remote)
{
	const struct netif *nif;

	if (net->steer.worker_count <= 1)
		return true;
	nif = netif_of(net, local.addr);
	return nif != NULL && owner_of_tuple(net, nif, local, remote) == net->steer.worker_idx;
}

static unsigned owner_of_icmp(const struct net *net, struct span message)
{
	struct icmp_quote quote;
	const struct netif *nif;
	enum icmp_kind kind;

	if (icmp_kind_parse(message, &kind) != DROP_none || kind == ICMP_ECHO || kind == ICMP_OTHER)
		return STEER_LEADER;
	if (icmp_quote_parse(span_skip(message, ICMP_HEADER_BYTES), &quote) != DROP_none)
		return STEER_LEADER;
	nif = netif_of(net, quote.local.addr);
	return nif != NULL ? owner_of_tuple(net, nif, quote.local, quote.remote) : STEER_LEADER;
}

unsigned steer_owner(const struct net *net, const struct netif *nif, const struct ip4_header *ip,
		     struct span payload)
{
	struct ip4_endpoint local = {.addr = ip->dst}, remote = {.addr = ip->src};

	/* Only the first has ports: all go where addresses lead, and what they make goes on from there. */
	if (ip4_is_fragment(ip))
		return rss_queue(net->steer.rss[nif->idx],
				 rss_hash_addrs(net->steer.rss[nif->idx], ip->src, ip->dst));
	if (ip->protocol == IP4_PROTOCOL_ICMP)
		return owner_of_icmp(net, payload);
	/* Whoever refuses what is too short may be anybody. */
	if (ip->protocol != IP4_PROTOCOL_TCP || payload.len < PORTS_BYTES)
		return STEER_LEADER;
	remote.port = be16_get(payload.p);
	local.port = be16_get(payload.p + 2);
	return owner_of_tuple(net, nif, local, remote);
}

static bool send(struct net *net, unsigned to, const struct steer_msg *msg)
{
	GW_ASSERT(to < net->steer.worker_count && to != net->steer.worker_idx);
	if (spsc_push(net->steer.out[to], msg, 1) == 1)
		return true;
	drop_count(net->count, DROP_steer_ring_full);
	return false;
}

void steer_packet(struct net *net, const struct netif *nif, unsigned to, enum steer_kind kind,
		  struct rte_mbuf *m)
{
	struct steer_msg msg = {.kind = (uint8_t)kind, .netif_idx = nif->idx, .m = m};

	if (send(net, to, &msg))
		counter_add(net->count, COUNTER_steer_out, 1);
	else
		rte_pktmbuf_free(m);
}

void steer_tell_leader(struct net *net, const struct steer_msg *msg)
{
	send(net, STEER_LEADER, msg);
}

void steer_tell_all(struct net *net, const struct steer_msg *msg)
{
	for (unsigned i = 0; i < net->steer.worker_count; i++) {
		if (i != net->steer.worker_idx)
			send(net, i, msg);
	}
}

static void packet_input(struct net *net, struct netif *nif, const struct steer_msg *msg,
			 uint64_t now_ns)
{
	enum drop_reason why;

	counter_add(net->count, COUNTER_steer_in, 1);
	if (msg->kind == STEER_ARP)
		why = arp_input(net, nif, msg->m, now_ns);
	else
		why = ip4_input_owned(net, nif, msg->m, now_ns);
	if (why == DROP_none)
		return;
	drop_count(net->count, why);
	rte_pktmbuf_free(msg->m);
}

static void msg_input(struct net *net, const struct steer_msg *msg, uint64_t now_ns)
{
	struct netif *nif = &net->netifs[msg->netif_idx];

	switch ((enum steer_kind)msg->kind) {
	case STEER_IP4:
	case STEER_ARP:
		packet_input(net, nif, msg, now_ns);
		return;
	case STEER_NEIGH_WANT:
		arp_on_want(net, nif, msg->addr, now_ns);
		return;
	case STEER_NEIGH_IS:
		arp_on_news(net, nif, msg->addr, msg->mac, now_ns);
		return;
	case STEER_NEIGH_LOST:
		arp_on_lost(net, nif, msg->addr, now_ns);
		return;
	}
}

unsigned net_steered_run(struct net *net, uint64_t now_ns)
{
	struct steer_msg msgs[STEER_BURST];
	unsigned total = 0;

	for (unsigned i = 0; i < net->steer.worker_count; i++) {
		uint32_t count;

		if (i == net->steer.worker_idx)
			continue;
		count = spsc_pop(net->steer.in[i], msgs, STEER_BURST);
		for (uint32_t k = 0; k < count; k++) {
			if (msgs[k].m != NULL)
				rte_prefetch0(rte_pktmbuf_mtod(msgs[k].m, const void *));
		}
		for (uint32_t k = 0; k < count; k++)
			msg_input(net, &msgs[k], now_ns);
		total += count;
	}
	return total;
}
