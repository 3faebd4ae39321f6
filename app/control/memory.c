/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/memory.h"

#include "app/gateway/sizing.h"

#include <unistd.h>

static unsigned long long mib(uint64_t bytes)
{
	return (bytes + (1u << 20) - 1) >> 20;
}

uint64_t memory_need_bytes(const struct gateway_config *config)
{
	return sizing_packets_bytes(config) + sizing_sessions_bytes(config);
}

uint64_t memory_machine_bytes(void)
{
	return (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
}

void memory_print(const struct gateway_config *config, const char *path, FILE *out)
{
	fprintf(out,
		"%s: memory %llu MiB: packet buffers %llu MiB, %u sessions at rest %llu MiB; in "
		"handshakes TLS may take %llu MiB\n",
		path, mib(memory_need_bytes(config)), mib(sizing_packets_bytes(config)),
		config->sessions_max, mib(sizing_sessions_bytes(config)),
		mib(sizing_tls_bytes(config)));
}
