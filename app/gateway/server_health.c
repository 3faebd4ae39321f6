/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/server_health.h"

static void set_state(struct server_health *h, enum server_state to)
{
	__atomic_store_n(&h->state, (uint32_t)to, __ATOMIC_RELAXED);
}

bool server_health_admit(struct server_health *h, uint64_t now_ns, bool *ret_is_probe)
{
	*ret_is_probe = false;
	switch ((enum server_state)h->state) {
	case SERVER_UP:
		return true;
	case SERVER_PROBED:
		return false;
	case SERVER_DOWN:
		break;
	}
	if (now_ns < h->probe_at_ns)
		return false;
	set_state(h, SERVER_PROBED);
	*ret_is_probe = true;
	return true;
}

void server_health_on_answer(struct server_health *h, bool is_probe)
{
	if (h->state != SERVER_UP && !is_probe)
		return;
	h->failures_in_row = 0;
	if (h->state != SERVER_UP)
		set_state(h, SERVER_UP);
}

bool server_health_on_failure(struct server_health *h, const struct server_health_params *params,
			      bool is_probe, uint64_t now_ns)
{
	bool was_up = h->state == SERVER_UP;

	if (!was_up && !is_probe)
		return false;
	if (h->failures_in_row < UINT32_MAX)
		h->failures_in_row++;
	if (params->max_failures == 0 || h->failures_in_row < params->max_failures)
		return false;
	h->probe_at_ns = now_ns + params->fail_timeout_ns;
	set_state(h, SERVER_DOWN);
	return was_up;
}

void server_health_on_probe_lost(struct server_health *h)
{
	if (h->state == SERVER_PROBED)
		set_state(h, SERVER_DOWN);
}
