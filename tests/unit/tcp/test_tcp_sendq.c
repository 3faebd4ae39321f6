/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "net/tcp/tcp_sendq.h"
#include "tests/support/mbuf_pool.h"

#define START 0xffffff00u
#define MSS 1000

static struct rte_mempool *pool;
static struct tcp_sendq q;
static uint8_t data[20000];

static void open_queue(void)
{
	pool = mbuf_pool_create(4096, MBUF_POOL_DATA_ROOM_BYTES);
	tcp_sendq_init(&q, START);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + i / 255);
}

static void close_queue(void)
{
	tcp_sendq_check(&q);
	tcp_sendq_clear(&q);
	mbuf_pool_destroy(pool);
}

TestSuite(tcp_sendq, .init = open_queue, .fini = close_queue);

static size_t append(size_t offset, size_t len)
{
	return tcp_sendq_append(&q, pool, span_of(data + offset, len), MSS, 1000);
}

/* Sends every segment as a driver that is done at once. */
static void send_all(uint64_t now_ns)
{
	while (q.next != NULL) {
		struct rte_mbuf *m = q.next;

		rte_pktmbuf_free(tcp_sendq_frame(pool, m));
		tcp_sendq_on_sent(&q, m, now_ns);
	}
}

static void assert_frame(struct rte_mbuf *frame, size_t offset, size_t len)
{
	cr_assert_eq(frame->data_len, len);
	cr_assert_eq(frame->pkt_len, len);
	cr_assert_eq(memcmp(rte_pktmbuf_mtod(frame, const uint8_t *), data + offset, len), 0);
}

Test(tcp_sendq, data_is_cut_into_full_segments)
{
	cr_assert_eq(append(0, 2500), 2500);
	cr_assert_eq(q.segs_count, 3);
	cr_assert_eq(tcp_seg_of(q.head)->len_bytes, MSS);
	cr_assert_eq(tcp_seg_of(q.tail)->len_bytes, 500);
	cr_assert_eq(q.end_seq, START + 2500);
}

Test(tcp_sendq, small_writes_share_a_segment_until_it_is_sent)
{
	for (size_t i = 0; i < 100; i++)
		append(i, 1);
	cr_assert_eq(q.segs_count, 1);
	send_all(1);
	append(100, 1);
	cr_assert_eq(q.segs_count, 2);
}

Test(tcp_sendq, number_of_segments_is_bounded)
{
	cr_assert_eq(tcp_sendq_append(&q, pool, span_of(data, 5000), MSS, 2), 2 * MSS);
}

Test(tcp_sendq, empty_pool_takes_what_fits)
{
	mbuf_pool_limit(pool, 1);
	cr_assert_eq(append(0, 2500), MSS);
	mbuf_pool_limit(pool, 4096);
}

Test(tcp_sendq, frame_is_sent_in_place_and_the_segment_survives_it)
{
	struct rte_mbuf *frame;

	append(0, 800);
	for (int i = 0; i < 3; i++) {
		frame = tcp_sendq_frame(pool, q.head);
		cr_assert_eq(frame, q.head);
		assert_frame(frame, 0, 800);
		memset(rte_pktmbuf_prepend(frame, TCP_SEG_HEADERS_BYTES), 0xee,
		       TCP_SEG_HEADERS_BYTES);
		tcp_sendq_on_sent(&q, q.head, 1);
		rte_pktmbuf_free(frame);
		tcp_sendq_check(&q);
	}
	cr_assert_eq(mbuf_pool_outstanding(pool), 1);
}

Test(tcp_sendq, frame_is_a_copy_while_the_driver_has_the_first)
{
	struct rte_mbuf *first, *second;

	append(0, 800);
	first = tcp_sendq_frame(pool, q.head);
	rte_pktmbuf_prepend(first, 60);
	second = tcp_sendq_frame(pool, q.head);
	cr_assert_neq(first, second);
	assert_frame(second, 0, 800);
	cr_assert_eq(first->data_len, 860);
	rte_pktmbuf_free(second);
	rte_pktmbuf_free(first);
}

Test(tcp_sendq, no_copy_when_the_pool_is_empty)
{
	struct rte_mbuf *first;

	append(0, 800);
	first = tcp_sendq_frame(pool, q.head);
	mbuf_pool_limit(pool, 1);
	cr_assert_null(tcp_sendq_frame(pool, q.head));
	rte_pktmbuf_free(first);
	mbuf_pool_limit(pool, 4096);
}

Test(tcp_sendq, acknowledged_segment_outlives_the_queue_while_the_driver_has_it)
{
	struct rte_mbuf *frame;
	uint64_t sent_ns;

	append(0, 800);
	frame = tcp_sendq_frame(pool, q.head);
	tcp_sendq_on_sent(&q, q.head, 5);
	cr_assert(tcp_sendq_ack(&q, START + 800, &sent_ns));
	assert_frame(frame, 0, 800);
	rte_pktmbuf_free(frame);
	cr_assert_eq(mbuf_pool_outstanding(pool), 0);
}

Test(tcp_sendq, partial_acknowledgement_trims_the_head)
{
	struct rte_mbuf *frame;
	uint64_t sent_ns;

	append(0, 800);
	send_all(5);
	cr_assert_not(tcp_sendq_ack(&q, START + 300, &sent_ns));
	tcp_sendq_check(&q);
	cr_assert_eq(q.bytes, 500);
	frame = tcp_sendq_frame(pool, q.head);
	assert_frame(frame, 300, 500);
	rte_pktmbuf_free(frame);
}

Test(tcp_sendq, only_segments_sent_once_give_a_sample)
{
	uint64_t sent_ns = 0;

	append(0, 3000);
	send_all(5);
	cr_assert(tcp_sendq_ack(&q, START + 1000, &sent_ns));
	cr_assert_eq(sent_ns, 5);
	tcp_sendq_rewind(&q);
	tcp_sendq_on_sent(&q, q.head, 9);
	cr_assert_not(tcp_sendq_ack(&q, START + 3000, &sent_ns));
}

Test(tcp_sendq, unsent_segments_may_be_acknowledged_after_a_rewind)
{
	uint64_t sent_ns;

	append(0, 3000);
	send_all(5);
	tcp_sendq_rewind(&q);
	cr_assert_eq(q.next, q.head);
	tcp_sendq_ack(&q, START + 2500, &sent_ns);
	cr_assert_eq(q.next, q.head);
	tcp_sendq_check(&q);
}

Test(tcp_sendq, split_keeps_the_bytes_and_the_order)
{
	struct rte_mbuf *frame;

	append(0, 1500);
	cr_assert(tcp_sendq_split(&q, pool, q.head, 300));
	tcp_sendq_check(&q);
	cr_assert_eq(q.segs_count, 3);
	frame = tcp_sendq_frame(pool, tcp_seg_of(q.head)->next);
	assert_frame(frame, 300, 700);
	rte_pktmbuf_free(frame);
	cr_assert(tcp_sendq_split(&q, pool, q.tail, 499));
	tcp_sendq_check(&q);
	frame = tcp_sendq_frame(pool, q.tail);
	assert_frame(frame, 1499, 1);
	rte_pktmbuf_free(frame);
}

Test(tcp_sendq, split_without_a_buffer_changes_nothing)
{
	append(0, 800);
	mbuf_pool_limit(pool, 1);
	cr_assert_not(tcp_sendq_split(&q, pool, q.head, 300));
	cr_assert_eq(tcp_seg_of(q.head)->len_bytes, 800);
	mbuf_pool_limit(pool, 4096);
}
