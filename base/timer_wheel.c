/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry stands at the level whose slots are as wide as its distance: level 0 has a slot for each of the next 64
 * ticks, level 1 for each of the next 64 stretches of 64 ticks, and so on.  When time reaches the start of a
 * stretch, its entries move down to where their expiry now puts them. */
#include "base/timer_wheel.h"

#include "base/assert.h"

#include <assert.h>

#define SLOT_BITS 6
#define SLOT_MASK (TIMER_WHEEL_SLOTS - 1)
#define HORIZON_TICKS (1ull << (SLOT_BITS * TIMER_WHEEL_LEVELS))

static_assert(TIMER_WHEEL_SLOTS == 1 << SLOT_BITS, "a slot index is SLOT_BITS wide");
static_assert(TIMER_WHEEL_SLOTS == 64, "occupied has one bit a slot");

/* The first tick at which the expiry has passed: rounded up, so that nothing fires early. */
static uint64_t expiry_tick(const struct timer_entry *t)
{
	return t->expiry_ns / TIMER_TICK_NS + (t->expiry_ns % TIMER_TICK_NS != 0);
}

static unsigned slot_idx(uint64_t tick, unsigned level)
{
	return (unsigned)(tick >> (SLOT_BITS * level)) & SLOT_MASK;
}

static void place(struct timer_wheel *w, struct timer_entry *t)
{
	uint64_t tick = expiry_tick(t);
	unsigned level = 0, slot;

	if (tick < w->tick)
		tick = w->tick;
	if (tick - w->tick >= HORIZON_TICKS)
		tick = w->tick + HORIZON_TICKS - 1;
	while ((tick - w->tick) >> (SLOT_BITS * (level + 1)) != 0)
		level++;
	slot = slot_idx(tick, level);
	list_push(&w->slots[level][slot], &t->node);
	w->occupied[level] |= 1ull << slot;
}

/* Unlinks t and keeps occupied exact: the slot is empty when t's only neighbour was the slot's head. */
static void unlink_entry(struct timer_wheel *w, struct timer_entry *t)
{
	struct list *head = t->node.next, *slots = &w->slots[0][0];
	bool was_only = head == t->node.prev;

	list_unlink(&t->node);
	w->armed_count--;
	if (was_only && head >= slots && head < slots + TIMER_WHEEL_LEVELS * TIMER_WHEEL_SLOTS) {
		size_t n = (size_t)(head - slots);

		w->occupied[n / TIMER_WHEEL_SLOTS] &= ~(1ull << (n % TIMER_WHEEL_SLOTS));
	}
}

/* Appends all of from to the tail of to. */
static void list_splice(struct list *to, struct list *from)
{
	if (list_is_empty(from))
		return;
	from->next->prev = to->prev;
	to->prev->next = from->next;
	from->prev->next = to;
	to->prev = from->prev;
	list_init(from);
}

static void slot_take(struct timer_wheel *w, unsigned level, struct list *to)
{
	unsigned slot = slot_idx(w->tick, level);

	list_splice(to, &w->slots[level][slot]);
	w->occupied[level] &= ~(1ull << slot);
}

/* The next tick at which a slot must be emptied; UINT64_MAX when all are empty.  The slot of the current tick is
 * empty at level 0; above, an entry in the current slot is a whole turn away. */
static uint64_t next_slot_tick(const struct timer_wheel *w)
{
	uint64_t next = UINT64_MAX;

	for (unsigned level = 0; level < TIMER_WHEEL_LEVELS; level++) {
		uint64_t first = (w->tick >> (SLOT_BITS * level)) + 1, bits = w->occupied[level];
		unsigned turn = (unsigned)first & SLOT_MASK;
		uint64_t tick;

		if (bits == 0)
			continue;
		bits = bits >> turn | bits << (-turn & SLOT_MASK);
		tick = (first + (unsigned)__builtin_ctzll(bits)) << (SLOT_BITS * level);
		if (tick < next)
			next = tick;
	}
	return next;
}

/* Moves to the tick whose slots are due and puts what expires there on fire. */
static void advance(struct timer_wheel *w, uint64_t tick, struct list *fire)
{
	w->tick = tick;
	for (unsigned level = TIMER_WHEEL_LEVELS - 1; level > 0; level--) {
		struct list moved, *node;

		if ((tick & ((1ull << (SLOT_BITS * level)) - 1)) != 0)
			continue;
		list_init(&moved);
		slot_take(w, level, &moved);
		while ((node = list_pop(&moved)) != NULL)
			place(w, CONTAINER_OF(node, struct timer_entry, node));
	}
	slot_take(w, 0, fire);
}

void timer_wheel_init(struct timer_wheel *w, uint64_t now_ns)
{
	*w = (struct timer_wheel){.ran_ns = now_ns, .tick = now_ns / TIMER_TICK_NS};
	list_init(&w->due);
	for (unsigned level = 0; level < TIMER_WHEEL_LEVELS; level++) {
		for (unsigned slot = 0; slot < TIMER_WHEEL_SLOTS; slot++)
			list_init(&w->slots[level][slot]);
	}
}

void timer_entry_init(struct timer_entry *t, timer_fn *on_expiry)
{
	*t = (struct timer_entry){.on_expiry = on_expiry};
	list_init(&t->node);
}

void timer_arm(struct timer_wheel *w, struct timer_entry *t, uint64_t expiry_ns)
{
	timer_disarm(w, t);
	t->expiry_ns = expiry_ns;
	w->armed_count++;
	if (expiry_ns <= w->ran_ns)
		list_push(&w->due, &t->node);
	else
		place(w, t);
}

void timer_disarm(struct timer_wheel *w, struct timer_entry *t)
{
	if (timer_is_armed(t))
		unlink_entry(w, t);
}

bool timer_is_armed(const struct timer_entry *t)
{
	return list_is_linked(&t->node);
}

uint32_t timer_wheel_run(struct timer_wheel *w, uint64_t now_ns, void *ctx)
{
	uint64_t target = now_ns / TIMER_TICK_NS, next;
	uint32_t fired_count = 0;
	struct list fire;

	list_init(&fire);
	list_splice(&fire, &w->due);
	while ((next = next_slot_tick(w)) <= target)
		advance(w, next, &fire);
	if (target > w->tick)
		w->tick = target;
	if (now_ns > w->ran_ns)
		w->ran_ns = now_ns;

	while (!list_is_empty(&fire)) {
		struct timer_entry *t = CONTAINER_OF(fire.next, struct timer_entry, node);

		unlink_entry(w, t);
		fired_count++;
		t->on_expiry(t, ctx, now_ns);
	}
	return fired_count;
}

uint64_t timer_wheel_next_ns(const struct timer_wheel *w)
{
	if (w->armed_count == 0)
		return UINT64_MAX;
	if (!list_is_empty(&w->due))
		return w->ran_ns;
	return next_slot_tick(w) * TIMER_TICK_NS;
}

/* Asserts what holds for the entries of one slot; returns how many there are. */
static uint32_t check_slot(const struct timer_wheel *w, unsigned level, unsigned slot)
{
	const struct list *head = &w->slots[level][slot];
	uint32_t count = 0;

	for (const struct list *node = head->next; node != head; node = node->next, count++) {
		const struct timer_entry *t = CONTAINER_OF(node, const struct timer_entry, node);
		uint64_t start = (w->tick >> (SLOT_BITS * level)) + 1;
		uint64_t turns = (slot - (unsigned)start) & SLOT_MASK;

		GW_ASSERT(node->next->prev == node);
		GW_ASSERT(expiry_tick(t) > w->tick);
		/* The slot is emptied no later than the entry expires. */
		GW_ASSERT((start + turns) << (SLOT_BITS * level) <= expiry_tick(t));
	}
	GW_ASSERT((count > 0) == ((w->occupied[level] >> slot) & 1));
	return count;
}

void timer_wheel_check(const struct timer_wheel *w)
{
	uint32_t count = 0;

	for (unsigned level = 0; level < TIMER_WHEEL_LEVELS; level++) {
		for (unsigned slot = 0; slot < TIMER_WHEEL_SLOTS; slot++)
			count += check_slot(w, level, slot);
	}
	for (const struct list *node = w->due.next; node != &w->due; node = node->next)
		count++;
	GW_ASSERT(count == w->armed_count);
}
