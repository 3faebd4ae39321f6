/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/net_priv.h: what the files of this folder ask of each other.  Includable only from net and its tests.
 *
 * Every *_input() takes a packet whose data begins at its layer and returns DROP_none when it has consumed it;
 * anything else means that m is still the caller's.  So net_rx_burst() alone frees and counts, each frame once. */
#pragma once

#include "net/net.h"
#include "net/wire/arp_wire.h"
#include "net/wire/icmp_wire.h"
#include "net/wire/ip4_wire.h"

/* arp.c */
enum drop_reason arp_input(struct net *net, struct netif *nif, struct rte_mbuf *m, uint64_t now_ns);
/* Sends m, an IPv4 packet, to a host on the interface's own network: now, or once its Ethernet address is known.
 * Consumes m on every path; a drop has been counted. */
enum drop_reason arp_output(struct net *net, struct netif *nif, struct rte_mbuf *m,
			    struct ip4 next_hop, uint64_t now_ns);
/* Tells the network that addr is ours (RFC 5227 section 3). */
void arp_announce(struct net *net, struct netif *nif, struct ip4 addr);
/* The timer of a struct neigh; ctx is the struct net. */
timer_fn arp_timer_expired;

/* A worker that does not lead wants to know where addr is; the leader answers, now or later, by news to all. */
void arp_on_want(struct net *net, struct netif *nif, struct ip4 addr, uint64_t now_ns);
/* News from the leader, for whom this worker's table is a copy. */
void arp_on_news(struct net *net, struct netif *nif, struct ip4 addr,
		 const uint8_t mac[ETH_ADDR_BYTES], uint64_t now_ns);
void arp_on_lost(struct net *net, struct netif *nif, struct ip4 addr, uint64_t now_ns);

/* ip4_input.c */
/* Passes m to the worker that owns it, when that is another. */
enum drop_reason ip4_input(struct net *net, struct netif *nif, struct rte_mbuf *m, uint64_t now_ns);
/* m, whose data begins at the IPv4 header and ends with the packet, is this worker's. */
enum drop_reason ip4_input_owned(struct net *net, struct netif *nif, struct rte_mbuf *m,
				 uint64_t now_ns);

/* steer.c */
/* The worker that a packet which came by nif belongs to; payload is what follows ip, as far as it lies together.  Only
 * with several workers. */
unsigned steer_owner(const struct net *net, const struct netif *nif, const struct ip4_header *ip,
		     struct span payload);

/* icmp.c */
enum drop_reason icmp_input(struct net *net, struct rte_mbuf *m, const struct ip4_header *ip,
			    uint64_t now_ns);
