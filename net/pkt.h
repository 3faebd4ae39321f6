/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/pkt.h: the one door to DPDK's mbufs for everything in net.  A packet is a struct rte_mbuf chain; its
 * owner is whoever was handed it last. */
#pragma once

#include <rte_mbuf.h>
#include <rte_mempool.h>
