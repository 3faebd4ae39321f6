/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/arena.h: memory that is given back all at once.  Holds a configuration's strings and
 * arrays, or what reading one needs meanwhile.  Cold path only. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* NULL when there is no memory. */
struct arena *arena_create(void);
/* Frees arena and everything taken from it; NULL is allowed. */
void arena_destroy(struct arena *arena);
/* Zeroed, aligned for any object, valid until arena_destroy().  NULL when there is no memory, or
 * when count * bytes does not fit a size_t.  Zero bytes yield a pointer that may not be read. */
void *arena_alloc(struct arena *arena, size_t count, size_t bytes);
/* A NUL-terminated copy of len characters.  NULL when there is no memory. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);
/* printf into memory of arena.  NULL when there is no memory. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
