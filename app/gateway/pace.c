/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/pace.h"

#define NS_PER_S 1000000000ull

void pace_init(struct pace *p, const struct pace_params *params)
{
	*p = (struct pace){.left_ns = params->grace_ns};
}

/* The time for which so many bytes are enough, at most the grace period. */
static uint64_t worth_ns(const struct pace_params *params, uint64_t bytes)
{
	if (bytes > UINT64_MAX / NS_PER_S)
		return params->grace_ns;
	bytes = bytes * NS_PER_S / params->bytes_per_s;
	return bytes < params->grace_ns ? bytes : params->grace_ns;
}

bool pace_update(struct pace *p, const struct pace_params *params, uint64_t bytes, bool is_waiting,
		 uint64_t now_ns)
{
	uint64_t waited_ns = p->is_waiting ? now_ns - p->at_ns : 0;

	p->at_ns = now_ns;
	p->is_waiting = is_waiting;
	if (params->bytes_per_s == 0)
		return true;
	p->left_ns += worth_ns(params, bytes);
	p->left_ns -= waited_ns < p->left_ns ? waited_ns : p->left_ns;
	if (p->left_ns > params->grace_ns)
		p->left_ns = params->grace_ns;
	return p->left_ns > 0;
}

uint64_t pace_ends_ns(const struct pace *p, const struct pace_params *params)
{
	return p->is_waiting && params->bytes_per_s > 0 ? p->at_ns + p->left_ns : UINT64_MAX;
}
