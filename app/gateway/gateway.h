/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/gateway.h: the whole machine: ports, packet pools, one worker, and the order in which they start and stop. */
#pragma once

#include "app/gateway/snapshot.h"
#include "app/gateway/worker.h"

struct gateway {
	const struct snapshot *snap;
	struct rte_mempool *rx_pool, *tx_pool;
	struct pktio *ports[NET_PORTS_MAX];
	unsigned port_count;
	struct worker *worker;
	uint64_t started_ns;  /* CLOCK_MONOTONIC */
	bool draining;        /* the control plane's own */
	uint64_t cycles_seen; /* the worker's total at the last gateway_turns_all() */
};

/* Starts EAL, opens every port, prepares the worker.  On failure everything opened is closed again. */
MUST_CHECK enum gw_err gateway_open(struct gateway *gw, const struct snapshot *snap,
				    struct err_note *note);
void gateway_close(struct gateway *gw);
/* Puts the worker on its core. */
MUST_CHECK enum gw_err gateway_launch(struct gateway *gw, struct err_note *note);
/* Finishes what is under way and begins nothing; harmless twice. */
void gateway_drain(struct gateway *gw);
/* Is all of it finished? */
bool gateway_is_drained(const struct gateway *gw);
/* Has every worker turned since the last call?  For a watchdog. */
bool gateway_turns_all(struct gateway *gw);
/* Client sessions open now. */
uint64_t gateway_sessions(const struct gateway *gw);
/* Stops the worker and waits for it. */
void gateway_stop(struct gateway *gw);
/* Packet buffers held by connections and queues; what lies in the ports' receive rings is not counted. */
uint64_t gateway_mbufs_in_use(const struct gateway *gw);
/* All there are. */
uint64_t gateway_mbufs_size(const struct gateway *gw);
