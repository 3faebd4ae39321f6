/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "net/tcp/tcp_rtt.h"

#define MS 1000u

Test(tcp_rtt, one_second_before_the_first_sample)
{
	struct tcp_rtt rtt;

	tcp_rtt_init(&rtt, 200 * MS);
	cr_assert_eq(rtt.rto_us, 1000 * MS);
}

Test(tcp_rtt, first_sample_sets_the_estimate)
{
	struct tcp_rtt rtt;

	tcp_rtt_init(&rtt, 200 * MS);
	tcp_rtt_on_ack(&rtt, 100 * MS);
	cr_assert_eq(rtt.srtt_us, 100 * MS);
	cr_assert_eq(rtt.rttvar_us, 50 * MS);
	cr_assert_eq(rtt.rto_us, 300 * MS);
}

Test(tcp_rtt, timeout_is_never_below_the_minimum)
{
	struct tcp_rtt rtt;

	tcp_rtt_init(&rtt, 200 * MS);
	for (int i = 0; i < 100; i++)
		tcp_rtt_on_ack(&rtt, 50);
	cr_assert_eq(rtt.rto_us, 200 * MS);
}

Test(tcp_rtt, variance_follows_the_samples)
{
	struct tcp_rtt rtt;

	tcp_rtt_init(&rtt, 200 * MS);
	tcp_rtt_on_ack(&rtt, 100 * MS);
	tcp_rtt_on_ack(&rtt, 200 * MS);
	/* 3/4 * 50 + 1/4 * |100 - 200| = 62.5; 7/8 * 100 + 1/8 * 200 = 112.5 */
	cr_assert_eq(rtt.rttvar_us, 62500);
	cr_assert_eq(rtt.srtt_us, 112500);
	cr_assert_eq(rtt.rto_us, 112500 + 4 * 62500);
}

Test(tcp_rtt, timeouts_double_up_to_the_bound)
{
	struct tcp_rtt rtt;

	tcp_rtt_init(&rtt, 200 * MS);
	tcp_rtt_on_ack(&rtt, 100 * MS);
	tcp_rtt_on_timeout(&rtt);
	cr_assert_eq(rtt.rto_us, 600 * MS);
	for (int i = 0; i < 40; i++)
		tcp_rtt_on_timeout(&rtt);
	cr_assert_eq(rtt.rto_us, TCP_RTO_MAX_US);
}

Test(tcp_rtt, progress_takes_the_doublings_back)
{
	struct tcp_rtt rtt;

	tcp_rtt_init(&rtt, 200 * MS);
	tcp_rtt_on_ack(&rtt, 100 * MS);
	tcp_rtt_on_timeout(&rtt);
	tcp_rtt_on_progress(&rtt);
	cr_assert_eq(rtt.rto_us, 300 * MS);
}

Test(tcp_rtt, absurd_sample_is_cut)
{
	struct tcp_rtt rtt;

	tcp_rtt_init(&rtt, 200 * MS);
	tcp_rtt_on_ack(&rtt, UINT32_MAX);
	cr_assert_eq(rtt.srtt_us, TCP_RTO_MAX_US);
	cr_assert_eq(rtt.rto_us, TCP_RTO_MAX_US);
}
