/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a worker ends its work without cutting anybody off. */
#include "app/gateway/session.h"
#include "app/gateway/worker.h"

/* A turn looks at so many sessions and closes so many: closing 50,000 at once would hold up those that still work. */
#define DRAIN_LOOKS_PER_TURN 256
#define DRAIN_CLOSES_PER_TURN 32

void worker_drain(struct worker *w)
{
	__atomic_store_n(&w->draining, true, __ATOMIC_RELAXED);
}

unsigned worker_drain_step(struct worker *w)
{
	unsigned closed = 0;

	if (!w->drain_begun) {
		tcp_listen_stop(&w->net);
		__atomic_store_n(&w->drain_begun, true, __ATOMIC_RELAXED);
	}
	for (unsigned i = 0; i < DRAIN_LOOKS_PER_TURN && closed < DRAIN_CLOSES_PER_TURN; i++) {
		struct session *s;

		/* Whoever becomes idle later is closed by what made it so. */
		if (w->drain_next_idx == w->sessions.size_count)
			break;
		s = pool_object_at(&w->sessions, w->drain_next_idx++);
		if (s != NULL && session_drain(w, s))
			closed++;
	}
	return closed;
}

bool worker_is_drained(const struct worker *w)
{
	uint32_t sessions = w->sessions.size_count -
			    __atomic_load_n(&w->sessions.free_count, __ATOMIC_RELAXED);
	uint32_t kept = w->backend_conns.size_count -
			__atomic_load_n(&w->backend_conns.free_count, __ATOMIC_RELAXED);
	uint32_t conns = tcp_conns_in_use(&w->net), time_wait = tcp_time_wait_count(&w->net);

	/* Read one after the other while the worker writes: a wrong answer is corrected by the next look. */
	return __atomic_load_n(&w->drain_begun, __ATOMIC_RELAXED) && sessions == 0 &&
	       conns <= time_wait + kept;
}
