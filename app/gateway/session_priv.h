/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/session_priv.h: what session's files share: opening (session_open.c), the pumps (session.c), refusing and
 * closing (session_close.c), time limits (session_timer.c). */
#pragma once

#include "app/gateway/session.h"
#include "app/gateway/worker.h"
#include "http/http_page.h"

/* TLS record header, nonce, tag and content type: RFC 8446 section 5.2, RFC 5288 section 3. */
#define SESSION_RECORD_OVERHEAD_BYTES 64
/* A response waits for this much room rather than going out in slivers, one record each. */
#define SESSION_RECORD_MIN_BYTES 4096
/* Lingering close (RFC 9112 section 9.6): discarding stops at either, with a reset. */
#define SESSION_LINGER_MS 5000
#define SESSION_LINGER_BYTES (1u << 20)

/* TLS alerts sent before there is a TLS session (RFC 8446 section 6). */
enum session_alert {
	SESSION_ALERT_UNEXPECTED_MESSAGE = 10,
	SESSION_ALERT_ACCESS_DENIED = 49,
	SESSION_ALERT_DECODE_ERROR = 50,
	SESSION_ALERT_INTERNAL_ERROR = 80,
	SESSION_ALERT_UNRECOGNIZED_NAME = 112,
};

void session_set_state(struct session *s, enum session_state to);
/* The peer has sent its FIN: nothing follows the bytes that tcp_rx_bytes() counts now. */
bool session_peer_finished(const struct tcp_conn *c);

/* session_open.c: each returns true when the session moved on and is worth another look. */
bool session_advance_hello(struct worker *w, struct session *s);
bool session_advance_handshake(struct worker *w, struct session *s);

/* session_stream.c: tls_session_read() and tls_session_write(), or the same without TLS. */
enum tls_step session_read(struct session *s, uint8_t *buf, size_t cap, size_t *ret_len);
enum tls_step session_write(struct session *s, struct span plain, size_t *ret_len);
/* Bytes as they are to the client's TCP; returns how many were taken.  The one place that writes there: what the client has
 * acknowledged is reckoned from its count. */
size_t session_tx(struct session *s, struct span bytes);
/* May requests of this session reach a backend?  Under TLS the verdict decides, on a plain address nobody is asked. */
bool session_may_forward(const struct session *s);
enum auth_reason session_verdict(const struct session *s);
/* The session belongs to l from now on, and is counted there. */
void session_set_listener(struct worker *w, struct session *s, const struct listener *l);
/* On a plain address there is nothing to wait for but requests: prepares for the first. */
void session_open_plain(struct worker *w, struct session *s);
/* On a plain address the Host of the first request chooses the listener, as the server name does under TLS; later requests
 * must keep to it.  False, and the session ended, when that listener does not allow the client. */
bool session_settle_listener(struct worker *w, struct session *s);

/* session_request.c: client bytes to the backend. */
bool session_pump_client_in(struct worker *w, struct session *s);
bool session_pump_request(struct worker *w, struct session *s);
/* More of the request's body would be taken now: the client is waited for. */
bool session_wants_body(struct worker *w, struct session *s);
/* Gives the request under way an id, unless it has one. */
void session_make_request_id(struct worker *w, struct session *s);

/* session_backend.c: which server, and what when it fails. */
/* A connection for the request whose head is about to be written; HTTP_REFUSAL_none, or why there is none. */
enum http_refusal session_take_backend(struct worker *w, struct session *s, unsigned pool_idx,
				       struct span head);
/* The backend's connection is established, so that more than the head may be sent. */
bool session_backend_is_open(struct worker *w, struct session *s);
/* The exchange failed through the backend's fault: tries again where that is allowed, else refuses. */
void session_backend_failed(struct worker *w, struct session *s, enum http_refusal why);
/* What it means for the client that the backend's connection is over. */
enum http_refusal session_refusal_of_end(const struct session *s);
void session_release_retry(struct worker *w, struct session *s);

/* session_response.c: backend bytes to the client. */
bool session_pump_response(struct worker *w, struct session *s);
/* How many response bytes the client's side takes now. */
size_t session_client_room(const struct session *s);
/* The session is ready for the next request; its state is SESSION_AWAIT_REQUEST. */
void session_next_request(struct worker *w, struct session *s);
/* Encrypts and queues all of plain; false, and the session ends, when it was not taken whole. */
bool session_send(struct worker *w, struct session *s, struct span plain);

/* session_close.c */
/* Answers with the page of a refusal and closes, or, when a response has begun, resets.  Counts the refusal. */
void session_refuse(struct worker *w, struct session *s, enum http_refusal refusal);
/* The same before there is a TLS session, in the clear. */
void session_refuse_plain(struct worker *w, struct session *s, enum http_refusal refusal);
/* Counts a refusal and sends its page; false when that ended the session. */
bool session_send_page(struct worker *w, struct session *s, enum http_refusal refusal,
		       bool keep_alive);
/* An alert in the clear, before there is a TLS session; then closes.  The caller has counted why. */
void session_alert(struct worker *w, struct session *s, enum session_alert alert);
/* close_notify, FIN, and lingering until the client closes too. */
void session_close(struct worker *w, struct session *s);
/* RST to the client: it must not take what it got for the whole. */
void session_reset(struct worker *w, struct session *s);
/* Discards what the client still sends. */
void session_advance_linger(struct worker *w, struct session *s);
void session_drop_backend(struct worker *w, struct session *s, bool is_complete);
void session_destroy(struct worker *w, struct session *s);

/* The client's connection is over without a close: counts what that cut off. */
void session_on_client_gone(struct worker *w, struct session *s);

/* session_log.c */
/* Counts a drop, and remembers it as what went wrong: the way to count anything that ends a request or a session. */
enum drop_reason session_drop(struct worker *w, struct session *s, enum drop_reason why);
void session_log_open(struct worker *w, struct session *s);
void session_log_sni(struct worker *w, struct session *s, const char *sni);
/* The handshake is complete; before the leaf is forgotten. */
void session_log_peer(struct worker *w, struct session *s);
/* A request's head is there, with its spans, and has its id. */
void session_log_request(struct worker *w, struct session *s);
/* Remembers which server is, or was, asked: while s->backend is there. */
void session_log_backend(struct worker *w, struct session *s);
/* The request is over: status is what the client got (0: nothing), error what went wrong. */
void session_log_done(struct worker *w, struct session *s, unsigned status, enum drop_reason error);
/* The session is over, or about to close: a line for what has none yet. */
void session_log_end(struct worker *w, struct session *s);
void session_log_fini(struct worker *w, struct session *s);

/* session_timer.c */
void session_timer_init(struct session *s);
/* The session may wait for limit_ms from now on. */
void session_set_limit(struct worker *w, struct session *s, uint32_t limit_ms);
/* A request begins: the client has all its grace. */
void session_pace_begin(struct worker *w, struct session *s);
/* All that could be moved has been: notes whether it is the client that is waited for. */
void session_pace_watch(struct worker *w, struct session *s);
