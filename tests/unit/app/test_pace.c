/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/pace.h"

#include <criterion/criterion.h>

#define S 1000000000ull

static const struct pace_params params = {.bytes_per_s = 100, .grace_ns = 10 * S};

static struct pace waiting(void)
{
	struct pace p;

	pace_init(&p, &params);
	cr_assert(pace_update(&p, &params, 0, true, 0));
	return p;
}

Test(pace, silence_is_borne_for_the_grace_period)
{
	struct pace p = waiting();

	cr_assert_eq(pace_ends_ns(&p, &params), 10 * S);
	cr_assert(pace_update(&p, &params, 0, true, 10 * S - 1));
	cr_assert_not(pace_update(&p, &params, 0, true, 10 * S));
}

Test(pace, exactly_the_rate_goes_on_for_ever)
{
	struct pace p = waiting();

	for (uint64_t t = 1; t < 1000; t++)
		cr_assert(pace_update(&p, &params, 100, true, t * S));
	cr_assert_eq(pace_ends_ns(&p, &params), 1009 * S);
}

Test(pace, half_the_rate_lasts_twice_the_grace_period)
{
	struct pace p = waiting();
	uint64_t t = 1;

	while (pace_update(&p, &params, 50, true, t * S) && t < 1000)
		t++;
	cr_assert_geq(t, 19);
	cr_assert_leq(t, 21);
}

Test(pace, a_burst_saves_up_no_more_than_the_grace_period)
{
	struct pace p = waiting();

	cr_assert(pace_update(&p, &params, 1u << 30, true, S));
	cr_assert_eq(pace_ends_ns(&p, &params), 11 * S);
	cr_assert(pace_update(&p, &params, UINT64_MAX, true, S));
	cr_assert_eq(pace_ends_ns(&p, &params), 11 * S);
}

Test(pace, time_without_waiting_costs_nothing)
{
	struct pace p = waiting();

	cr_assert(pace_update(&p, &params, 0, false, 4 * S));
	cr_assert_eq(pace_ends_ns(&p, &params), UINT64_MAX);
	cr_assert(pace_update(&p, &params, 0, true, 1000 * S));
	cr_assert_eq(pace_ends_ns(&p, &params), 1006 * S);
}

Test(pace, no_rate_asks_for_nothing)
{
	const struct pace_params any = {.grace_ns = S};
	struct pace p;

	pace_init(&p, &any);
	cr_assert(pace_update(&p, &any, 0, true, 0));
	cr_assert_eq(pace_ends_ns(&p, &any), UINT64_MAX);
	cr_assert(pace_update(&p, &any, 0, true, 1000 * S));
}
