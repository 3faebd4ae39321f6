/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/support/mbuf_pool.h: real mbufs without EAL.  Each mbuf is an allocation of its own that goes back to the
 * heap when its last reference is dropped, so AddressSanitizer sees a use after that, a second free and an access
 * beyond the buffer; and a test can ask how many there are. */
#pragma once

#include <rte_mbuf.h>

#define MBUF_POOL_DATA_ROOM_BYTES (2048 + RTE_PKTMBUF_HEADROOM)

/* A pool that hands out at most count mbufs at a time, each with data_room_bytes of buffer, headroom included.  For
 * rte_pktmbuf_alloc(), _clone(), _free() and the like.  Aborts when there is no memory. */
struct rte_mempool *mbuf_pool_create(uint32_t count, uint16_t data_room_bytes);
/* Everything must have been freed. */
void mbuf_pool_destroy(struct rte_mempool *pool);
/* How many mbufs are in somebody's hands. */
uint32_t mbuf_pool_outstanding(const struct rte_mempool *pool);
/* From now on at most count at a time: 0 makes the pool look exhausted. */
void mbuf_pool_limit(struct rte_mempool *pool, uint32_t count);
