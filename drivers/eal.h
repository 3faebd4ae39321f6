/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drivers/eal.h: DPDK's environment, started once per process: memory, one lcore for the control plane, one for each
 * worker.  Nothing else of DPDK works before eal_open(). */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The lcore id of the first worker, whatever core it is pinned to; the others follow.  Lcore 0 is the main thread. */
#define EAL_WORKER_LCORE 1
#define EAL_WORKERS_MAX 64
#define EAL_DEVICES_MAX 16

struct eal_params {
	const unsigned *worker_cores; /* CPU numbers, all different */
	unsigned worker_count;        /* 1 to EAL_WORKERS_MAX */
	uint64_t hugepages_bytes;     /* that must be free; 0: ordinary pages */
	uint64_t memory_bytes;        /* what packet pools and rings need */
	const char *const *devices;   /* of the ports; on the PCI bus DPDK looks at no other */
	unsigned device_count;        /* at most EAL_DEVICES_MAX */
};

/* GW_ERR_MACHINE with a note when a core or the memory cannot be had, or a card is not ready (drivers/pci.h).  When huge
 * pages were asked for and there are not enough, starts without them and clears *ret_hugepages. */
MUST_CHECK enum gw_err eal_open(const struct eal_params *params, struct err_note *note,
				bool *ret_hugepages);
/* What DPDK has taken from the machine so far.  On huge pages it grows with what is asked of it; nothing keeps it below
 * hugepages_bytes. */
uint64_t eal_memory_bytes(void);
/* Every port and pool must have been freed. */
void eal_close(void);
