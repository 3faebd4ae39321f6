/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/decide.h: the inner door.  A pure function of what is known about client and request; session_forward() is
 * reached only through its `none`. */
#pragma once

#include "app/gateway/snapshot.h"
#include "base/identity.h"
#include "http/http_refusal.h"
#include "http/http_request.h"

/* May this request reach a backend, and which pool's?  HTTP_REFUSAL_none and *ret_pool_idx, or why not.  The client's
 * certificate comes first: a stranger learns nothing about hosts and paths. */
enum http_refusal decide(const struct listener *l, bool may_forward, enum auth_reason verdict,
			 const struct http_request *r, unsigned *ret_pool_idx);
