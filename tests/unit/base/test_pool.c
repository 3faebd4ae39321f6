/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pool.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

static void pool_make(struct pool *p, size_t object_bytes, uint32_t count)
{
	cr_assert_eq(pool_init(p, object_bytes, count), GW_ERR_OK);
}

Test(pool, an_empty_pool_gives_null_and_recovers)
{
	struct pool p;
	void *a, *b;

	pool_make(&p, 100, 2);
	a = pool_take(&p);
	b = pool_take(&p);
	cr_assert_neq(a, b);
	cr_assert_null(pool_take(&p));
	cr_assert_eq(pool_in_use(&p), 2);
	pool_release(&p, a);
	cr_assert_eq(pool_take(&p), a);
	pool_release(&p, a);
	pool_release(&p, b);
	pool_check(&p);
	pool_fini(&p);
}

Test(pool, objects_are_cache_lines_apart_and_keep_their_content)
{
	struct pool p;
	uint8_t *a;

	pool_make(&p, 1, 3);
	a = pool_take(&p);
	cr_assert_eq((uintptr_t)a % 64, 0);
	*a = 42;
	pool_release(&p, a);
	a = pool_take(&p);
	cr_assert_eq((uintptr_t)a % 64, 0);
	cr_assert_eq(*a, 42);
	pool_release(&p, a);
	pool_fini(&p);
}

Test(pool, a_reference_dies_with_its_object)
{
	struct pool p;
	struct pool_ref ref;
	void *a;

	pool_make(&p, 64, 1);
	a = pool_take(&p);
	ref = pool_ref_of(&p, a);
	cr_assert_eq(pool_deref(&p, ref), a);
	pool_release(&p, a);
	cr_assert_null(pool_deref(&p, ref));
	cr_assert_eq(pool_take(&p), a);
	cr_assert_null(pool_deref(&p, ref), "the same memory, another object");
	pool_release(&p, a);
	pool_fini(&p);
}

Test(pool, what_is_no_reference_names_nothing)
{
	struct pool p;

	pool_make(&p, 64, 4);
	cr_assert_null(pool_deref(&p, (struct pool_ref){0}));
	cr_assert_null(pool_deref(&p, (struct pool_ref){.idx_plus_1 = 5, .generation = 1}));
	cr_assert_null(
		pool_deref(&p, (struct pool_ref){.idx_plus_1 = UINT32_MAX, .generation = 1}));
	cr_assert_null(pool_deref(&p, (struct pool_ref){.idx_plus_1 = 1, .generation = 0}), "free");
	pool_fini(&p);
}

Test(pool, releasing_twice_is_caught, .signal = SIGABRT)
{
	struct pool p;
	void *a;

	pool_make(&p, 64, 2);
	a = pool_take(&p);
	pool_release(&p, a);
	pool_release(&p, a);
}

Test(pool, releasing_a_stranger_is_caught, .signal = SIGABRT)
{
	struct pool p;
	uint8_t *a;

	pool_make(&p, 64, 2);
	a = pool_take(&p);
	pool_release(&p, a + 1);
}

Test(pool, a_leak_is_caught_at_the_end, .signal = SIGABRT)
{
	struct pool p;

	pool_make(&p, 64, 2);
	pool_take(&p);
	pool_fini(&p);
}

Test(pool, more_than_memory_is_refused)
{
	struct pool p = {.size_count = 7};

	cr_assert_eq(pool_init(&p, SIZE_MAX / 2, 4), GW_ERR_NO_MEMORY);
	cr_assert_eq(pool_init(&p, SIZE_MAX, 1), GW_ERR_NO_MEMORY);
	cr_assert_eq(p.size_count, 7, "untouched on failure");
}

/* Against an array of booleans. */
Test(pool, random_takes_and_releases_agree_with_a_model)
{
	enum { COUNT = 37, STEPS = 20000 };
	uint8_t *taken[COUNT] = {NULL};
	struct pool_ref refs[COUNT] = {0};
	uint32_t taken_count = 0, random = 1;
	struct pool p;

	pool_make(&p, 40, COUNT);
	for (unsigned step = 0; step < STEPS; step++) {
		random = random * 1664525 + 1013904223;
		unsigned i = (random >> 8) % COUNT;

		if (taken[i] == NULL) {
			cr_assert_null(pool_deref(&p, refs[i]));
			taken[i] = pool_take(&p);
			cr_assert_not_null(taken[i]);
			memset(taken[i], (int)i, 40);
			refs[i] = pool_ref_of(&p, taken[i]);
			taken_count++;
		} else {
			cr_assert_eq(pool_deref(&p, refs[i]), taken[i]);
			cr_assert_eq(taken[i][0], i);
			cr_assert_eq(taken[i][39], i);
			pool_release(&p, taken[i]);
			taken[i] = NULL;
			taken_count--;
		}
		cr_assert_eq(pool_in_use(&p), taken_count);
		pool_check(&p);
	}
}
