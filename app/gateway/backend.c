/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/backend.h"

#include "app/gateway/worker.h"

static void on_idle_timeout(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct backend_conn *bc = CONTAINER_OF(t, struct backend_conn, idle_timer);

	(void)now_ns;
	backend_close(ctx, bc, true);
}

static void leave_idle(struct worker *w, struct backend_conn *bc)
{
	list_unlink(&bc->node);
	timer_disarm(&w->timers, &bc->idle_timer);
	w->backend_pools[bc->pool_idx].idle_count--;
}

/* Usable means: open both ways and silent.  Bytes that came unasked could be taken for the next response. */
static bool is_usable(const struct backend_conn *bc)
{
	return tcp_state(bc->tcp) == TCP_ESTABLISHED && tcp_rx_bytes(bc->tcp) == 0;
}

static struct backend_conn *take_idle(struct worker *w, struct backend_pool *pool)
{
	while (!list_is_empty(&pool->idle)) {
		struct backend_conn *bc = CONTAINER_OF(pool->idle.next, struct backend_conn, node);

		if (is_usable(bc)) {
			leave_idle(w, bc);
			bc->reused = true;
			return bc;
		}
		backend_close(w, bc, true);
	}
	return NULL;
}

static struct backend_conn *open_fresh(struct worker *w, unsigned pool_idx)
{
	struct backend_pool *pool = &w->backend_pools[pool_idx];
	struct backend_conn *bc = pool_take(&w->backend_conns);

	if (bc == NULL) {
		drop_count(&w->count, DROP_backend_conns_exhausted);
		return NULL;
	}
	*bc = (struct backend_conn){
		.endpoint.kind = ENDPOINT_BACKEND,
		.pool_idx = (uint16_t)pool_idx,
	};
	list_init(&bc->node);
	timer_entry_init(&bc->idle_timer, on_idle_timeout);
	bc->tcp = tcp_connect(&w->net, pool->server, w->now_ns);
	if (bc->tcp == NULL) {
		pool_release(&w->backend_conns, bc);
		return NULL;
	}
	tcp_user_set(bc->tcp, bc);
	shared_add(&pool->conns, 1);
	return bc;
}

struct backend_conn *backend_take(struct worker *w, unsigned pool_idx, bool fresh,
				  struct session *s)
{
	struct backend_pool *pool = &w->backend_pools[pool_idx];
	struct backend_conn *bc = fresh ? NULL : take_idle(w, pool);

	if (bc == NULL)
		bc = open_fresh(w, pool_idx);
	if (bc == NULL) {
		shared_add(&pool->failures, 1);
		return NULL;
	}
	bc->session = s;
	shared_add(&pool->requests, 1);
	return bc;
}

void backend_release(struct worker *w, struct backend_conn *bc)
{
	struct backend_pool *pool = &w->backend_pools[bc->pool_idx];

	if (!is_usable(bc) || pool->idle_count >= BACKEND_IDLE_MAX) {
		backend_close(w, bc, true);
		return;
	}
	bc->session = NULL;
	pool->idle_count++;
	list_push_front(&pool->idle, &bc->node);
	timer_arm(&w->timers, &bc->idle_timer, w->now_ns + BACKEND_IDLE_MS * 1000000ull);
}

void backend_close(struct worker *w, struct backend_conn *bc, bool is_complete)
{
	if (list_is_linked(&bc->node))
		leave_idle(w, bc);
	shared_add(&w->backend_pools[bc->pool_idx].conns, (uint64_t)-1);
	if (is_complete)
		tcp_release(&w->net, bc->tcp);
	else
		tcp_abort(&w->net, bc->tcp);
	bc->tcp = NULL;
	bc->session = NULL;
	pool_release(&w->backend_conns, bc);
}

void backend_on_idle_event(struct worker *w, struct backend_conn *bc)
{
	if (!is_usable(bc))
		backend_close(w, bc, true);
}
