/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/memory.h"

#include "app/gateway/sizing.h"

#include <unistd.h>

uint64_t memory_need_bytes(const struct gateway_config *config)
{
	return sizing_packets_bytes(config) + sizing_sessions_bytes(config);
}

uint64_t memory_machine_bytes(void)
{
	return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
}
