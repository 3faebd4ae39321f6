/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_allow.h"

#include <stdlib.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>

#include "tls/trust/spiffe_id.h"
#include "tls/trust/trust_subtree.h"

static const enum x509_name_kind kind_of[] = {
	[TRUST_NAME_DNS] = X509_NAME_DNS,
	[TRUST_NAME_URI] = X509_NAME_URI,
	[TRUST_NAME_EMAIL] = X509_NAME_EMAIL,
	[TRUST_NAME_IP] = X509_NAME_IP,
};

/* Between the parts of a name. */
static bool is_boundary(enum trust_name_kind kind, uint8_t c)
{
	switch (kind) {
	case TRUST_NAME_DNS:
		return c == '.';
	case TRUST_NAME_EMAIL:
		return c == '.' || c == '@';
	case TRUST_NAME_URI:
		return c == '/';
	case TRUST_NAME_IP:
		break;
	}
	return false;
}

static bool text_eq(enum trust_name_kind kind, struct span a, struct span b)
{
	return kind == TRUST_NAME_DNS ? span_eq_nocase(a, b) : span_eq(a, b);
}

/* value is the beginning of name, and one of them has a boundary there. */
static bool is_prefix(enum trust_name_kind kind, struct span value, struct span name)
{
	return name.len > value.len && text_eq(kind, span_head(name, value.len), value) &&
	       (is_boundary(kind, value.p[value.len - 1]) || is_boundary(kind, name.p[value.len]));
}

static bool is_suffix(enum trust_name_kind kind, struct span value, struct span name)
{
	size_t ahead = name.len - value.len;

	return name.len > value.len && text_eq(kind, span_skip(name, ahead), value) &&
	       (is_boundary(kind, value.p[0]) || is_boundary(kind, name.p[ahead - 1]));
}

static bool ip_fits(const struct trust_allow_name *allowed, struct span name)
{
	const struct x509_general_name base = {X509_NAME_IP, allowed->value};

	switch (allowed->match) {
	case TRUST_MATCH_EXACT:
		return span_eq(allowed->value, name);
	case TRUST_MATCH_PREFIX:
		return trust_subtree_holds(&base, name) == TRUST_WITHIN;
	case TRUST_MATCH_SUFFIX:
		break;
	}
	return false;
}

static bool name_fits(const struct trust_allow_name *allowed, const struct x509_general_name *name)
{
	if (kind_of[allowed->kind] != name->kind || allowed->value.len == 0)
		return false;
	if (allowed->kind == TRUST_NAME_IP)
		return ip_fits(allowed, name->value);
	/* A whole name is its own beginning and end. */
	if (text_eq(allowed->kind, allowed->value, name->value))
		return true;
	switch (allowed->match) {
	case TRUST_MATCH_EXACT:
		return false;
	case TRUST_MATCH_PREFIX:
		return is_prefix(allowed->kind, allowed->value, name->value);
	case TRUST_MATCH_SUFFIX:
		return is_suffix(allowed->kind, allowed->value, name->value);
	}
	return false;
}

static enum auth_reason names_check(const struct trust_allow *allow, const struct x509 *leaf,
				    unsigned looked_at_max, unsigned *looked_at)
{
	struct span names = leaf->alt_names;
	struct x509_general_name name;

	while (x509_general_name_take(&names, &name)) {
		for (size_t i = 0; i < allow->name_count; i++) {
			if (*looked_at == looked_at_max)
				return AUTH_search_limit;
			++*looked_at;
			if (name_fits(&allow->names[i], &name))
				return AUTH_ok;
		}
	}
	return AUTH_name_not_allowed;
}

static int digest_compare(const void *a, const void *b)
{
	return memcmp(a, b, TRUST_SHA256_OCTETS);
}

static bool digest_is_allowed(const struct trust_allow *allow, const struct x509 *leaf)
{
	uint8_t sha256[TRUST_SHA256_OCTETS];

	return wc_Sha256Hash(leaf->der.p, (word32)leaf->der.len, sha256) == 0 &&
	       bsearch(sha256, allow->leaf_sha256, allow->leaf_count, TRUST_SHA256_OCTETS,
		       digest_compare) != NULL;
}

enum auth_reason trust_allow_check(const struct trust_allow *allow, const struct x509 *leaf,
				   unsigned looked_at_max, unsigned *looked_at)
{
	enum auth_reason reason = AUTH_ok;
	struct spiffe_id id;

	if (allow->name_count > 0)
		reason = names_check(allow, leaf, looked_at_max, looked_at);
	if (reason != AUTH_ok)
		return reason;
	if (allow->spiffe_trust_domain.len > 0 &&
	    (!spiffe_id_of_leaf(leaf, &id) ||
	     !span_eq(id.trust_domain, allow->spiffe_trust_domain)))
		return AUTH_name_not_allowed;
	if (allow->leaf_count > 0 && !digest_is_allowed(allow, leaf))
		return AUTH_name_not_allowed;
	return AUTH_ok;
}

void trust_allow_sort(uint8_t (*sha256)[TRUST_SHA256_OCTETS], size_t count)
{
	qsort(sha256, count, TRUST_SHA256_OCTETS, digest_compare);
}
