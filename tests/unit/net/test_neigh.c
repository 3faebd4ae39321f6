/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/neigh.h"
#include "tests/support/mbuf_pool.h"

#include <criterion/criterion.h>

#define SECOND 1000000000ull

static void expired(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	(void)t;
	(void)ctx;
	(void)now_ns;
}

struct fixture {
	struct timer_wheel timers;
	struct counters count;
	struct neigh_table t;
	struct rte_mempool *pool;
};

static void set_up(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->pool = mbuf_pool_create(1000, MBUF_POOL_DATA_ROOM_BYTES);
	timer_wheel_init(&f->timers, SECOND);
	neigh_table_init(&f->t, 0, &f->timers, expired, &f->count);
}

static void tear_down(struct fixture *f)
{
	neigh_table_fini(&f->t);
	mbuf_pool_destroy(f->pool);
}

/* As arp.c does it: every entry in RESOLVING has its timer running. */
static struct neigh *add(struct fixture *f, uint32_t addr, uint64_t now_ns)
{
	struct neigh *n = neigh_add(&f->t, (struct ip4){addr}, now_ns);

	timer_arm(&f->timers, &n->timer, now_ns + SECOND);
	return n;
}

static void resolve(struct fixture *f, struct neigh *n)
{
	timer_disarm(&f->timers, &n->timer);
	neigh_set_state(&f->t, n, NEIGH_REACHABLE);
}

Test(neigh, found_by_its_address_alone)
{
	struct fixture f;
	struct neigh *n;

	set_up(&f);
	cr_assert_null(neigh_find(&f.t, (struct ip4){1}));
	n = add(&f, 1, SECOND);
	cr_assert_eq(neigh_find(&f.t, (struct ip4){1}), n);
	cr_assert_null(neigh_find(&f.t, (struct ip4){2}));
	neigh_remove(&f.t, n, DROP_neigh_unreachable);
	cr_assert_null(neigh_find(&f.t, (struct ip4){1}));
	neigh_table_check(&f.t);
	tear_down(&f);
}

Test(neigh, the_oldest_waiting_packet_makes_room)
{
	struct fixture f;
	struct neigh *n;
	struct rte_mbuf *last = NULL;

	set_up(&f);
	n = add(&f, 1, SECOND);
	for (unsigned i = 0; i < NEIGH_WAITING_MAX + 3; i++) {
		last = rte_pktmbuf_alloc(f.pool);
		neigh_wait(&f.t, n, last);
		neigh_table_check(&f.t);
	}
	cr_assert_eq(f.count.drop[DROP_neigh_queue_full], 3);
	cr_assert_eq(mbuf_pool_outstanding(f.pool), NEIGH_WAITING_MAX);
	cr_assert_eq(n->waiting[NEIGH_WAITING_MAX - 1], last);
	neigh_remove(&f.t, n, DROP_neigh_unreachable);
	cr_assert_eq(f.count.drop[DROP_neigh_unreachable], NEIGH_WAITING_MAX);
	cr_assert_eq(mbuf_pool_outstanding(f.pool), 0);
	tear_down(&f);
}

Test(neigh, a_flood_of_new_addresses_costs_known_neighbours_nothing)
{
	struct fixture f;

	set_up(&f);
	for (uint32_t i = 1; i <= 250; i++)
		resolve(&f, add(&f, i, SECOND));
	for (uint32_t i = 0; i < 10000; i++) {
		neigh_wait(&f.t, add(&f, 0x10000 + i, SECOND + i), rte_pktmbuf_alloc(f.pool));
		cr_assert_leq(f.t.resolving_count, NEIGH_RESOLVING_MAX);
	}
	neigh_table_check(&f.t);
	for (uint32_t i = 1; i <= 250; i++)
		cr_assert_not_null(neigh_find(&f.t, (struct ip4){i}));
	/* 256 - 250 places were left; every packet that lost its place is accounted for. */
	cr_assert_eq(mbuf_pool_outstanding(f.pool), 6);
	cr_assert_eq(f.count.drop[DROP_neigh_recycled], 10000 - 6);
	tear_down(&f);
}

Test(neigh, resolutions_are_bounded_even_in_an_empty_table)
{
	struct fixture f;

	set_up(&f);
	for (uint32_t i = 1; i <= 200; i++)
		add(&f, i, SECOND + i);
	neigh_table_check(&f.t);
	cr_assert_eq(f.t.resolving_count, NEIGH_RESOLVING_MAX);
	cr_assert_null(neigh_find(&f.t, (struct ip4){136}), "the oldest went");
	cr_assert_not_null(neigh_find(&f.t, (struct ip4){137}));
	tear_down(&f);
}

Test(neigh, a_full_table_gives_up_the_one_unused_for_longest)
{
	struct fixture f;

	set_up(&f);
	for (uint32_t i = 1; i <= NEIGH_MAX; i++)
		resolve(&f, add(&f, i, SECOND + i));
	neigh_find(&f.t, (struct ip4){1})->used_ns = 2 * SECOND;
	add(&f, 1000, 2 * SECOND);
	neigh_table_check(&f.t);
	cr_assert_not_null(neigh_find(&f.t, (struct ip4){1}));
	cr_assert_null(neigh_find(&f.t, (struct ip4){2}));
	cr_assert_not_null(neigh_find(&f.t, (struct ip4){1000}));
	tear_down(&f);
}

/* Against a plain array of addresses. */
Test(neigh, random_operations_keep_the_books)
{
	enum { ADDRS = 600, STEPS = 20000 };
	uint32_t random = 3;
	struct fixture f;

	set_up(&f);
	for (unsigned step = 0; step < STEPS; step++) {
		random = random * 1664525 + 1013904223;
		uint32_t addr = 0x0a000000 + (random >> 8) % ADDRS;
		struct neigh *n = neigh_find(&f.t, (struct ip4){addr});

		if (n == NULL) {
			n = add(&f, addr, SECOND + step);
			cr_assert_eq(n->addr.v, addr);
			neigh_wait(&f.t, n, rte_pktmbuf_alloc(f.pool));
		} else if (random >> 30 == 0) {
			neigh_remove(&f.t, n, DROP_neigh_unreachable);
			cr_assert_null(neigh_find(&f.t, (struct ip4){addr}));
		} else if (n->state == NEIGH_RESOLVING && n->waiting_count == 0) {
			resolve(&f, n);
		} else if (n->state == NEIGH_RESOLVING) {
			neigh_wait(&f.t, n, rte_pktmbuf_alloc(f.pool));
		}
		if (step % 64 == 0)
			neigh_table_check(&f.t);
	}
	tear_down(&f);
}
