/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_names.h: the names of a path against the name constraints of its CAs (RFC 5280
 * sections 4.2.1.10, 6.1.3 (b) and (c), 6.1.4 (g)).  Where readers differ, we take this side:
 * constraints apply whether critical or not, those of the anchor too; emailAddress in a subject
 * is held to email constraints also beside a subjectAltName; a name that cannot be compared
 * (trust_subtree.h) with a constraint of its kind is refused; a leaf that is no CA has no
 * constraints. */
#pragma once

#include "tls/trust/x509.h"

/* cert[0] is the leaf, cert[count - 1] the anchor.  *looked_at counts, up to
 * looked_at_max, the names held against a CA's constraints and for each the subtrees gone
 * through, those of another kind included, by their length (trust_look.h); one more:
 * AUTH_search_limit.  Otherwise AUTH_ok or
 * AUTH_name_constraint.  ret_depth is the certificate whose name failed, unchanged when none
 * did. */
enum auth_reason trust_names_check(const struct x509 *const *cert, unsigned count,
				   unsigned looked_at_max, unsigned *looked_at,
				   unsigned *ret_depth);
