/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_arena.h"

#include "tls/tls_arena_backend.h"

#include <assert.h>
#include <string.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/types.h>

/* In front of every block. */
struct block {
	struct tls_arena *arena;
	size_t bytes; /* with this header */
};
static_assert(sizeof(struct block) == 16, "blocks stay aligned to 16 bytes");

/* Calls without a hint come from any thread. */
static struct tls_arena unhinted = {.bytes_max = SIZE_MAX, .is_shared = true};

struct tls_arena *tls_arena_unhinted(void)
{
	return &unhinted;
}

enum gw_err tls_arena_init(struct tls_arena *arena, size_t bytes_max, size_t hugepages_bytes,
			   struct err_note *note)
{
	*arena = (struct tls_arena){.bytes_max = bytes_max};
	return tls_arena_backend_open(bytes_max, hugepages_bytes, note, &arena->backend);
}

void tls_arena_fini(struct tls_arena *arena)
{
	tls_arena_backend_close(arena->backend);
}

void tls_arena_memory(const struct tls_arena *arena, struct tls_arena_memory *ret_memory)
{
	const struct tls_region *region = tls_arena_backend_region(arena->backend);

	*ret_memory = (struct tls_arena_memory){.pages = tls_pages_name(TLS_PAGES_PLAIN)};
	if (region == NULL)
		return;
	ret_memory->pages = tls_pages_name(tls_region_pages(region));
	ret_memory->bytes = region->huge.bytes + region->rest.bytes;
	ret_memory->huge_bytes = region->huge.bytes;
	ret_memory->taken_bytes = __atomic_load_n(&region->huge.used_bytes, __ATOMIC_RELAXED) +
				  __atomic_load_n(&region->rest.used_bytes, __ATOMIC_RELAXED);
}

/* n may be the two's complement of what is to be taken off. */
static void stat_add(const struct tls_arena *arena, uint64_t *stat, uint64_t n)
{
	if (arena->is_shared)
		__atomic_fetch_add(stat, n, __ATOMIC_RELAXED);
	else
		__atomic_store_n(stat, *stat + n, __ATOMIC_RELAXED);
}

static struct block *block_of(void *p)
{
	return (struct block *)p - 1;
}

static bool fits(const struct tls_arena *arena, size_t bytes)
{
	uint64_t live_bytes = __atomic_load_n(&arena->live_bytes, __ATOMIC_RELAXED);

	return live_bytes <= arena->bytes_max && bytes <= arena->bytes_max - live_bytes;
}

void *tls_arena_alloc(struct tls_arena *arena, size_t bytes)
{
	struct block *block = NULL;

	if (bytes <= SIZE_MAX / 2 && fits(arena, sizeof(*block) + bytes))
		block = tls_arena_backend_alloc(arena->backend, sizeof(*block) + bytes);
	if (block == NULL) {
		stat_add(arena, &arena->refused, 1);
		return NULL;
	}
	*block = (struct block){.arena = arena, .bytes = sizeof(*block) + bytes};
	stat_add(arena, &arena->allocs, 1);
	stat_add(arena, &arena->live_bytes, block->bytes);
	return block + 1;
}

void tls_arena_free(void *p)
{
	struct tls_arena *arena;
	struct block *block;

	if (p == NULL)
		return;
	block = block_of(p);
	arena = block->arena;
	stat_add(arena, &arena->frees, 1);
	stat_add(arena, &arena->live_bytes, -(uint64_t)block->bytes);
	tls_arena_backend_free(arena->backend, block, block->bytes);
}

void *tls_arena_realloc(struct tls_arena *arena, void *p, size_t bytes)
{
	void *moved = tls_arena_alloc(arena, bytes);
	size_t old_bytes;

	if (moved == NULL || p == NULL)
		return moved;
	old_bytes = block_of(p)->bytes - sizeof(struct block);
	memcpy(moved, p, old_bytes < bytes ? old_bytes : bytes);
	tls_arena_free(p);
	return moved;
}

/* wolfSSL's hooks (XMALLOC_USER).  heap is the hint its objects were made with. */

static struct tls_arena *arena_of(void *heap)
{
	return heap != NULL ? (struct tls_arena *)heap : &unhinted;
}

void *XMALLOC(size_t n, void *heap, int type)
{
	(void)type;
	return tls_arena_alloc(arena_of(heap), n);
}

void *XREALLOC(void *p, size_t n, void *heap, int type)
{
	(void)type;
	return tls_arena_realloc(arena_of(heap), p, n);
}

void XFREE(void *p, void *heap, int type)
{
	(void)heap;
	(void)type;
	tls_arena_free(p);
}
