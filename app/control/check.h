/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/control/check.h: reads a start-up file and everything it names, without touching port or core: what the gateway does before it
 * starts, what `sallyport --check` and `sallyportctl check` do and no more. */
#pragma once

#include "base/err.h"
#include "config/config.h"

#include <stdio.h>

struct snapshot;
struct trust_store;

/* A start-up file with what is read from other files for it. */
struct startup {
	struct gateway_config *config;
	/* Of config->trust_stores, loaded; NULL once a snapshot has taken them. */
	struct trust_store **stores;
};

/* What is in the file at path, with the trust stores it names; every finding goes to messages.  GW_ERR_CONFIG when it was
 * refused; *ret_startup is untouched then. */
MUST_CHECK enum gw_err check_load(const char *path, FILE *messages, struct startup *ret_startup);
/* Frees it, all but what a snapshot took; the snapshot comes first. */
void check_unload(struct startup *startup);
/* Makes a snapshot, which takes the trust stores, on failure too, and refers to the configuration.  A refusal goes to
 * messages as `FILE: error: WHAT; WHAT TO DO`. */
MUST_CHECK enum gw_err check_create_snapshot(const char *path, struct startup *startup,
					     FILE *messages, struct snapshot **ret_snap);
/* All of it, then the line `FILE: ok, ...` to out.  */
MUST_CHECK enum gw_err check_file(const char *path, FILE *out, FILE *messages);
