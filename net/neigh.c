/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/neigh.h"

#include "base/assert.h"

#include <string.h>

static uint16_t *bucket_of(struct neigh_table *t, struct ip4 addr)
{
	/* Fibonacci hashing; a chain is never longer than the table, whatever a neighbour makes us ask for. */
	return &t->buckets_plus_1[(addr.v * 2654435769u) >> 24];
}

static_assert(NEIGH_MAX == 256, "a bucket is chosen by 8 bits");

void neigh_table_init(struct neigh_table *t, uint8_t netif_idx, struct timer_wheel *timers,
		      timer_fn *on_expiry, struct counters *count)
{
	*t = (struct neigh_table){.timers = timers, .count = count};
	for (unsigned i = 0; i < NEIGH_MAX; i++) {
		t->entries[i].netif_idx = netif_idx;
		timer_entry_init(&t->entries[i].timer, on_expiry);
	}
}

void neigh_table_fini(struct neigh_table *t)
{
	for (unsigned i = 0; i < NEIGH_MAX; i++) {
		struct neigh *n = &t->entries[i];

		timer_disarm(t->timers, &n->timer);
		for (unsigned k = 0; k < n->waiting_count; k++)
			rte_pktmbuf_free(n->waiting[k]);
		n->waiting_count = 0;
	}
}

struct neigh *neigh_find(struct neigh_table *t, struct ip4 addr)
{
	for (unsigned i = *bucket_of(t, addr); i != 0; i = t->entries[i - 1].next_plus_1) {
		if (ip4_eq(t->entries[i - 1].addr, addr))
			return &t->entries[i - 1];
	}
	return NULL;
}

static bool is_resolved(const struct neigh *n)
{
	return n->state == NEIGH_REACHABLE || n->state == NEIGH_PROBING;
}

/* Whether a is the better one to give up.  A free entry costs nothing; one without an address costs less than a
 * known neighbour; of equals the one unused for longer goes. */
static bool is_cheaper(const struct neigh *a, const struct neigh *b)
{
	if ((a->state == NEIGH_FREE) != (b->state == NEIGH_FREE))
		return a->state == NEIGH_FREE;
	if (is_resolved(a) != is_resolved(b))
		return !is_resolved(a);
	return a->used_ns < b->used_ns;
}

static struct neigh *victim_find(struct neigh_table *t)
{
	bool only_resolving = t->resolving_count >= NEIGH_RESOLVING_MAX;
	struct neigh *victim = NULL;

	for (unsigned i = 0; i < NEIGH_MAX; i++) {
		struct neigh *n = &t->entries[i];

		if (only_resolving && n->state != NEIGH_RESOLVING)
			continue;
		if (victim == NULL || is_cheaper(n, victim))
			victim = n;
	}
	return victim;
}

struct neigh *neigh_add(struct neigh_table *t, struct ip4 addr, uint64_t now_ns)
{
	struct neigh *n = victim_find(t);
	uint16_t *bucket = bucket_of(t, addr);

	GW_ASSERT(n != NULL);
	if (n->state != NEIGH_FREE)
		neigh_remove(t, n, DROP_neigh_recycled);
	n->addr = addr;
	n->used_ns = now_ns;
	n->next_plus_1 = *bucket;
	*bucket = (uint16_t)(n - t->entries + 1);
	neigh_set_state(t, n, NEIGH_RESOLVING);
	return n;
}

void neigh_remove(struct neigh_table *t, struct neigh *n, enum drop_reason why)
{
	uint16_t *link = bucket_of(t, n->addr), idx_plus_1 = (uint16_t)(n - t->entries + 1);

	while (*link != idx_plus_1) {
		GW_ASSERT(*link != 0);
		link = &t->entries[*link - 1].next_plus_1;
	}
	*link = n->next_plus_1;
	timer_disarm(t->timers, &n->timer);
	for (unsigned i = 0; i < n->waiting_count; i++) {
		drop_count(t->count, why);
		rte_pktmbuf_free(n->waiting[i]);
	}
	n->waiting_count = 0;
	neigh_set_state(t, n, NEIGH_FREE);
}

void neigh_set_state(struct neigh_table *t, struct neigh *n, enum neigh_state to)
{
	t->resolving_count -= n->state == NEIGH_RESOLVING;
	t->resolving_count += to == NEIGH_RESOLVING;
	n->state = to;
	n->requests_count = 0;
}

void neigh_wait(struct neigh_table *t, struct neigh *n, struct rte_mbuf *m)
{
	GW_DCHECK(n->state == NEIGH_RESOLVING);
	if (n->waiting_count == NEIGH_WAITING_MAX) {
		drop_count(t->count, DROP_neigh_queue_full);
		rte_pktmbuf_free(n->waiting[0]);
		n->waiting_count--;
		memmove(&n->waiting[0], &n->waiting[1], n->waiting_count * sizeof(n->waiting[0]));
	}
	n->waiting[n->waiting_count++] = m;
}

void neigh_table_check(const struct neigh_table *t)
{
	unsigned resolving_count = 0, used_count = 0, chained_count = 0;

	for (unsigned i = 0; i < NEIGH_MAX; i++) {
		const struct neigh *n = &t->entries[i];

		used_count += n->state != NEIGH_FREE;
		resolving_count += n->state == NEIGH_RESOLVING;
		GW_ASSERT(n->waiting_count <= NEIGH_WAITING_MAX);
		GW_ASSERT(n->waiting_count == 0 || n->state == NEIGH_RESOLVING);
		/* An entry that nobody confirms must come to an end by itself. */
		GW_ASSERT(timer_is_armed(&n->timer) ==
			  (n->state != NEIGH_FREE && n->state != NEIGH_REACHABLE));
	}
	for (unsigned b = 0; b < NEIGH_MAX; b++) {
		for (unsigned i = t->buckets_plus_1[b]; i != 0; i = t->entries[i - 1].next_plus_1) {
			GW_ASSERT(t->entries[i - 1].state != NEIGH_FREE);
			chained_count++;
		}
	}
	GW_ASSERT(resolving_count == t->resolving_count && resolving_count <= NEIGH_RESOLVING_MAX);
	GW_ASSERT(used_count == chained_count);
}
