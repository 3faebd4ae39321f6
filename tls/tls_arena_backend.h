/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_arena_backend.h: where an arena's blocks come from: jemalloc (tls_arena_jemalloc.c), or
 * the C library where a sanitizer has to see every block (tls_arena_libc.c). For tls_arena.c only.
 * */
#pragma once

#include "base/err.h"

#include <stddef.h>

/* What all threads may use without opening anything. */
#define TLS_ARENA_BACKEND_SHARED 0

MUST_CHECK enum gw_err tls_arena_backend_open(int *ret_backend, struct err_note *note);
void tls_arena_backend_close(int backend);
void *tls_arena_backend_alloc(int backend, size_t bytes);
/* bytes: what was asked for. */
void tls_arena_backend_free(int backend, void *p, size_t bytes);
