/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/x509.h"

#include "tls/trust/x509_priv.h"

/* The fields of TBSCertificate (RFC 5280 section 4.1), each taken into cert.  False: malformed. */
typedef bool field_fn(struct span *in, struct x509 *cert);

static bool version_take(struct span *in, struct x509 *cert)
{
	struct span field;
	uint32_t value;

	cert->version = 1;
	if (!der_next_is(*in, DER_CONTEXT_CONSTRUCTED(0)))
		return true;
	/* 0 is the default, which DER leaves out. */
	if (!der_take(in, DER_CONTEXT_CONSTRUCTED(0), &field) || !der_take_uint32(&field, &value) ||
	    field.len > 0 || value < 1 || value > 2)
		return false;
	cert->version = value + 1;
	return true;
}

static bool serial_take(struct span *in, struct x509 *cert)
{
	size_t sign_octets;

	if (!der_take_integer(in, &cert->serial))
		return false;
	sign_octets = cert->serial.len > 1 && cert->serial.p[0] == 0 ? 1 : 0;
	return cert->serial.len - sign_octets <= X509_SERIAL_OCTETS_MAX;
}

/* Only this one is signed: were the other to differ, an attacker would choose (RFC 5280 section
 * 4.1.1.2). */
static bool algorithm_take(struct span *in, struct x509 *cert)
{
	struct der_element inner;

	return der_take_any(in, &inner) && span_eq(inner.whole, cert->outer_alg);
}

static bool name_is_empty(struct span name)
{
	return span_eq(name, SPAN_LIT("\x30\x00"));
}

static bool name_take(struct span *in, struct span *ret_name)
{
	struct der_element element;
	struct x509_name name;

	if (!der_take_any(in, &element) || !x509_name_parse(element.whole, &name))
		return false;
	*ret_name = element.whole;
	return true;
}

static bool issuer_take(struct span *in, struct x509 *cert)
{
	return name_take(in, &cert->issuer) && !name_is_empty(cert->issuer);
}

static bool subject_take(struct span *in, struct x509 *cert)
{
	return name_take(in, &cert->subject);
}

static bool validity_take(struct span *in, struct x509 *cert)
{
	struct span body;

	return der_take(in, DER_SEQUENCE, &body) && der_take_time(&body, &cert->not_before_s) &&
	       der_take_time(&body, &cert->not_after_s) && body.len == 0 &&
	       cert->not_before_s <= cert->not_after_s;
}

static bool key_take(struct span *in, struct x509 *cert)
{
	return x509_key_take(in, &cert->key);
}

/* issuerUniqueID and subjectUniqueID: long out of use, skipped. */
static bool unique_ids_skip(struct span *in, struct x509 *cert)
{
	struct span ignored;

	for (unsigned n = 1; n <= 2; n++) {
		if (der_next_is(*in, DER_CONTEXT(n)) &&
		    (cert->version < 2 || !der_take(in, DER_CONTEXT(n), &ignored)))
			return false;
	}
	return true;
}

static const struct {
	enum x509_part part;
	field_fn *take;
} fields[] = {
	{X509_PART_version, version_take},
	{X509_PART_serial, serial_take},
	{X509_PART_algorithm, algorithm_take},
	{X509_PART_issuer, issuer_take},
	{X509_PART_validity, validity_take},
	{X509_PART_subject, subject_take},
	{X509_PART_key, key_take},
	{X509_PART_unique_ids, unique_ids_skip},
};

static enum auth_reason tbs_parse(struct span tbs, struct x509 *cert)
{
	struct span extensions;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		cert->part = fields[i].part;
		if (!fields[i].take(&tbs, cert))
			return AUTH_parse_error;
	}
	if (tbs.len == 0)
		return AUTH_ok;
	cert->part = X509_PART_extensions;
	if (cert->version != 3 || !der_take_only(tbs, DER_CONTEXT_CONSTRUCTED(3), &extensions))
		return AUTH_parse_error;
	return x509_extensions_parse(extensions, cert);
}

/* RFC 5280 sections 4.1.2.6 and 4.2.1.6. */
static bool subject_is_named(const struct x509 *cert)
{
	return !name_is_empty(cert->subject) || (!cert->is_ca && cert->alt_names_are_critical);
}

enum auth_reason x509_parse(struct span der, struct x509 *ret_cert)
{
	struct x509 *cert = ret_cert;
	struct span body, rest;
	struct der_element tbs;
	enum auth_reason reason;

	*cert = (struct x509){.der = der, .part = X509_PART_encoding};
	if (!der_take_only(der, DER_SEQUENCE, &body) || !der_take_any(&body, &tbs) ||
	    tbs.tag != DER_SEQUENCE)
		return AUTH_parse_error;
	cert->tbs = tbs.whole;
	cert->part = X509_PART_outer_algorithm;
	rest = body;
	if (!x509_sig_alg_take(&rest, &cert->sig_alg))
		return AUTH_parse_error;
	cert->outer_alg = span_head(body, body.len - rest.len);
	cert->part = X509_PART_signature;
	if (!der_take_bit_octets(&rest, &cert->signature) || rest.len > 0)
		return AUTH_parse_error;
	reason = tbs_parse(tbs.body, cert);
	if (reason != AUTH_ok)
		return reason;
	cert->part = X509_PART_subject;
	if (!subject_is_named(cert))
		return AUTH_parse_error;
	cert->is_self_issued = x509_name_eq(cert->issuer, cert->subject);
	return AUTH_ok;
}

const char *x509_part_help(enum x509_part part)
{
	static const char *const helps[X509_PART_COUNT] = {
#define X509_PART(name, help) [X509_PART_##name] = help,
#include "tls/trust/x509_parts.def"
#undef X509_PART
	};

	return helps[part];
}
