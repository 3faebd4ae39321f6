/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_context.h: a wolfSSL context for one server certificate: what is the same for all of its
 * sessions. It holds no CA, and what could resume a session is off. Who the client must be hangs on
 * the session. */
#pragma once

#include "base/err.h"
#include "tls/tls_arena.h"
#include "tls/tls_params.h"

struct WOLFSSL_CTX;

/* What has to be known of the certificate goes to *ret_facts.  Everything wolfSSL allocates for the context, and for its
 * sessions, comes from arena.  GW_ERR_CONFIG, with a note that names the file, when the certificate or the key cannot
 * be used. */
MUST_CHECK enum gw_err tls_context_create(const struct tls_certificate_params *params,
					  struct tls_arena *arena, struct err_note *note,
					  struct tls_certificate_facts *ret_facts,
					  struct WOLFSSL_CTX **ret_context);
/* Every session made from it must be gone. */
void tls_context_destroy(struct WOLFSSL_CTX *context);
