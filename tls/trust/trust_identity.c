/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>

#include "tls/trust/dn.h"
#include "tls/trust/trust.h"
#include "tls/trust/x509.h"

static_assert(TRUST_IDENTITY_STORAGE_BYTES >= DN_TEXT_FACTOR * TRUST_CHAIN_BYTES_MAX,
	      "both names of the longest certificate fit");

/* Appends the text of a name; its place in storage. */
static bool name_put(struct span name_der, struct outbuf *storage, struct span *ret_text)
{
	size_t begin = storage->len;

	if (!dn_print(name_der, storage))
		return false;
	*ret_text = span_of(storage->p + begin, storage->len - begin);
	return true;
}

bool trust_identity_describe(struct span leaf_der, struct outbuf *storage,
			     struct peer_identity *ret_identity)
{
	struct peer_identity identity = {.leaf_der = leaf_der};
	struct x509 cert;

	if (leaf_der.len > TRUST_CHAIN_BYTES_MAX || x509_parse(leaf_der, &cert) != AUTH_ok)
		return false;
	if (!name_put(cert.subject, storage, &identity.subject_dn) ||
	    !name_put(cert.issuer, storage, &identity.issuer_dn))
		return false;
	identity.serial = cert.serial;
	if (cert.serial.len > 1 && cert.serial.p[0] == 0)
		identity.serial = span_skip(cert.serial, 1);
	identity.not_before_s = cert.not_before_s;
	identity.not_after_s = cert.not_after_s;
	if (wc_ShaHash(leaf_der.p, (word32)leaf_der.len, identity.sha1) != 0 ||
	    wc_Sha256Hash(leaf_der.p, (word32)leaf_der.len, identity.sha256) != 0)
		return false;
	*ret_identity = identity;
	return true;
}
