/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_arena.h: the memory wolfSSL allocates from. One arena per worker, and only that worker's
 * thread allocates and frees in it; it is bounded and counted, and has its own jemalloc arena on
 * memory taken at the start, from huge pages where there are some, so that nothing is locked. Its address is the heap hint of
 * everything wolfSSL allocates for that worker. Not for packet or HTTP data. */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tls_arena_backend;

struct tls_arena {
	size_t bytes_max;
	struct tls_arena_backend *backend;
	bool is_shared;
	/* read by the control plane: one writer, relaxed loads */
	uint64_t allocs, frees, refused, live_bytes;
};

/* bytes_max: an allocation that would take live_bytes above it is refused: NULL, counted.
 * hugepages_bytes: so much of the memory is taken from huge pages, if they can be had. */
MUST_CHECK enum gw_err tls_arena_init(struct tls_arena *arena, size_t bytes_max,
				      size_t hugepages_bytes, struct err_note *note);
/* What is still allocated is lost with it. */
void tls_arena_fini(struct tls_arena *arena);

/* What its memory lies on. */
struct tls_arena_memory {
	const char *pages;    /* "huge", "transparent" or "plain": the pages that are used first */
	uint64_t bytes;       /* of addresses; 0 where the C library decides */
	uint64_t huge_bytes;  /* of these, on huge pages */
	uint64_t taken_bytes; /* of these, in use by jemalloc: never given back while it lives */
};
void tls_arena_memory(const struct tls_arena *arena, struct tls_arena_memory *ret_memory);

/* Aligned to 16 bytes. NULL when refused or when the machine has none. Each block remembers its
 * arena, so that it is accounted to the right one whatever hint it is freed with. */
void *tls_arena_alloc(struct tls_arena *arena, size_t bytes);
/* As realloc(); on failure the old block stays. */
void *tls_arena_realloc(struct tls_arena *arena, void *p, size_t bytes);
/* NULL is allowed. */
void tls_arena_free(void *p);

/* Serves calls without a hint (wolfSSL's own initialisation, and wolfCrypt used without a worker).
 * Unbounded, shared by all threads, counted. */
struct tls_arena *tls_arena_unhinted(void);
