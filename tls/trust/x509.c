/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/x509.h"

#include "tls/trust/x509_priv.h"

static bool version_take(struct span *in, unsigned *ret_version)
{
	struct span field;
	uint32_t value;

	*ret_version = 1;
	if (!der_next_is(*in, DER_CONTEXT_CONSTRUCTED(0)))
		return true;
	/* 0 is the default, which DER leaves out. */
	if (!der_take(in, DER_CONTEXT_CONSTRUCTED(0), &field) || !der_take_uint32(&field, &value) ||
	    field.len > 0 || value < 1 || value > 2)
		return false;
	*ret_version = value + 1;
	return true;
}

static bool serial_take(struct span *in, struct span *ret_serial)
{
	size_t sign_octets;

	if (!der_take_integer(in, ret_serial))
		return false;
	sign_octets = ret_serial->len > 1 && ret_serial->p[0] == 0 ? 1 : 0;
	return ret_serial->len - sign_octets <= X509_SERIAL_OCTETS_MAX;
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

static bool validity_take(struct span *in, struct x509 *cert)
{
	struct span body;

	return der_take(in, DER_SEQUENCE, &body) && der_take_time(&body, &cert->not_before_s) &&
	       der_take_time(&body, &cert->not_after_s) && body.len == 0 &&
	       cert->not_before_s <= cert->not_after_s;
}

/* issuerUniqueID and subjectUniqueID: long out of use, skipped. */
static bool unique_ids_skip(struct span *in, unsigned version)
{
	struct span ignored;

	for (unsigned n = 1; n <= 2; n++) {
		if (der_next_is(*in, DER_CONTEXT(n)) &&
		    (version < 2 || !der_take(in, DER_CONTEXT(n), &ignored)))
			return false;
	}
	return true;
}

/* TBSCertificate; inner_alg is the whole AlgorithmIdentifier in it. */
static enum auth_reason tbs_parse(struct span tbs, struct x509 *cert, struct span *ret_inner_alg)
{
	struct span extensions;
	struct der_element inner_alg;

	if (!version_take(&tbs, &cert->version) || !serial_take(&tbs, &cert->serial) ||
	    !der_take_any(&tbs, &inner_alg) || !name_take(&tbs, &cert->issuer) ||
	    !validity_take(&tbs, cert) || !name_take(&tbs, &cert->subject) ||
	    !x509_key_take(&tbs, &cert->key) || !unique_ids_skip(&tbs, cert->version))
		return AUTH_parse_error;
	*ret_inner_alg = inner_alg.whole;
	if (tbs.len == 0)
		return AUTH_ok;
	if (cert->version != 3 || !der_take_only(tbs, DER_CONTEXT_CONSTRUCTED(3), &extensions))
		return AUTH_parse_error;
	return x509_extensions_parse(extensions, cert);
}

static bool name_is_empty(struct span name)
{
	return span_eq(name, SPAN_LIT("\x30\x00"));
}

/* RFC 5280 sections 4.1.2.4, 4.1.2.6 and 4.2.1.6. */
static bool names_are_present(const struct x509 *cert)
{
	if (name_is_empty(cert->issuer))
		return false;
	return !name_is_empty(cert->subject) || (!cert->is_ca && cert->alt_names_are_critical);
}

enum auth_reason x509_parse(struct span der, struct x509 *ret_cert)
{
	struct x509 cert = {.der = der};
	struct span body, outer_alg, inner_alg, rest;
	struct der_element tbs;
	enum auth_reason reason;

	if (!der_take_only(der, DER_SEQUENCE, &body) || !der_take_any(&body, &tbs) ||
	    tbs.tag != DER_SEQUENCE)
		return AUTH_parse_error;
	cert.tbs = tbs.whole;
	rest = body;
	if (!x509_sig_alg_take(&rest, &cert.sig_alg))
		return AUTH_parse_error;
	outer_alg = span_head(body, body.len - rest.len);
	if (!der_take_bit_octets(&rest, &cert.signature) || rest.len > 0)
		return AUTH_parse_error;
	reason = tbs_parse(tbs.body, &cert, &inner_alg);
	if (reason != AUTH_ok)
		return reason;
	/* Only the inner one is signed: were they to differ, an attacker would choose (RFC 5280
	 * section 4.1.1.2). */
	if (!span_eq(inner_alg, outer_alg) || !names_are_present(&cert))
		return AUTH_parse_error;
	cert.is_self_issued = x509_name_eq(cert.issuer, cert.subject);
	*ret_cert = cert;
	return AUTH_ok;
}
