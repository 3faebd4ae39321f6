/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_names.h"

#include "tls/trust/trust_look.h"
#include "tls/trust/trust_subtree.h"

struct check {
	const struct x509 *ca; /* whose constraints they are */
	unsigned looked_at_max;
	unsigned *looked_at;
};

/* Counts a name or a subtree, also one that is only passed over.  False: the limit. */
static bool look_at(const struct check *check, struct span name)
{
	return trust_look(check->looked_at_max, check->looked_at, name.len);
}

/* Compares name with the subtrees of its kind until one holds it.  ret_holds is the best that was
 * found, TRUST_OUTSIDE when there is none of its kind.  False: the limit. */
static bool subtrees_search(const struct check *check, struct span subtrees,
			    const struct x509_general_name *name, bool *ret_has_kind,
			    enum trust_within *ret_holds)
{
	struct x509_general_name base;

	*ret_has_kind = false;
	*ret_holds = TRUST_OUTSIDE;
	while (*ret_holds != TRUST_WITHIN && x509_subtree_take(&subtrees, &base)) {
		enum trust_within holds;

		if (!look_at(check, base.value))
			return false;
		if (base.kind != name->kind)
			continue;
		*ret_has_kind = true;
		holds = trust_subtree_holds(&base, name->value);
		if (holds != TRUST_OUTSIDE)
			*ret_holds = holds;
	}
	return true;
}

static enum auth_reason name_check(const struct check *check, const struct x509_general_name *name)
{
	enum trust_within holds;
	bool has_kind;

	if (!look_at(check, name->value) ||
	    !subtrees_search(check, check->ca->permitted, name, &has_kind, &holds))
		return AUTH_search_limit;
	if (has_kind && holds != TRUST_WITHIN)
		return AUTH_name_constraint;
	if (!subtrees_search(check, check->ca->excluded, name, &has_kind, &holds))
		return AUTH_search_limit;
	return holds == TRUST_OUTSIDE ? AUTH_ok : AUTH_name_constraint;
}

/* The subject, and the emailAddresses in it. */
static enum auth_reason subject_check(const struct check *check, struct span subject)
{
	struct x509_general_name name = {X509_NAME_DIRECTORY, subject};
	struct span rdns, set, attribute, oid;
	struct der_element value;
	enum auth_reason reason = AUTH_ok;

	if (!der_take_only(subject, DER_SEQUENCE, &rdns) || rdns.len == 0)
		return AUTH_ok;
	reason = name_check(check, &name);
	while (reason == AUTH_ok && der_take(&rdns, DER_SET, &set)) {
		while (reason == AUTH_ok && der_take(&set, DER_SEQUENCE, &attribute)) {
			if (!der_take_oid(&attribute, &oid) || !der_take_any(&attribute, &value) ||
			    !span_eq(oid, SPAN_LIT("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01")))
				continue;
			name = (struct x509_general_name){X509_NAME_EMAIL, value.body};
			reason = name_check(check, &name);
		}
	}
	return reason;
}

/* What binds addresses binds a mailbox in an otherName too (RFC 9598 section 6). */
static enum auth_reason alt_name_check(const struct check *check,
				       const struct x509_general_name *name)
{
	enum auth_reason reason = name_check(check, name);
	struct x509_general_name mailbox = {.kind = X509_NAME_EMAIL};

	if (reason == AUTH_ok && x509_general_name_is_mailbox(name, &mailbox.value))
		reason = name_check(check, &mailbox);
	return reason;
}

static enum auth_reason cert_check(const struct check *check, const struct x509 *cert)
{
	enum auth_reason reason = subject_check(check, cert->subject);
	struct span alt_names = cert->alt_names;
	struct x509_general_name name;

	while (reason == AUTH_ok && x509_general_name_take(&alt_names, &name))
		reason = alt_name_check(check, &name);
	return reason;
}

static bool has_constraints(const struct x509 *cert)
{
	return cert->permitted.len > 0 || cert->excluded.len > 0;
}

enum auth_reason trust_names_check(const struct x509 *const *cert, unsigned count,
				   unsigned looked_at_max, unsigned *looked_at, unsigned *ret_depth)
{
	if (has_constraints(cert[0]) && !cert[0]->is_ca) {
		*ret_depth = 0;
		return AUTH_name_constraint;
	}
	for (unsigned i = 0; i + 1 < count; i++) {
		if (i > 0 && cert[i]->is_self_issued)
			continue; /* RFC 5280 section 6.1.3 (b) */
		for (unsigned j = i + 1; j < count; j++) {
			struct check check = {cert[j], looked_at_max, looked_at};
			enum auth_reason reason = has_constraints(cert[j])
							  ? cert_check(&check, cert[i])
							  : AUTH_ok;

			if (reason != AUTH_ok) {
				*ret_depth = i;
				return reason;
			}
		}
	}
	return AUTH_ok;
}
