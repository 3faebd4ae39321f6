/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A jemalloc arena whose extents, its own bookkeeping's too, come from a region.  What it has got once it keeps and
 * splits and joins as it needs: there are no hooks to give memory back, so that a worker makes no system call
 * for it. */
#include "tls/tls_arena_backend.h"

#include <jemalloc/jemalloc.h>
#include <stdio.h>
#include <stdlib.h>

/* What jemalloc needs beyond the blocks: its bookkeeping, and what size classes and runs leave unused. */
#define OVERHEAD_BYTES (2 * TLS_HUGEPAGE_BYTES)
#define OVERHEAD_DIVISOR 4

/* Of the name arena.N.purge, as mallctlbymib() wants it. */
#define PURGE_PARTS 3

struct tls_arena_backend {
	extent_hooks_t hooks; /* first, or region_of() fails */
	struct tls_region region;
	unsigned arena, tcache;
	int flags; /* of mallocx() */
	size_t purge[PURGE_PARTS];
};

static struct tls_region *region_of(extent_hooks_t *hooks)
{
	return &((struct tls_arena_backend *)hooks)->region;
}

static void *extent_alloc(extent_hooks_t *hooks, void *at, size_t bytes, size_t alignment,
			  bool *zero, bool *commit, unsigned arena)
{
	void *p;

	(void)arena;
	if (at != NULL) /* at this very address: the region does not do that */
		return NULL;
	p = tls_region_take(region_of(hooks), bytes, alignment);
	if (p == NULL)
		return NULL;
	*zero = true;
	*commit = true;
	return p;
}

/* False is success.  All of a region is memory, so a part of an extent is an extent, and so are two that touch. */
static bool extent_split(extent_hooks_t *hooks, void *p, size_t bytes, size_t first_bytes,
			 size_t second_bytes, bool is_committed, unsigned arena)
{
	(void)hooks, (void)p, (void)bytes, (void)first_bytes, (void)second_bytes;
	(void)is_committed, (void)arena;
	return false;
}

static bool extent_merge(extent_hooks_t *hooks, void *first, size_t first_bytes, void *second,
			 size_t second_bytes, bool is_committed, unsigned arena)
{
	(void)hooks, (void)first, (void)first_bytes, (void)second, (void)second_bytes;
	(void)is_committed, (void)arena;
	return false;
}

static void arena_destroy(unsigned arena)
{
	char name[40];

	snprintf(name, sizeof(name), "arena.%u.destroy", arena);
	mallctl(name, NULL, NULL, NULL, 0);
}

static bool arena_tune(struct tls_arena_backend *backend)
{
	size_t growth = TLS_HUGEPAGE_BYTES, part_count = PURGE_PARTS;
	char name[64];

	snprintf(name, sizeof(name), "arena.%u.retain_grow_limit", backend->arena);
	if (mallctl(name, NULL, NULL, &growth, sizeof(growth)) != 0)
		return false;
	snprintf(name, sizeof(name), "arena.%u.purge", backend->arena);
	return mallctlnametomib(name, backend->purge, &part_count) == 0 &&
	       part_count == PURGE_PARTS;
}

static bool arena_create(struct tls_arena_backend *backend)
{
	extent_hooks_t *hooks = &backend->hooks;
	size_t index_bytes = sizeof(backend->arena);

	if (mallctl("arenas.create", &backend->arena, &index_bytes, &hooks, sizeof(hooks)) != 0)
		return false;
	if (arena_tune(backend) &&
	    mallctl("tcache.create", &backend->tcache, &index_bytes, NULL, 0) == 0)
		return true;
	arena_destroy(backend->arena);
	return false;
}

enum gw_err tls_arena_backend_open(size_t bytes_max, size_t hugepages_bytes, struct err_note *note,
				   struct tls_arena_backend **ret_backend)
{
	struct tls_arena_backend *backend = calloc(1, sizeof(*backend));
	size_t overhead_bytes = bytes_max / OVERHEAD_DIVISOR + OVERHEAD_BYTES;
	enum gw_err err;

	if (backend == NULL) {
		err_note_set(note, "no memory for a TLS arena; free some");
		return GW_ERR_NO_MEMORY;
	}
	if (overhead_bytes > SIZE_MAX - bytes_max)
		overhead_bytes = SIZE_MAX - bytes_max;
	err = tls_region_open(&backend->region, bytes_max + overhead_bytes, hugepages_bytes, note);
	if (err != GW_ERR_OK)
		goto free_backend;
	backend->hooks = (extent_hooks_t){
		.alloc = extent_alloc, .split = extent_split, .merge = extent_merge};
	if (!arena_create(backend)) {
		err_note_set(note, "jemalloc has no arena left; use fewer workers");
		err = GW_ERR_NO_MEMORY;
		goto close_region;
	}
	backend->flags = MALLOCX_ARENA(backend->arena) | MALLOCX_TCACHE(backend->tcache);
	*ret_backend = backend;
	return GW_ERR_OK;

close_region:
	tls_region_close(&backend->region);
free_backend:
	free(backend);
	return err;
}

void tls_arena_backend_close(struct tls_arena_backend *backend)
{
	if (backend == NULL)
		return;
	mallctl("tcache.destroy", NULL, NULL, &backend->tcache, sizeof(backend->tcache));
	arena_destroy(backend->arena);
	tls_region_close(&backend->region);
	free(backend);
}

static int flags_of(const struct tls_arena_backend *backend)
{
	return backend != NULL ? backend->flags : 0;
}

void *tls_arena_backend_alloc(struct tls_arena_backend *backend, size_t bytes)
{
	void *p = mallocx(bytes, flags_of(backend));

	if (p != NULL || backend == NULL)
		return p;
	/* jemalloc joins what was freed a moment ago only when it gives it up; there is nobody to give it to. */
	mallctlbymib(backend->purge, PURGE_PARTS, NULL, NULL, NULL, 0);
	return mallocx(bytes, backend->flags);
}

void tls_arena_backend_free(struct tls_arena_backend *backend, void *p, size_t bytes)
{
	sdallocx(p, bytes, flags_of(backend));
}

const struct tls_region *tls_arena_backend_region(const struct tls_arena_backend *backend)
{
	return backend != NULL ? &backend->region : NULL;
}
