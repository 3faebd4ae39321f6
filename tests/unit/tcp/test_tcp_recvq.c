/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "net/tcp/tcp_recvq.h"
#include "tests/support/mbuf_pool.h"

#define START 0xfffffff0u /* everything here crosses the wrap */
#define NO_LIMIT (1u << 30)

static struct rte_mempool *pool;
static struct tcp_recvq q;
static uint32_t rcv_nxt;

static void open_queue(void)
{
	pool = mbuf_pool_create(4096, MBUF_POOL_DATA_ROOM_BYTES);
	tcp_recvq_init(&q);
	rcv_nxt = START;
}

static void close_queue(void)
{
	tcp_recvq_check(&q, rcv_nxt);
	tcp_recvq_clear(&q);
	mbuf_pool_destroy(pool);
}

TestSuite(tcp_recvq, .init = open_queue, .fini = close_queue);

static struct rte_mbuf *payload(uint16_t len, uint8_t fill)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	memset(rte_pktmbuf_append(m, len), fill, len);
	return m;
}

static enum drop_reason put(uint32_t offset, uint16_t len, uint8_t fill)
{
	enum drop_reason why = tcp_recvq_put(&q, payload(len, fill), START + offset, NO_LIMIT,
					     &rcv_nxt);

	tcp_recvq_check(&q, rcv_nxt);
	return why;
}

static void assert_bytes(size_t offset, size_t len, uint8_t fill)
{
	uint8_t buf[8192];

	cr_assert_eq(tcp_recvq_copy(&q, offset, buf, len), len);
	for (size_t i = 0; i < len; i++)
		cr_assert_eq(buf[i], fill, "byte %zu is %u", offset + i, buf[i]);
}

Test(tcp_recvq, bytes_in_order_are_readable_at_once)
{
	cr_assert_eq(put(0, 100, 1), DROP_none);
	cr_assert_eq(put(100, 1500, 2), DROP_none);
	cr_assert_eq(rcv_nxt, START + 1600);
	cr_assert_eq(q.bytes, 1600);
	assert_bytes(0, 100, 1);
	assert_bytes(100, 1500, 2);
}

Test(tcp_recvq, bytes_ahead_of_a_gap_wait_for_it)
{
	put(1500, 1500, 2);
	cr_assert_eq(rcv_nxt, START);
	cr_assert_eq(q.bytes, 0);
	put(0, 1500, 1);
	cr_assert_eq(rcv_nxt, START + 3000);
	assert_bytes(0, 1500, 1);
	assert_bytes(1500, 1500, 2);
}

Test(tcp_recvq, later_bytes_never_replace_earlier_ones)
{
	put(1000, 1000, 1);
	put(3000, 1000, 2);
	/* Over both, between them, and from before to behind. */
	cr_assert_eq(put(1000, 1000, 9), DROP_tcp_duplicate);
	cr_assert_eq(put(1200, 300, 9), DROP_tcp_duplicate);
	cr_assert_eq(put(1500, 1600, 3), DROP_none);
	cr_assert_eq(put(0, 1700, 4), DROP_none);
	cr_assert_eq(rcv_nxt, START + 4000);
	assert_bytes(0, 1000, 4);
	assert_bytes(1000, 1000, 1);
	assert_bytes(2000, 1000, 3);
	assert_bytes(3000, 1000, 2);
	cr_assert_eq(put(0, 1700, 9), DROP_tcp_duplicate);
	cr_assert_eq(put(3900, 200, 5), DROP_none);
	assert_bytes(3000, 1000, 2);
	assert_bytes(4000, 100, 5);
}

Test(tcp_recvq, segment_over_several_held_ones_fills_the_first_gap)
{
	put(100, 100, 1);
	put(300, 100, 2);
	cr_assert_eq(put(50, 400, 3), DROP_none);
	cr_assert_eq(put(0, 50, 4), DROP_none);
	cr_assert_eq(rcv_nxt, START + 200);
	put(200, 300, 5);
	cr_assert_eq(rcv_nxt, START + 400);
	assert_bytes(0, 50, 4);
	assert_bytes(50, 50, 3);
	assert_bytes(100, 100, 1);
	assert_bytes(200, 100, 5);
	assert_bytes(300, 100, 2);
}

Test(tcp_recvq, one_byte_segments_share_buffers)
{
	for (uint32_t i = 0; i < 1000; i++)
		put(i, 1, (uint8_t)i);
	cr_assert_eq(q.mbufs_count, 1);
	cr_assert_eq(mbuf_pool_outstanding(pool), 1);
	for (uint32_t i = 2000; i < 3000; i++)
		put(i, 1, (uint8_t)i);
	cr_assert_eq(q.mbufs_count, 2);
}

Test(tcp_recvq, memory_stays_below_three_times_the_bytes)
{
	for (uint16_t len = 1; len <= 1500; len += 37) {
		uint32_t nxt_before = rcv_nxt;

		while (rcv_nxt - nxt_before < 65536)
			tcp_recvq_put(&q, payload(len, 0), rcv_nxt, NO_LIMIT, &rcv_nxt);
		cr_assert_lt(q.charge_bytes, 3 * q.bytes + 2 * 4096, "segments of %u", len);
		tcp_recvq_consume(&q, q.bytes);
		cr_assert_eq(q.charge_bytes, 0);
	}
}

Test(tcp_recvq, buffer_shared_with_somebody_is_not_written_to)
{
	struct rte_mbuf *m = payload(10, 1);

	rte_mbuf_refcnt_update(m, 1);
	tcp_recvq_put(&q, m, START, NO_LIMIT, &rcv_nxt);
	put(10, 10, 2);
	cr_assert_eq(q.mbufs_count, 2);
	rte_pktmbuf_free_seg(m); /* the queue has linked the next one to it */
}

Test(tcp_recvq, limit_drops_what_is_ahead_first)
{
	uint32_t one = MBUF_POOL_DATA_ROOM_BYTES + sizeof(struct rte_mbuf), limit = 4 * one;

	cr_assert_eq(tcp_recvq_put(&q, payload(1, 0), START + 10, limit, &rcv_nxt), DROP_none);
	cr_assert_eq(tcp_recvq_put(&q, payload(1, 0), START + 20, limit, &rcv_nxt), DROP_none);
	cr_assert_eq(tcp_recvq_put(&q, payload(1, 0), START + 30, limit, &rcv_nxt),
		     DROP_tcp_ooo_full);
	cr_assert_eq(tcp_recvq_put(&q, payload(1, 0), START, limit, &rcv_nxt), DROP_none);
	cr_assert_eq(tcp_recvq_put(&q, payload(2000, 0), START + 1, one, &rcv_nxt),
		     DROP_tcp_rx_full);
	cr_assert_eq(rcv_nxt, START + 1);
}

Test(tcp_recvq, number_of_segments_ahead_is_bounded)
{
	for (uint32_t i = 0; i < TCP_OOO_SEGS_MAX; i++)
		cr_assert_eq(put(10 + 10 * i, 1, 0), DROP_none);
	cr_assert_eq(put(10 + 10 * TCP_OOO_SEGS_MAX, 1, 0), DROP_tcp_ooo_full);
}

Test(tcp_recvq, chain_is_taken_apart)
{
	struct rte_mbuf *m = payload(1000, 1), *tail = payload(1200, 2);

	rte_pktmbuf_chain(m, tail);
	cr_assert_eq(tcp_recvq_put(&q, m, START, NO_LIMIT, &rcv_nxt), DROP_none);
	cr_assert_eq(rcv_nxt, START + 2200);
	assert_bytes(0, 1000, 1);
	assert_bytes(1000, 1200, 2);
}

Test(tcp_recvq, peek_and_consume_walk_the_buffers)
{
	put(0, 1500, 1);
	put(1500, 1500, 2);
	cr_assert_eq(tcp_recvq_peek(&q, 0).len, 1500);
	cr_assert_eq(tcp_recvq_peek(&q, 1000).len, 500);
	cr_assert_eq(tcp_recvq_peek(&q, 1500).p[0], 2);
	cr_assert_eq(tcp_recvq_peek(&q, 3000).len, 0);
	tcp_recvq_consume(&q, 1600);
	cr_assert_eq(q.bytes, 1400);
	assert_bytes(0, 1400, 2);
	tcp_recvq_consume(&q, 1400);
	cr_assert_eq(mbuf_pool_outstanding(pool), 0);
	cr_assert_eq(tcp_recvq_peek(&q, 0).len, 0);
}
