/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/server_health.h"

#include <criterion/criterion.h>

static const struct server_health_params three = {.max_failures = 3, .fail_timeout_ns = 1000};

static bool admit(struct server_health *h, uint64_t now_ns)
{
	bool is_probe = false, admitted = server_health_admit(h, now_ns, &is_probe);

	cr_assert_not(is_probe, "a probe was not expected");
	return admitted;
}

static void probe(struct server_health *h, uint64_t now_ns)
{
	bool is_probe = false;

	cr_assert(server_health_admit(h, now_ns, &is_probe));
	cr_assert(is_probe);
	cr_assert_eq(h->state, SERVER_PROBED);
}

static void eject(struct server_health *h, uint64_t now_ns)
{
	for (int i = 0; i < 2; i++)
		cr_assert_not(server_health_on_failure(h, &three, false, now_ns));
	cr_assert(server_health_on_failure(h, &three, false, now_ns));
	cr_assert_eq(h->state, SERVER_DOWN);
}

Test(server_health, failures_in_a_row_eject)
{
	struct server_health h = {0};

	cr_assert(admit(&h, 0));
	eject(&h, 0);
	cr_assert_not(admit(&h, 999));
}

Test(server_health, an_answer_between_failures_starts_the_count_anew)
{
	struct server_health h = {0};

	for (int i = 0; i < 10; i++) {
		cr_assert_not(server_health_on_failure(&h, &three, false, 0));
		cr_assert_not(server_health_on_failure(&h, &three, false, 0));
		server_health_on_answer(&h, false);
	}
	cr_assert(admit(&h, 0));
}

Test(server_health, one_probe_at_a_time_after_the_timeout)
{
	struct server_health h = {0};

	eject(&h, 0);
	probe(&h, 1000);
	cr_assert_not(admit(&h, 2000), "a second request beside the probe");
}

Test(server_health, answered_probe_readmits)
{
	struct server_health h = {0};

	eject(&h, 0);
	probe(&h, 1000);
	server_health_on_answer(&h, true);
	cr_assert(admit(&h, 1000));
	/* and the count begins at none */
	cr_assert_not(server_health_on_failure(&h, &three, false, 1000));
	cr_assert(admit(&h, 1000));
}

Test(server_health, failed_probe_ejects_again_for_the_whole_timeout)
{
	struct server_health h = {0};

	eject(&h, 0);
	probe(&h, 1500);
	cr_assert_not(server_health_on_failure(&h, &three, true, 1600),
		      "it had been ejected already");
	cr_assert_not(admit(&h, 2599));
	probe(&h, 2600);
}

Test(server_health, probe_without_verdict_lets_the_next_one_probe)
{
	struct server_health h = {0};

	eject(&h, 0);
	probe(&h, 1000);
	server_health_on_probe_lost(&h);
	probe(&h, 1001);
}

Test(server_health, probe_lost_is_nothing_to_a_server_that_is_up)
{
	struct server_health h = {0};

	server_health_on_probe_lost(&h);
	cr_assert(admit(&h, 0));
}

Test(server_health, only_the_probe_decides_about_an_ejected_server)
{
	struct server_health h = {0};

	eject(&h, 0);
	server_health_on_answer(&h, false);
	cr_assert_not(admit(&h, 999), "readmitted by a request from before");
	cr_assert_not(server_health_on_failure(&h, &three, false, 900));
	probe(&h, 1000);
	server_health_on_answer(&h, false);
	cr_assert_eq(h.state, SERVER_PROBED);
	server_health_on_failure(&h, &three, false, 1100);
	cr_assert_eq(h.state, SERVER_PROBED);
}

Test(server_health, never_ejects_without_a_number_of_failures)
{
	const struct server_health_params never = {.fail_timeout_ns = 1000};
	struct server_health h = {0};

	for (int i = 0; i < 1000; i++)
		cr_assert_not(server_health_on_failure(&h, &never, false, 0));
	cr_assert(admit(&h, 0));
}
