/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "app/gateway/log_pace.h"

static struct log_pace pace;

TestSuite(log_pace);

/* How many of count events of one moment may have a line. */
static unsigned allowed(unsigned count, uint64_t now_ns)
{
	unsigned lines = 0;

	for (unsigned i = 0; i < count; i++)
		lines += log_pace_allows(&pace, now_ns);
	return lines;
}

Test(log_pace, a_burst_has_lines_from_the_machines_first_moment_on)
{
	cr_assert_eq(allowed(3, 0), 3);
	cr_assert_eq(allowed(100, 1), LOG_PACE_BURST - 3);
}

Test(log_pace, after_a_burst_there_is_one_line_an_interval)
{
	const uint64_t start = 3 * LOG_PACE_INTERVAL_NS;

	cr_assert_eq(allowed(100, start), LOG_PACE_BURST);
	cr_assert_eq(allowed(100, start + LOG_PACE_INTERVAL_NS - 1), 0);
	cr_assert_eq(allowed(100, start + LOG_PACE_INTERVAL_NS), 1);
	cr_assert_eq(allowed(100, start + 4 * LOG_PACE_INTERVAL_NS), 3);
}

Test(log_pace, a_long_silence_saves_up_no_more_than_a_burst)
{
	cr_assert_eq(allowed(100, 0), LOG_PACE_BURST);
	cr_assert_eq(allowed(100, 1000 * LOG_PACE_INTERVAL_NS), LOG_PACE_BURST);
}

Test(log_pace, an_event_of_another_worker_may_be_a_little_older)
{
	const uint64_t now = 100 * LOG_PACE_INTERVAL_NS;

	cr_assert_eq(allowed(1, now), 1);
	cr_assert_eq(allowed(1, now - 1000), 1);
	cr_assert_eq(allowed(100, now - 1000), LOG_PACE_BURST - 3);
	cr_assert_eq(allowed(100, now), 1);
}
