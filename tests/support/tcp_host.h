/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/support/tcp_host.h: one real struct net with one interface and no port: the test is its wire.  Frames go in and
 * out as bytes, each into a fresh mbuf, as between two machines. */
#pragma once

#include "base/span.h"
#include "net/net.h"

#define TCP_HOST_FRAME_BYTES_MAX 2048
/* In each of its pools. */
#define TCP_HOST_MBUFS_MAX 4096

struct tcp_host {
	struct net net;
	struct counters count;
	struct rte_mempool *rx_pool, *tx_pool;
};

/* What most tests want; a test changes what it is about. */
struct tcp_params tcp_host_params(void);
/* Address 198.18.0.n/24, Ethernet address 02:00:00:00:00:n.  Allocates; ends the test when it cannot. */
struct tcp_host *tcp_host_open(uint8_t n, uint16_t mtu, const struct tcp_params *params,
			       uint64_t now_ns);
/* Ends the test when an mbuf has been lost. */
void tcp_host_close(struct tcp_host *host);
/* 198.18.0.n */
struct ip4 tcp_host_addr(uint8_t n);
void tcp_host_mac(uint8_t n, uint8_t ret_mac[6]);
/* Delivers a frame. */
void tcp_host_rx(struct tcp_host *host, struct span frame, uint64_t now_ns);
/* Takes the oldest frame that waits to be sent; returns its bytes copied to buf, 0 when there is none. */
size_t tcp_host_tx(struct tcp_host *host, uint8_t buf[TCP_HOST_FRAME_BYTES_MAX]);
