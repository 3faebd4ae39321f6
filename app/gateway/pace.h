/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/pace.h: whether a client that is waited for keeps up with a minimum rate, one way.  An account of patience: it
 * holds at most the grace period, time spent waiting for the client draws on it, bytes fill it as the rate says.  Time in
 * which nobody waits for the client costs nothing.  Reads no clock, arms no timer. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct pace_params {
	uint64_t bytes_per_s; /* 0: any rate will do */
	uint64_t grace_ns;
};

struct pace {
	uint64_t at_ns;   /* of the last update */
	uint64_t left_ns; /* patience */
	bool is_waiting;
};

/* A full account, nobody waiting. */
void pace_init(struct pace *p, const struct pace_params *params);
/* The client moved so many bytes since the last update; from now on it is waited for, or not.  False: the account is
 * empty. */
bool pace_update(struct pace *p, const struct pace_params *params, uint64_t bytes, bool is_waiting,
		 uint64_t now_ns);
/* When the account will be empty if nothing moves until then; UINT64_MAX while nobody waits, or any rate will do. */
uint64_t pace_ends_ns(const struct pace *p, const struct pace_params *params);
