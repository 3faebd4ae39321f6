/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/timer_wheel.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define MS TIMER_TICK_NS
#define START (1234567 * MS + 400000)

struct alarm {
	struct timer_entry timer;
	unsigned fired_count;
	uint64_t fired_ns;
};

static void alarm_fired(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct alarm *a = CONTAINER_OF(t, struct alarm, timer);

	(void)ctx;
	cr_assert_not(timer_is_armed(t));
	a->fired_count++;
	a->fired_ns = now_ns;
}

static void alarm_init(struct alarm *a)
{
	*a = (struct alarm){.fired_count = 0};
	timer_entry_init(&a->timer, alarm_fired);
}

Test(timer_wheel, fires_once_never_early_and_within_a_tick)
{
	static const uint64_t delays[] = {1,
					  MS,
					  MS + 1,
					  63 * MS,
					  64 * MS,
					  65 * MS,
					  4095 * MS,
					  4096 * MS,
					  70000 * MS,
					  64ull * 64 * 64 * MS,
					  3600 * 1000 * MS};

	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		uint64_t expiry = START + delays[i];
		struct timer_wheel w;
		struct alarm a;

		timer_wheel_init(&w, START);
		alarm_init(&a);
		timer_arm(&w, &a.timer, expiry);
		timer_wheel_run(&w, expiry - 1, NULL);
		timer_wheel_check(&w);
		cr_assert_eq(a.fired_count, 0, "early after %lu ns", (unsigned long)delays[i]);
		cr_assert_eq(timer_wheel_run(&w, expiry + MS, NULL), 1);
		cr_assert_eq(timer_wheel_run(&w, expiry + 10 * MS, NULL), 0);
		cr_assert_eq(a.fired_count, 1);
	}
}

Test(timer_wheel, a_past_expiry_fires_in_the_next_run_even_within_the_same_tick)
{
	struct timer_wheel w;
	struct alarm a;

	timer_wheel_init(&w, START);
	alarm_init(&a);
	timer_arm(&w, &a.timer, START - 5 * MS);
	cr_assert_leq(timer_wheel_next_ns(&w), START);
	timer_wheel_check(&w);
	cr_assert_eq(timer_wheel_run(&w, START, NULL), 1);
	timer_arm(&w, &a.timer, 0);
	cr_assert_eq(timer_wheel_run(&w, START + 1, NULL), 1);
}

Test(timer_wheel, beyond_the_horizon_is_rechecked_not_forgotten)
{
	uint64_t horizon = 64ull * 64 * 64 * 64 * MS;
	struct timer_wheel w;
	struct alarm a, never;

	timer_wheel_init(&w, START);
	alarm_init(&a);
	alarm_init(&never);
	timer_arm(&w, &a.timer, START + 3 * horizon);
	timer_arm(&w, &never.timer, UINT64_MAX);
	for (uint64_t now = START; now < START + 3 * horizon; now += horizon / 5)
		cr_assert_eq(timer_wheel_run(&w, now, NULL), 0);
	timer_wheel_check(&w);
	cr_assert_eq(timer_wheel_run(&w, START + 3 * horizon + MS, NULL), 1);
	cr_assert_eq(a.fired_count, 1);
	cr_assert(timer_is_armed(&never.timer));
}

Test(timer_wheel, moving_and_disarming)
{
	struct timer_wheel w;
	struct alarm a;

	timer_wheel_init(&w, START);
	alarm_init(&a);
	timer_disarm(&w, &a.timer);
	timer_arm(&w, &a.timer, START + 5 * MS);
	timer_arm(&w, &a.timer, START + 500 * MS);
	cr_assert_eq(w.armed_count, 1);
	cr_assert_eq(timer_wheel_run(&w, START + 100 * MS, NULL), 0);
	timer_disarm(&w, &a.timer);
	timer_disarm(&w, &a.timer);
	cr_assert_eq(w.armed_count, 0);
	cr_assert_eq(timer_wheel_next_ns(&w), UINT64_MAX);
	cr_assert_eq(timer_wheel_run(&w, START + 1000 * MS, NULL), 0);
	timer_wheel_check(&w);
}

Test(timer_wheel, time_that_goes_backwards_fires_nothing_twice)
{
	struct timer_wheel w;
	struct alarm a;

	timer_wheel_init(&w, START);
	alarm_init(&a);
	timer_arm(&w, &a.timer, START + 5 * MS);
	cr_assert_eq(timer_wheel_run(&w, START - 100 * MS, NULL), 0);
	cr_assert_eq(timer_wheel_run(&w, START + 6 * MS, NULL), 1);
	cr_assert_eq(timer_wheel_run(&w, START, NULL), 0);
	timer_wheel_check(&w);
}

struct pair {
	struct timer_entry timer;
	struct timer_entry *victim;
	unsigned fired_count;
};

/* Disarms the other one, and arms itself for the past. */
static void pair_fired(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct pair *p = CONTAINER_OF(t, struct pair, timer);
	struct timer_wheel *w = ctx;

	p->fired_count++;
	timer_disarm(w, p->victim);
	timer_arm(w, t, now_ns - 3 * MS);
}

Test(timer_wheel, a_callback_may_disarm_what_is_due_and_rearm_itself)
{
	struct timer_wheel w;
	struct pair a = {.victim = NULL}, b = {.victim = NULL};

	timer_wheel_init(&w, START);
	timer_entry_init(&a.timer, pair_fired);
	timer_entry_init(&b.timer, pair_fired);
	a.victim = &b.timer;
	b.victim = &a.timer;
	timer_arm(&w, &a.timer, START + 2 * MS);
	timer_arm(&w, &b.timer, START + 2 * MS);
	cr_assert_eq(timer_wheel_run(&w, START + 300 * MS, &w), 1);
	cr_assert_eq(a.fired_count, 1);
	cr_assert_eq(b.fired_count, 0);
	cr_assert_eq(w.armed_count, 1);
	timer_wheel_check(&w);
	cr_assert_eq(timer_wheel_run(&w, START + 300 * MS, &w), 1);
	cr_assert_eq(a.fired_count, 2);
}

static uint32_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*state >> 33);
}

/* Mostly short delays, some long ones. */
static uint64_t random_delay(uint64_t *state)
{
	return ((uint64_t)next_random(state) * 1000) >> (next_random(state) % 32);
}

/* Against a table of expiries searched linearly. */
Test(timer_wheel, random_operations_agree_with_a_model)
{
	enum { COUNT = 50, STEPS = 30000 };
	struct alarm alarms[COUNT];
	uint64_t expiry[COUNT] = {0}, now = START, random = 7; /* 0: not armed */
	struct timer_wheel w;

	timer_wheel_init(&w, now);
	for (unsigned i = 0; i < COUNT; i++)
		alarm_init(&alarms[i]);
	for (unsigned step = 0; step < STEPS; step++) {
		unsigned i = next_random(&random) % COUNT;
		uint64_t earliest = UINT64_MAX;
		bool is_past;

		if (next_random(&random) % 4 == 0) {
			timer_disarm(&w, &alarms[i].timer);
			expiry[i] = 0;
		} else {
			expiry[i] = now - now % MS + random_delay(&random);
			timer_arm(&w, &alarms[i].timer, expiry[i]);
		}
		is_past = expiry[i] != 0 && expiry[i] <= now;
		for (unsigned k = 0; k < COUNT; k++) {
			if (expiry[k] != 0 && expiry[k] < earliest)
				earliest = expiry[k];
		}
		if (earliest == UINT64_MAX)
			cr_assert_eq(timer_wheel_next_ns(&w), UINT64_MAX);
		else if (earliest > now)
			cr_assert_leq(timer_wheel_next_ns(&w), earliest + MS);
		timer_wheel_check(&w);

		now += random_delay(&random) / 8;
		timer_wheel_run(&w, now, NULL);
		timer_wheel_check(&w);
		for (unsigned k = 0; k < COUNT; k++) {
			bool fired = alarms[k].fired_count > 0;

			cr_assert_leq(alarms[k].fired_count, 1);
			if (fired)
				cr_assert(expiry[k] != 0 && expiry[k] <= now, "early");
			else if (expiry[k] != 0)
				cr_assert(expiry[k] > now - MS && !(k == i && is_past), "late");
			if (fired)
				expiry[k] = 0;
			alarms[k].fired_count = 0;
		}
	}
}
