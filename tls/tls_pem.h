/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_pem.h: a PEM file (RFC 7468) as bytes, with the mistakes people make told apart. For
 * start-up only. */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* A larger file is refused. */
#define TLS_PEM_BYTES_MAX (1u << 20)

enum tls_pem_kind {
	TLS_PEM_CERTIFICATE,
	TLS_PEM_KEY,
};

struct tls_pem {
	uint8_t *p;
	size_t len;
};

/* GW_ERR_CONFIG, with a note that names the file, when it cannot be read, holds nothing of that
 * kind, or a key under a passphrase. On success the caller owns *ret_pem. */
MUST_CHECK enum gw_err tls_pem_read(const char *path, enum tls_pem_kind kind, struct err_note *note,
				    struct tls_pem *ret_pem);
/* Wipes it first. */
void tls_pem_free(struct tls_pem *pem);
