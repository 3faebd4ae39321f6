/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/decide.h"

static struct decision refuse(enum http_refusal why)
{
	return (struct decision){.kind = DECISION_REFUSE, .refusal = why};
}

bool decide_is_health(const struct listener *l, const struct http_request *r)
{
	if (l->config->health == NULL ||
	    (l->profile != NULL && l->profile->client_auth != CLIENT_AUTH_OFF))
		return false;
	return (span_eq(r->method, SPAN_LIT("GET")) || r->is_head) &&
	       span_eq(r->path, span_str(l->config->health));
}

struct decision decide(const struct listener *l, bool may_forward, enum auth_reason verdict,
		       const struct http_request *r)
{
	const struct http_rule *rule;

	if (!may_forward)
		return refuse(verdict == AUTH_no_certificate
				      ? HTTP_REFUSAL_client_no_certificate
				      : HTTP_REFUSAL_client_certificate_refused);
	if (decide_is_health(l, r))
		return (struct decision){.kind = DECISION_HEALTH};
	if (!listener_owns_host(l, r->host))
		return refuse(HTTP_REFUSAL_host_mismatch);
	if (l->config->redirect_https)
		return (struct decision){.kind = DECISION_REDIRECT};
	rule = http_route_find(l->rules, l->rule_count, r->path);
	if (rule == NULL)
		return refuse(HTTP_REFUSAL_host_not_found);
	return (struct decision){.kind = DECISION_FORWARD, .pool_idx = rule->pool_idx};
}
