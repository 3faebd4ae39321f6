/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/netsim/sim.h: one transfer between two real stacks over the in-memory pair of ports, with the fault injector as
 * the network and a clock of its own.  What the network is, and what came of it, are numbers; the same numbers in give the
 * same numbers out. */
#pragma once

#include "drivers/pktio_fault.h"

#include <stdbool.h>
#include <stdint.h>

/* The wire carries one frame in this time in each direction: 121 Mbit/s of full ones. */
#define SIM_FRAME_NS 100000ull

struct sim_network {
	const char *faults;    /* as SP_FAULT has them; the seed is added */
	uint16_t queue_frames; /* in front of the wire; more are lost */
	uint32_t buf_bytes;    /* of both ends' TCP, in each direction */
	uint32_t total_bytes;  /* sent by the listening end */
};

struct sim_result {
	uint64_t elapsed_ns; /* from the SYN to the last byte read */
	uint64_t retransmits, timeouts, fast_retransmits;
	uint64_t queue_lost, fault_lost;
};

/* Runs one transfer to its end, close included.  Ends the process when a byte is wrong, an invariant does not hold, an
 * mbuf is missing or it takes longer than ten minutes of its clock. */
void sim_run(const struct sim_network *network, uint64_t seed, struct sim_result *ret);
