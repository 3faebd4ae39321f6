/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/decide.h"

enum http_refusal decide(const struct listener *l, bool may_forward, enum auth_reason verdict,
			 const struct http_request *r, unsigned *ret_pool_idx)
{
	const struct http_rule *rule;

	if (!may_forward)
		return verdict == AUTH_no_certificate ? HTTP_REFUSAL_client_no_certificate
						      : HTTP_REFUSAL_client_certificate_refused;
	if (!listener_owns_host(l, r->host))
		return HTTP_REFUSAL_host_mismatch;
	rule = http_route_find(l->rules, l->rule_count, r->path);
	if (rule == NULL)
		return HTTP_REFUSAL_host_not_found;
	*ret_pool_idx = rule->pool_idx;
	return HTTP_REFUSAL_none;
}
