/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a worker does when there is more to do than it can: handshakes wait their turn, and when memory runs short new ones
 * are not begun. */
#include "app/gateway/session.h"
#include "app/gateway/worker.h"

#include <rte_cycles.h>

/* How often memory is looked at: counting what a pool has left is not free. */
#define PRESSURE_INTERVAL_NS 1000000ull

void worker_load_open(struct worker *w)
{
	list_init(&w->handshakes);
	w->handshake_budget_cycles = rte_get_tsc_hz() / 1000000 *
				     w->snap->config->handshake_budget_us;
}

void worker_pressure_check(struct worker *w)
{
	struct tls_arena_stats arena;

	if (w->now_ns - w->pressure_checked_ns < PRESSURE_INTERVAL_NS)
		return;
	w->pressure_checked_ns = w->now_ns;
	tls_worker_arena_stats(w->tls, &arena);
	pressure_update(&w->pressure, PRESSURE_SESSIONS, pool_in_use(&w->sessions),
			w->sessions.size_count);
	pressure_update(&w->pressure, PRESSURE_TLS_MEMORY, arena.live_bytes,
			w->tls_arena_bytes_max);
	pressure_update(&w->pressure, PRESSURE_PACKETS_RX, w->net.tcp.rx_held_mbufs,
			w->net.tcp.params.rx_mbufs_max);
	pressure_update(&w->pressure, PRESSURE_PACKETS_TX, rte_mempool_in_use_count(w->net.tx_pool),
			w->net.tx_pool->size);
	tcp_shed(&w->net, pressure_reason(&w->pressure));
}

void worker_handshake_put(struct worker *w, struct session *s)
{
	if (!list_is_linked(&s->handshake))
		list_push(&w->handshakes, &s->handshake);
}

unsigned worker_handshakes_run(struct worker *w)
{
	uint64_t start = rte_rdtsc();
	unsigned count = 0;
	struct list *node;

	w->handshakes_running = true;
	/* At least one: a budget smaller than a step must not stop them all. */
	do {
		node = list_pop(&w->handshakes);
		if (node == NULL)
			break;
		session_advance(w, CONTAINER_OF(node, struct session, handshake));
		count++;
	} while (rte_rdtsc() - start < w->handshake_budget_cycles);
	w->handshakes_running = false;
	if (!list_is_empty(&w->handshakes))
		counter_add(&w->count, COUNTER_handshake_turns_full, 1);
	return count;
}
