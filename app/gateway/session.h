/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/session.h: one client connection from its SYN to its end.  This is the one place where TCP, TLS and HTTP meet: the
 * engines know nothing of each other, a session moves bytes between them.  At rest it owns no buffers. */
#pragma once

#include "app/gateway/backend.h"
#include "app/gateway/pace.h"
#include "app/gateway/session_log.h"
#include "app/gateway/snapshot.h"
#include "http/exchange.h"
#include "tls/tls_session.h"

struct worker;

/* Named by what is awaited; session.c has the legal transitions. */
enum session_state {
	SESSION_AWAIT_HELLO,     /* the rest of the ClientHello; there is no TLS state yet */
	SESSION_AWAIT_HANDSHAKE, /* the client's part of the handshake */
	SESSION_AWAIT_REQUEST,   /* a request's head */
	SESSION_AWAIT_RESPONSE,  /* an exchange with a backend is under way */
	SESSION_AWAIT_CLOSE, /* all is said; what the client still sends is discarded (lingering close) */
	SESSION_ENDED,       /* to be destroyed before the turn ends */
};

#define SESSION_REQUEST_ID_CHARS 32

struct session {
	struct endpoint endpoint;
	enum session_state state;
	struct worker *worker;
	struct tcp_conn *tcp;
	const struct listener_group *group;
	const struct listener *listener; /* NULL until the ClientHello chose one */
	/* NULL before that, once nothing more is to be encrypted, and on a plain address. */
	struct tls_session *tls;
	struct backend_conn *backend; /* the one that serves the present exchange */

	/* Decrypted request bytes that nobody has taken yet.  Within a turn they lie in the worker's scratch; what
	 * is left at its end moves to a spill from the worker's pool. */
	uint8_t *in;
	size_t in_bytes;
	uint8_t *in_spill;

	/* A copy of the request head sent to the backend, as long as it may be sent again. */
	uint8_t *retry;
	size_t retry_bytes;

	uint8_t *identity; /* ready-made header lines, in the worker's arena; NULL: none */
	size_t identity_bytes;

	struct http_exchange exchange;
	size_t hello_need_bytes;
	uint64_t linger_bytes;
	uint64_t servers_tried; /* by the present exchange; a bit for each of the pool */
	bool connecting;    /* the backend has not answered our SYN yet: nothing has been sent */
	bool repeated;      /* on a fresh connection, because the kept one was stale */
	bool is_settled;    /* plain: the first Host has chosen the listener */
	bool client_closed; /* close_notify or FIN: no more requests */
	char client_ip[16]; /* dotted decimal */
	char request_id[SESSION_REQUEST_ID_CHARS + 1];

	/* Slow clients (session_timer.c). */
	struct pace request_pace, response_pace;
	uint64_t read_bytes;  /* of the request body, not credited yet */
	uint64_t sent_bytes;  /* to the client's TCP */
	uint64_t acked_bytes; /* of those, credited */
	bool client_blocked;  /* a response waits for room on the client's side */
	struct session_log log;

	struct list handshake; /* in the worker's list of those that wait for a step of theirs */
	uint64_t deadline_ns;  /* what the timer is for; it may fire earlier and is then re-armed */
	struct timer_entry timer;
};

/* A client connection was established: gives it a session.  Resets it, counted, when none is left. */
void session_open(struct worker *w, struct tcp_conn *c);
/* Something happened on the client's connection or on the backend's: moves whatever can be moved.  Called once per turn
 * however many segments came.  The session may be gone afterwards. */
void session_advance(struct worker *w, struct session *s);
/* The worker drains: closes the session if it is idle, which says close_notify to a client between two requests.  True when
 * it was; any other closes by itself after the exchange under way. */
bool session_drain(struct worker *w, struct session *s);
/* Resets both connections and frees the session: only when the worker stops. */
void session_abort(struct worker *w, struct session *s);
