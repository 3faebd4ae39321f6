/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/spiffe_id.h: SPIFFE IDs, "spiffe://TRUST-DOMAIN/PATH" (the SPIFFE-ID standard, section
 * 2), and the certificates that carry one (X509-SVID, sections 2 and 4). */
#pragma once

#include "tls/trust/x509.h"

struct spiffe_id {
	struct span uri; /* all of it */
	struct span trust_domain;
	struct span path; /* begins with "/"; empty: the trust domain itself */
};

/* Views into uri.  False: not a SPIFFE ID, or not in its one form: scheme and trust domain in lower
 * case, no userinfo, port, query or fragment, no empty or dot segment, no escapes, at most 2048
 * octets. */
bool spiffe_id_parse(struct span uri, struct spiffe_id *ret_id);
/* The ID of a leaf, which is no CA: its only URI, with a path.  False: it has none. */
bool spiffe_id_of_leaf(const struct x509 *leaf, struct spiffe_id *ret_id);
