/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/metrics_server.h: answers Prometheus over plain HTTP on a management address of the kernel's network: GET /metrics
 * and GET /healthz, nothing else.  Runs on the main thread, never blocks it, and is bounded in connections, time and memory; a
 * page is made at most four times a second, however often it is asked for. */
#pragma once

#include "base/err.h"
#include "net/ip4.h"

struct gateway;
struct metrics_server;

/* Listens.  GW_ERR_MACHINE with a note when the address cannot be had.  gateway outlives it. */
MUST_CHECK enum gw_err metrics_server_open(struct ip4_endpoint address,
					   const struct gateway *gateway, struct err_note *note,
					   struct metrics_server **ret_server);
/* NULL is allowed. */
void metrics_server_close(struct metrics_server *server);
/* Readable when metrics_server_run() has something to do. */
int metrics_server_fd(const struct metrics_server *server);
void metrics_server_run(struct metrics_server *server);
/* After how many milliseconds it wants to run even so; -1: never. */
int metrics_server_patience_ms(struct metrics_server *server);
