/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/pressure.h: when a worker's memory runs short, new handshakes are shed before anything else suffers.  Each
 * resource has a high mark, from which SYNs are dropped, and a low one, under which they are taken again, so that the state
 * does not flicker.  One per worker; reads no clock. */
#pragma once

#include "base/counters.h"

#include <stdbool.h>
#include <stdint.h>

enum pressure_resource {
	PRESSURE_SESSIONS,
	PRESSURE_TLS_MEMORY,
	PRESSURE_PACKETS_RX, /* the worker's share of the receive pool */
	PRESSURE_PACKETS_TX,
	PRESSURE_RESOURCES,
};

/* In use, in sixteenths: high is 15/16, low 14/16.  Of fewer than sixteen all are used before anything is shed. */
#define PRESSURE_PARTS 16
#define PRESSURE_LOW_PARTS 14

struct pressure {
	/* shared: read by the control plane */
	bool is_high[PRESSURE_RESOURCES];
	uint64_t highs[PRESSURE_RESOURCES]; /* how often the high mark was reached */
	/* the control plane's alone */
	uint64_t highs_logged[PRESSURE_RESOURCES];
};

/* So much of size is in use now. */
void pressure_update(struct pressure *p, enum pressure_resource resource, uint64_t in_use,
		     uint64_t size);
/* Why SYNs are to be dropped now; DROP_none: they are welcome. */
enum drop_reason pressure_reason(const struct pressure *p);
/* "sessions", "tls_memory", ... */
const char *pressure_resource_name(enum pressure_resource resource);
