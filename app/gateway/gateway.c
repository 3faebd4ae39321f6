/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/gateway.h"

#include "app/gateway/fault.h"
#include "app/gateway/log.h"
#include "app/gateway/port_report.h"
#include "app/gateway/sizing.h"
#include "base/clock.h"
#include "drivers/eal.h"
#include "tls/tls_arena.h"

#include <inttypes.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <stdlib.h>
#include <sys/random.h>

static enum gw_err packet_pools_open(struct gateway *gw, struct err_note *note)
{
	uint32_t workers = gw->worker_count;
	uint32_t rx = workers * sizing_rx_pkts(gw->snap->config);
	uint32_t tx = sizing_tx_pkts(gw->snap->config);
	bool complete;

	gw->rx_pool = pktio_mbuf_pool_create("rx", rx);
	complete = gw->rx_pool != NULL;
	for (uint32_t i = 0; i < workers && complete; i++) {
		char name[16];

		snprintf(name, sizeof(name), "tx%u", i);
		gw->tx_pools[i] = pktio_mbuf_pool_create(name, tx);
		complete = gw->tx_pools[i] != NULL;
	}
	if (complete)
		return GW_ERR_OK;
	err_note_set(note,
		     "not enough memory for %u packet buffers; raise memory.hugepages or lower "
		     "memory.sessions",
		     rx + workers * tx);
	return GW_ERR_NO_MEMORY;
}

static enum gw_err ports_open(struct gateway *gw, struct err_note *note)
{
	const struct gateway_config *config = gw->snap->config;

	for (size_t i = 0; i < config->port_count; i++) {
		const struct pktio_params params = {
			.name = config->ports[i].name,
			.device = config->ports[i].device,
			.rx_ring_count = SIZING_PORT_RING_COUNT,
			.tx_ring_count = SIZING_PORT_RING_COUNT,
			.queue_count = (uint16_t)gw->worker_count,
		};
		struct pktio_info info;
		enum gw_err err = pktio_dpdk_open(&params, gw->rx_pool, note, &gw->ports[i]);

		if (err != GW_ERR_OK)
			return err;
		gw->port_count++;
		err = fault_wrap(params.name, params.queue_count, note, &gw->ports[i]);
		if (err != GW_ERR_OK)
			return err;
		pktio_info(gw->ports[i], &info);
		gw->port_was_up[i] = info.link_up;
		port_report(&info);
	}
	return GW_ERR_OK;
}

/* What the port does, where it says; else a choice of our own, by a secret key lest a client load one worker with all its
 * connections. */
static enum gw_err rss_fill(struct pktio *port, unsigned worker_count, struct rss *rss)
{
	uint8_t key[RSS_KEY_BYTES_MIN];
	struct pktio_rss known;

	pktio_rss(port, &known);
	if (known.is_known) {
		rss_init(rss, span_of(known.key, known.key_bytes), known.table, known.table_count);
		return GW_ERR_OK;
	}
	if (getrandom(key, sizeof(key), 0) != sizeof(key))
		return GW_ERR_MACHINE;
	rss_init_even(rss, SPAN(key), worker_count);
	return GW_ERR_OK;
}

/* How connections are spread, and the ways between the workers; nothing for one alone. */
static enum gw_err steering_open(struct gateway *gw)
{
	size_t ring_count = (size_t)gw->worker_count * gw->worker_count;

	if (gw->worker_count == 1)
		return GW_ERR_OK;
	for (unsigned i = 0; i < gw->port_count; i++) {
		gw->rss[i] = calloc(1, sizeof(*gw->rss[i]));
		if (gw->rss[i] == NULL)
			return GW_ERR_NO_MEMORY;
		if (rss_fill(gw->ports[i], gw->worker_count, gw->rss[i]) != GW_ERR_OK)
			return GW_ERR_MACHINE;
	}
	gw->rings = aligned_alloc(SPSC_CACHE_LINE, ring_count * sizeof(*gw->rings));
	if (gw->rings == NULL)
		return GW_ERR_NO_MEMORY;
	memset(gw->rings, 0, ring_count * sizeof(*gw->rings));
	for (size_t i = 0; i < ring_count; i++) {
		if (i / gw->worker_count == i % gw->worker_count)
			continue;
		if (steer_ring_init(&gw->rings[i]) != GW_ERR_OK)
			return GW_ERR_NO_MEMORY;
	}
	return GW_ERR_OK;
}

static void steering_close(struct gateway *gw)
{
	for (size_t i = 0; gw->rings != NULL && i < (size_t)gw->worker_count * gw->worker_count;
	     i++)
		steer_ring_fini(&gw->rings[i]);
	free(gw->rings);
	for (unsigned i = 0; i < gw->port_count; i++)
		free(gw->rss[i]);
}

static void steer_params_fill(struct gateway *gw, unsigned idx, struct steer_params *p)
{
	p->worker_idx = idx;
	p->worker_count = gw->worker_count;
	if (gw->worker_count == 1)
		return;
	p->rss = (const struct rss *const *)gw->rss;
	for (unsigned i = 0; i < gw->worker_count; i++) {
		if (i == idx)
			continue;
		p->in[i] = &gw->rings[i * gw->worker_count + idx];
		p->out[i] = &gw->rings[idx * gw->worker_count + i];
	}
}

static enum gw_err worker_prepare(struct gateway *gw, unsigned idx, struct err_note *note)
{
	struct worker_params params = {
		.snap = gw->snap,
		.core = gw->snap->config->cores[idx],
		.ports = gw->ports,
		.port_count = gw->port_count,
		.tx_pool = gw->tx_pools[idx],
		.rx_mbufs_max = gw->rx_pool->size / 2 / gw->worker_count,
		.tls_hugepages_bytes = gw->tls_hugepages_bytes / gw->worker_count,
	};
	struct worker *w = aligned_alloc(GW_CACHE_LINE, sizeof(*w));

	if (w == NULL)
		return GW_ERR_NO_MEMORY;
	memset(w, 0, sizeof(*w));
	gw->workers[idx] = w;
	steer_params_fill(gw, idx, &params.steer);
	return worker_open(w, &params, note);
}

static void arena_report(const struct worker *w)
{
	struct tls_arena_memory memory;

	tls_worker_arena_memory(w->tls, &memory);
	log_event(LOG_INFO, "tls_arena",
		  "worker=%u pages=%s bytes=%" PRIu64 " hugepages_bytes=%" PRIu64, w->idx,
		  memory.pages, memory.bytes, memory.huge_bytes);
}

static enum gw_err workers_prepare(struct gateway *gw, struct err_note *note)
{
	enum gw_err err = GW_ERR_OK;

	for (unsigned i = 0; i < gw->worker_count && err == GW_ERR_OK; i++) {
		err = worker_prepare(gw, i, note);
		if (err == GW_ERR_OK)
			arena_report(gw->workers[i]);
	}
	return err;
}

/* memory.hugepages pays for packets first; what they left is for the workers' TLS arenas. */
static enum gw_err hugepages_divide(struct gateway *gw, struct err_note *note)
{
	uint64_t all_bytes = gw->snap->config->hugepages_bytes;
	uint64_t packet_bytes = eal_memory_bytes();

	if (packet_bytes <= all_bytes) {
		gw->tls_hugepages_bytes = all_bytes - packet_bytes;
		return GW_ERR_OK;
	}
	err_note_set(note,
		     "memory.hugepages: packet buffers need %" PRIu64
		     "MiB; give at least that, or lower memory.sessions",
		     packet_bytes >> 20);
	return GW_ERR_NO_MEMORY;
}

enum gw_err gateway_open(struct gateway *gw, const struct snapshot *snap, struct err_note *note)
{
	const struct gateway_config *config = snap->config;
	const char *devices[NET_PORTS_MAX];
	const struct eal_params eal = {
		.worker_cores = config->cores,
		.worker_count = (unsigned)config->core_count,
		.hugepages_bytes = config->hugepages_bytes,
		.memory_bytes = sizing_packets_bytes(config),
		.devices = devices,
		.device_count = (unsigned)config->port_count,
	};
	bool hugepages = false;
	enum gw_err err;

	for (size_t i = 0; i < config->port_count; i++)
		devices[i] = config->ports[i].device;
	gw->started_ns = clock_ns(CLOCK_MONOTONIC);
	gw->snap = snap;
	gw->worker_count = (unsigned)config->core_count;
	err = eal_open(&eal, note, &hugepages);
	if (err != GW_ERR_OK)
		return err;
	if (config->hugepages_bytes > 0 && !hugepages)
		log_event(LOG_WARNING, "hugepages_unavailable",
			  "wanted_bytes=%" PRIu64 " using=ordinary_pages", config->hugepages_bytes);
	err = packet_pools_open(gw, note);
	if (err == GW_ERR_OK)
		err = ports_open(gw, note);
	if (err == GW_ERR_OK && hugepages)
		err = hugepages_divide(gw, note);
	if (err == GW_ERR_OK)
		err = steering_open(gw);
	if (err == GW_ERR_OK)
		err = workers_prepare(gw, note);
	if (err != GW_ERR_OK)
		gateway_close(gw);
	return err;
}

void gateway_close(struct gateway *gw)
{
	for (unsigned i = 0; i < gw->worker_count; i++) {
		if (gw->workers[i] != NULL)
			worker_close(gw->workers[i]);
		free(gw->workers[i]);
	}
	steering_close(gw);
	for (unsigned i = 0; i < gw->port_count; i++)
		pktio_close(gw->ports[i]);
	for (unsigned i = 0; i < gw->worker_count; i++)
		rte_mempool_free(gw->tx_pools[i]);
	rte_mempool_free(gw->rx_pool);
	eal_close();
	*gw = (struct gateway){0};
}

static int worker_main(void *arg)
{
	worker_run(arg);
	return 0;
}

enum gw_err gateway_launch(struct gateway *gw, struct err_note *note)
{
	for (unsigned i = 0; i < gw->worker_count; i++) {
		struct worker *w = gw->workers[i];

		if (rte_eal_remote_launch(worker_main, w, EAL_WORKER_LCORE + i) == 0)
			continue;
		err_note_set(note, "cannot start the worker on core %u", w->core);
		gateway_stop(gw);
		return GW_ERR_MACHINE;
	}
	return GW_ERR_OK;
}

void gateway_drain(struct gateway *gw)
{
	gw->draining = true;
	for (unsigned i = 0; i < gw->worker_count; i++)
		worker_drain(gw->workers[i]);
}

bool gateway_is_drained(const struct gateway *gw)
{
	for (unsigned i = 0; i < gw->worker_count; i++) {
		if (!worker_is_drained(gw->workers[i]))
			return false;
	}
	return true;
}

void gateway_watch_links(struct gateway *gw)
{
	for (unsigned i = 0; i < gw->port_count; i++) {
		struct pktio_info info;

		pktio_info(gw->ports[i], &info);
		if (info.link_up != gw->port_was_up[i])
			port_report(&info);
		gw->port_was_up[i] = info.link_up;
	}
}

bool gateway_turns_all(struct gateway *gw)
{
	bool all = true;

	for (unsigned i = 0; i < gw->worker_count; i++) {
		uint64_t cycles = __atomic_load_n(&gw->workers[i]->total_cycles, __ATOMIC_RELAXED);

		if (cycles == gw->cycles_seen[i])
			all = false;
		gw->cycles_seen[i] = cycles;
	}
	return all;
}

uint64_t gateway_sessions(const struct gateway *gw)
{
	uint64_t sessions = 0;

	for (unsigned i = 0; i < gw->worker_count; i++) {
		const struct pool *p = &gw->workers[i]->sessions;

		sessions += p->size_count - __atomic_load_n(&p->free_count, __ATOMIC_RELAXED);
	}
	return sessions;
}

void gateway_stop(struct gateway *gw)
{
	for (unsigned i = 0; i < gw->worker_count; i++)
		worker_stop(gw->workers[i]);
	rte_eal_mp_wait_lcore();
}

uint64_t gateway_mbufs_in_use(const struct gateway *gw, unsigned worker_idx)
{
	const struct worker *w = gw->workers[worker_idx];

	return rte_mempool_in_use_count(gw->tx_pools[worker_idx]) +
	       __atomic_load_n(&w->net.tcp.rx_held_mbufs, __ATOMIC_RELAXED);
}

uint64_t gateway_mbufs_size(const struct gateway *gw, unsigned worker_idx)
{
	return gw->tx_pools[worker_idx]->size + gw->rx_pool->size / gw->worker_count;
}
