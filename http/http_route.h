/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_route.h: which pool serves a request.  Pure functions over one listener's configuration. */
#pragma once

#include "base/span.h"

struct http_rule {
	struct span path; /* "/", "/api" or "/api/": matches that and everything below it */
	unsigned pool_idx;
};

/* Does the listener own this host name (exact, ASCII case ignored)?  An empty list owns every name. */
bool http_route_owns_host(const struct span *hosts, size_t host_count, struct span host);

/* The rule with the longest path that is a prefix of `path` at a segment boundary, case-sensitive; NULL when there is
 * none.  `path` comes from a parsed request (http_request.h), so it has no dot segments, `//` or encoded slashes;
 * its other escapes are compared decoded, so that a backend which decodes them cannot see another rule's path.
 * "*" (OPTIONS) matches the rule "/". */
const struct http_rule *http_route_find(const struct http_rule *rules, size_t rule_count,
					struct span path);
