/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_target.h: what a request is for: its target (RFC 9112 section 3.2) and its Host (RFC 9110 section 7.2).  What
 * a backend could read as another path than the one that routing saw is refused, never rewritten. */
#pragma once

#include "base/span.h"
#include "http/http_refusal.h"

struct http_target {
	struct span target;    /* to forward: origin-form or "*" */
	struct span path;      /* without the query */
	struct span authority; /* of an absolute-form target, else empty */
};

/* raw: the target as sent, without spaces.  is_options: the method that alone may ask for "*".  Returns
 * HTTP_REFUSAL_none and sets *ret_target, or bad_target or unsafe_path. */
enum http_refusal http_target_parse(struct span raw, bool is_options,
				    struct http_target *ret_target);

/* Splits "host", "host:port", "[v6]", "[v6]:port"; false: no such thing. */
bool http_authority_parse(struct span authority, struct span *ret_host);
