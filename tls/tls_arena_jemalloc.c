/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backend is the flags of mallocx(): the arena's index and that of a thread cache of its own. */
#include "tls/tls_arena_backend.h"

#include <jemalloc/jemalloc.h>
#include <stdio.h>

/* The inverses of MALLOCX_ARENA() and MALLOCX_TCACHE(), as jemalloc(3) lays the flags out. */
static unsigned arena_of(int backend)
{
	return ((unsigned)backend >> 20) - 1;
}

static unsigned tcache_of(int backend)
{
	return ((unsigned)backend >> 8 & 0xfff) - 2;
}

static void arena_destroy(unsigned arena)
{
	char name[40];

	snprintf(name, sizeof(name), "arena.%u.destroy", arena);
	mallctl(name, NULL, NULL, NULL, 0);
}

enum gw_err tls_arena_backend_open(int *ret_backend, struct err_note *note)
{
	unsigned arena, tcache;
	size_t index_bytes = sizeof(arena);

	if (mallctl("arenas.create", &arena, &index_bytes, NULL, 0) != 0) {
		err_note_set(note, "jemalloc has no arena left; use fewer workers");
		return GW_ERR_NO_MEMORY;
	}
	if (mallctl("tcache.create", &tcache, &index_bytes, NULL, 0) != 0) {
		err_note_set(note, "jemalloc has no thread cache left; use fewer workers");
		arena_destroy(arena);
		return GW_ERR_NO_MEMORY;
	}
	*ret_backend = MALLOCX_ARENA(arena) | MALLOCX_TCACHE(tcache);
	return GW_ERR_OK;
}

void tls_arena_backend_close(int backend)
{
	unsigned tcache = tcache_of(backend);

	mallctl("tcache.destroy", NULL, NULL, &tcache, sizeof(tcache));
	arena_destroy(arena_of(backend));
}

void *tls_arena_backend_alloc(int backend, size_t bytes)
{
	return mallocx(bytes, backend);
}

void tls_arena_backend_free(int backend, void *p, size_t bytes)
{
	sdallocx(p, bytes, backend);
}
