/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/net.h: the network side of one worker: its interfaces, routes and TCP connections.  Everything a frame
 * touches hangs here.  Reads no clock, does no I/O, calls nobody above: what happened to connections is read
 * from tcp_ready_take() after the burst. */
#pragma once

#include "net/ip4_reassembly.h"
#include "net/netif.h"
#include "net/route.h"
#include "net/steer.h"
#include "net/tcp/tcp_stack.h"

#define NET_PORTS_MAX 8

struct net_params {
	struct netif_params netifs[NET_PORTS_MAX];
	unsigned netif_count;
	struct route routes[ROUTES_MAX]; /* besides the connected networks */
	unsigned route_count;
	struct tcp_params tcp;
	struct rte_mempool *tx_pool; /* where our own frames come from; outlives net */
	uint64_t hash_seed[2];       /* secret, random: keys tables that peers fill, and RFC 6528 */
	struct steer_params steer;
};

struct net {
	struct netif netifs[NET_PORTS_MAX];
	unsigned netif_count;
	struct route_table routes;
	struct steer_params steer;
	struct timer_wheel timers; /* of neighbours, fragments, announcement; TCP turns its own */
	struct timer_entry announce_timer;
	struct ip4_reassembly reassembly;
	struct tcp_stack tcp;
	struct rte_mempool *tx_pool;
	struct counters *count;
};

/* GW_ERR_NO_MEMORY when the tables do not fit, GW_ERR_CONFIG when a route leads through a router on no connected
 * network.  Only prefix and via of params->routes are read.  A frame is never larger than one buffer of tx_pool,
 * whatever an interface's MTU.  count outlives net. */
MUST_CHECK enum gw_err net_init(struct net *net, const struct net_params *params,
				struct counters *count, uint64_t now_ns);
/* Aborts every connection silently and frees every mbuf held. */
void net_fini(struct net *net);

/* Received frames of one interface.  Consumes every mbuf: queued on a connection, answered, passed to the worker that
 * owns it, or freed with one drop counted. */
void net_rx_burst(struct net *net, unsigned netif_idx, struct rte_mbuf **pkts, uint16_t count,
		  uint64_t now_ns);
/* What other workers have passed on.  Returns how many messages there were. */
unsigned net_steered_run(struct net *net, uint64_t now_ns);
/* Fires due timers: retransmission, delayed acknowledgement, TIME-WAIT, neighbour resolution, missing fragments. */
void net_timers_run(struct net *net, uint64_t now_ns);
/* Segments for every connection that has something to send.  Afterwards netifs[i].txq holds the frames: the worker
 * offers them to the port and says by netif_tx_done() how many it took. */
void net_output_all(struct net *net, uint64_t now_ns);
/* Announces every address of every interface, now and once more two seconds later (RFC 5227 section 3); of several workers
 * only the leader does. */
void net_announce(struct net *net, uint64_t now_ns);

/* Sends m, whose data begins with the transport header, as an IPv4 packet: picks route and neighbour, writes IP
 * and Ethernet headers into the headroom, finishes checksums (by the port where it can, else in software; whatever
 * stands in the checksum field of a TCP header is overwritten).  A caller that keeps a reference of its own for a
 * retransmission must know that no driver holds m: its headroom is written.  Where that cannot be, because m is a
 * clone or has too little, or the port cannot send a chain, a linear copy is sent instead.
 * Consumes m on every path: queued for transmission, queued behind address resolution, or freed and counted. */
enum drop_reason ip4_output(struct net *net, struct rte_mbuf *m, struct ip4 src, struct ip4 dst,
			    uint8_t protocol, uint64_t now_ns);
/* Which of our addresses a packet to dst would leave from; false when no route leads there. */
bool ip4_source_for(const struct net *net, struct ip4 dst, struct ip4 *ret_src);
/* The largest transport payload plus transport header towards dst without fragmentation: MTU - 20. */
uint16_t ip4_path_mtu(const struct net *net, struct ip4 dst);
