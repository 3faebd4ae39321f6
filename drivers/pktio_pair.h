/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drivers/pktio_pair.h: two ports joined by a wire in memory, for running whole network sides against each other without
 * a device, without EAL and with any clock.  What one sends the other receives: as a copy, like between two
 * machines, so that a sender may keep its own references.  Not for threads: both ends belong to one. */
#pragma once

#include "drivers/pktio.h"

struct pktio_pair_params {
	const char *name; /* of this end */
	uint8_t mac[6];
	uint16_t mtu;
	struct rte_mempool *rx_pool; /* where copies of what arrives here come from */
	uint16_t
		ring_count; /* frames that may wait in one queue; more are lost, counted rx_dropped */
	uint16_t queue_count; /* of this end; 0 counts as 1 */
};

/* With several queues a frame comes to one by RSS over the usual key, as from a port that hashes TCP over IPv4 by its addresses
 * and ports: what is anything else comes to queue 0. */
/* Opens both ends; each is closed on its own, in any order, and frees what waits in it.  Outlives no pool. */
MUST_CHECK enum gw_err pktio_pair_open(const struct pktio_pair_params params[2],
				       struct pktio *ret_ports[2]);
