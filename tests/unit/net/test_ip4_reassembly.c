/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/ip4_reassembly.h"

#include "net/pkt.h"
#include "net/wire/ip4_wire.h"
#include "tests/support/mbuf_pool.h"

#include <criterion/criterion.h>

#define SECOND 1000000000ull
#define PLACES (IP4_REASSEMBLY_GROUPS * IP4_REASSEMBLY_GROUP_SIZE)

static struct ip4_reassembly r;
static struct counters count;
static struct timer_wheel timers;
static struct rte_mempool *pool;
static uint64_t now_ns = 100 * SECOND;
static uint8_t payload[65536];
/* of the packet the last fragments were of */
static struct rte_mbuf *whole;

static void set_up(void)
{
	static const uint64_t secret[2] = {1, 2};

	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 7 + i / 256);
	pool = mbuf_pool_create(4096, MBUF_POOL_DATA_ROOM_BYTES);
	timer_wheel_init(&timers, now_ns);
	ip4_reassembly_init(&r, secret, &timers, &count);
}

static void tear_down(void)
{
	rte_pktmbuf_free(whole);
	ip4_reassembly_check(&r);
	ip4_reassembly_fini(&r);
	mbuf_pool_destroy(pool);
}

TestSuite(ip4_reassembly, .init = set_up, .fini = tear_down);

/* Bytes offset..offset+len of the packet id; freed here when it is refused. */
static enum drop_reason take_of(uint16_t id, uint32_t offset, uint16_t len, bool more)
{
	struct ip4_header ip = {.src = {0xc6120002},
				.dst = {0xc6120001},
				.protocol = IP4_PROTOCOL_TCP,
				.ttl = 64,
				.id = id,
				.offset_bytes = (uint16_t)offset,
				.more_fragments = more,
				.total_bytes = (uint16_t)(IP4_HEADER_BYTES + len)};
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	enum drop_reason why;

	rte_pktmbuf_free(whole);
	whole = NULL;
	ip4_header_emit(&ip, true, (uint8_t *)rte_pktmbuf_append(m, IP4_HEADER_BYTES));
	memcpy(rte_pktmbuf_append(m, len), payload + offset, len);
	m->ol_flags |= RTE_MBUF_F_RX_L4_CKSUM_GOOD;
	why = ip4_reassembly_take(&r, m, &ip, now_ns, &whole);
	if (why != DROP_none)
		rte_pktmbuf_free(m);
	ip4_reassembly_check(&r);
	return why;
}

static enum drop_reason take(uint32_t offset, uint16_t len, bool more)
{
	return take_of(7, offset, len, more);
}

static void assert_whole(uint32_t len)
{
	static uint8_t bytes[65536];
	struct ip4_header ip;
	const void *p;

	cr_assert_not_null(whole);
	cr_assert_eq(rte_pktmbuf_pkt_len(whole), IP4_HEADER_BYTES + len);
	cr_assert_eq(ip4_header_parse(pkt_head(whole), IP4_HEADER_BYTES + len, &ip), DROP_none);
	cr_assert_eq(ip.total_bytes, IP4_HEADER_BYTES + len);
	cr_assert_not(ip4_is_fragment(&ip));
	cr_assert_eq(ip.protocol, IP4_PROTOCOL_TCP);
	cr_assert(ip.src.v == 0xc6120002 && ip.dst.v == 0xc6120001);
	p = rte_pktmbuf_read(whole, IP4_HEADER_BYTES, len, bytes);
	cr_assert_not_null(p);
	cr_assert_arr_eq(p, payload, len);
}

static void assert_refused(enum drop_reason why, enum drop_reason expected, unsigned held)
{
	cr_assert_eq(why, expected, "%s", drop_infos[why].name);
	cr_assert_eq(count.drop[expected], held, "what was held is counted here");
	cr_assert_eq(mbuf_pool_outstanding(pool), 0, "nothing of it is kept");
}

Test(ip4_reassembly, fragments_make_their_packet_in_whatever_order)
{
	static const uint8_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
					     {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

	for (unsigned i = 0; i < 6; i++) {
		for (unsigned k = 0; k < 3; k++) {
			unsigned n = orders[i][k];

			cr_assert_null(whole);
			cr_assert_eq(take(n * 496, n == 2 ? 13 : 496, n < 2), DROP_none);
		}
		assert_whole(2 * 496 + 13);
		rte_pktmbuf_free(whole);
		whole = NULL;
	}
	cr_assert_eq(count.event[COUNTER_ip4_reassembled], 6);
	cr_assert_eq(mbuf_pool_outstanding(pool), 0);
}

Test(ip4_reassembly, a_ports_word_about_a_fragment_is_not_about_the_packet)
{
	take(0, 64, true);
	take(64, 1, false);
	cr_assert_eq(whole->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK, RTE_MBUF_F_RX_L4_CKSUM_UNKNOWN);
}

Test(ip4_reassembly, packets_are_told_apart_by_number_address_and_protocol)
{
	take_of(1, 0, 64, true);
	take_of(2, 64, 8, false);
	cr_assert_null(whole);
	take_of(2, 0, 64, true);
	assert_whole(72);
	take_of(1, 64, 8, false);
	assert_whole(72);
}

Test(ip4_reassembly, fragments_that_no_packet_is_cut_into_are_refused)
{
	assert_refused(take(64, 0, false), DROP_ip4_fragment, 0);
	assert_refused(take(0, 40, true), DROP_ip4_fragment, 0);
	assert_refused(take(80, 40, true), DROP_ip4_fragment, 0);
	assert_refused(take(0, 65, true), DROP_ip4_fragment, 0);
	cr_assert_not(timer_is_armed(&r.timer), "and nothing is remembered of them");
}

Test(ip4_reassembly, a_first_fragment_of_the_least_size_is_taken)
{
	cr_assert_eq(take(0, IP4_FRAGMENT_BYTES_MIN, true), DROP_none);
	cr_assert_eq(take(IP4_FRAGMENT_BYTES_MIN, 1, false), DROP_none);
	assert_whole(IP4_FRAGMENT_BYTES_MIN + 1);
}

Test(ip4_reassembly, a_packet_larger_than_the_largest_is_refused)
{
	cr_assert_eq(take(65512, 3, false), DROP_none, "20 + 65515");
	cr_assert_eq(take_of(8, 65512, 4, false), DROP_ip4_fragment);
	cr_assert_eq(take_of(9, 65504, 16, true), DROP_ip4_fragment);
}

Test(ip4_reassembly, a_fragment_in_a_chain_is_refused)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool), *tail = rte_pktmbuf_alloc(pool);
	struct ip4_header ip = {.total_bytes = IP4_HEADER_BYTES + 64, .more_fragments = true};

	rte_pktmbuf_append(m, IP4_HEADER_BYTES);
	rte_pktmbuf_append(tail, 64);
	rte_pktmbuf_chain(m, tail);
	cr_assert_eq(ip4_reassembly_take(&r, m, &ip, now_ns, &whole), DROP_ip4_fragment);
	rte_pktmbuf_free(m);
}

/* A packet of which 64..128 is held. */
static void hold(void)
{
	cr_assert_eq(take(64, 64, true), DROP_none);
}

Test(ip4_reassembly, a_fragment_that_overlaps_its_successor_ends_the_packet)
{
	hold();
	assert_refused(take(0, 72, true), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, a_fragment_that_overlaps_its_predecessor_ends_the_packet)
{
	hold();
	assert_refused(take(120, 64, true), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, a_fragment_inside_another_ends_the_packet)
{
	cr_assert_eq(take(0, 512, true), DROP_none);
	assert_refused(take(64, 64, true), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, a_fragment_around_another_ends_the_packet)
{
	hold();
	assert_refused(take(0, 512, true), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, a_fragment_at_the_same_place_but_of_another_length_ends_the_packet)
{
	hold();
	assert_refused(take(64, 72, true), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, a_second_end_ends_the_packet)
{
	cr_assert_eq(take(640, 8, false), DROP_none);
	assert_refused(take(128, 8, false), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, bytes_behind_the_end_end_the_packet)
{
	cr_assert_eq(take(640, 8, false), DROP_none);
	assert_refused(take(648, 64, true), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, an_end_before_what_is_held_ends_the_packet)
{
	hold();
	assert_refused(take(48, 16, false), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, the_same_bytes_as_the_end_and_not_end_the_packet)
{
	cr_assert_eq(take(64, 64, false), DROP_none);
	assert_refused(take(64, 64, true), DROP_ip4_fragment_overlap, 1);
}

Test(ip4_reassembly, whatever_else_comes_of_a_refused_packet_is_refused)
{
	hold();
	take(0, 72, true);
	/* without the one that overlapped these would be a packet */
	assert_refused(take(0, 64, true), DROP_ip4_fragment_overlap, 1);
	assert_refused(take(64, 64, true), DROP_ip4_fragment_overlap, 1);
	assert_refused(take(128, 8, false), DROP_ip4_fragment_overlap, 1);
	now_ns += 3 * SECOND;
	timer_wheel_run(&timers, now_ns, NULL);
	take(0, 64, true);
	take(64, 8, false);
	assert_whole(72);
}

Test(ip4_reassembly, of_two_copies_the_first_stays)
{
	hold();
	payload[64] ^= 1;
	cr_assert_eq(take(64, 64, true), DROP_ip4_fragment_duplicate);
	payload[64] ^= 1;
	take(128, 8, false);
	cr_assert_eq(take(128, 8, false), DROP_ip4_fragment_duplicate);
	take(0, 64, true);
	assert_whole(136);
}

Test(ip4_reassembly, a_packet_in_too_many_pieces_is_refused)
{
	for (uint32_t i = 0; i < IP4_FRAGMENTS_MAX - 1; i++)
		cr_assert_eq(take(i * 64, 64, true), DROP_none);
	cr_assert_eq(take((IP4_FRAGMENTS_MAX - 1) * 64, 1, false), DROP_none);
	assert_whole((IP4_FRAGMENTS_MAX - 1) * 64 + 1);
	rte_pktmbuf_free(whole);
	whole = NULL;
	for (uint32_t i = 0; i < IP4_FRAGMENTS_MAX; i++)
		cr_assert_eq(take(i * 64, 64, true), DROP_none);
	assert_refused(take(IP4_FRAGMENTS_MAX * 64, 1, false), DROP_ip4_fragment_too_many,
		       IP4_FRAGMENTS_MAX);
}

Test(ip4_reassembly, what_stays_incomplete_is_given_up)
{
	hold();
	now_ns += SECOND;
	take_of(8, 0, 64, true);
	now_ns += SECOND + 2000000;
	timer_wheel_run(&timers, now_ns, NULL);
	cr_assert_eq(count.drop[DROP_ip4_fragment_late], 1);
	cr_assert_eq(mbuf_pool_outstanding(pool), 1, "the younger one is not");
	now_ns += SECOND;
	timer_wheel_run(&timers, now_ns, NULL);
	cr_assert_eq(count.drop[DROP_ip4_fragment_late], 2);
	cr_assert_eq(mbuf_pool_outstanding(pool), 0);
	cr_assert_not(timer_is_armed(&r.timer));
}

Test(ip4_reassembly, a_slow_fragment_does_not_buy_the_packet_more_time)
{
	hold();
	now_ns += SECOND + SECOND / 2;
	take(0, 64, true);
	now_ns += SECOND / 2 + 2000000;
	timer_wheel_run(&timers, now_ns, NULL);
	cr_assert_eq(count.drop[DROP_ip4_fragment_late], 2);
}

Test(ip4_reassembly, a_flood_holds_no_more_than_the_table_and_does_not_keep_others_out)
{
	for (uint16_t id = 0; id < 20 * PLACES; id++) {
		now_ns += 1000;
		cr_assert_eq(take_of(id, 0, 64, true), DROP_none);
		cr_assert_leq(mbuf_pool_outstanding(pool), PLACES);
	}
	cr_assert_eq(mbuf_pool_outstanding(pool), PLACES);
	cr_assert_eq(count.drop[DROP_ip4_fragment_table_full], 19 * PLACES);
	take_of(60000, 0, 64, true);
	take_of(60000, 64, 8, false);
	assert_whole(72);
}

Test(ip4_reassembly, the_oldest_of_a_group_gives_way)
{
	unsigned gone = 0;

	for (uint16_t id = 0; id < 2 * PLACES; id++) {
		now_ns += 1000;
		take_of(id, 0, 64, true);
	}
	/* of the youngest quarter nearly all are still there */
	for (uint16_t id = 2 * PLACES - PLACES / 4; id < 2 * PLACES; id++) {
		take_of(id, 64, 8, false);
		gone += whole == NULL;
	}
	cr_assert_leq(gone, 2);
}
