/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/steer.h: which worker owns what arrives, and the rings over which the others hand it to it.
 *
 * Every worker computes the owner of every packet in the same way, whichever queue the packet came by; where the port's
 * own receive-side scaling is known that computation is the port's, so nothing has to be passed on, and where it is not,
 * what is foreign goes over a ring.  So any number of queues is correct, and matching ones are fast.
 *
 *   TCP segment            by the 4-tuple, with the key and table of the port that has the local address
 *   ICMP error             as the segment it quotes
 *   fragment               by the two addresses, to be put together; then as what it was a part of
 *   ARP, ping, the rest    STEER_LEADER: one worker speaks for the machine
 *
 * Besides packets the rings carry news of neighbours (net/arp.c).  A full ring takes nothing: the packet is freed and
 * counted, as if the network had lost it. */
#pragma once

#include "base/counters.h"
#include "base/spsc.h"
#include "net/ip4.h"
#include "net/pkt.h"
#include "net/rss.h"
#include "net/wire/eth_wire.h"

struct net;
struct netif;

#define STEER_WORKERS_MAX 64
/* Messages that one worker may have on the way to another. */
#define STEER_RING_COUNT 512
/* Messages taken from one ring in a turn. */
#define STEER_BURST 32
/* The worker that answers ARP and pings, asks for neighbours and announces our addresses. */
#define STEER_LEADER 0

enum steer_kind {
	STEER_IP4,        /* m: an IPv4 packet, checked, without Ethernet header and padding */
	STEER_ARP,        /* m: an ARP packet, without Ethernet header */
	STEER_NEIGH_WANT, /* to the leader: who is addr? */
	STEER_NEIGH_IS,   /* from the leader: addr is at mac */
	STEER_NEIGH_LOST, /* from the leader: addr does not answer */
};

struct steer_msg {
	uint8_t kind;
	uint8_t netif_idx;
	uint8_t mac[ETH_ADDR_BYTES];
	struct ip4 addr;
	struct rte_mbuf *m; /* owned by whoever takes the message */
};

/* Rings and hashes belong to the caller of net_init() and outlive net. */
struct steer_params {
	unsigned worker_idx;
	unsigned worker_count;        /* 0 or 1: alone, and nothing below is read */
	const struct rss *const *rss; /* for each interface; queue number = worker number */
	struct spsc
		*in[STEER_WORKERS_MAX]; /* of struct steer_msg, from each worker; ours is NULL */
	struct spsc *out[STEER_WORKERS_MAX]; /* to each worker */
};

/* Every ring is of these. */
MUST_CHECK enum gw_err steer_ring_init(struct spsc *ring);
/* Both workers are done with it: frees the packets in it. */
void steer_ring_fini(struct spsc *ring);

/* Whether packets from remote to local, an address of ours, are this worker's. */
bool steer_is_ours(const struct net *net, struct ip4_endpoint local, struct ip4_endpoint remote);
/* The worker that answers ARP and pings. */
bool steer_is_leader(const struct net *net);

/* Hands m to worker to; consumes m: passed on, or freed and counted steer_ring_full. */
void steer_packet(struct net *net, const struct netif *nif, unsigned to, enum steer_kind kind,
		  struct rte_mbuf *m);
/* News of neighbours; lost and counted when the ring is full.  Tells the leader, or all others. */
void steer_tell_leader(struct net *net, const struct steer_msg *msg);
void steer_tell_all(struct net *net, const struct steer_msg *msg);
