/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extensions of a certificate (RFC 5280 section 4.2). */
#include "tls/trust/x509_priv.h"

typedef bool extension_fn(struct span value, struct x509 *cert);

struct extension {
	struct span oid, value;
	bool is_critical;
};

static bool extension_take(struct span *in, struct extension *ret_ext)
{
	struct span body;

	ret_ext->is_critical = false;
	return der_take(in, DER_SEQUENCE, &body) && der_take_oid(&body, &ret_ext->oid) &&
	       (!der_next_is(body, DER_BOOLEAN) ||
		der_take_boolean(&body, &ret_ext->is_critical)) &&
	       der_take(&body, DER_OCTET_STRING, &ret_ext->value) && body.len == 0;
}

static bool basic_constraints_parse(struct span value, struct x509 *cert)
{
	struct span body;

	if (!der_take_only(value, DER_SEQUENCE, &body))
		return false;
	if (der_next_is(body, DER_BOOLEAN) && !der_take_boolean(&body, &cert->is_ca))
		return false;
	if (body.len == 0)
		return true;
	/* A path length is for a CA only (RFC 5280 section 4.2.1.9). */
	cert->has_path_length = true;
	return cert->is_ca && der_take_uint32(&body, &cert->path_length) && body.len == 0;
}

static bool key_usage_parse(struct span value, struct x509 *cert)
{
	struct span octets;
	unsigned unused;

	if (!der_take_bit_string(&value, &octets, &unused) || value.len > 0)
		return false;
	cert->has_key_usage = true;
	/* The bits we ask for are in the first octet, the first bit on top. */
	for (unsigned bit = 0; octets.len > 0 && bit < 8; bit++) {
		if ((octets.p[0] & (0x80u >> bit)) != 0)
			cert->key_usage |= 1u << bit;
	}
	return true;
}

static bool ext_key_usage_parse(struct span value, struct x509 *cert)
{
	struct span purposes, oid;

	if (!der_take_only(value, DER_SEQUENCE, &purposes) || purposes.len == 0)
		return false;
	cert->has_ext_key_usage = true;
	while (purposes.len > 0) {
		if (!der_take_oid(&purposes, &oid))
			return false;
		if (span_eq(oid,
			    SPAN_LIT("\x2b\x06\x01\x05\x05\x07\x03\x02"))) /* id-kp-clientAuth */
			cert->allows_client_auth = true;
	}
	return true;
}

static bool subject_key_id_parse(struct span value, struct x509 *cert)
{
	return der_take_only(value, DER_OCTET_STRING, &cert->subject_key_id);
}

static bool authority_key_id_parse(struct span value, struct x509 *cert)
{
	struct span body, issuer, serial;
	bool has_issuer, has_serial;

	if (!der_take_only(value, DER_SEQUENCE, &body))
		return false;
	der_take(&body, DER_CONTEXT(0), &cert->authority_key_id);
	/* Issuer and serial number of the issuer's certificate, both or neither: of no use as a
	 * hint. */
	has_issuer = der_take(&body, DER_CONTEXT_CONSTRUCTED(1), &issuer);
	has_serial = der_take(&body, DER_CONTEXT(2), &serial);
	return body.len == 0 && has_issuer == has_serial &&
	       (!has_issuer || x509_general_names_are_well_formed(issuer));
}

static bool subject_alt_name_parse(struct span value, struct x509 *cert)
{
	return der_take_only(value, DER_SEQUENCE, &cert->alt_names) &&
	       x509_general_names_are_well_formed(cert->alt_names);
}

static bool name_constraints_parse(struct span value, struct x509 *cert)
{
	struct span body;
	bool has_permitted, has_excluded;

	if (!der_take_only(value, DER_SEQUENCE, &body))
		return false;
	has_permitted = der_take(&body, DER_CONTEXT_CONSTRUCTED(0), &cert->permitted);
	has_excluded = der_take(&body, DER_CONTEXT_CONSTRUCTED(1), &cert->excluded);
	return body.len == 0 && (has_permitted || has_excluded) &&
	       (!has_permitted || x509_subtrees_are_well_formed(cert->permitted)) &&
	       (!has_excluded || x509_subtrees_are_well_formed(cert->excluded));
}

/* An extension that RFC 5280 wants critical is read the same where it is not: what it says binds all
 * the more.  RFC 3280 let policyConstraints be either, and the profile of the US Federal PKI (2018)
 * has CAs issue them, and inhibitAnyPolicy, not critical. */
static const struct {
	struct span oid;
	enum x509_part part;
	extension_fn *parse;
	bool is_never_critical;
} known[] = {
	{SPAN_LIT("\x55\x1d\x13"), X509_PART_basic_constraints, basic_constraints_parse, false},
	{SPAN_LIT("\x55\x1d\x0f"), X509_PART_key_usage, key_usage_parse, false},
	{SPAN_LIT("\x55\x1d\x25"), X509_PART_ext_key_usage, ext_key_usage_parse, false},
	{SPAN_LIT("\x55\x1d\x0e"), X509_PART_subject_key_id, subject_key_id_parse, true},
	{SPAN_LIT("\x55\x1d\x23"), X509_PART_authority_key_id, authority_key_id_parse, true},
	{SPAN_LIT("\x55\x1d\x11"), X509_PART_alt_names, subject_alt_name_parse, false},
	{SPAN_LIT("\x55\x1d\x1e"), X509_PART_name_constraints, name_constraints_parse, false},
	{SPAN_LIT("\x55\x1d\x20"), X509_PART_policies, x509_policies_parse, false},
	{SPAN_LIT("\x55\x1d\x21"), X509_PART_policy_mappings, x509_policy_mappings_parse, false},
	{SPAN_LIT("\x55\x1d\x24"), X509_PART_policy_constraints, x509_policy_constraints_parse,
	 false},
	{SPAN_LIT("\x55\x1d\x36"), X509_PART_inhibit_any_policy, x509_inhibit_any_policy_parse,
	 false},
};

static bool extension_apply(const struct extension *ext, struct x509 *cert)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!span_eq(ext->oid, known[i].oid))
			continue;
		cert->part = known[i].part;
		if (known[i].is_never_critical && ext->is_critical)
			return false;
		if (known[i].parse == subject_alt_name_parse)
			cert->alt_names_are_critical = ext->is_critical;
		return known[i].parse(ext->value, cert);
	}
	if (ext->is_critical)
		cert->has_unprocessed = true;
	return true;
}

enum auth_reason x509_extensions_parse(struct span field, struct x509 *cert)
{
	struct span seen[X509_EXTENSIONS_MAX];
	struct span list;
	unsigned count = 0;

	if (!der_take_only(field, DER_SEQUENCE, &list) || list.len == 0)
		return AUTH_parse_error;
	while (list.len > 0) {
		struct extension ext;

		cert->part = X509_PART_extensions;
		if (count == X509_EXTENSIONS_MAX || !extension_take(&list, &ext))
			return AUTH_parse_error;
		/* Two of a kind (RFC 5280 section 4.2): one reader heeds the first, another the
		 * last. */
		for (unsigned i = 0; i < count; i++) {
			if (span_eq(seen[i], ext.oid))
				return AUTH_duplicate_extension;
		}
		seen[count++] = ext.oid;
		if (!extension_apply(&ext, cert))
			return AUTH_parse_error;
	}
	return AUTH_ok;
}
