/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions about certificate policies (RFC 5280 sections 4.2.1.4, 4.2.1.5, 4.2.1.11,
 * 4.2.1.14). */
#include "tls/trust/x509_priv.h"

/* Qualifiers bind nobody here: they are only counted, and must be pairs of an identifier and a
 * value. */
static bool qualifiers_are_well_formed(struct span body)
{
	struct span list, qualifier, oid;
	struct der_element value;

	if (!der_take_only(body, DER_SEQUENCE, &list) || list.len == 0)
		return false;
	while (list.len > 0) {
		if (!der_take(&list, DER_SEQUENCE, &qualifier) || !der_take_oid(&qualifier, &oid) ||
		    !der_take_any(&qualifier, &value) || qualifier.len > 0)
			return false;
	}
	return true;
}

/* PolicyInformation; what stands behind the identifier, perhaps nothing, is its qualifiers. */
static bool policy_take(struct span *in, struct span *ret_policy, struct span *ret_qualifiers)
{
	struct span rest = *in, body;

	if (!der_take(&rest, DER_SEQUENCE, &body) || !der_take_oid(&body, ret_policy))
		return false;
	*ret_qualifiers = body;
	*in = rest;
	return true;
}

bool x509_policy_take(struct span *in, struct span *ret_policy)
{
	struct span qualifiers;

	return policy_take(in, ret_policy, &qualifiers);
}

bool x509_mapping_take(struct span *in, struct span *ret_issuer_policy,
		       struct span *ret_subject_policy)
{
	struct span rest = *in, body, issuer_policy, subject_policy;

	if (!der_take(&rest, DER_SEQUENCE, &body) || !der_take_oid(&body, &issuer_policy) ||
	    !der_take_oid(&body, &subject_policy) || body.len > 0)
		return false;
	*ret_issuer_policy = issuer_policy;
	*ret_subject_policy = subject_policy;
	*in = rest;
	return true;
}

bool x509_policies_parse(struct span value, struct x509 *cert)
{
	struct span seen[X509_POLICIES_MAX], list, qualifiers;
	unsigned count = 0;

	if (!der_take_only(value, DER_SEQUENCE, &cert->policies))
		return false;
	list = cert->policies;
	do {
		if (count == X509_POLICIES_MAX || !policy_take(&list, &seen[count], &qualifiers) ||
		    (qualifiers.len > 0 && !qualifiers_are_well_formed(qualifiers)))
			return false;
		for (unsigned i = 0; i < count; i++) {
			if (span_eq(seen[i], seen[count]))
				return false; /* RFC 5280 section 4.2.1.4 */
		}
		count++;
	} while (list.len > 0);
	return true;
}

bool x509_policy_mappings_parse(struct span value, struct x509 *cert)
{
	struct span list, issuer_policy, subject_policy;
	unsigned count = 0;

	if (!der_take_only(value, DER_SEQUENCE, &cert->policy_mappings))
		return false;
	list = cert->policy_mappings;
	do {
		if (count++ == X509_POLICY_MAPPINGS_MAX ||
		    !x509_mapping_take(&list, &issuer_policy, &subject_policy))
			return false;
		if (span_eq(issuer_policy, X509_ANY_POLICY) ||
		    span_eq(subject_policy, X509_ANY_POLICY))
			cert->maps_any_policy = true;
	} while (list.len > 0);
	return true;
}

/* The optional field [n] of policyConstraints.  False: there, but no number. */
static bool skip_take(struct span *in, unsigned n, struct x509_skip *ret_skip)
{
	struct span body;

	ret_skip->is_present = der_take(in, DER_CONTEXT(n), &body);
	return !ret_skip->is_present || der_uint32_of(body, &ret_skip->certs);
}

bool x509_policy_constraints_parse(struct span value, struct x509 *cert)
{
	struct span body;

	return der_take_only(value, DER_SEQUENCE, &body) && body.len > 0 &&
	       skip_take(&body, 0, &cert->require_explicit_policy) &&
	       skip_take(&body, 1, &cert->inhibit_policy_mapping) && body.len == 0;
}

bool x509_inhibit_any_policy_parse(struct span value, struct x509 *cert)
{
	cert->inhibit_any_policy.is_present = true;
	return der_take_uint32(&value, &cert->inhibit_any_policy.certs) && value.len == 0;
}
