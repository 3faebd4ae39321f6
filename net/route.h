/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/route.h: where a packet leaves: the longest matching prefix among the connected networks and a handful of
 * static routes.  Filled at start, read-only afterwards. */
#pragma once

#include "base/err.h"
#include "net/ip4.h"

/* Static routes; more are refused by the start-up file's schema. */
#define ROUTES_MAX 32
/* The connected networks among them. */
#define ROUTE_TABLE_MAX (ROUTES_MAX + 64)

struct route {
	struct ip4_prefix prefix;
	struct ip4 via; /* the router; {0}: prefix is connected */
	uint8_t netif_idx;
};

struct route_table {
	struct route routes[ROUTE_TABLE_MAX]; /* longest prefix first */
	unsigned count;
};

/* Adds a network that netif_idx is connected to.  GW_ERR_CONFIG when the table is full. */
MUST_CHECK enum gw_err route_add_connected(struct route_table *t, struct ip4_prefix prefix,
					   uint8_t netif_idx);
/* Adds a static route.  GW_ERR_CONFIG when via is on no connected network added before, or the table is full. */
MUST_CHECK enum gw_err route_add_static(struct route_table *t, struct ip4_prefix prefix,
					struct ip4 via);
/* The route for dst, NULL when there is none.  Of two routes for one prefix the first added counts. */
const struct route *route_lookup(const struct route_table *t, struct ip4 dst);
