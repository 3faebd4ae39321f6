/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/totals.h: what the whole gateway has counted: all workers, and the control plane's own rows.  For status and
 * metrics; callable from the main thread while the workers run. */
#pragma once

#include "base/counters.h"

#include <stdbool.h>

struct gateway;

/* Is it the control plane, and no worker, that counts this? */
bool totals_is_control(enum counter which);
/* Each value is whole; together they are of about the same moment. */
void totals_read(const struct gateway *gw, struct counters *ret_totals);
