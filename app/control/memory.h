/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/control/memory.h: what a configuration needs of memory, added up before anything is taken. */
#pragma once

#include "config/config.h"

#include <stdint.h>

/* What the gateway holds once all sessions are open and at rest: less than that and it cannot keep its word. */
uint64_t memory_need_bytes(const struct gateway_config *config);
/* What this machine has in all. */
uint64_t memory_machine_bytes(void);
