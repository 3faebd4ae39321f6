/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/counters.h: what a worker counts.  One writer (the worker), relaxed readers (the control plane), so a
 * count is a plain 64-bit store.  The rows are base/counters.def and base/drops.def. */
#pragma once

#include <stdint.h>

enum counter {
#define COUNTER(name, unit, help) COUNTER_##name,
#include "base/counters.def"
#undef COUNTER
	COUNTER_COUNT
};

/* DROP_none means "not dropped" and is never counted. */
enum drop_reason {
	DROP_none = 0,
#define DROP(name, unit, help) DROP_##name,
#include "base/drops.def"
#undef DROP
	DROP_COUNT
};

struct counters {
	uint64_t event[COUNTER_COUNT];
	uint64_t drop[DROP_COUNT];
};

/* A row of either table, as a person or an exporter wants it. */
struct counter_info {
	const char *name, *unit, *help;
};

extern const struct counter_info counter_infos[COUNTER_COUNT];
/* Entry 0 (DROP_none) has name "none". */
extern const struct counter_info drop_infos[DROP_COUNT];

/* Adds n to an event counter.  Only the owning worker may call it. */
static inline void counter_add(struct counters *c, enum counter which, uint64_t n)
{
	__atomic_store_n(&c->event[which], c->event[which] + n, __ATOMIC_RELAXED);
}

/* Counts one drop; returns the reason, so that a caller may `return drop_count(...)`. */
static inline enum drop_reason drop_count(struct counters *c, enum drop_reason why)
{
	__atomic_store_n(&c->drop[why], c->drop[why] + 1, __ATOMIC_RELAXED);
	return why;
}
