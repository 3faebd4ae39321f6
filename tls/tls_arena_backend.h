/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_arena_backend.h: where an arena's blocks come from: jemalloc over a region of the worker's own
 * (tls_arena_jemalloc.c), or the C library where a sanitizer has to see every block (tls_arena_libc.c).  For
 * tls_arena.c only. */
#pragma once

#include "base/err.h"
#include "tls/tls_region.h"

#include <stddef.h>

/* NULL stands for what all threads may use without opening anything. */
struct tls_arena_backend;

/* Holds blocks of bytes_max together, and lies on hugepages_bytes of huge pages if they can be had. */
MUST_CHECK enum gw_err tls_arena_backend_open(size_t bytes_max, size_t hugepages_bytes,
					      struct err_note *note,
					      struct tls_arena_backend **ret_backend);
/* Every block is lost with it. */
void tls_arena_backend_close(struct tls_arena_backend *backend);
void *tls_arena_backend_alloc(struct tls_arena_backend *backend, size_t bytes);
/* bytes: what was asked for. */
void tls_arena_backend_free(struct tls_arena_backend *backend, void *p, size_t bytes);
/* NULL where the C library decides. */
const struct tls_region *tls_arena_backend_region(const struct tls_arena_backend *backend);
