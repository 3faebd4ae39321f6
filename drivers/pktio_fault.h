/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drivers/pktio_fault.h: a port that damages what passes through another: frames are lost, sent twice, overtaken, delayed,
 * altered, as a seed and rates say; every deed has its counter, in each direction.  For tests: the gateway has it only when
 * it was built with -Dfault_injector=true.  Reads a clock only through its parameters. */
#pragma once

#include "drivers/pktio.h"

/* Frames that one direction may hold back at a time; when it is full nothing more is taken from the sender. */
#define PKTIO_FAULT_HELD_MAX 4096

/* Rates are in millionths of the frames. */
struct pktio_fault_params {
	uint64_t seed;        /* queue q draws from seed + q */
	uint16_t queue_count; /* of the port in front of which it stands; 0 counts as 1 */
	uint32_t loss_ppm, duplicate_ppm, reorder_ppm, corrupt_ppm;
	uint32_t delay_us;   /* of every frame */
	uint32_t reorder_us; /* how much longer a frame takes that the next ones shall overtake */
	uint64_t (*now_ns)(void *ctx);
	void *now_ctx;
};

enum pktio_fault_direction {
	PKTIO_FAULT_RX,
	PKTIO_FAULT_TX,
	PKTIO_FAULT_DIRECTIONS,
};

/* A lost frame suffers nothing else, so the other rates are of seen - lost. */
struct pktio_fault_stats {
	uint64_t seen, lost, duplicated, reordered, corrupted, delayed;
	uint64_t
		no_mbuf; /* meant to be duplicated or corrupted, but there was no buffer for the copy */
};

/* Reads "seed=7,loss=2%,duplicate=0.5%,reorder=1%,corrupt=0.01%,delay=5ms,reorder_by=1ms" (us and s too); each may be
 * missing: no such fault, seed 1, 1ms.  GW_ERR_CONFIG with a note, and *ret untouched, for anything else. */
MUST_CHECK enum gw_err pktio_fault_params_parse(const char *text, struct err_note *note,
						struct pktio_fault_params *ret);
/* Puts itself in front of lower, which it owns from then on and closes with itself.  GW_ERR_NO_MEMORY: lower is still the
 * caller's. */
MUST_CHECK enum gw_err pktio_fault_open(const struct pktio_fault_params *params,
					struct pktio *lower, struct pktio **ret_port);
/* False when port is of another kind.  Callable from any thread. */
bool pktio_fault_stats(const struct pktio *port,
		       struct pktio_fault_stats ret_stats[PKTIO_FAULT_DIRECTIONS]);
