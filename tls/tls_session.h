/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_session.h: one client's TLS connection over wolfSSL, as a sans-I/O engine: ciphertext comes
 * and goes through struct tls_io_ops, plaintext through the calls.  Owned by one worker.  At rest it
 * holds no record buffers.
 *
 * Its verdict starts as refused and becomes accepted only if the client proved possession of its key
 * (wolfSSL) and trust_judge() accepted the chain, exactly once per handshake.  wolfSSL's opinion of
 * the chain is never asked. */
#pragma once

#include "base/counters.h"
#include "base/identity.h"
#include "tls/tls_worker.h"
#include "tls/trust/trust.h"

enum tls_step {
	TLS_DONE,       /* handshake complete, or bytes were moved */
	TLS_WANT_READ,  /* needs a whole record that is not there yet */
	TLS_WANT_WRITE, /* the sink is full */
	TLS_CLOSED,     /* the peer sent close_notify: no more plaintext */
	TLS_FAILED, /* tls_session_drop() says why; an alert may have been written to the sink */
};

/* The ciphertext side. rx_* never take back what they said is there; tx returns how many bytes it
 * took. */
struct tls_io_ops {
	size_t (*rx_bytes)(void *ctx);
	size_t (*rx_copy)(void *ctx, size_t offset, void *dst, size_t len);
	void (*rx_consume)(void *ctx, size_t len);
	size_t (*tx)(void *ctx, struct span bytes);
};

struct tls_session;

/* A session for the server certificate `cert`, judged against `profile`. NULL when the pool or the
 * arena is exhausted (counted). ops and ctx outlive the session. */
struct tls_session *tls_session_create(struct tls_worker *tw, unsigned certificate_idx,
				       const struct tls_profile *profile,
				       const struct tls_io_ops *ops, void *ctx);
/* Frees everything; sends nothing. */
void tls_session_destroy(struct tls_session *s);

/* One uninterruptible step (70-200 us).  now_s is UTC seconds for the validity of certificates. */
enum tls_step tls_session_handshake(struct tls_session *s, int64_t now_s);
/* Decrypts at most cap bytes into buf.  TLS_DONE with *ret_len > 0, or why not. */
enum tls_step tls_session_read(struct tls_session *s, uint8_t *buf, size_t cap, size_t *ret_len);
/* Plaintext that is already decrypted inside and will come from tls_session_read() without more
 * input. */
size_t tls_session_pending(const struct tls_session *s);
/* Encrypts plain, at most one record's worth (16 KiB), if sink_space bytes of sink can take it
 * whole, else less or nothing; *ret_len says how much. TLS_WANT_WRITE only when nothing was taken.
 * */
enum tls_step tls_session_write(struct tls_session *s, struct span plain, size_t sink_space,
				size_t *ret_len);
/* Writes close_notify once. */
enum tls_step tls_session_close(struct tls_session *s);

/* AUTH_ok only for a completed handshake whose chain was accepted; why not, also after a handshake
 * that an alert ended for that reason (DROP_tls_client_refused). For a profile with
 * CLIENT_AUTH_OFF, and for a client that need not have been accepted: AUTH_no_certificate; tls_session_standing() tells. */
enum auth_reason tls_session_verdict(const struct tls_session *s);
/* An accepted session whose path has expired since (RFC 5280 section 6.1.3 (a)(2) judged at now_s, UTC
 * seconds) is refused from now on: AUTH_expired. To be asked before each request, for a connection
 * may outlive its client's certificate. */
void tls_session_expire(struct tls_session *s, int64_t now_s);
/* What is known of the client once the handshake is complete; PEER_REFUSED before, and when it failed. */
enum peer_standing tls_session_standing(const struct tls_session *s);
/* The one question the proxy asks: may a request of this session reach a backend? */
bool tls_session_may_forward(const struct tls_session *s);
/* The leaf of a client that may forward, accepted or (passthrough) unjudged; empty when there is none, and after
 * tls_session_forget_leaf(). */
struct span tls_session_leaf(const struct tls_session *s);
/* The leaf the client presented, accepted or not: for logs alone, no decision may rest on it. Empty
 * before the handshake is complete or has ended with that refusal, and after tls_session_forget_leaf(). */
struct span tls_session_presented_leaf(const struct tls_session *s);
bool tls_session_is_established(const struct tls_session *s);
/* Frees the copy of the leaf once the identity headers have been made from it. */
void tls_session_forget_leaf(struct tls_session *s);
/* Why it failed; DROP_none while it has not. */
enum drop_reason tls_session_drop(const struct tls_session *s);
/* "TLSv1.3", "TLS_AES_128_GCM_SHA256"; static strings, valid after the handshake. */
const char *tls_session_version(const struct tls_session *s);
const char *tls_session_cipher(const struct tls_session *s);
