/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/worker.h: what one core owns, and its turn.  A worker shares nothing but what is labelled so below; it never
 * blocks, allocates only from its TLS arena, and reads the clock once a turn. */
#pragma once

#include "app/gateway/backend.h"
#include "app/gateway/pressure.h"
#include "app/gateway/snapshot.h"
#include "base/counters.h"
#include "base/pool.h"
#include "base/spsc.h"
#include "base/timer_wheel.h"
#include "drivers/pktio.h"
#include "net/net.h"
#include "tls/tls_hello.h"
#include "tls/tls_worker.h"

#define GW_CACHE_LINE 64
#define WORKER_BURST 32

/* Room for the areas below beyond the largest head: one TLS record's plaintext. */
#define WORKER_RECORD_BYTES 16384
/* First flight of a client: raw records of a ClientHello of at most TLS_HELLO_MAX bytes. */
#define WORKER_HELLO_RAW_BYTES 65536

/* A connection's buffers, each direction: a TLS record fits whole, and a head with identity headers fits at once.  The
 * buffers are limits, not allocations. */
#define WORKER_TCP_BUF_BYTES (256u << 10)
#define WORKER_TIME_WAIT_MS 30000

/* Memory a session borrows within one turn.  Nothing in it survives the turn. */
struct worker_scratch {
	uint8_t hello_raw[WORKER_HELLO_RAW_BYTES];
	uint8_t hello_joined[TLS_HELLO_MAX];
	uint8_t *client_in;    /* decrypted request bytes; spill_bytes long */
	uint8_t *backend_out;  /* request bytes for the backend; backend_out_bytes long */
	uint8_t *backend_head; /* a response head joined from several segments; spill_bytes long */
	uint8_t *identity;     /* TRUST_IDENTITY_STORAGE_BYTES, then the rendered block */
	uint8_t *client_out;   /* response bytes to be encrypted; client_out_bytes long */
};

/* One writer (the worker), relaxed readers (the control plane). */
struct listener_counters {
	uint64_t sessions; /* open now */
	uint64_t handshakes_ok, handshakes_failed, auth_ok, auth_failed, requests;
	uint64_t status[6]; /* [2] is 2xx; [0] is unused */
};

struct worker {
	/* fixed after worker_open() */
	const struct snapshot *snap;
	struct pktio *ports[NET_PORTS_MAX];
	unsigned port_count;
	unsigned idx; /* also the number of its queue of every port */
	unsigned core;
	uint32_t sessions_max;
	size_t spill_bytes, backend_out_bytes, client_out_bytes, tls_arena_bytes_max;
	uint64_t request_id_key[2];
	/* hot */
	uint64_t now_ns; /* monotonic, one value a turn */
	int64_t now_s;   /* UTC, for the validity of certificates */
	uint64_t request_seq;
	struct net net;
	struct tls_worker *tls;
	struct timer_wheel timers;
	struct pool sessions, spills, backend_conns;
	struct pool access_records; /* of requests under way, where there is an access log */
	bool access_lines;          /* fixed: there is one */
	struct backend_pool *backend_pools;
	struct list backend_idle; /* idle backend connections, the oldest first */
	uint32_t backend_idle_count;
	struct worker_scratch *scratch;
	struct list
		handshakes; /* sessions whose handshake has a step to do, the longest waiting first */
	uint64_t handshake_budget_cycles; /* for those of one turn */
	bool handshakes_running;
	uint64_t pressure_checked_ns;
	bool drain_begun;        /* nothing is accepted any more */
	uint32_t drain_next_idx; /* sessions below it have been looked at since */
	/* shared: read by the control plane while the worker runs */
	struct counters count __attribute__((aligned(GW_CACHE_LINE)));
	struct listener_counters *listener_counts;
	uint64_t busy_cycles, total_cycles;
	struct pressure pressure;
	struct spsc access; /* of struct access_record; the reader is the log's thread */
	/* shared: written by the control plane */
	bool stop __attribute__((aligned(GW_CACHE_LINE)));
	bool draining; /* finish what is under way, begin nothing; health pages say so */
};

struct worker_params {
	const struct snapshot *snap;
	struct steer_params
		steer; /* its worker_idx is the worker's number and that of its queues */
	unsigned core;
	struct pktio *const *ports; /* in the order of the start-up file */
	unsigned port_count;
	struct rte_mempool *tx_pool;
	uint32_t rx_mbufs_max;        /* that receive queues may hold, all together */
	uint64_t tls_hugepages_bytes; /* for its TLS arena */
};

/* Takes all memory the worker will ever use and starts to listen; serves nothing before worker_run().  w is zeroed
 * memory of the caller. */
MUST_CHECK enum gw_err worker_open(struct worker *w, const struct worker_params *params,
				   struct err_note *note);
/* Frees everything; sessions still open are dropped.  Ports and pools stay the caller's. */
void worker_close(struct worker *w);
/* Turns until worker_stop().  Then resets every connection that is left, so that no peer waits for a timeout. */
void worker_run(struct worker *w);
/* Asks the worker to stop; callable from the control plane. */
void worker_stop(struct worker *w);
/* Asks the worker to drain: it accepts nothing more, closes idle sessions and every other one after the exchange under way.
 * Callable from the control plane; goes on until worker_stop(). */
void worker_drain(struct worker *w);
/* A bounded share of that, once a turn (worker_drain.c).  Returns how many sessions were closed. */
unsigned worker_drain_step(struct worker *w);
/* Is every session over, and all that was written acknowledged?  Callable from the control plane. */
bool worker_is_drained(const struct worker *w);
/* worker_load.c */
void worker_load_open(struct worker *w);
/* Looks at the memory marks, at most once a millisecond, and sheds new connections accordingly. */
void worker_pressure_check(struct worker *w);
/* A step of s's handshake waits for its share of a turn.  Harmless twice. */
void worker_handshake_put(struct worker *w, struct session *s);
/* Does those steps until the turn's budget is spent, one at least; the rest waits for the next turn.  Returns how many. */
unsigned worker_handshakes_run(struct worker *w);
/* Reads the clock, then one turn.  True when there was anything to do. */
bool worker_poll(struct worker *w);
/* One turn at w->now_ns and w->now_s: bounded work. */
bool worker_turn(struct worker *w);

/* Adds to a counter that the control plane reads. */
static inline void shared_add(uint64_t *counter, uint64_t n)
{
	__atomic_store_n(counter, *counter + n, __ATOMIC_RELAXED);
}
