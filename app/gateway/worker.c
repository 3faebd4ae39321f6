/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/worker.h"

#include "app/gateway/access_log.h"
#include "app/gateway/session.h"
#include "app/gateway/sizing.h"
#include "base/clock.h"
#include "http/exchange.h"
#include "tls/trust/trust.h"

#include <rte_cycles.h>
#include <rte_pause.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

/* `idle: backoff`: after this many empty turns the worker sleeps between looks, ever longer up to the ceiling, which
 * bounds what an idle gateway adds to the first packet's latency. */
#define BACKOFF_AFTER_TURNS 256
#define BACKOFF_FIRST_US 10
#define BACKOFF_MAX_US 200

static enum gw_err scratch_create(struct worker *w)
{
	size_t identity = 2 * (size_t)TRUST_IDENTITY_STORAGE_BYTES;
	struct worker_scratch *scratch = calloc(1, sizeof(*scratch));

	if (scratch == NULL)
		return GW_ERR_NO_MEMORY;
	w->scratch = scratch;
	scratch->client_in = malloc(w->spill_bytes);
	scratch->backend_head = malloc(w->spill_bytes);
	scratch->backend_out = malloc(w->backend_out_bytes);
	scratch->client_out = malloc(w->client_out_bytes);
	scratch->identity = malloc(identity);
	if (!scratch->client_in || !scratch->backend_head || !scratch->backend_out ||
	    !scratch->client_out || !scratch->identity)
		return GW_ERR_NO_MEMORY;
	return GW_ERR_OK;
}

static void scratch_destroy(struct worker_scratch *scratch)
{
	if (scratch == NULL)
		return;
	free(scratch->client_in);
	free(scratch->backend_head);
	free(scratch->backend_out);
	free(scratch->client_out);
	free(scratch->identity);
	free(scratch);
}

static enum gw_err pools_open(struct worker *w)
{
	uint32_t n = w->sessions_max;
	enum gw_err err;

	err = pool_init(&w->sessions, sizeof(struct session), n);
	if (err != GW_ERR_OK)
		return err;
	/* For half a head, or a head that may have to be sent again; that all sessions hold one at once is overload. */
	err = pool_init(&w->spills, w->spill_bytes, n / 16 + 64);
	if (err != GW_ERR_OK)
		return err;
	return pool_init(&w->backend_conns, sizeof(struct backend_conn), n + BACKEND_IDLE_MAX);
}

/* Texts of requests under way: when more than an eighth of the sessions have one, lines are written without. */
static enum gw_err access_open(struct worker *w)
{
	const struct gateway_config *config = w->snap->config;
	enum gw_err err = spsc_init(&w->access, sizeof(struct access_record), ACCESS_RING_COUNT);

	w->access_lines = config->access_log_path != NULL || config->access_log_stdout;
	if (err != GW_ERR_OK || !w->access_lines)
		return err;
	return pool_init(&w->access_records, sizeof(struct access_record),
			 config->sessions_max / 8 + 64);
}

static enum gw_err tables_open(struct worker *w)
{
	const struct gateway_config *config = w->snap->config;

	w->listener_counts = calloc(config->listener_count, sizeof(w->listener_counts[0]));
	w->backend_pools = calloc(config->pool_count, sizeof(w->backend_pools[0]));
	if (w->listener_counts == NULL || w->backend_pools == NULL)
		return GW_ERR_NO_MEMORY;
	list_init(&w->backend_idle);
	for (size_t i = 0; i < config->pool_count; i++) {
		if (backend_pool_init(&w->backend_pools[i], &config->pools[i]) != GW_ERR_OK)
			return GW_ERR_NO_MEMORY;
	}
	return GW_ERR_OK;
}

static void netif_params_fill(struct netif_params *p, const struct port_config *config,
			      struct pktio *port)
{
	struct pktio_info info;

	pktio_info(port, &info);
	p->name = config->name;
	memcpy(p->mac, info.mac, sizeof(p->mac));
	p->mtu = info.mtu;
	p->tx_ip4_checksum = info.caps.tx_ip4_checksum;
	p->tx_tcp_checksum = info.caps.tx_tcp_checksum;
	p->rx_checksum = info.caps.rx_checksum;
	p->tx_multi_segment = info.caps.tx_multi_segment;
	GW_ASSERT(config->address_count <= NETIF_ADDRS_MAX);
	for (size_t i = 0; i < config->address_count; i++)
		p->addrs[p->addr_count++] = config->addresses[i];
}

static bool accept_filter(void *ctx, struct ip4 client)
{
	return listener_group_allows(ctx, client);
}

static enum gw_err listen_all(struct worker *w)
{
	enum gw_err err;

	for (size_t i = 0; i < w->snap->group_count; i++) {
		struct listener_group *group = &w->snap->groups[i];

		err = tcp_listen(&w->net, group->address, (uint32_t)i, accept_filter, group);
		if (err != GW_ERR_OK)
			return err;
	}
	return GW_ERR_OK;
}

static enum gw_err net_open(struct worker *w, const struct worker_params *params)
{
	const struct gateway_config *config = w->snap->config;
	struct net_params *p = calloc(1, sizeof(*p));
	enum gw_err err;

	if (p == NULL)
		return GW_ERR_NO_MEMORY;
	/* config/schema.def has the same bounds. */
	GW_ASSERT(params->port_count <= NET_PORTS_MAX && config->route_count <= ROUTES_MAX);
	for (unsigned i = 0; i < params->port_count; i++)
		netif_params_fill(&p->netifs[p->netif_count++], &config->ports[i],
				  params->ports[i]);
	for (size_t i = 0; i < config->route_count; i++)
		p->routes[p->route_count++] = (struct route){
			.prefix = config->routes[i].to,
			.via = config->routes[i].via,
		};
	p->tcp = (struct tcp_params){
		/* a client side, a backend side, and those in TIME-WAIT beside them */
		.conns_max = 3 * w->sessions_max + BACKEND_IDLE_MAX,
		.rx_buf_bytes = WORKER_TCP_BUF_BYTES,
		.tx_buf_bytes = WORKER_TCP_BUF_BYTES,
		.rto_min_ms = config->tcp_rto_min_ms,
		.time_wait_ms = WORKER_TIME_WAIT_MS,
		.time_wait_max = w->sessions_max,
		.rx_mbufs_max = params->rx_mbufs_max,
	};
	p->tx_pool = params->tx_pool;
	p->steer = params->steer;
	if (getrandom(p->hash_seed, sizeof(p->hash_seed), 0) != sizeof(p->hash_seed)) {
		free(p);
		return GW_ERR_MACHINE;
	}
	err = net_init(&w->net, p, &w->count, w->now_ns);
	free(p);
	return err;
}

static void clock_read(struct worker *w)
{
	w->now_ns = clock_ns(CLOCK_MONOTONIC);
	w->now_s = (int64_t)(clock_ns(CLOCK_REALTIME_COARSE) / 1000000000ull);
}

static enum gw_err tls_open(struct worker *w, uint64_t hugepages_bytes, struct err_note *note)
{
	const struct gateway_config *config = w->snap->config;
	struct tls_worker_params params = {
		.certificates = config->certificates,
		.certificate_count = config->certificate_count,
		.sessions_max = w->sessions_max,
	};

	w->tls_arena_bytes_max = (size_t)(sizing_tls_bytes(config) / config->core_count);
	params.arena_bytes_max = w->tls_arena_bytes_max;
	if (getrandom(params.memo_seed, sizeof(params.memo_seed), 0) != sizeof(params.memo_seed))
		return GW_ERR_MACHINE;
	params.arena_hugepages_bytes = hugepages_bytes;
	return tls_worker_create(&params, &w->count, note, &w->tls);
}

enum gw_err worker_open(struct worker *w, const struct worker_params *params, struct err_note *note)
{
	enum gw_err err;

	w->snap = params->snap;
	w->idx = params->steer.worker_idx;
	w->core = params->core;
	w->sessions_max = sizing_sessions(w->snap->config);
	w->port_count = params->port_count;
	memcpy(w->ports, params->ports, params->port_count * sizeof(w->ports[0]));
	w->spill_bytes = w->snap->config->limits.header_bytes + WORKER_RECORD_BYTES;
	w->backend_out_bytes = WORKER_TCP_BUF_BYTES;
	/* a head at once, else a record */
	w->client_out_bytes = HTTP_EMIT_HEAD_MAX(&w->snap->config->limits);
	if (w->client_out_bytes < WORKER_RECORD_BYTES)
		w->client_out_bytes = WORKER_RECORD_BYTES;
	clock_read(w);
	timer_wheel_init(&w->timers, w->now_ns);
	worker_load_open(w);
	if (getrandom(w->request_id_key, sizeof(w->request_id_key), 0) != sizeof(w->request_id_key))
		return GW_ERR_MACHINE;
	err = scratch_create(w);
	if (err == GW_ERR_OK)
		err = pools_open(w);
	if (err == GW_ERR_OK)
		err = access_open(w);
	if (err == GW_ERR_OK)
		err = tables_open(w);
	if (err == GW_ERR_OK)
		err = tls_open(w, params->tls_hugepages_bytes, note);
	if (err == GW_ERR_OK)
		err = net_open(w, params);
	if (err == GW_ERR_OK)
		err = listen_all(w);
	if (err == GW_ERR_NO_MEMORY)
		err_note_set(note, "not enough memory for %u sessions; lower memory.sessions",
			     w->snap->config->sessions_max);
	return err;
}

void worker_close(struct worker *w)
{
	if (w->net.count != NULL)
		net_fini(&w->net);
	if (w->tls != NULL)
		tls_worker_destroy(w->tls);
	spsc_fini(&w->access);
	pool_fini(&w->access_records);
	pool_fini(&w->backend_conns);
	pool_fini(&w->spills);
	pool_fini(&w->sessions);
	for (size_t i = 0; w->backend_pools != NULL && i < w->snap->config->pool_count; i++)
		backend_pool_fini(&w->backend_pools[i]);
	free(w->backend_pools);
	free(w->listener_counts);
	scratch_destroy(w->scratch);
}

static unsigned receive_all(struct worker *w)
{
	struct rte_mbuf *pkts[WORKER_BURST];
	unsigned received = 0;

	for (unsigned i = 0; i < w->port_count; i++) {
		uint16_t n = pktio_rx_burst(w->ports[i], (uint16_t)w->idx, pkts, WORKER_BURST);

		if (n > 0)
			net_rx_burst(&w->net, i, pkts, n, w->now_ns);
		received += n;
	}
	return received;
}

/* Each connection something happened to is looked at once, however many segments came. */
static unsigned advance_ready(struct worker *w)
{
	struct tcp_conn *c;
	unsigned advanced = 0;

	while ((c = tcp_ready_take(&w->net)) != NULL) {
		struct endpoint *user = tcp_user(c);

		if (user == NULL) {
			session_open(w, c);
		} else if (user->kind == ENDPOINT_CLIENT) {
			session_advance(w, (struct session *)user);
		} else {
			struct backend_conn *bc = (struct backend_conn *)user;

			if (bc->session != NULL)
				session_advance(w, bc->session);
			else
				backend_on_idle_event(w, bc);
		}
		advanced++;
	}
	return advanced;
}

/* What the port does not take now stays queued for the next turn. */
static unsigned transmit_all(struct worker *w)
{
	unsigned sent = 0;

	for (unsigned i = 0; i < w->port_count; i++) {
		struct netif *nif = &w->net.netifs[i];
		uint16_t n = 0;

		if (nif->txq_count > 0)
			n = pktio_tx_burst(w->ports[i], (uint16_t)w->idx, nif->txq,
					   (uint16_t)nif->txq_count);
		netif_tx_done(nif, n);
		sent += n;
	}
	return sent;
}

bool worker_turn(struct worker *w)
{
	unsigned work;

	worker_pressure_check(w);
	work = receive_all(w);
	work += net_steered_run(&w->net, w->now_ns);
	net_timers_run(&w->net, w->now_ns);
	work += timer_wheel_run(&w->timers, w->now_ns, w);
	work += advance_ready(w);
	if (!list_is_empty(&w->handshakes)) {
		/* What is ready for established sessions does not wait for expensive steps of others. */
		net_output_all(&w->net, w->now_ns);
		work += transmit_all(w);
		work += worker_handshakes_run(w);
	}
	if (__atomic_load_n(&w->draining, __ATOMIC_RELAXED))
		work += worker_drain_step(w);
	net_output_all(&w->net, w->now_ns);
	work += transmit_all(w);
	return work > 0;
}

bool worker_poll(struct worker *w)
{
	clock_read(w);
	return worker_turn(w);
}

static void back_off(unsigned empty_turns)
{
	unsigned us = BACKOFF_FIRST_US;
	struct timespec t = {0};

	if (empty_turns < BACKOFF_AFTER_TURNS) {
		rte_pause();
		return;
	}
	us += (empty_turns - BACKOFF_AFTER_TURNS) / 4;
	t.tv_nsec = (us < BACKOFF_MAX_US ? us : BACKOFF_MAX_US) * 1000;
	nanosleep(&t, NULL);
}

/* A session that ends tells its peers at once. */
static void reset_all(struct worker *w)
{
	for (uint32_t i = 0; i < w->sessions.size_count; i++) {
		struct session *s = pool_object_at(&w->sessions, i);

		if (s != NULL)
			session_abort(w, s);
	}
	for (uint32_t i = 0; i < w->backend_conns.size_count; i++) {
		struct backend_conn *bc = pool_object_at(&w->backend_conns, i);

		if (bc != NULL)
			backend_close(w, bc, false);
	}
	net_output_all(&w->net, w->now_ns);
	transmit_all(w);
}

void worker_run(struct worker *w)
{
	bool backoff = w->snap->config->idle_backoff;
	unsigned empty_turns = 0;
	uint64_t start = rte_rdtsc(), end;

	net_announce(&w->net, w->now_ns);
	while (!__atomic_load_n(&w->stop, __ATOMIC_RELAXED)) {
		bool busy = worker_poll(w);

		end = rte_rdtsc();
		if (busy)
			shared_add(&w->busy_cycles, end - start);
		empty_turns = busy ? 0 : empty_turns + 1;
		if (!busy && backoff)
			back_off(empty_turns);
		end = rte_rdtsc();
		shared_add(&w->total_cycles, end - start);
		start = end;
	}
	reset_all(w);
}

void worker_stop(struct worker *w)
{
	__atomic_store_n(&w->stop, true, __ATOMIC_RELAXED);
}
