/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/pkt.h: the one door to DPDK's mbufs for everything in net.  A packet is a struct rte_mbuf chain; its
 * owner is whoever was handed it last. */
#pragma once

#include "net/wire/checksum.h"

#include <rte_mbuf.h>
#include <rte_mempool.h>
#include <rte_prefetch.h>

/* The first bytes of m, as far as they lie together. */
static inline struct span pkt_head(const struct rte_mbuf *m)
{
	return span_of(rte_pktmbuf_mtod(m, const void *), rte_pktmbuf_data_len(m));
}

/* Adds every byte of the chain. */
void pkt_checksum_add(const struct rte_mbuf *m, struct checksum *c);
/* Headers may be put in front of m: its first buffer is its own, not that of the packet it was cloned from, and has
 * headroom_bytes free. */
bool pkt_has_headroom(struct rte_mbuf *m, uint16_t headroom_bytes);
/* The bytes of m in one fresh buffer of pool with its headroom free; m is still the caller's.  NULL when there is no
 * buffer, or m is larger than one. */
struct rte_mbuf *pkt_copy_linear(const struct rte_mbuf *m, struct rte_mempool *pool);
