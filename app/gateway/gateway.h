/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/gateway.h: the whole machine: ports, packet pools, the workers, and the order in which they start and stop. */
#pragma once

#include "app/gateway/snapshot.h"
#include "app/gateway/worker.h"
#include "drivers/eal.h"

struct access_log;

struct gateway {
	const struct snapshot *snap;
	/* What is received may end with another worker than the one whose queue it came by, and is freed by that one: so all
	 * receive rings are fed from one pool, of which each worker may hold its share.  What a worker sends nobody else
	 * touches. */
	struct rte_mempool *rx_pool, *tx_pools[EAL_WORKERS_MAX];
	struct pktio *ports[NET_PORTS_MAX];
	unsigned port_count;
	bool port_was_up[NET_PORTS_MAX]; /* as last reported */
	struct rss *rss[NET_PORTS_MAX];  /* how each port spreads connections over the workers */
	struct spsc *rings; /* from worker i to worker k: rings[i * worker_count + k] */
	struct worker *workers[EAL_WORKERS_MAX]; /* worker i owns queue i of every port */
	unsigned worker_count;
	uint64_t started_ns; /* CLOCK_MONOTONIC */
	uint64_t
		tls_hugepages_bytes; /* that the arenas of all workers share; 0 without huge pages */
	bool draining;               /* the control plane's own */
	struct access_log *access_log;              /* while it serves */
	struct spsc *access_rings[EAL_WORKERS_MAX]; /* the workers', for the log */
	uint64_t cycles_seen
		[EAL_WORKERS_MAX]; /* each worker's total at the last gateway_turns_all() */
};

/* Starts EAL, opens every port, prepares the workers.  On failure everything opened is closed again. */
MUST_CHECK enum gw_err gateway_open(struct gateway *gw, const struct snapshot *snap,
				    struct err_note *note);
void gateway_close(struct gateway *gw);
/* Puts each worker on its core. */
MUST_CHECK enum gw_err gateway_launch(struct gateway *gw, struct err_note *note);
/* Finishes what is under way and begins nothing; harmless twice. */
void gateway_drain(struct gateway *gw);
/* Is all of it finished? */
bool gateway_is_drained(const struct gateway *gw);
/* Reports each port whose link has come or gone since the last call. */
void gateway_watch_links(struct gateway *gw);
/* Has every worker turned since the last call?  For a watchdog. */
bool gateway_turns_all(struct gateway *gw);
/* Client sessions open now. */
uint64_t gateway_sessions(const struct gateway *gw);
/* Stops the workers and waits for them. */
void gateway_stop(struct gateway *gw);
/* Packet buffers held by that worker's connections and queues; what lies in the ports' receive rings is not counted. */
uint64_t gateway_mbufs_in_use(const struct gateway *gw, unsigned worker_idx);
/* All there are for it. */
uint64_t gateway_mbufs_size(const struct gateway *gw, unsigned worker_idx);
