/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/log_pace.h"

bool log_pace_allows(struct log_pace *pace, uint64_t now_ns)
{
	if (pace->all_free_ns < now_ns)
		pace->all_free_ns = now_ns;
	if (pace->all_free_ns - now_ns > (LOG_PACE_BURST - 1) * LOG_PACE_INTERVAL_NS)
		return false;
	pace->all_free_ns += LOG_PACE_INTERVAL_NS;
	return true;
}
