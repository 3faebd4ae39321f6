/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/netif.h: one port as one worker sees it: its addresses, its neighbours, and the frames waiting to be sent.
 * Owned by the worker; reads no clock; does no I/O (the worker moves frames between this and drivers/pktio). */
#pragma once

#include "base/counters.h"
#include "net/ip4.h"
#include "net/neigh.h"
#include "net/pkt.h"

#define NETIF_ADDRS_MAX 8
/* Frames that may wait for one transmit burst; beyond it frames are dropped and counted (TCP retransmits). */
#define NETIF_TXQ_MAX 512

struct netif_params {
	const char *name;
	uint8_t mac[6];
	uint16_t mtu;
	/* what the port does; what it does not, is done in software */
	bool tx_ip4_checksum, tx_tcp_checksum, rx_checksum, tx_multi_segment;
	struct ip4_prefix addrs[NETIF_ADDRS_MAX]; /* addr is ours, len its network */
	unsigned addr_count;
};

struct netif {
	struct netif_params params;
	uint8_t idx; /* in struct net */
	struct neigh_table neigh;
	struct rte_mbuf *txq[NETIF_TXQ_MAX]; /* whole frames, oldest first */
	unsigned txq_count;
	uint64_t budget_start_ns; /* of this second's ARP requests for new neighbours */
	uint32_t budget_left_count;
	struct counters *count;
};

/* addr is one of the interface's own. */
bool netif_owns(const struct netif *nif, struct ip4 addr);
/* The connected network that addr lies in as a host's address (neither its first nor its last, unless it is a /31 or
 * /32); NULL when there is none. */
const struct ip4_prefix *netif_network_of(const struct netif *nif, struct ip4 addr);
/* addr is the limited broadcast address or that of a connected network (RFC 1122 section 3.2.1.3). */
bool netif_is_broadcast(const struct netif *nif, struct ip4 addr);

/* Queues m, whose data begins with the payload, as a frame of type eth_type to mac.  m must be one that headers may be
 * written into.  Consumes m: queued, or freed and counted tx_queue_full. */
enum drop_reason netif_output(struct netif *nif, struct rte_mbuf *m, const uint8_t mac[6],
			      uint16_t eth_type);
/* The port has taken the first sent_count frames of txq; the rest stays queued for the next burst. */
void netif_tx_done(struct netif *nif, unsigned sent_count);
