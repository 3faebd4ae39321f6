/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drivers/pktio.h: packet ports, whatever stands behind them: DPDK devices, or an in-memory pair for tests.
 * A worker owns one receive and one transmit queue of every port; bursts never block and never allocate. */
#pragma once

#include "base/err.h"
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include <stdbool.h>
#include <stdint.h>

/* What the device does for us; what it does not, net does in software. */
struct pktio_caps {
	bool tx_ip4_checksum, tx_tcp_checksum; /* it fills them in */
	bool rx_checksum;                      /* it sets RTE_MBUF_F_RX_*_CKSUM_* */
	bool tx_multi_segment; /* it can send a chain; if not, send linear mbufs only */
};

struct pktio_info {
	char name[32];    /* of the start-up file: "front" */
	char device[160]; /* "af_xdp:gw0" */
	char driver[32];  /* as DPDK calls it */
	uint8_t mac[6];
	uint16_t mtu;
	uint16_t queue_count;
	bool link_up;
	struct pktio_caps caps;
};

/* As in net/rss.h: which of the port's queues a TCP segment over IPv4 comes to. */
#define PKTIO_RSS_KEY_MAX 64
#define PKTIO_RSS_TABLE_MAX 512
struct pktio_rss {
	bool is_known; /* the port spreads by this; else nobody can say by what, and the rest is empty */
	uint8_t key[PKTIO_RSS_KEY_MAX];
	unsigned key_bytes;
	uint16_t table[PKTIO_RSS_TABLE_MAX];
	unsigned table_count;
};

struct pktio_stats {
	uint64_t rx_pkts, tx_pkts, rx_dropped;
};

struct pktio;

struct pktio_ops {
	uint16_t (*rx_burst)(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
			     uint16_t count);
	uint16_t (*tx_burst)(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
			     uint16_t count);
	void (*info)(struct pktio *port, struct pktio_info *ret_info);
	void (*rss)(struct pktio *port, struct pktio_rss *ret_rss);
	void (*stats)(struct pktio *port, struct pktio_stats *ret_stats);
	void (*close)(struct pktio *port);
};

/* First member of every kind of port. */
struct pktio {
	const struct pktio_ops *ops;
};

struct pktio_params {
	const char *name;   /* for messages */
	const char *device; /* as base/device_name.h has it */
	uint16_t rx_ring_count, tx_ring_count;
	uint16_t queue_count; /* pairs of a receive and a transmit queue */
};

/* The most pairs of queues a port can have. */
#define PKTIO_QUEUES_MAX 64

/* Mbufs of the default size, which any lcore may take and free; NULL when the memory that EAL was given does not suffice. */
struct rte_mempool *pktio_mbuf_pool_create(const char *name, uint32_t count);

/* Opens a device named in the start-up file as a DPDK port with params->queue_count queue pairs, started,
 * promiscuous off; where it can spread what it receives, it does so by a secret key.  rx_pool feeds its receive rings.
 * GW_ERR_MACHINE with a note when the device cannot be had, or not with so many queues.
 * A PCI device must have been named to eal_open(); it is waited for until its link is up, but not for ever. */
MUST_CHECK enum gw_err pktio_dpdk_open(const struct pktio_params *params,
				       struct rte_mempool *rx_pool, struct err_note *note,
				       struct pktio **ret_port);

static inline void pktio_info(struct pktio *port, struct pktio_info *ret_info)
{
	port->ops->info(port, ret_info);
}

/* How it spreads what it receives; constant while the port is open. */
static inline void pktio_rss(struct pktio *port, struct pktio_rss *ret_rss)
{
	port->ops->rss(port, ret_rss);
}

static inline void pktio_stats(struct pktio *port, struct pktio_stats *ret_stats)
{
	port->ops->stats(port, ret_stats);
}

/* Stops and frees the port. */
static inline void pktio_close(struct pktio *port)
{
	port->ops->close(port);
}

/* Up to count packets received by that queue, owned by the caller from then on.  Each queue belongs to one thread; those of
 * one port may be used at the same time. */
static inline uint16_t pktio_rx_burst(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
				      uint16_t count)
{
	return port->ops->rx_burst(port, queue, pkts, count);
}

/* Sends the first N of count and returns N; those are no longer the caller's, the rest still are. */
static inline uint16_t pktio_tx_burst(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
				      uint16_t count)
{
	return port->ops->tx_burst(port, queue, pkts, count);
}
