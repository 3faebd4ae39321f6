/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_ca_names.h: the CAs of a store as a CertificateRequest names them, so that a client with several
 * certificates finds the one that is wanted: certificate_authorities of RFC 8446 section 4.2.4 and RFC 5246 section
 * 7.4.4.  Made once, when a store is loaded. */
#pragma once

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct trust_store;

/* Writes the subject of every CA of a store whose index stands, each behind its length in two octets: the anchors first,
 * then the intermediates, for a client may know no more than the issuer of its own certificate; in the order of the store,
 * octet by octet as in the certificates, and what would be the same octets once.  *ret_bytes is how long that is.
 * *ret_names, to be freed, is NULL when that is more than TRUST_CA_NAMES_BYTES_MAX.  Only memory can be short. */
MUST_CHECK enum gw_err trust_ca_names_make(const struct trust_store *store, uint8_t **ret_names,
					   size_t *ret_bytes);
