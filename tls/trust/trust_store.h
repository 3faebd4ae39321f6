/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_store.h: the inside of a trust store: CA certificates and who among them
 * issued whom.  The signatures between them are verified when it is loaded, never again.
 * Immutable afterwards. */
#pragma once

#include "tls/trust/trust.h"
#include "tls/trust/x509.h"

struct trust_ca {
	struct x509 cert; /* views into der */
	uint8_t *der;
	bool is_root; /* self-issued, and its signature by its own key is valid */
	/* Those of the store that issued it, verified: trust_store.parents[parents_begin ...]. */
	size_t parents_begin, parent_count;
};

struct trust_store {
	struct trust_ca *cas;
	size_t ca_count;
	size_t *parents; /* indexes of cas */
	size_t parent_count;
};
