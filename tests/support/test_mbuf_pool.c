/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/mbuf_pool.h"

#include <criterion/criterion.h>
#include <signal.h>

Test(mbuf_pool, what_is_freed_is_no_longer_outstanding)
{
	struct rte_mempool *pool = mbuf_pool_create(8, MBUF_POOL_DATA_ROOM_BYTES);
	struct rte_mbuf *a = rte_pktmbuf_alloc(pool), *b = rte_pktmbuf_alloc(pool);

	cr_assert_eq(mbuf_pool_outstanding(pool), 2);
	cr_assert_eq(rte_pktmbuf_headroom(a), RTE_PKTMBUF_HEADROOM);
	cr_assert_eq(rte_pktmbuf_tailroom(a), 2048);
	rte_pktmbuf_chain(a, b);
	rte_pktmbuf_free(a);
	cr_assert_eq(mbuf_pool_outstanding(pool), 0);
	mbuf_pool_destroy(pool);
}

Test(mbuf_pool, a_clone_keeps_the_data_until_it_is_freed)
{
	struct rte_mempool *pool = mbuf_pool_create(8, MBUF_POOL_DATA_ROOM_BYTES);
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool), *clone;

	memcpy(rte_pktmbuf_append(m, 5), "hello", 5);
	clone = rte_pktmbuf_clone(m, pool);
	cr_assert_eq(rte_mbuf_refcnt_read(m), 2);
	rte_pktmbuf_free(m);
	cr_assert_arr_eq(rte_pktmbuf_mtod(clone, char *), "hello", 5);
	rte_pktmbuf_free(clone);
	cr_assert_eq(mbuf_pool_outstanding(pool), 0);
	mbuf_pool_destroy(pool);
}

Test(mbuf_pool, exhaustion_is_null)
{
	struct rte_mempool *pool = mbuf_pool_create(1, MBUF_POOL_DATA_ROOM_BYTES);
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	cr_assert_null(rte_pktmbuf_alloc(pool));
	cr_assert_eq(rte_mempool_avail_count(pool), 0);
	mbuf_pool_limit(pool, 2);
	rte_pktmbuf_free(rte_pktmbuf_alloc(pool));
	mbuf_pool_limit(pool, 0);
	cr_assert_null(rte_pktmbuf_alloc(pool));
	rte_pktmbuf_free(m);
	mbuf_pool_destroy(pool);
}

Test(mbuf_pool, a_leak_is_seen, .signal = SIGABRT)
{
	struct rte_mempool *pool = mbuf_pool_create(1, MBUF_POOL_DATA_ROOM_BYTES);

	rte_pktmbuf_alloc(pool);
	mbuf_pool_destroy(pool);
}
