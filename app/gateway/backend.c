/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/backend.h"

#include "app/gateway/worker.h"

#include <stdlib.h>

enum gw_err backend_pool_init(struct backend_pool *pool, const struct pool_config *config)
{
	pool->servers = calloc(config->server_count, sizeof(pool->servers[0]));
	if (pool->servers == NULL)
		return GW_ERR_NO_MEMORY;
	pool->server_count = (unsigned)config->server_count;
	/* With nobody else to ask, an ejected server would only be a slower 503. */
	pool->health_params = (struct server_health_params){
		.max_failures = config->server_count > 1 ? config->max_failures : 0,
		.fail_timeout_ns = config->fail_timeout_ms * 1000000ull,
	};
	for (unsigned i = 0; i < pool->server_count; i++) {
		list_init(&pool->servers[i].idle);
		pool->servers[i].address = config->servers[i];
	}
	return GW_ERR_OK;
}

void backend_pool_fini(struct backend_pool *pool)
{
	free(pool->servers);
	pool->servers = NULL;
}

struct backend_server *backend_server_of(struct worker *w, const struct backend_conn *bc)
{
	return &w->backend_pools[bc->pool_idx].servers[bc->server_idx];
}

static void on_idle_timeout(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct backend_conn *bc = CONTAINER_OF(t, struct backend_conn, idle_timer);

	(void)now_ns;
	backend_close(ctx, bc, true);
}

static void leave_idle(struct worker *w, struct backend_conn *bc)
{
	list_unlink(&bc->node);
	list_unlink(&bc->age);
	timer_disarm(&w->timers, &bc->idle_timer);
	w->backend_idle_count--;
}

/* Usable means: open both ways and silent.  Bytes that came unasked could be taken for the next response. */
static bool is_usable(const struct backend_conn *bc)
{
	return tcp_state(bc->tcp) == TCP_ESTABLISHED && tcp_rx_bytes(bc->tcp) == 0;
}

static struct backend_conn *take_idle(struct worker *w, struct backend_server *server)
{
	while (!list_is_empty(&server->idle)) {
		struct backend_conn *bc = CONTAINER_OF(server->idle.next, struct backend_conn,
						       node);

		if (is_usable(bc)) {
			leave_idle(w, bc);
			bc->reused = true;
			return bc;
		}
		backend_close(w, bc, true);
	}
	return NULL;
}

static struct backend_conn *open_fresh(struct worker *w, unsigned pool_idx, unsigned server_idx)
{
	struct backend_server *server = &w->backend_pools[pool_idx].servers[server_idx];
	const struct pool_config *config = &w->snap->config->pools[pool_idx];
	struct backend_conn *bc = pool_take(&w->backend_conns);

	if (bc == NULL) {
		drop_count(&w->count, DROP_backend_conns_exhausted);
		return NULL;
	}
	*bc = (struct backend_conn){
		.endpoint.kind = ENDPOINT_BACKEND,
		.pool_idx = (uint16_t)pool_idx,
		.server_idx = (uint16_t)server_idx,
	};
	list_init(&bc->node);
	list_init(&bc->age);
	timer_entry_init(&bc->idle_timer, on_idle_timeout);
	bc->tcp = tcp_connect_from(&w->net, config->sources, config->source_count, server->address,
				   w->now_ns);
	if (bc->tcp == NULL) {
		pool_release(&w->backend_conns, bc);
		return NULL;
	}
	tcp_user_set(bc->tcp, bc);
	shared_add(&server->conns, 1);
	return bc;
}

static struct backend_conn *give(struct worker *w, struct backend_conn *bc, struct session *s)
{
	bc->session = s;
	shared_add(&backend_server_of(w, bc)->requests, 1);
	return bc;
}

enum http_refusal backend_take_fresh(struct worker *w, unsigned pool_idx, unsigned server_idx,
				     struct session *s, struct backend_conn **ret_bc)
{
	struct backend_conn *bc = open_fresh(w, pool_idx, server_idx);

	if (bc == NULL)
		return HTTP_REFUSAL_no_backend;
	*ret_bc = give(w, bc, s);
	return HTTP_REFUSAL_none;
}

enum http_refusal backend_take(struct worker *w, unsigned pool_idx, uint64_t *tried,
			       struct session *s, struct backend_conn **ret_bc)
{
	struct backend_pool *pool = &w->backend_pools[pool_idx];

	for (unsigned i = 0; i < pool->server_count; i++) {
		unsigned idx = (pool->next_idx + i) % pool->server_count;
		struct backend_server *server = &pool->servers[idx];
		struct backend_conn *bc;
		bool is_probe;

		if ((*tried & 1ull << idx) ||
		    !server_health_admit(&server->health, w->now_ns, &is_probe))
			continue;
		/* A second try is nobody's turn, or a dead server would be asked first every time. */
		if (*tried == 0)
			pool->next_idx = idx + 1;
		*tried |= 1ull << idx;
		bc = take_idle(w, server);
		if (bc == NULL)
			bc = open_fresh(w, pool_idx, idx);
		if (bc == NULL) {
			server_health_on_probe_lost(&server->health);
			return HTTP_REFUSAL_no_backend;
		}
		bc->is_probe = is_probe;
		*ret_bc = give(w, bc, s);
		return HTTP_REFUSAL_none;
	}
	return HTTP_REFUSAL_no_server_left;
}

void backend_on_answer(struct worker *w, struct backend_conn *bc)
{
	server_health_on_answer(&backend_server_of(w, bc)->health, bc->is_probe);
	bc->is_probe = false;
}

void backend_on_failure(struct worker *w, struct backend_conn *bc)
{
	struct backend_pool *pool = &w->backend_pools[bc->pool_idx];
	struct backend_server *server = backend_server_of(w, bc);

	shared_add(&server->failures, 1);
	if (server_health_on_failure(&server->health, &pool->health_params, bc->is_probe,
				     w->now_ns)) {
		counter_add(&w->count, COUNTER_backend_ejections, 1);
		while (!list_is_empty(&server->idle))
			backend_close(w, CONTAINER_OF(server->idle.next, struct backend_conn, node),
				      true);
	}
	bc->is_probe = false;
}

void backend_release(struct worker *w, struct backend_conn *bc)
{
	if (!is_usable(bc)) {
		backend_close(w, bc, true);
		return;
	}
	if (w->backend_idle_count >= BACKEND_IDLE_MAX)
		backend_close(w, CONTAINER_OF(w->backend_idle.next, struct backend_conn, age),
			      true);
	bc->session = NULL;
	w->backend_idle_count++;
	list_push_front(&backend_server_of(w, bc)->idle, &bc->node);
	list_push(&w->backend_idle, &bc->age);
	timer_arm(&w->timers, &bc->idle_timer, w->now_ns + BACKEND_IDLE_MS * 1000000ull);
}

void backend_close(struct worker *w, struct backend_conn *bc, bool is_complete)
{
	struct backend_server *server = backend_server_of(w, bc);

	if (list_is_linked(&bc->node))
		leave_idle(w, bc);
	if (bc->is_probe)
		server_health_on_probe_lost(&server->health);
	shared_add(&server->conns, (uint64_t)-1);
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
