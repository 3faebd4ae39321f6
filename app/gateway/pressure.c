/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/pressure.h"

static const struct {
	const char *name;
	enum drop_reason shed;
} resources[PRESSURE_RESOURCES] = {
	[PRESSURE_SESSIONS] = {"sessions", DROP_shed_sessions},
	[PRESSURE_TLS_MEMORY] = {"tls_memory", DROP_shed_tls_memory},
	[PRESSURE_PACKETS_RX] = {"packets_rx", DROP_shed_packets_rx},
	[PRESSURE_PACKETS_TX] = {"packets_tx", DROP_shed_packets_tx},
};

void pressure_update(struct pressure *p, enum pressure_resource resource, uint64_t in_use,
		     uint64_t size)
{
	uint64_t free_high = size / PRESSURE_PARTS;
	uint64_t free_low = size / PRESSURE_PARTS * (PRESSURE_PARTS - PRESSURE_LOW_PARTS);
	uint64_t left = in_use < size ? size - in_use : 0;

	if (!p->is_high[resource] && left <= free_high) {
		__atomic_store_n(&p->is_high[resource], true, __ATOMIC_RELAXED);
		__atomic_store_n(&p->highs[resource], p->highs[resource] + 1, __ATOMIC_RELAXED);
	} else if (p->is_high[resource] && left > free_low) {
		__atomic_store_n(&p->is_high[resource], false, __ATOMIC_RELAXED);
	}
}

enum drop_reason pressure_reason(const struct pressure *p)
{
	for (unsigned i = 0; i < PRESSURE_RESOURCES; i++) {
		if (p->is_high[i])
			return resources[i].shed;
	}
	return DROP_none;
}

const char *pressure_resource_name(enum pressure_resource resource)
{
	return resources[resource].name;
}
