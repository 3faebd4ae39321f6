/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer a released object may not be touched, as if it had been freed. */
#if defined(__SANITIZE_ADDRESS__)
#define POOL_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POOL_ASAN 1
#endif
#endif

#ifdef POOL_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

#define CACHE_LINE_BYTES 64

static uint8_t *object_at(const struct pool *p, uint32_t idx)
{
	return p->objects + (size_t)idx * p->object_bytes;
}

/* The index of an object that must be one of ours. */
static uint32_t object_idx(const struct pool *p, const void *object)
{
	size_t offset = (size_t)((const uint8_t *)object - p->objects);

	GW_ASSERT(offset < (size_t)p->size_count * p->object_bytes);
	GW_ASSERT(offset % p->object_bytes == 0);
	return (uint32_t)(offset / p->object_bytes);
}

static bool is_taken(uint32_t generation)
{
	return generation & 1;
}

enum gw_err pool_init(struct pool *p, size_t object_bytes, uint32_t count)
{
	size_t stride = (object_bytes + CACHE_LINE_BYTES - 1) / CACHE_LINE_BYTES * CACHE_LINE_BYTES;
	struct pool fresh = {.object_bytes = stride, .size_count = count, .free_count = count};
	size_t bytes;

	GW_ASSERT(object_bytes > 0 && count > 0 && count < UINT32_MAX);
	if (stride < object_bytes || __builtin_mul_overflow(stride, (size_t)count, &bytes))
		return GW_ERR_NO_MEMORY;
	fresh.objects = aligned_alloc(CACHE_LINE_BYTES, bytes);
	if (fresh.objects == NULL)
		return GW_ERR_NO_MEMORY;
	fresh.generations = calloc(count, sizeof(*fresh.generations));
	if (fresh.generations == NULL)
		goto free_objects;
	fresh.free_stack = calloc(count, sizeof(*fresh.free_stack));
	if (fresh.free_stack == NULL)
		goto free_generations;

	/* Touching every page now keeps page faults out of the data path. */
	memset(fresh.objects, 0, bytes);
	for (uint32_t i = 0; i < count; i++)
		fresh.free_stack[i] = count - 1 - i;
	ASAN_POISON_MEMORY_REGION(fresh.objects, bytes);
	*p = fresh;
	return GW_ERR_OK;

free_generations:
	free(fresh.generations);
free_objects:
	free(fresh.objects);
	return GW_ERR_NO_MEMORY;
}

void pool_fini(struct pool *p)
{
	GW_ASSERT(pool_in_use(p) == 0);
	ASAN_UNPOISON_MEMORY_REGION(p->objects, (size_t)p->size_count * p->object_bytes);
	free(p->free_stack);
	free(p->generations);
	free(p->objects);
	*p = (struct pool){0};
}

void *pool_take(struct pool *p)
{
	uint32_t idx;

	if (p->free_count == 0)
		return NULL;
	idx = p->free_stack[--p->free_count];
	p->generations[idx]++;
	ASAN_UNPOISON_MEMORY_REGION(object_at(p, idx), p->object_bytes);
	return object_at(p, idx);
}

void pool_release(struct pool *p, void *object)
{
	uint32_t idx = object_idx(p, object);

	GW_ASSERT(is_taken(p->generations[idx]));
	p->generations[idx]++;
	p->free_stack[p->free_count++] = idx;
	ASAN_POISON_MEMORY_REGION(object, p->object_bytes);
}

struct pool_ref pool_ref_of(const struct pool *p, const void *object)
{
	uint32_t idx = object_idx(p, object);

	return (struct pool_ref){.idx_plus_1 = idx + 1, .generation = p->generations[idx]};
}

void *pool_deref(const struct pool *p, struct pool_ref ref)
{
	uint32_t idx = ref.idx_plus_1 - 1;

	if (ref.idx_plus_1 == 0 || idx >= p->size_count)
		return NULL;
	if (p->generations[idx] != ref.generation || !is_taken(ref.generation))
		return NULL;
	return object_at(p, idx);
}

void pool_check(const struct pool *p)
{
	uint32_t taken_count = 0;

	GW_ASSERT(p->free_count <= p->size_count);
	for (uint32_t i = 0; i < p->size_count; i++)
		taken_count += is_taken(p->generations[i]);
	GW_ASSERT(taken_count == pool_in_use(p));
	for (uint32_t i = 0; i < p->free_count; i++) {
		GW_ASSERT(p->free_stack[i] < p->size_count);
		GW_ASSERT(!is_taken(p->generations[p->free_stack[i]]));
	}
}

void *pool_object_at(const struct pool *p, uint32_t idx)
{
	GW_ASSERT(idx < p->size_count);
	return is_taken(p->generations[idx]) ? object_at(p, idx) : NULL;
}
