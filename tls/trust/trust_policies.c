/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_policies.h"

/* The policies that the next certificate of a path may have: what RFC 9618 calls the expected
 * policies of a level. */
struct policy_set {
	struct span policy[TRUST_POLICY_SET_MAX];
	unsigned count;
	bool has_any; /* anyPolicy */
};

struct walk {
	struct policy_set set;
	/* Certificates until each applies (RFC 5280 section 6.1.2 (d) to (f)). */
	uint32_t explicit_policy, inhibit_any, policy_mapping;
	unsigned nodes_max;
	unsigned *nodes;
};

static bool set_has(const struct policy_set *set, struct span policy)
{
	for (unsigned i = 0; i < set->count; i++) {
		if (span_eq(set->policy[i], policy))
			return true;
	}
	return false;
}

/* False: the limit. */
static bool set_add(struct walk *w, struct policy_set *set, struct span policy)
{
	if (set_has(set, policy))
		return true;
	if (set->count == TRUST_POLICY_SET_MAX || *w->nodes == w->nodes_max)
		return false;
	++*w->nodes;
	set->policy[set->count++] = policy;
	return true;
}

static bool set_is_empty(const struct policy_set *set)
{
	return set->count == 0 && !set->has_any;
}

/* RFC 5280 section 6.1.3 (d) and (e): of what is expected, keeps what the certificate has.
 * may_have_any: its anyPolicy counts.  False: the limit. */
static bool policies_enter(struct walk *w, const struct x509 *cert, bool may_have_any)
{
	struct policy_set next = {.count = 0, .has_any = false};
	struct span list = cert->policies, policy;
	bool has_any = false;

	while (x509_policy_take(&list, &policy)) {
		if (span_eq(policy, X509_ANY_POLICY))
			has_any = may_have_any;
		else if ((w->set.has_any || set_has(&w->set, policy)) && !set_add(w, &next, policy))
			return false;
	}
	/* With anyPolicy it has whatever is expected. */
	for (unsigned i = 0; has_any && i < w->set.count; i++) {
		if (!set_add(w, &next, w->set.policy[i]))
			return false;
	}
	next.has_any = has_any && w->set.has_any;
	w->set = next;
	return true;
}

/* policyMappings taken apart: each is asked for every policy of a set. */
struct mappings {
	struct span from[X509_POLICY_MAPPINGS_MAX], to[X509_POLICY_MAPPINGS_MAX];
	unsigned count;
};

static void mappings_read(struct span list, struct mappings *ret_mappings)
{
	unsigned count = 0;

	while (count < X509_POLICY_MAPPINGS_MAX &&
	       x509_mapping_take(&list, &ret_mappings->from[count], &ret_mappings->to[count]))
		count++;
	ret_mappings->count = count;
}

static bool is_mapped(const struct mappings *mappings, struct span policy)
{
	for (unsigned i = 0; i < mappings->count; i++) {
		if (span_eq(mappings->from[i], policy))
			return true;
	}
	return false;
}

/* RFC 5280 section 6.1.4 (b): what is mapped is no longer expected under its old name; nor under
 * its new one while mapping is inhibited.  False: the limit. */
static bool mappings_apply(struct walk *w, struct span list)
{
	struct policy_set next = {.count = 0, .has_any = w->set.has_any};
	struct mappings mappings;

	if (list.len == 0)
		return true;
	mappings_read(list, &mappings);
	for (unsigned i = 0; i < w->set.count; i++) {
		if (!is_mapped(&mappings, w->set.policy[i]) && !set_add(w, &next, w->set.policy[i]))
			return false;
	}
	for (unsigned i = 0; w->policy_mapping > 0 && i < mappings.count; i++) {
		if ((w->set.has_any || set_has(&w->set, mappings.from[i])) &&
		    !set_add(w, &next, mappings.to[i]))
			return false;
	}
	w->set = next;
	return true;
}

static void count_down(uint32_t *certs)
{
	if (*certs > 0)
		--*certs;
}

static void lower_to(uint32_t *certs, const struct x509_skip *skip)
{
	if (skip->is_present && skip->certs < *certs)
		*certs = skip->certs;
}

/* RFC 5280 section 6.1.4 (i) and (j). */
static void constraints_apply(struct walk *w, const struct x509 *cert)
{
	lower_to(&w->explicit_policy, &cert->require_explicit_policy);
	lower_to(&w->policy_mapping, &cert->inhibit_policy_mapping);
	lower_to(&w->inhibit_any, &cert->inhibit_any_policy);
}

/* RFC 5280 section 6.1.4: an intermediate hands over to the certificate below it.  False: the
 * limit. */
static bool hand_over(struct walk *w, const struct x509 *cert, bool is_self_issued)
{
	if (!mappings_apply(w, cert->policy_mappings))
		return false;
	if (!is_self_issued) {
		count_down(&w->explicit_policy);
		count_down(&w->policy_mapping);
		count_down(&w->inhibit_any);
	}
	constraints_apply(w, cert);
	return true;
}

/* RFC 5280 section 6.1.5 (a) and (b): of a leaf's constraints only 0 says anything. */
static void wrap_up(struct walk *w, const struct x509 *leaf)
{
	count_down(&w->explicit_policy);
	if (leaf->require_explicit_policy.is_present && leaf->require_explicit_policy.certs == 0)
		w->explicit_policy = 0;
}

static bool explicit_policy_is_missing(const struct walk *w)
{
	return w->explicit_policy == 0 && set_is_empty(&w->set);
}

static enum auth_reason cert_check(struct walk *w, const struct x509 *cert, bool is_leaf)
{
	bool is_self_issued = cert->is_self_issued;

	if (!policies_enter(w, cert, w->inhibit_any > 0 || (!is_leaf && is_self_issued)))
		return AUTH_search_limit;
	if (explicit_policy_is_missing(w))
		return AUTH_policy;
	if (!is_leaf)
		return hand_over(w, cert, is_self_issued) ? AUTH_ok : AUTH_search_limit;
	wrap_up(w, cert);
	return explicit_policy_is_missing(w) ? AUTH_policy : AUTH_ok;
}

/* From the anchor downwards. */
static enum auth_reason path_walk(const struct x509 *const *cert, unsigned count,
				  unsigned nodes_max, unsigned *nodes, unsigned *ret_depth)
{
	/* count is one more than RFC 5280's n, which does not have the anchor. */
	struct walk w = {
		.set.has_any = true,
		.explicit_policy = count,
		.inhibit_any = count,
		.policy_mapping = count,
		.nodes_max = nodes_max,
		.nodes = nodes,
	};

	constraints_apply(&w, cert[count - 1]);
	for (unsigned i = count - 1; i-- > 0;) {
		enum auth_reason reason = cert_check(&w, cert[i], i == 0);

		if (reason != AUTH_ok) {
			*ret_depth = i;
			return reason;
		}
	}
	return AUTH_ok;
}

static bool explicit_policy_is_required(const struct x509 *const *cert, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (cert[i]->require_explicit_policy.is_present)
			return true;
	}
	return false;
}

enum auth_reason trust_policies_check(const struct x509 *const *cert, unsigned count,
				      unsigned nodes_max, unsigned *nodes, unsigned *ret_depth)
{
	for (unsigned i = 1; i + 1 < count; i++) {
		if (cert[i]->maps_any_policy) { /* RFC 5280 section 6.1.4 (a) */
			*ret_depth = i;
			return AUTH_policy;
		}
	}
	if (!explicit_policy_is_required(cert, count))
		return AUTH_ok;
	return path_walk(cert, count, nodes_max, nodes, ret_depth);
}
