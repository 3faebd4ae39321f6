/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_session_priv.h: what a session holds.  Private to tls/. */
#pragma once

#include "base/pool.h"
#include "tls/tls_arena.h"
#include "tls/tls_session.h"

struct WOLFSSL;
struct trust_memo;
struct WOLFSSL_CTX;

/* A handshake in more records than this is refused: a client's certificates fill at most a handful
 * of full ones. */
#define TLS_HANDSHAKE_RECORDS_MAX 256
/* So many records in a row without a byte of data end the session: each costs us a decryption. */
#define TLS_IDLE_RECORDS_MAX 24

struct tls_worker {
	struct tls_arena arena;
	struct pool sessions;
	struct counters *count;
	struct trust_memo *memo;
	struct tls_context *contexts; /* by index of the server certificate */
	size_t context_count;
};

struct tls_context {
	struct WOLFSSL_CTX *wolfssl;
	struct tls_certificate_facts facts;
};

/* What the sink did not take.  In the arena; no memory while empty. */
struct tls_spill {
	uint8_t *p;
	size_t start, len;
};

struct tls_session {
	struct WOLFSSL *ssl;
	struct tls_worker *tw;
	const struct tls_profile *profile;
	const struct tls_io_ops *ops;
	void *io_ctx;
	struct tls_spill spill;
	uint8_t *leaf; /* in the arena */
	uint32_t leaf_bytes;
	uint32_t record_left_bytes; /* of the record that wolfSSL is reading */
	uint32_t record_count;      /* of the handshake; later: in a row without data */
	int64_t now_s;              /* of the handshake step that runs */
	int64_t expires_s;          /* accepted only: the earliest notAfter on the path */
	enum peer_standing standing;
	enum auth_reason verdict; /* of PEER_VERIFIED and PEER_REFUSED */
	enum drop_reason drop;
	bool is_judged; /* the verdict is final */
	bool is_muted;  /* our alert was the last word, whatever wolfSSL adds */
	bool is_established;
	bool is_closed; /* by the peer */
	bool close_sent;
};

/* Ends the session, counted.  The first reason stays. */
void tls_session_fail(struct tls_session *s, enum drop_reason why);

/* What wolfSSL's error number means to us, at this point of the session. */
enum drop_reason tls_reason_of(const struct tls_session *s, int wolfssl_error);

/* The handshake ends with this verdict, counted, and with the alert that fits unless wolfSSL has sent one. */
void tls_verify_end(struct tls_session *s, enum auth_reason reason);
/* A failure of wolfSSL's that is about certificates we were not shown: the verdict it amounts to; AUTH_ok: it is none. */
enum auth_reason tls_reason_unseen(const struct tls_session *s, int wolfssl_error);

struct WOLFSSL_X509_STORE_CTX;
/* wolfSSL's verify callback. */
int tls_verify_on_chain(int preverify_ok, struct WOLFSSL_X509_STORE_CTX *store);
