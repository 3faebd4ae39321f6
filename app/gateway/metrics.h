/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/metrics.h: everything the gateway counts, as Prometheus reads it: every row of base/counters.def and base/drops.def
 * with its help, by worker; listeners, servers, ports and pools by name. */
#pragma once

struct gateway;

/* The whole page, NUL-terminated, freed by the caller; NULL when out of memory.  Main thread only. */
char *metrics_page(const struct gateway *gw);
