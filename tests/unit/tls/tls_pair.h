/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/tls/tls_pair.h: a session of ours and a wolfSSL client, joined by two byte queues in
 * memory. */
#pragma once

#include "tls/tls_session.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

/* Seconds since 1970 of a day on which the test certificates are valid. */
#define PAIR_NOW_S 1800000000

#define PAIR_ARENA_BYTES (4 << 20)

struct pipe {
	uint8_t bytes[1 << 20];
	size_t len;
};

struct tls_pair {
	struct counters count;
	struct tls_profile profile;
	struct tls_worker *tw;
	struct tls_session *server;
	int client_version; /* WOLFSSL_TLSV1_2 or _3; 0: both */
	WOLFSSL_CTX *client_ctx;
	WOLFSSL *client;
	struct pipe to_server, to_client;
	size_t rx_shown;     /* how much of to_server the session may see; SIZE_MAX: all */
	size_t tx_room;      /* how much more its sink takes; SIZE_MAX: no end */
	bool to_client_kept; /* the client is not given what the session wrote */
};

/* A worker with the certificates "server" (index 0) and "server-rsa" (index 1), and a client that
 * speaks everything and has no certificate. The files are those of tests/support/pki.sh. */
void pair_open(struct tls_pair *p, enum client_auth_mode client_auth);
void pair_close(struct tls_pair *p);

/* The full path of a file of the test PKI; the last eight stay valid. */
const char *pki_path(const char *name);

/* What the client presents: CERTIFICATES.pem with the key KEY.key. */
void pair_client_certificate(struct tls_pair *p, const char *certificates, const char *key);
/* The same by full paths. */
void pair_client_files(struct tls_pair *p, const char *chain_path, const char *key_path);
void pair_client_version(struct tls_pair *p, int wolfssl_version);

/* A new connection, with another session and client object of the same contexts. certificate_idx as
 * in pair_open(). */
void pair_connect(struct tls_pair *p, unsigned certificate_idx);
/* False when there is no session to be had. */
bool pair_try_connect(struct tls_pair *p, unsigned certificate_idx);
void pair_disconnect(struct tls_pair *p);

/* Both sides step until the session is done or has failed, or nothing moves any more. What it said
 * last. */
enum tls_step pair_handshake(struct tls_pair *p);
/* One step of the client; true when its handshake is complete. */
bool pair_client_step(struct tls_pair *p);
enum tls_step pair_server_step(struct tls_pair *p);

/* Sends text from the client and asserts that the session reads it; and the other way. */
void pair_assert_request(struct tls_pair *p, const char *text);
void pair_assert_response(struct tls_pair *p, const char *text);
