/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One calloc() an object keeps every object visible to the address sanitizer. */
struct arena_object {
	struct arena_object *next;
	max_align_t data[];
};

struct arena {
	struct arena_object *objects;
};

struct arena *arena_create(void)
{
	return calloc(1, sizeof(struct arena));
}

void arena_destroy(struct arena *arena)
{
	struct arena_object *next;

	if (arena == NULL)
		return;
	for (struct arena_object *object = arena->objects; object != NULL; object = next) {
		next = object->next;
		free(object);
	}
	free(arena);
}

void *arena_alloc(struct arena *arena, size_t count, size_t bytes)
{
	struct arena_object *object;

	if (bytes != 0 && count > (SIZE_MAX - sizeof(*object)) / bytes)
		return NULL;
	object = calloc(1, sizeof(*object) + count * bytes);
	if (object == NULL)
		return NULL;
	object->next = arena->objects;
	arena->objects = object;
	return object->data;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? arena_alloc(arena, len + 1, 1) : NULL;

	if (copy != NULL && len > 0)
		memcpy(copy, text, len);
	return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	text = len < 0 ? NULL : arena_alloc(arena, (size_t)len + 1, 1);
	if (text != NULL)
		vsnprintf(text, (size_t)len + 1, format, again);
	va_end(again);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}
