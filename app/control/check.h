/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/control/check.h: reads a start-up file and everything it names, without touching port or core: what the gateway does before it
 * starts, what `sallyport --check` and `sallyportctl check` do and no more. */
#pragma once

#include "base/err.h"
#include "config/config.h"

#include <stdio.h>

struct snapshot;

/* The configuration at path; every finding goes to messages.  GW_ERR_CONFIG when it was refused. */
MUST_CHECK enum gw_err check_load(const char *path, FILE *messages,
				  struct gateway_config **ret_config);
/* Loads the trust stores, certificates and keys it names, as far as that needs no port.  A refusal goes to messages as
 * `FILE: error: WHAT; WHAT TO DO`. */
MUST_CHECK enum gw_err check_create_snapshot(const char *path, const struct gateway_config *config,
					     FILE *messages, struct snapshot **ret_snap);
/* All of it, then the line `FILE: ok, ...` to out.  */
MUST_CHECK enum gw_err check_file(const char *path, FILE *out, FILE *messages);
