/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/deps/wolfssl_pair.h: a server and a client of plain wolfSSL, joined by two byte queues in memory.  The files are those
 * of make-pki.  Everything aborts on failure. */
#pragma once

#include <criterion/criterion.h>
#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>

#include <stddef.h>
#include <stdint.h>

#define PAIR_VERSIONS 2 /* TLS 1.2, then 1.3 */

/* wolfSSL_Init(); first of all. */
void pair_init(void);

/* What the server's verify callback is to do, and what it saw of the last handshake. */
extern struct pair_verify {
	/* DER of what it leaves in certs[0]; NULL: it leaves the certificate there. */
	const char *key_file;
	unsigned calls;
	int ok, error, total_certs;
} pair_verify;

/* A server that asks for a certificate and accepts any.  To be freed. */
WOLFSSL_CTX *pair_server_make(size_t version);
/* One handshake of a client that shows CLIENT.pem, a chain, with the key KEY.key; prepare, which may be NULL, is called with the
 * server's new object.  The error that ends it for the server, or 0. */
int pair_handshake(WOLFSSL_CTX *server_ctx, size_t version, const char *client, const char *key,
		   void (*prepare)(WOLFSSL *server));
/* What the server of the last handshake wrote until the client first answered. */
const uint8_t *pair_first_flight(size_t *ret_len);
