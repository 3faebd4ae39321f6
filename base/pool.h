/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/pool.h: a fixed number of objects of one size, taken and released in constant time.  Owned by one
 * worker.  All memory is taken at pool_init(); an empty pool is a counted, survivable event for the caller.
 * A reference that outlives an event is a pool_ref (index and generation), never a pointer. */
#pragma once

#include "base/assert.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names an object as it was when the reference was made; {0, 0} names nothing.  A generation comes round after
 * 2^31 releases of the same object: references must not be kept that long. */
struct pool_ref {
	uint32_t idx_plus_1;
	uint32_t generation;
};

struct pool {
	uint8_t *objects;
	uint32_t *generations; /* odd while taken */
	uint32_t *free_stack;
	size_t object_bytes;
	uint32_t size_count, free_count;
};

/* count objects of object_bytes each, cache-line aligned. */
MUST_CHECK enum gw_err pool_init(struct pool *p, size_t object_bytes, uint32_t count);
/* Everything must have been released. */
void pool_fini(struct pool *p);
/* NULL when empty.  The content is what the last user left. */
void *pool_take(struct pool *p);
void pool_release(struct pool *p, void *object);
struct pool_ref pool_ref_of(const struct pool *p, const void *object);
/* NULL when that object has been released since. */
void *pool_deref(const struct pool *p, struct pool_ref ref);
/* Asserts that the books agree; linear in the size, for tests. */
void pool_check(const struct pool *p);
/* The object at idx (below size_count) if it is taken now, else NULL: for a walk over all of them. */
void *pool_object_at(const struct pool *p, uint32_t idx);
/* How many are taken now. */
static inline uint32_t pool_in_use(const struct pool *p)
{
	return p->size_count - p->free_count;
}
