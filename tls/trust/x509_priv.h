/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/x509_priv.h: between x509.c, x509_ext.c and x509_policies.c. */
#pragma once

#include "tls/trust/x509.h"

/* The contents of the field [3] of a version 3 certificate, into cert.  AUTH_ok,
 * AUTH_parse_error or AUTH_duplicate_extension. */
enum auth_reason x509_extensions_parse(struct span field, struct x509 *cert);

/* Values of the extensions about policies, into cert.  False: malformed. */
bool x509_policies_parse(struct span value, struct x509 *cert);
bool x509_policy_mappings_parse(struct span value, struct x509 *cert);
bool x509_policy_constraints_parse(struct span value, struct x509 *cert);
bool x509_inhibit_any_policy_parse(struct span value, struct x509 *cert);
