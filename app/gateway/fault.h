/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/fault.h: the fault injector in front of the gateway's ports.  Only a build with -Dfault_injector=true has it
 * (fault_on.c); every other leaves ports and the environment alone (fault_off.c). */
#pragma once

#include "drivers/pktio.h"

#include <jansson.h>

/* Puts the injector in front of *port if the environment's SP_FAULT names it: "front:loss=2%,seed=7;back:delay=5ms", or
 * "*:..." for every port.  GW_ERR_CONFIG with a note when SP_FAULT is not understood; *port is still the caller's. */
MUST_CHECK enum gw_err fault_wrap(const char *name, uint16_t queue_count, struct err_note *note,
				  struct pktio **port);
/* Adds what the injector did, "fault": {"rx": {...}, "tx": {...}}, to a port's status. */
void fault_status(const struct pktio *port, json_t *status);
