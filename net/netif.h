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
	bool tx_ip4_checksum, tx_tcp_checksum, rx_checksum, tx_multi_segment;
	struct ip4_prefix addrs[NETIF_ADDRS_MAX]; /* addr is ours, len its network */
	unsigned addr_count;
};

struct netif {
	struct netif_params params;
	struct neigh_table neigh;
	struct rte_mbuf *txq[NETIF_TXQ_MAX];
	unsigned txq_count;
};
