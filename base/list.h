/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/list.h: intrusive, circular, doubly linked list.  A node belongs to at most one list; an unlinked node
 * points at itself, so unlinking twice is harmless and list_is_linked() can be asked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

/* The struct around a member. */
#define CONTAINER_OF(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

static inline void list_init(struct list *l)
{
	l->next = l;
	l->prev = l;
}

static inline bool list_is_empty(const struct list *head)
{
	return head->next == head;
}

static inline bool list_is_linked(const struct list *node)
{
	return node->next != node;
}

/* Appends at the tail.  The node must be unlinked. */
static inline void list_push(struct list *head, struct list *node)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

/* Inserts at the front.  The node must be unlinked. */
static inline void list_push_front(struct list *head, struct list *node)
{
	list_push(head->next, node);
}

static inline void list_unlink(struct list *node)
{
	node->next->prev = node->prev;
	node->prev->next = node->next;
	list_init(node);
}

/* Unlinks and returns the first node; NULL when the list is empty. */
static inline struct list *list_pop(struct list *head)
{
	struct list *node = head->next;

	if (node == head)
		return NULL;
	list_unlink(node);
	return node;
}
