/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_policies.h: certificate policies along a path (RFC 5280 section 6.1 with the
 * bounded algorithm of RFC 9618), for the initial policy set any-policy, nothing inhibited and no
 * explicit policy asked for.  A path then fails for its policies only if a CA on it requires an
 * explicit policy, or maps anyPolicy.
 *
 * RFC 9618 keeps a graph so that it can tell at the end which policies a path has.  Nobody asks
 * here: whether a level of the graph has nodes depends on the level above it alone, so one set of
 * policies is kept in place of the graph.
 *
 * The anchor is no part of a path, so its policies and mappings do not count; its policy
 * constraints do (stricter). */
#pragma once

#include "tls/trust/x509.h"

/* Policies that one level may have, whatever a caller allows; one more: AUTH_search_limit. */
#define TRUST_POLICY_SET_MAX 256

/* cert[0] is the leaf, cert[count - 1] the anchor.  *nodes counts policies entered into a set up to
 * nodes_max; one more: AUTH_search_limit.  Otherwise AUTH_ok or AUTH_policy.  ret_depth is the
 * certificate at which the path failed, unchanged when none did. */
enum auth_reason trust_policies_check(const struct x509 *const *cert, unsigned count,
				      unsigned nodes_max, unsigned *nodes, unsigned *ret_depth);
