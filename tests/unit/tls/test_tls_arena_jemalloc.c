/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jemalloc over a region, also where tests have the C library's arena. */
#include <criterion/criterion.h>

#include "tls/tls_arena_backend.h"

#include <string.h>

#define MIB ((size_t)1 << 20)
/* About what wolfSSL keeps for a session in its largest block. */
#define OBJECT_BYTES 1800
#define OBJECTS_MAX 40000

static struct tls_arena_backend *backend;

static void open_backend(size_t bytes_max)
{
	cr_assert_eq(tls_arena_backend_open(bytes_max, 0, NULL, &backend), GW_ERR_OK);
}

static bool is_in_region(const void *p)
{
	const struct tls_region_part *rest = &tls_arena_backend_region(backend)->rest;

	return (const uint8_t *)p >= rest->start && (const uint8_t *)p < rest->start + rest->bytes;
}

/* As many as there is room for, up to max. */
static size_t fill(void **objects, size_t bytes, size_t max)
{
	size_t n = 0;

	while (n < max && (objects[n] = tls_arena_backend_alloc(backend, bytes)) != NULL) {
		cr_assert(is_in_region(objects[n]));
		memset(objects[n++], 0xa5, bytes);
	}
	return n;
}

static void free_all(void **objects, size_t bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tls_arena_backend_free(backend, objects[i], bytes);
}

static void *objects[OBJECTS_MAX];

Test(tls_arena_jemalloc, small_blocks_use_all_of_the_memory)
{
	size_t count;

	open_backend(16 * MIB);
	count = fill(objects, OBJECT_BYTES, OBJECTS_MAX);
	cr_assert_lt(count, OBJECTS_MAX, "the region is no bound");
	cr_assert_geq(count * OBJECT_BYTES, 16 * MIB);
	free_all(objects, OBJECT_BYTES, count);
	tls_arena_backend_close(backend);
}

/* jemalloc joins what it took at once, 2 MiB, and nothing beyond. */
Test(tls_arena_jemalloc, what_small_blocks_leave_serves_large_ones)
{
	void *large[12];
	size_t count;

	open_backend(16 * MIB);
	count = fill(objects, OBJECT_BYTES, OBJECTS_MAX);
	free_all(objects, OBJECT_BYTES, count);
	cr_assert_geq(fill(large, MIB / 2, 12), 12, "extents were not joined");
	free_all(large, MIB / 2, 12);
	cr_assert_geq(fill(objects, OBJECT_BYTES, count), count - count / 20,
		      "extents were not split");
	tls_arena_backend_close(backend);
}

Test(tls_arena_jemalloc, freed_blocks_are_used_again_and_the_region_stays_as_it_is)
{
	const struct tls_region *region;
	size_t used_bytes;

	open_backend(16 * MIB);
	region = tls_arena_backend_region(backend);
	free_all(objects, OBJECT_BYTES, fill(objects, OBJECT_BYTES, 1000));
	used_bytes = region->rest.used_bytes;
	cr_assert_leq(used_bytes, 8 * MIB);
	for (unsigned i = 0; i < 100; i++)
		free_all(objects, OBJECT_BYTES, fill(objects, OBJECT_BYTES, 1000));
	cr_assert_eq(region->rest.used_bytes, used_bytes);
	tls_arena_backend_close(backend);
}

Test(tls_arena_jemalloc, backends_can_be_opened_and_closed_many_times)
{
	for (unsigned i = 0; i < 50; i++) {
		open_backend(4 * MIB);
		cr_assert_eq(fill(objects, OBJECT_BYTES, 500), 500);
		tls_arena_backend_close(backend);
	}
}

Test(tls_arena_jemalloc, a_bound_beyond_all_addresses_is_cut)
{
	open_backend(SIZE_MAX);
	cr_assert_eq(fill(objects, OBJECT_BYTES, 10), 10);
	tls_arena_backend_close(backend);
}
