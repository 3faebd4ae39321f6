/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/log_pace.h: how often peers may cause a line of the event log: LOG_PACE_BURST at once, and then one for each
 * LOG_PACE_INTERVAL_NS.  Owned by the thread that logs; reads no clock; begins as zeros. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define LOG_PACE_BURST 20u
#define LOG_PACE_INTERVAL_NS 500000000ull

struct log_pace {
	uint64_t all_free_ns; /* from when on a whole burst is free */
};

/* True when an event of this moment may have a line, which is then spent.  now_ns is of any monotonic clock, however little
 * it shows, and may lie a little before that of an earlier call: events come from several workers. */
bool log_pace_allows(struct log_pace *pace, uint64_t now_ns);
