/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/x509.h: a certificate taken apart (RFC 5280 section 4).  Syntax only: whether it
 * may be trusted is decided elsewhere.  All spans are views into the bytes it was parsed from.
 * Stricter than DER readers in use: see x509_parse().  More lenient in four points, because
 * such certificates are in the field and their meaning is plain: a serial number may be zero or
 * negative, a date before 2050 may be a GeneralizedTime, a default value (cA, critical: FALSE)
 * may be spelt out, keyUsage may end in zero bits. */
#pragma once

#include "base/identity.h"
#include "tls/trust/x509_alg.h"
#include "tls/trust/x509_general_name.h"
#include "tls/trust/x509_name.h"

/* A certificate with more extensions is refused as malformed: looking for a second of a kind
 * costs n squared. */
#define X509_EXTENSIONS_MAX 64
/* RFC 5280 section 4.1.2.2, without the octet of the sign. */
#define X509_SERIAL_OCTETS_MAX 20

/* RFC 5280 section 4.2.1.3: bit 0 is the first of the string. */
#define X509_USAGE_DIGITAL_SIGNATURE (1u << 0)
#define X509_USAGE_KEY_CERT_SIGN (1u << 5)

/* A certificate with more policies, or more mappings, is refused as malformed: looking for a
 * second of a kind, and for what a mapping maps, costs n squared. */
#define X509_POLICIES_MAX 64
#define X509_POLICY_MAPPINGS_MAX 64

/* anyPolicy (RFC 5280 section 4.2.1.4), the contents octets of its OID. */
#define X509_ANY_POLICY SPAN_LIT("\x55\x1d\x20\x00")

enum x509_part {
#define X509_PART(name, help) X509_PART_##name,
#include "tls/trust/x509_parts.def"
#undef X509_PART
	X509_PART_COUNT
};

/* What is wrong with this part of a certificate that was refused for it ("its dates are malformed, ..."). */
const char *x509_part_help(enum x509_part part);

/* How many more certificates may follow before something applies. */
struct x509_skip {
	bool is_present;
	uint32_t certs;
};

struct x509 {
	struct span der;
	struct span tbs;       /* what is signed, with tag and length */
	struct span signature; /* octets of the BIT STRING */
	struct x509_sig_alg sig_alg;
	struct span outer_alg;       /* that one's AlgorithmIdentifier, beside the signature */
	struct span issuer, subject; /* whole Name elements */
	bool is_self_issued;         /* they are the same name (x509_name_eq()) */
	struct span serial;          /* contents octets of the INTEGER */
	int64_t not_before_s, not_after_s;
	struct x509_key key;
	unsigned version; /* 1, 2 or 3 */

	bool is_ca; /* basicConstraints says so */
	bool has_path_length;
	uint32_t path_length;
	bool has_key_usage;
	unsigned key_usage; /* X509_USAGE_ bits */
	bool has_ext_key_usage;
	bool allows_client_auth; /* id-kp-clientAuth is named; anyExtendedKeyUsage does not count */
	/* GeneralNames one behind the other (x509_general_name_take()); empty: no such extension. */
	struct span alt_names;
	bool alt_names_are_critical;
	/* Subtrees of nameConstraints (x509_subtree_take()); both empty: no such extension. */
	struct span permitted, excluded;
	/* certificatePolicies (x509_policy_take()) and policyMappings (x509_mapping_take()); empty:
	 * no such extension. */
	struct span policies, policy_mappings;
	bool maps_any_policy; /* from or to anyPolicy */
	/* policyConstraints and inhibitAnyPolicy (RFC 5280 sections 4.2.1.11, 4.2.1.14). */
	struct x509_skip require_explicit_policy, inhibit_policy_mapping, inhibit_any_policy;
	/* A critical extension we know nothing of. */
	bool has_unprocessed;
	/* Hints for finding the issuer; empty when absent. */
	struct span subject_key_id, authority_key_id;
	enum x509_part part; /* read last: at fault when it cannot be parsed */
};

/* Takes der apart: AUTH_ok, AUTH_parse_error or AUTH_duplicate_extension; of ret_cert only
 * part is meaningful unless ok. Refused: anything that is not DER, bytes behind the end, versions other than 1
 * to 3, extensions or unique identifiers in a version that has none, an algorithm inside that
 * differs from the one outside, a serial number over 20 octets, notAfter before notBefore, names
 * or dates or known extensions that are not well formed, an issuer or a CA without a name, a
 * subject that neither has a name nor a critical subjectAltName, key identifiers that are
 * critical. */
enum auth_reason x509_parse(struct span der, struct x509 *ret_cert);

/* Take the next of cert->policies or cert->policy_mappings, well formed; the contents octets of
 * OIDs.  A policy's qualifiers are passed over.  False at the end. */
bool x509_policy_take(struct span *in, struct span *ret_policy);
bool x509_mapping_take(struct span *in, struct span *ret_issuer_policy,
		       struct span *ret_subject_policy);
