/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "app/gateway/pressure.h"

static struct pressure p;

TestSuite(pressure);

static enum drop_reason sessions_in_use(uint64_t in_use, uint64_t size)
{
	pressure_update(&p, PRESSURE_SESSIONS, in_use, size);
	return pressure_reason(&p);
}

Test(pressure, begins_at_the_high_mark_and_ends_under_the_low_one)
{
	cr_assert_eq(sessions_in_use(0, 1600), DROP_none);
	cr_assert_eq(sessions_in_use(1499, 1600), DROP_none);
	cr_assert_eq(sessions_in_use(1500, 1600), DROP_shed_sessions);
	cr_assert_eq(sessions_in_use(1400, 1600), DROP_shed_sessions,
		     "between the marks nothing changes");
	cr_assert_eq(sessions_in_use(1399, 1600), DROP_none);
	cr_assert_eq(sessions_in_use(1499, 1600), DROP_none, "nor does it here");
	cr_assert_eq(sessions_in_use(1600, 1600), DROP_shed_sessions);
	cr_assert_eq(p.highs[PRESSURE_SESSIONS], 2);
}

Test(pressure, of_a_few_all_are_used_first)
{
	cr_assert_eq(sessions_in_use(3, 4), DROP_none);
	cr_assert_eq(sessions_in_use(4, 4), DROP_shed_sessions);
	cr_assert_eq(sessions_in_use(3, 4), DROP_none);
}

Test(pressure, more_in_use_than_there_is_counts_as_all)
{
	cr_assert_eq(sessions_in_use(UINT64_MAX, 1600), DROP_shed_sessions);
}

Test(pressure, each_resource_sheds_under_its_own_name_until_it_recovers)
{
	static const enum drop_reason reasons[] = {DROP_shed_sessions, DROP_shed_tls_memory,
						   DROP_shed_packets_rx, DROP_shed_packets_tx};

	for (unsigned i = 0; i < PRESSURE_RESOURCES; i++) {
		pressure_update(&p, i, 100, 100);
		cr_assert_eq(pressure_reason(&p), reasons[i]);
		pressure_update(&p, i, 0, 100);
		cr_assert_eq(pressure_reason(&p), DROP_none);
	}
	pressure_update(&p, PRESSURE_TLS_MEMORY, 100, 100);
	pressure_update(&p, PRESSURE_PACKETS_TX, 100, 100);
	pressure_update(&p, PRESSURE_TLS_MEMORY, 0, 100);
	cr_assert_eq(pressure_reason(&p), DROP_shed_packets_tx);
}
