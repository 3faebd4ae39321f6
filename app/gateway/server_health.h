/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/server_health.h: whether one server of a pool may be asked, learnt from what its answers were: passive
 * ejection.  Failures in a row eject a server for a time; then one request probes it and decides for all.  One per
 * server and worker: workers do not tell each other.  Reads no clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum server_state {
	SERVER_UP,
	SERVER_DOWN,   /* ejected; from probe_at_ns on the next request probes it */
	SERVER_PROBED, /* a probe is under way: nobody else asks */
};

struct server_health {
	uint32_t state; /* enum server_state; read by the control plane */
	uint32_t failures_in_row;
	uint64_t probe_at_ns;
};

struct server_health_params {
	uint32_t max_failures; /* in a row; 0: never ejected */
	uint64_t fail_timeout_ns;
};

/* May a request be sent there now?  True from a server that was ejected makes that request its probe (*ret_is_probe),
 * which ends in one of the three calls below.  What becomes of other requests, sent before it was ejected, does not count
 * until the probe has decided. */
bool server_health_admit(struct server_health *h, uint64_t now_ns, bool *ret_is_probe);
/* It has sent the head of a response. */
void server_health_on_answer(struct server_health *h, bool is_probe);
/* It could not be reached, did not answer, or not in HTTP.  True: this ejected it. */
bool server_health_on_failure(struct server_health *h, const struct server_health_params *params,
			      bool is_probe, uint64_t now_ns);
/* The probe ended without either: the next request probes again. */
void server_health_on_probe_lost(struct server_health *h);
