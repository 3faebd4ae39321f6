/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_io.h: the ciphertext side of a session. wolfSSL is fed whole records only, so that no
 * partial one waits on its heap, and never hears that the sink is full: what does not fit waits in
 * the session's spill. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct tls_session;
struct WOLFSSL;

/* wolfSSL's I/O callbacks; ctx is the session. */
int tls_io_recv(struct WOLFSSL *ssl, char *buf, int cap, void *ctx);
int tls_io_send(struct WOLFSSL *ssl, char *buf, int len, void *ctx);

/* Moves the spill into the sink; true when nothing is left of it. */
bool tls_io_flush(struct tls_session *s);
bool tls_io_has_spill(const struct tls_session *s);
void tls_io_free(struct tls_session *s);
