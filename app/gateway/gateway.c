/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/gateway.h"

#include "app/gateway/fault.h"
#include "app/gateway/log.h"
#include "drivers/eal.h"

#include <inttypes.h>
#include <rte_launch.h>
#include <rte_lcore.h>
#include <stdlib.h>
#include <time.h>

/* Descriptors of each port's receive and transmit ring. */
#define PORT_RING_COUNT 1024
/* Packets that connections may hold for transmission, per session: most hold none, a few hold a whole buffer. */
#define TX_PKTS_PER_SESSION 4
#define TX_PKTS_MIN 16384
/* Packets that wait to be read, beyond those in the receive rings. */
#define RX_PKTS_PER_SESSION 2
#define RX_PKTS_MIN 8192
/* What a packet buffer costs at most on ordinary pages (none crosses a page), and what DPDK needs besides. */
#define PACKET_MEMORY_BYTES 4352
#define PACKET_MEMORY_BASE_BYTES (32u << 20)

static uint32_t rx_pkts(const struct gateway_config *config)
{
	return RX_PKTS_MIN + RX_PKTS_PER_SESSION * config->sessions_max +
	       4 * PORT_RING_COUNT * (uint32_t)config->port_count;
}

static uint32_t tx_pkts(const struct gateway_config *config)
{
	return TX_PKTS_MIN + TX_PKTS_PER_SESSION * config->sessions_max;
}

static uint64_t packet_memory_bytes(const struct gateway_config *config)
{
	return PACKET_MEMORY_BASE_BYTES +
	       (uint64_t)(rx_pkts(config) + tx_pkts(config)) * PACKET_MEMORY_BYTES;
}

static enum gw_err packet_pools_open(struct gateway *gw, struct err_note *note)
{
	uint32_t rx = rx_pkts(gw->snap->config), tx = tx_pkts(gw->snap->config);

	gw->rx_pool = pktio_mbuf_pool_create("rx", rx);
	gw->tx_pool = pktio_mbuf_pool_create("tx", tx);
	if (gw->rx_pool != NULL && gw->tx_pool != NULL)
		return GW_ERR_OK;
	err_note_set(note,
		     "not enough memory for %u packet buffers; raise memory.hugepages or lower "
		     "memory.sessions",
		     rx + tx);
	return GW_ERR_NO_MEMORY;
}

static enum gw_err ports_open(struct gateway *gw, struct err_note *note)
{
	const struct gateway_config *config = gw->snap->config;

	for (size_t i = 0; i < config->port_count; i++) {
		const struct pktio_params params = {
			.name = config->ports[i].name,
			.device = config->ports[i].device,
			.rx_ring_count = PORT_RING_COUNT,
			.tx_ring_count = PORT_RING_COUNT,
		};
		struct pktio_info info;
		enum gw_err err = pktio_dpdk_open(&params, gw->rx_pool, note, &gw->ports[i]);

		if (err != GW_ERR_OK)
			return err;
		gw->port_count++;
		err = fault_wrap(params.name, note, &gw->ports[i]);
		if (err != GW_ERR_OK)
			return err;
		pktio_info(gw->ports[i], &info);
		log_event(LOG_INFO, info.link_up ? "port_up" : "port_down",
			  "port=%s device=%s driver=%s mtu=%u", info.name, info.device, info.driver,
			  info.mtu);
	}
	return GW_ERR_OK;
}

static enum gw_err worker_prepare(struct gateway *gw, struct err_note *note)
{
	const struct worker_params params = {
		.snap = gw->snap,
		.core = gw->snap->config->cores[0],
		.ports = gw->ports,
		.port_count = gw->port_count,
		.tx_pool = gw->tx_pool,
		.rx_mbufs_max = gw->rx_pool->size / 2,
	};

	gw->worker = aligned_alloc(GW_CACHE_LINE, sizeof(*gw->worker));
	if (gw->worker == NULL)
		return GW_ERR_NO_MEMORY;
	memset(gw->worker, 0, sizeof(*gw->worker));
	return worker_open(gw->worker, &params, note);
}

enum gw_err gateway_open(struct gateway *gw, const struct snapshot *snap, struct err_note *note)
{
	const struct gateway_config *config = snap->config;
	const struct eal_params eal = {
		.worker_core = config->cores[0],
		.hugepages_bytes = config->hugepages_bytes,
		.memory_bytes = packet_memory_bytes(config),
	};
	bool hugepages = false;
	struct timespec now;
	enum gw_err err;

	clock_gettime(CLOCK_MONOTONIC, &now);
	gw->started_ns = (uint64_t)now.tv_sec * 1000000000ull;
	gw->snap = snap;
	err = eal_open(&eal, note, &hugepages);
	if (err != GW_ERR_OK)
		return err;
	if (config->hugepages_bytes > 0 && !hugepages)
		log_event(LOG_WARNING, "hugepages_unavailable",
			  "wanted_bytes=%" PRIu64 " using=ordinary_pages", config->hugepages_bytes);
	err = packet_pools_open(gw, note);
	if (err == GW_ERR_OK)
		err = ports_open(gw, note);
	if (err == GW_ERR_OK)
		err = worker_prepare(gw, note);
	if (err != GW_ERR_OK)
		gateway_close(gw);
	return err;
}

void gateway_close(struct gateway *gw)
{
	if (gw->worker != NULL)
		worker_close(gw->worker);
	free(gw->worker);
	for (unsigned i = 0; i < gw->port_count; i++)
		pktio_close(gw->ports[i]);
	rte_mempool_free(gw->tx_pool);
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
	if (rte_eal_remote_launch(worker_main, gw->worker, EAL_WORKER_LCORE) == 0)
		return GW_ERR_OK;
	err_note_set(note, "cannot start the worker on core %u", gw->worker->core);
	return GW_ERR_MACHINE;
}

void gateway_drain(struct gateway *gw)
{
	gw->draining = true;
	worker_drain(gw->worker);
}

bool gateway_is_drained(const struct gateway *gw)
{
	return worker_is_drained(gw->worker);
}

bool gateway_turns_all(struct gateway *gw)
{
	uint64_t cycles = __atomic_load_n(&gw->worker->total_cycles, __ATOMIC_RELAXED);
	bool turned = cycles != gw->cycles_seen;

	gw->cycles_seen = cycles;
	return turned;
}

uint64_t gateway_sessions(const struct gateway *gw)
{
	const struct pool *p = &gw->worker->sessions;

	return p->size_count - __atomic_load_n(&p->free_count, __ATOMIC_RELAXED);
}

void gateway_stop(struct gateway *gw)
{
	worker_stop(gw->worker);
	rte_eal_mp_wait_lcore();
}

uint64_t gateway_mbufs_in_use(const struct gateway *gw)
{
	return rte_mempool_in_use_count(gw->tx_pool) +
	       __atomic_load_n(&gw->worker->net.tcp.rx_held_mbufs, __ATOMIC_RELAXED);
}

uint64_t gateway_mbufs_size(const struct gateway *gw)
{
	return gw->tx_pool->size + gw->rx_pool->size;
}
