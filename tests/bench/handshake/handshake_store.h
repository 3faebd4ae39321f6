/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/handshake/handshake_store.h: the trust stores that clients are judged by: one of a single root, and one of many CAs,
 * compiled to a file as `sallyportctl trust compile` does.  Failure ends the program. */
#pragma once

#include "tls/trust/trust_store.h"

#include <openssl/x509.h>

struct shake_store_cost {
	unsigned cas;
	size_t blob_bytes;
	double load_us; /* from the compiled file; the median of several */
};

/* The root alone. */
const struct trust_store *shake_store_single(X509 *root, int64_t now_s);
/* The root, and other roots with intermediates of theirs: cas certificates in all, more than TRUST_STORE_CHAINS_MAX. */
const struct trust_store *shake_store_many(X509 *root, unsigned cas, int64_t now_s,
					   struct shake_store_cost *ret_cost);
