/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/backend.h: one worker's connections to the servers of backend pools: which server a request goes to,
 * connections opened on demand and kept alive between requests, most recently used first.  A connection belongs to one
 * session at a time, or to its server's idle list. */
#pragma once

#include "app/gateway/server_health.h"
#include "base/err.h"
#include "base/list.h"
#include "base/timer_wheel.h"
#include "http/http_refusal.h"
#include "net/tcp/tcp.h"

struct worker;
struct session;
struct pool_config;

/* An idle connection is closed after this; below the 60-75 s after which common servers close theirs, so that
 * few are found stale. */
#define BACKEND_IDLE_MS 30000
/* Idle connections a worker keeps, all servers together; beyond it the one that has been idle longest is closed. */
#define BACKEND_IDLE_MAX 256

/* Who a TCP connection's user is: the first member of struct session and struct backend_conn. */
enum endpoint_kind { ENDPOINT_CLIENT, ENDPOINT_BACKEND };

struct endpoint {
	enum endpoint_kind kind;
};

struct backend_conn {
	struct endpoint endpoint;
	bool reused;   /* has carried a request before: it may be stale */
	bool is_probe; /* its request decides whether an ejected server is used again */
	uint16_t pool_idx, server_idx;
	struct tcp_conn *tcp;
	struct session *session; /* NULL while idle */
	struct list node;        /* on backend_server.idle while idle */
	struct list age;         /* on worker.backend_idle while idle */
	struct timer_entry idle_timer;
};

/* One writer (the worker), relaxed readers (the control plane). */
struct backend_server {
	struct list idle; /* most recently used first */
	struct ip4_endpoint address;
	struct server_health health;
	uint64_t conns, requests, failures;
};

struct backend_pool {
	struct backend_server *servers;
	unsigned server_count;
	unsigned next_idx; /* whose turn it is */
	struct server_health_params health_params;
};

/* The pool's servers, all up, as the start-up file has them. */
MUST_CHECK enum gw_err backend_pool_init(struct backend_pool *pool,
					 const struct pool_config *config);
void backend_pool_fini(struct backend_pool *pool);

/* A connection for one request, to the next server of the pool whose turn it is, which has not been ejected, and which
 * is not in *tried (a bit for each server); its bit is then set.  An idle connection where there is one, else a new one being
 * opened.  HTTP_REFUSAL_none; or why there is none: no_server_left, or no_backend when the gateway itself is out of
 * something (counted). */
enum http_refusal backend_take(struct worker *w, unsigned pool_idx, uint64_t *tried,
			       struct session *s, struct backend_conn **ret_bc);
/* The same, but always a new connection, and to that server. */
enum http_refusal backend_take_fresh(struct worker *w, unsigned pool_idx, unsigned server_idx,
				     struct session *s, struct backend_conn **ret_bc);
struct backend_server *backend_server_of(struct worker *w, const struct backend_conn *bc);
/* The server has sent the head of a response. */
void backend_on_answer(struct worker *w, struct backend_conn *bc);
/* The exchange failed through the server's fault.  Counts it; ejects the server when it was one too many, and closes its
 * idle connections.  bc is to be closed next. */
void backend_on_failure(struct worker *w, struct backend_conn *bc);
/* The exchange is complete and the connection clean: keeps it for the next one. */
void backend_release(struct worker *w, struct backend_conn *bc);
/* Ends the connection: FIN when its last exchange was complete, else RST, so that a half request is never taken for
 * a whole one. */
void backend_close(struct worker *w, struct backend_conn *bc, bool is_complete);
/* Something happened on an idle connection: the server closed it, or sent bytes nobody asked for.  Closes it. */
void backend_on_idle_event(struct worker *w, struct backend_conn *bc);
