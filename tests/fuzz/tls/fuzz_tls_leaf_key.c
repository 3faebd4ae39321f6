/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key that TLS is given lies inside the leaf, and is the one that the validator reads in it. */
#include "base/assert.h"
#include "tls/tls_leaf_key.h"
#include "tls/trust/x509.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct span leaf = span_of(data, len), info;
	struct tls_leaf_key found;
	enum auth_reason reason = tls_leaf_key_find(leaf, true, &found);
	struct x509_key key;
	struct x509 cert;

	GW_ASSERT(reason == AUTH_ok || reason == AUTH_parse_error ||
		  reason == AUTH_unsupported_algorithm);
	if (x509_parse(leaf, &cert) == AUTH_ok)
		GW_ASSERT(reason != AUTH_parse_error);
	else
		cert.der = span_of(NULL, 0);
	if (reason != AUTH_ok)
		return 0;
	info = found.info;
	GW_ASSERT(info.p >= data && info.p + info.len <= data + len);
	GW_ASSERT(x509_key_take(&info, &key) && info.len == 0 && key.kind != X509_KEY_NONE);
	GW_ASSERT((found.rsa_schemes != 0) == (key.kind == X509_KEY_RSA));
	GW_ASSERT((tls_leaf_key_find(leaf, false, &found) == AUTH_ok) == !key.is_pss);
	if (cert.der.len > 0)
		GW_ASSERT(key.kind == cert.key.kind && key.point.p == cert.key.point.p &&
			  key.modulus.p == cert.key.modulus.p);
	return 0;
}
