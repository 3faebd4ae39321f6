/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/route.h"

#include <string.h>

/* Behind every route with a prefix at least as long. */
static enum gw_err insert(struct route_table *t, struct route route)
{
	unsigned at = 0;

	if (t->count == ROUTE_TABLE_MAX)
		return GW_ERR_CONFIG;
	while (at < t->count && t->routes[at].prefix.len >= route.prefix.len)
		at++;
	memmove(&t->routes[at + 1], &t->routes[at], (t->count - at) * sizeof(t->routes[0]));
	t->routes[at] = route;
	t->count++;
	return GW_ERR_OK;
}

enum gw_err route_add_connected(struct route_table *t, struct ip4_prefix prefix, uint8_t netif_idx)
{
	return insert(t, (struct route){.prefix = prefix, .netif_idx = netif_idx});
}

enum gw_err route_add_static(struct route_table *t, struct ip4_prefix prefix, struct ip4 via)
{
	const struct route *router = route_lookup(t, via);

	if (via.v == 0 || router == NULL || router->via.v != 0)
		return GW_ERR_CONFIG;
	return insert(t,
		      (struct route){.prefix = prefix, .via = via, .netif_idx = router->netif_idx});
}

const struct route *route_lookup(const struct route_table *t, struct ip4 dst)
{
	for (unsigned i = 0; i < t->count; i++) {
		if (ip4_prefix_has(t->routes[i].prefix, dst))
			return &t->routes[i];
	}
	return NULL;
}
