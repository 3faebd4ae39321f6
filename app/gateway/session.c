/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/session_priv.h"

#define TO(state) (1u << (state))

static const unsigned legal_next[] = {
	[SESSION_AWAIT_HELLO] = TO(SESSION_AWAIT_HANDSHAKE) | TO(SESSION_AWAIT_CLOSE) |
				TO(SESSION_ENDED),
	[SESSION_AWAIT_HANDSHAKE] = TO(SESSION_AWAIT_REQUEST) | TO(SESSION_AWAIT_CLOSE) |
				    TO(SESSION_ENDED),
	[SESSION_AWAIT_REQUEST] = TO(SESSION_AWAIT_RESPONSE) | TO(SESSION_AWAIT_CLOSE) |
				  TO(SESSION_ENDED),
	[SESSION_AWAIT_RESPONSE] = TO(SESSION_AWAIT_REQUEST) | TO(SESSION_AWAIT_CLOSE) |
				   TO(SESSION_ENDED),
	[SESSION_AWAIT_CLOSE] = TO(SESSION_ENDED),
	[SESSION_ENDED] = 0,
};

void session_set_state(struct session *s, enum session_state to)
{
	GW_ASSERT(legal_next[s->state] & TO(to));
	s->state = to;
}

bool session_peer_finished(const struct tcp_conn *c)
{
	enum tcp_state state = tcp_state(c);

	return state == TCP_CLOSE_WAIT || state == TCP_LAST_ACK || state == TCP_CLOSING ||
	       state == TCP_TIME_WAIT;
}

/* Request bytes live in the worker's scratch during a turn, unless some were left from an earlier one. */
static void attach_input(struct worker *w, struct session *s)
{
	s->in = s->in_spill != NULL ? s->in_spill : w->scratch->client_in;
}

/* What nobody took must survive the turn; a spill that became empty goes back. */
static void detach_input(struct worker *w, struct session *s)
{
	if (s->in_bytes == 0 && s->in_spill != NULL) {
		pool_release(&w->spills, s->in_spill);
		s->in_spill = NULL;
	}
	if (s->in_bytes > 0 && s->in_spill == NULL && s->state != SESSION_ENDED) {
		s->in_spill = pool_take(&w->spills);
		if (s->in_spill == NULL) {
			session_drop(w, s, DROP_spills_exhausted);
			session_reset(w, s);
		} else {
			memcpy(s->in_spill, s->in, s->in_bytes);
		}
	}
	s->in = NULL;
}

/* Each pump stops when its source is empty or its sink is full.  A full sink is the whole of back-pressure: what we do
 * not take closes the sender's TCP window. */
static void pump(struct worker *w, struct session *s)
{
	bool moved;

	attach_input(w, s);
	do {
		moved = session_pump_client_in(w, s);
		moved |= session_pump_request(w, s);
		moved |= session_pump_response(w, s);
	} while (moved &&
		 (s->state == SESSION_AWAIT_REQUEST || s->state == SESSION_AWAIT_RESPONSE));
	session_pace_watch(w, s);
	detach_input(w, s);
}

void session_advance(struct worker *w, struct session *s)
{
	bool again = true;

	if (tcp_end(s->tcp) != TCP_END_NONE) {
		session_on_client_gone(w, s);
		session_set_state(s, SESSION_ENDED);
	}
	while (again) {
		again = false;
		switch (s->state) {
		case SESSION_AWAIT_HELLO:
			again = session_advance_hello(w, s);
			break;
		case SESSION_AWAIT_HANDSHAKE:
			/* Expensive: after everybody else, and within a budget. */
			if (w->handshakes_running)
				again = session_advance_handshake(w, s);
			else
				worker_handshake_put(w, s);
			break;
		case SESSION_AWAIT_REQUEST:
		case SESSION_AWAIT_RESPONSE:
			pump(w, s);
			again = s->state == SESSION_AWAIT_CLOSE;
			break;
		case SESSION_AWAIT_CLOSE:
			session_advance_linger(w, s);
			break;
		case SESSION_ENDED:
			break;
		}
	}
	if (s->state == SESSION_ENDED)
		session_destroy(w, s);
}

void session_abort(struct worker *w, struct session *s)
{
	if (s->state == SESSION_AWAIT_RESPONSE)
		session_drop(w, s, DROP_stopped_in_exchange);
	if (s->state != SESSION_ENDED)
		session_reset(w, s);
	session_destroy(w, s);
}
