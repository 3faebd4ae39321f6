/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/totals.h"

#include "app/gateway/access_log.h"
#include "app/gateway/gateway.h"

bool totals_is_control(enum counter which)
{
	return which == COUNTER_access_log_lines || which == COUNTER_access_log_failed ||
	       which == COUNTER_access_log_summed || which == COUNTER_client_refused_withheld;
}

static void add_log(const struct access_log *log, struct counters *totals)
{
	struct access_log_counts counts;

	access_log_counts_read(log, &counts);
	totals->event[COUNTER_access_log_lines] += counts.lines;
	totals->event[COUNTER_access_log_failed] += counts.failed;
	totals->event[COUNTER_access_log_summed] += counts.refusals_summed;
	totals->event[COUNTER_client_refused_withheld] += counts.events_withheld;
}

void totals_read(const struct gateway *gw, struct counters *ret_totals)
{
	*ret_totals = (struct counters){0};
	for (unsigned n = 0; n < gw->worker_count; n++) {
		const struct counters *c = &gw->workers[n]->count;

		for (unsigned i = 0; i < COUNTER_COUNT; i++)
			ret_totals->event[i] += __atomic_load_n(&c->event[i], __ATOMIC_RELAXED);
		for (unsigned i = 0; i < DROP_COUNT; i++)
			ret_totals->drop[i] += __atomic_load_n(&c->drop[i], __ATOMIC_RELAXED);
	}
	if (gw->access_log != NULL)
		add_log(gw->access_log, ret_totals);
}
