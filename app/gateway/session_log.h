/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/session_log.h: what a session remembers for the access log, embedded in struct session.  Filled by session_log.c
 * alone; the texts of the request under way lie in a record of the worker's pool. */
#pragma once

#include "app/gateway/access_record.h"
#include "net/ip4.h"

struct session_peer;

struct session_log {
	uint64_t start_ns;         /* first byte of the request, or of the connection */
	uint64_t backend_start_ns; /* 0: no backend was asked */
	uint64_t bytes_in, bytes_out;
	struct access_record
		*record;           /* method, host and target; NULL: none under way, or no room */
	struct session_peer *peer; /* who the client is; in the TLS arena, as is: */
	char *sni;
	struct ip4_endpoint backend; /* the last one asked */
	uint16_t pool_idx;
	uint16_t status;        /* sent to the client; 0: none yet */
	enum drop_reason error; /* the last thing that went wrong since the last line */
	bool is_open;           /* a request has begun and has no line yet */
};
