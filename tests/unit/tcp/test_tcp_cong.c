/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "net/tcp/tcp_cong.h"

#define MSS 1000u
#define ISS 5000u

static struct tcp_cong fresh(void)
{
	struct tcp_cong cg;

	tcp_cong_init(&cg, MSS, ISS);
	return cg;
}

/* Three duplicates of ISS + 1 with ten segments outstanding. */
static struct tcp_cong recovering(void)
{
	struct tcp_cong cg = fresh();

	for (int i = 0; i < 2; i++)
		cr_assert_not(tcp_cong_on_dupack(&cg, ISS + 1, ISS + 1 + 10 * MSS, 10 * MSS));
	cr_assert(tcp_cong_on_dupack(&cg, ISS + 1, ISS + 1 + 10 * MSS, 10 * MSS));
	return cg;
}

Test(tcp_cong, initial_window_is_ten_segments)
{
	struct tcp_cong cg;

	tcp_cong_init(&cg, 1448, ISS);
	cr_assert_eq(tcp_cong_window(&cg), 14480);
	tcp_cong_init(&cg, 8948, ISS);
	cr_assert_eq(tcp_cong_window(&cg), 2 * 8948);
}

Test(tcp_cong, slow_start_grows_by_what_is_acknowledged)
{
	struct tcp_cong cg = fresh();

	tcp_cong_on_ack(&cg, ISS + 1 + 2 * MSS, 2 * MSS, 10 * MSS);
	cr_assert_eq(cg.cwnd_bytes, 12 * MSS);
}

Test(tcp_cong, one_acknowledgement_of_everything_grows_by_two_segments_at_most)
{
	struct tcp_cong cg = fresh();

	tcp_cong_on_ack(&cg, ISS + 1 + 10 * MSS, 10 * MSS, 10 * MSS);
	cr_assert_eq(cg.cwnd_bytes, 12 * MSS);
}

Test(tcp_cong, unused_window_does_not_grow)
{
	struct tcp_cong cg = fresh();

	for (uint32_t i = 1; i < 100; i++)
		tcp_cong_on_ack(&cg, ISS + 1 + i * 100, 100, 100);
	cr_assert_eq(cg.cwnd_bytes, 10 * MSS);
}

Test(tcp_cong, congestion_avoidance_grows_by_one_segment_a_window)
{
	struct tcp_cong cg = fresh();

	cg.ssthresh_bytes = 10 * MSS;
	for (uint32_t i = 1; i <= 10; i++)
		tcp_cong_on_ack(&cg, ISS + 1 + i * MSS, MSS, 10 * MSS);
	cr_assert_geq(cg.cwnd_bytes, 10 * MSS + 900);
	cr_assert_leq(cg.cwnd_bytes, 11 * MSS);
}

Test(tcp_cong, first_two_duplicates_let_new_segments_out)
{
	struct tcp_cong cg = fresh();

	tcp_cong_on_dupack(&cg, ISS + 1, ISS + 1 + 10 * MSS, 10 * MSS);
	cr_assert_eq(tcp_cong_window(&cg), 11 * MSS);
	tcp_cong_on_dupack(&cg, ISS + 1, ISS + 1 + 10 * MSS, 10 * MSS);
	cr_assert_eq(tcp_cong_window(&cg), 12 * MSS);
}

Test(tcp_cong, third_duplicate_halves_and_retransmits)
{
	struct tcp_cong cg = recovering();

	cr_assert_eq(cg.ssthresh_bytes, 5 * MSS);
	cr_assert_eq(tcp_cong_window(&cg), 8 * MSS);
	cr_assert_not(tcp_cong_on_dupack(&cg, ISS + 1, ISS + 1 + 10 * MSS, 10 * MSS));
	cr_assert_eq(tcp_cong_window(&cg), 9 * MSS);
}

Test(tcp_cong, partial_acknowledgement_retransmits_and_stays_in_recovery)
{
	struct tcp_cong cg = recovering();

	cr_assert_eq(tcp_cong_on_ack(&cg, ISS + 1 + 2 * MSS, 2 * MSS, 10 * MSS),
		     TCP_CONG_RETRANSMIT);
	cr_assert_eq(tcp_cong_window(&cg), 7 * MSS);
	cr_assert_eq(tcp_cong_on_ack(&cg, ISS + 1 + 3 * MSS, MSS, 8 * MSS),
		     TCP_CONG_RETRANSMIT_KEEP_TIMER);
	cr_assert(cg.in_recovery);
}

Test(tcp_cong, full_acknowledgement_ends_recovery_at_half)
{
	struct tcp_cong cg = recovering();

	cr_assert_eq(tcp_cong_on_ack(&cg, ISS + 1 + 10 * MSS, 10 * MSS, 15 * MSS),
		     TCP_CONG_NOTHING);
	cr_assert_not(cg.in_recovery);
	cr_assert_eq(tcp_cong_window(&cg), 5 * MSS);
}

Test(tcp_cong, duplicates_of_what_a_recovery_sent_twice_do_not_start_another)
{
	struct tcp_cong cg = recovering();

	tcp_cong_on_ack(&cg, ISS + 1 + 10 * MSS, 10 * MSS, 10 * MSS);
	for (int i = 0; i < 5; i++)
		cr_assert_not(
			tcp_cong_on_dupack(&cg, ISS + 1 + 10 * MSS, ISS + 1 + 12 * MSS, 2 * MSS));
}

Test(tcp_cong, timeout_leaves_one_segment_and_halves_once)
{
	struct tcp_cong cg = fresh();

	tcp_cong_on_timeout(&cg, ISS + 1 + 10 * MSS, 10 * MSS, true);
	cr_assert_eq(tcp_cong_window(&cg), MSS);
	cr_assert_eq(cg.ssthresh_bytes, 5 * MSS);
	tcp_cong_on_timeout(&cg, ISS + 1 + 10 * MSS, MSS, false);
	cr_assert_eq(cg.ssthresh_bytes, 5 * MSS);
}

Test(tcp_cong, window_never_falls_below_one_segment)
{
	struct tcp_cong cg = recovering();

	for (uint32_t i = 1; i < 9; i++)
		tcp_cong_on_ack(&cg, ISS + 1 + i * MSS, 900, 10 * MSS);
	cr_assert_geq(tcp_cong_window(&cg), MSS);
}

Test(tcp_cong, after_a_pause_it_starts_from_the_initial_window)
{
	struct tcp_cong cg = fresh();

	cg.cwnd_bytes = 100 * MSS;
	tcp_cong_on_idle(&cg);
	cr_assert_eq(tcp_cong_window(&cg), 10 * MSS);
}
