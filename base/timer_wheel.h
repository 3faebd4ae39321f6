/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/timer_wheel.h: hierarchical timing wheel (Varghese and Lauck, 1987), one per worker.  Entries are
 * intrusive; arming, moving and disarming are constant time; an entry fires once, never early, and at most one
 * tick (1 ms) late when the wheel is turned often enough.  Reads no clock. */
#pragma once

#include "base/list.h"

#include <stdint.h>

#define TIMER_TICK_NS 1000000ull
#define TIMER_WHEEL_LEVELS                                                                         \
	4 /* 64^4 ms = 4.6 hours; a later expiry is clamped to the horizon and rechecked */
#define TIMER_WHEEL_SLOTS 64

struct timer_entry;
typedef void timer_fn(struct timer_entry *t, void *ctx, uint64_t now_ns);

struct timer_entry {
	struct list node;
	uint64_t expiry_ns; /* absolute; meaningful while armed */
	timer_fn *on_expiry;
};

struct timer_wheel {
	struct list slots[TIMER_WHEEL_LEVELS][TIMER_WHEEL_SLOTS];
	uint64_t occupied[TIMER_WHEEL_LEVELS]; /* one bit a slot */
	struct list due;                       /* armed for a time that had already passed */
	uint64_t ran_ns;                       /* when the wheel was last run */
	uint64_t tick;                         /* the last tick that has been run */
	uint32_t armed_count;
};

void timer_wheel_init(struct timer_wheel *w, uint64_t now_ns);
void timer_entry_init(struct timer_entry *t, timer_fn *on_expiry);
/* Arms or moves.  An expiry in the past fires in the next run. */
void timer_arm(struct timer_wheel *w, struct timer_entry *t, uint64_t expiry_ns);
/* Harmless when not armed. */
void timer_disarm(struct timer_wheel *w, struct timer_entry *t);
bool timer_is_armed(const struct timer_entry *t);
/* Fires what is due in the order of its ticks, each entry unlinked before its call; ctx is passed through.  A
 * callback may arm, move or disarm any entry; what it arms fires in a later run.  Returns how many fired. */
uint32_t timer_wheel_run(struct timer_wheel *w, uint64_t now_ns, void *ctx);
/* A time before which nothing can fire; UINT64_MAX when nothing is armed. */
uint64_t timer_wheel_next_ns(const struct timer_wheel *w);
/* Asserts that every armed entry stands where its expiry says; linear in their number, for tests. */
void timer_wheel_check(const struct timer_wheel *w);
