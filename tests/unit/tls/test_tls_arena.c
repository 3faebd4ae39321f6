/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/tls_arena.h"

#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/types.h>

static struct tls_arena arena;

static void open_arena(size_t bytes_max)
{
	cr_assert_eq(tls_arena_init(&arena, bytes_max, 0, NULL), GW_ERR_OK);
}

static void assert_empty(void)
{
	cr_assert_eq(arena.live_bytes, 0);
	cr_assert_eq(arena.allocs, arena.frees);
	tls_arena_fini(&arena);
}

Test(tls_arena, allocation_beyond_the_bound_is_refused_and_counted)
{
	void *a, *b;

	open_arena(1000);
	a = tls_arena_alloc(&arena, 900);
	cr_assert_not_null(a);
	cr_assert_null(tls_arena_alloc(&arena, 100));
	cr_assert_eq(arena.refused, 1);
	cr_assert_geq(arena.live_bytes, 900);
	cr_assert_leq(arena.live_bytes, 1000);
	tls_arena_free(a);
	b = tls_arena_alloc(&arena, 100);
	cr_assert_not_null(b);
	tls_arena_free(b);
	assert_empty();
}

Test(tls_arena, size_that_overflows_is_refused)
{
	open_arena(SIZE_MAX);
	cr_assert_null(tls_arena_alloc(&arena, SIZE_MAX));
	cr_assert_null(tls_arena_alloc(&arena, SIZE_MAX - 15));
	cr_assert_eq(arena.refused, 2);
	assert_empty();
}

Test(tls_arena, refused_realloc_leaves_the_block)
{
	char *p;

	open_arena(1000);
	p = tls_arena_alloc(&arena, 100);
	memcpy(p, "kept", 5);
	cr_assert_null(tls_arena_realloc(&arena, p, 2000));
	cr_assert_str_eq(p, "kept");
	p = tls_arena_realloc(&arena, p, 200);
	cr_assert_str_eq(p, "kept");
	p = tls_arena_realloc(&arena, p, 5);
	cr_assert_str_eq(p, "kept");
	tls_arena_free(p);
	assert_empty();
}

Test(tls_arena, blocks_are_aligned)
{
	void *blocks[50];

	open_arena(1 << 20);
	for (size_t i = 0; i < 50; i++) {
		blocks[i] = tls_arena_alloc(&arena, i);
		cr_assert_eq((uintptr_t)blocks[i] % 16, 0);
	}
	for (size_t i = 0; i < 50; i++)
		tls_arena_free(blocks[i]);
	assert_empty();
}

Test(tls_arena, hooks_account_to_the_arena_of_the_hint)
{
	void *p;

	open_arena(1000);
	p = XMALLOC(100, &arena, 0);
	p = XREALLOC(p, 200, &arena, 0);
	cr_assert_eq(arena.allocs, 2);
	cr_assert_eq(arena.frees, 1);
	cr_assert_null(XMALLOC(1000, &arena, 0));
	/* freed with another hint: still ours */
	XFREE(p, NULL, 0);
	XFREE(NULL, &arena, 0);
	assert_empty();
}

Test(tls_arena, calls_without_a_hint_are_counted_apart)
{
	uint64_t before = tls_arena_unhinted()->live_bytes;
	void *p = XMALLOC(100, NULL, 0);

	cr_assert_geq(tls_arena_unhinted()->live_bytes, before + 100);
	XFREE(p, NULL, 0);
	cr_assert_eq(tls_arena_unhinted()->live_bytes, before);
}

Test(tls_arena, arenas_can_be_made_and_destroyed_many_times)
{
	for (unsigned i = 0; i < 20; i++) {
		void *p;

		open_arena(1 << 20);
		p = tls_arena_alloc(&arena, 5000);
		memset(p, 1, 5000);
		tls_arena_free(p);
		assert_empty();
	}
}
