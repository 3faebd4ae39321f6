/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/loop.h: what the main thread does while the gateway runs: signals, the control socket, metrics, the drain's clock, the
 * service manager's watchdog, the log of what is shed.  Lives on the kernel's side; no worker waits for it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct control;
struct gateway;
struct metrics_server;

struct loop {
	struct gateway *gateway;
	struct control *control;
	struct metrics_server *metrics; /* NULL: none */
	int signal_fd;                  /* SIGTERM, SIGINT, SIGUSR1 */
	uint32_t drain_ms;              /* shutdown.drain */

	/* private */
	bool draining;
	uint64_t drain_until_ms;  /* CLOCK_MONOTONIC */
	uint64_t watchdog_ms;     /* how often the service manager wants to hear of us; 0: never */
	uint64_t watchdog_due_ms; /* CLOCK_MONOTONIC */
	uint64_t shedding_due_ms; /* CLOCK_MONOTONIC */
};

/* Serves until the gateway is to stop: a first SIGTERM, SIGINT or `sallyportctl drain` begins the drain, which ends when
 * nothing is left, after drain_ms, or with a second signal.  SIGUSR1 opens the access log anew. */
void loop_run(struct loop *loop);
