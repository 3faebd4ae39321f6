/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A certificate that is accepted has all its parts inside the input, and texts of its names that
 * may stand in an HTTP header.  One that is refused is not described either. */
#include "base/assert.h"
#include "tls/trust/trust.h"
#include "tls/trust/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static uint8_t storage_bytes[TRUST_IDENTITY_STORAGE_BYTES];

static void check_inside(struct span part, struct span all)
{
	GW_ASSERT(part.len == 0 || (part.p >= all.p && part.p + part.len <= all.p + all.len));
}

static void check_header_text(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		GW_ASSERT(text.p[i] >= 0x20 && text.p[i] < 0x7f);
}

/* What was parsed once can be read again to the end. */
static void check_lists(const struct x509 *cert, struct span der)
{
	const struct span subtrees[] = {cert->permitted, cert->excluded};
	struct span list = cert->alt_names, policy, other_policy;
	struct x509_general_name name;

	while (list.len > 0) {
		GW_ASSERT(x509_general_name_take(&list, &name));
		check_inside(name.value, der);
	}
	for (size_t i = 0; i < 2; i++) {
		list = subtrees[i];
		while (list.len > 0) {
			GW_ASSERT(x509_subtree_take(&list, &name));
			check_inside(name.value, der);
		}
	}
	list = cert->policies;
	while (list.len > 0) {
		GW_ASSERT(x509_policy_take(&list, &policy));
		check_inside(policy, der);
	}
	list = cert->policy_mappings;
	while (list.len > 0) {
		GW_ASSERT(x509_mapping_take(&list, &policy, &other_policy));
		check_inside(policy, der);
		check_inside(other_policy, der);
	}
}

static void check_cert(const struct x509 *cert, struct span der)
{
	check_inside(cert->tbs, der);
	check_inside(cert->signature, der);
	check_inside(cert->issuer, der);
	check_inside(cert->subject, der);
	check_inside(cert->serial, der);
	check_inside(cert->key.modulus, der);
	check_inside(cert->key.exponent, der);
	check_inside(cert->key.point, der);
	check_inside(cert->subject_key_id, der);
	check_inside(cert->authority_key_id, der);
	check_lists(cert, der);
	GW_ASSERT(cert->issuer.len > 2 && (cert->subject.len > 2 || cert->alt_names.len > 0));
	GW_ASSERT(cert->serial.len > 0 && cert->tbs.len < der.len);
	GW_ASSERT(cert->version >= 1 && cert->version <= 3);
	GW_ASSERT(cert->not_before_s <= cert->not_after_s);
	GW_ASSERT(cert->version == 3 || (!cert->is_ca && !cert->has_key_usage));
	GW_ASSERT(cert->is_ca || !cert->has_path_length);
	GW_ASSERT(x509_name_eq(cert->issuer, cert->issuer));
	GW_ASSERT(x509_name_eq(cert->issuer, cert->subject) ==
		  x509_name_eq(cert->subject, cert->issuer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct outbuf storage = outbuf_of(storage_bytes, sizeof(storage_bytes));
	struct span der = span_of(data, len);
	struct peer_identity identity;
	struct x509 cert;
	enum auth_reason reason = x509_parse(der, &cert);
	bool described = trust_identity_describe(der, &storage, &identity);

	GW_ASSERT(reason == AUTH_ok || reason == AUTH_parse_error ||
		  reason == AUTH_duplicate_extension);
	GW_ASSERT(described == (reason == AUTH_ok && len <= TRUST_CHAIN_BYTES_MAX));
	if (reason == AUTH_ok)
		check_cert(&cert, der);
	if (described) {
		check_header_text(identity.subject_dn);
		check_header_text(identity.issuer_dn);
		GW_ASSERT(identity.serial.len > 0);
	}
	return 0;
}
