/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/backend.h: one worker's connections to backends: opened on demand, kept alive between requests, most
 * recently used first.  A connection belongs to one session at a time, or to the idle list. */
#pragma once

#include "base/list.h"
#include "base/timer_wheel.h"
#include "net/tcp/tcp.h"

struct worker;
struct session;

/* An idle connection is closed after this; below the 60-75 s after which common servers close theirs, so that
 * few are found stale. */
#define BACKEND_IDLE_MS 30000
/* Idle connections kept for one pool; more are closed when they become idle. */
#define BACKEND_IDLE_MAX 256

/* Who a TCP connection's user is: the first member of struct session and struct backend_conn. */
enum endpoint_kind { ENDPOINT_CLIENT, ENDPOINT_BACKEND };

struct endpoint {
	enum endpoint_kind kind;
};

struct backend_conn {
	struct endpoint endpoint;
	bool reused; /* has carried a request before: it may be stale */
	uint16_t pool_idx;
	struct tcp_conn *tcp;
	struct session *session; /* NULL while idle */
	struct list node;        /* on backend_pool.idle while idle */
	struct timer_entry idle_timer;
};

/* One writer (the worker), relaxed readers (the control plane). */
struct backend_pool {
	struct list idle; /* most recently used first */
	uint32_t idle_count;
	struct ip4_endpoint server;
	uint64_t conns, requests, failures;
};

/* A connection of the pool for one request: an idle one unless fresh is asked for, else a new one being opened.  NULL
 * when none can be had (counted). */
struct backend_conn *backend_take(struct worker *w, unsigned pool_idx, bool fresh,
				  struct session *s);
/* The exchange is complete and the connection clean: keeps it for the next one. */
void backend_release(struct worker *w, struct backend_conn *bc);
/* Ends the connection: FIN when its last exchange was complete, else RST, so that a half request is never taken for
 * a whole one. */
void backend_close(struct worker *w, struct backend_conn *bc, bool is_complete);
/* Something happened on an idle connection: the server closed it, or sent bytes nobody asked for.  Closes it. */
void backend_on_idle_event(struct worker *w, struct backend_conn *bc);
