/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_certificate.h"

#include "tls/trust/pem.h"
#include "tls/trust/x509.h"

#include <stdlib.h>

static bool signer_of(const struct x509_key *key, enum tls_signer *ret_signer)
{
	static const enum tls_signer signers[] = {[X509_CURVE_P256] = TLS_SIGNER_P256,
						  [X509_CURVE_P384] = TLS_SIGNER_P384,
						  [X509_CURVE_P521] = TLS_SIGNER_P521};

	if (key->kind == X509_KEY_RSA && !key->is_pss)
		*ret_signer = TLS_SIGNER_RSA;
	else if (key->kind == X509_KEY_EC && key->curve != X509_CURVE_NONE)
		*ret_signer = signers[key->curve];
	else
		return false;
	return true;
}

bool tls_certificate_read(const struct tls_pem *pem, struct tls_certificate_facts *ret_facts)
{
	struct span in = span_of(pem->p, pem->len);
	struct outbuf der = outbuf_of(malloc(pem->len), pem->len);
	struct pem_block block;
	struct x509 cert;
	bool ok = false;

	while (der.p != NULL && pem_take(&in, &block) == PEM_BLOCK) {
		if (!span_eq(block.label, SPAN_LIT("CERTIFICATE")))
			continue;
		ok = pem_decode(block.body, &der) &&
		     x509_parse(outbuf_span(&der), &cert) == AUTH_ok &&
		     signer_of(&cert.key, &ret_facts->signer);
		break;
	}
	if (ok) {
		ret_facts->not_before_s = cert.not_before_s;
		ret_facts->not_after_s = cert.not_after_s;
	}
	free(der.p);
	return ok;
}
