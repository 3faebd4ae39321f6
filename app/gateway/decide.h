/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/decide.h: the inner door.  A pure function of what is known about client and request; session_forward() is
 * reached only through its DECISION_FORWARD. */
#pragma once

#include "app/gateway/snapshot.h"
#include "base/identity.h"
#include "http/http_refusal.h"
#include "http/http_request.h"

enum decision_kind {
	DECISION_REFUSE,   /* refusal says why */
	DECISION_FORWARD,  /* to pool_idx */
	DECISION_REDIRECT, /* to the same host and target under https */
	DECISION_HEALTH,   /* the page for load balancers */
};

struct decision {
	enum decision_kind kind;
	enum http_refusal refusal;
	unsigned pool_idx;
};

/* May this request reach a backend, and which pool's?  The client's certificate comes first: a stranger learns nothing
 * about hosts and paths.  The one exception is the health page, which exists only on listeners that ask for no
 * certificate, and is for those who do not know the listener's name. */
struct decision decide(const struct listener *l, bool may_forward, enum auth_reason verdict,
		       const struct http_request *r);
/* Is the request for the listener's health page? */
bool decide_is_health(const struct listener *l, const struct http_request *r);
