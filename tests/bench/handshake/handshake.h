/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/handshake/handshake.h: what a handshake costs the server, TLS alone: our session and OpenSSL's in turn, in memory,
 * against the same clients.  A failure ends the program: a run with one is no result. */
#pragma once

#include "base/counters.h"
#include "base/span.h"
#include "tests/bench/load/load_identity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes on their way; those of a handshake fit. */
struct shake_queue {
	uint8_t bytes[1 << 14];
	size_t start, end;
};

/* One connection, as its server sees it. */
struct shake_link {
	struct shake_queue to_server, to_client;
	void *server; /* what begin() made */
};

struct shake_options {
	const char *certificate, *key; /* of the server, PEM files */
	X509 *client_root;             /* what it trusts */
};

/* Who is measured.  Both speak TLS 1.3 with X25519 and AES-128-GCM, demand a certificate and give no tickets. */
struct shake_server {
	const char *name;
	void (*open)(const struct shake_options *options);
	void (*begin)(struct shake_link *link);
	/* Goes on with what has come.  True: complete, and the client is who it says. */
	bool (*step)(struct shake_link *link);
	void (*end)(struct shake_link *link);
};
/* shake_ours_many is shake_ours with a trust store of many CAs, and opened after it. */
extern const struct shake_server shake_ours, shake_ours_many, shake_openssl;

/* What ours has done since it was opened. */
struct shake_work {
	uint64_t signatures, memo_hits, allocs;
};
void shake_ours_work(struct shake_work *ret_work);
/* What that store is and what loading it took, as a JSON object. */
void shake_ours_store_print(void);

/* Ends the program unless ok. */
void shake_must(bool ok, const char *what);
void shake_queue_put(struct shake_queue *q, const void *bytes, size_t len);
/* One step of OpenSSL's, client or server, between two queues; true when it is complete. */
bool shake_openssl_step(SSL *ssl, struct shake_queue *in, struct shake_queue *out);
/* A connection that such steps can be made with. */
SSL *shake_openssl_new(SSL_CTX *tls);
