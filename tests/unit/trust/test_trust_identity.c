/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/support/cert_build.h"
#include "tls/trust/trust.h"

static uint8_t cert_bytes[80000], storage_bytes[TRUST_IDENTITY_STORAGE_BYTES];

static struct span plain_cert(struct span serial)
{
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));
	struct cert_parts parts = cert_parts_plain();

	parts.serial = serial;
	return cert_build(&parts, &out);
}

Test(trust_identity, what_is_no_certificate_is_not_described)
{
	struct outbuf storage = outbuf_of(storage_bytes, sizeof(storage_bytes));
	struct peer_identity identity;

	cr_assert_not(trust_identity_describe(SPAN_LIT(""), &storage, &identity));
	cr_assert_not(trust_identity_describe(SPAN_LIT("\x30\x00"), &storage, &identity));
}

Test(trust_identity, storage_too_small_is_an_error)
{
	struct outbuf storage = outbuf_of(storage_bytes, 5);
	struct peer_identity identity;

	cr_assert_not(
		trust_identity_describe(plain_cert(SPAN_LIT("\x02\x01\x07")), &storage, &identity));
}

Test(trust_identity, longest_certificate_fits_into_the_storage)
{
	struct outbuf storage = outbuf_of(storage_bytes, sizeof(storage_bytes));
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));
	struct cert_parts parts = cert_parts_plain();
	static uint8_t name_bytes[80000], text[TRUST_CHAIN_BYTES_MAX - 300];
	struct outbuf name = outbuf_of(name_bytes, sizeof(name_bytes));
	struct peer_identity identity;
	struct span der;

	memset(text, 0xff, sizeof(text)); /* as T61String: two octets of UTF-8, six characters */
	parts.subject = name_put1(&name, SPAN_LIT("\x55\x04\x03"), 0x14, SPAN(text));
	der = cert_build(&parts, &out);
	cr_assert_leq(der.len, TRUST_CHAIN_BYTES_MAX);
	cr_assert(trust_identity_describe(der, &storage, &identity));
	cr_assert_eq(identity.subject_dn.len, 3 + 6 * sizeof(text));
}

Test(trust_identity, fields_are_those_of_the_leaf)
{
	struct outbuf storage = outbuf_of(storage_bytes, sizeof(storage_bytes));
	struct span der = plain_cert(SPAN_LIT("\x02\x02\x00\x80"));
	struct peer_identity identity;

	cr_assert(trust_identity_describe(der, &storage, &identity));
	cr_assert(span_eq(identity.leaf_der, der));
	cr_assert(span_eq(identity.subject_dn, SPAN_LIT("CN=x")));
	cr_assert(span_eq(identity.issuer_dn, SPAN_LIT("CN=ca")));
	cr_assert(span_eq(identity.serial, SPAN_LIT("\x80")), "without the octet of the sign");
	cr_assert_eq(identity.not_before_s, 1577836800);
	cr_assert_eq(identity.not_after_s, 2208988800);
}

Test(trust_identity, fingerprints_are_digests_of_the_certificate)
{
	struct outbuf storage = outbuf_of(storage_bytes, sizeof(storage_bytes));
	struct peer_identity identity;
	FILE *file = fopen("/tmp/test_trust_identity.der", "wb");
	char command[] = "sha1sum /tmp/test_trust_identity.der; sha256sum "
			 "/tmp/test_trust_identity.der; rm /tmp/test_trust_identity.der";
	char line[256], hex_bytes[65];
	FILE *pipe;
	struct span der = plain_cert(SPAN_LIT("\x02\x01\x00"));
	struct outbuf hex = outbuf_of(hex_bytes, sizeof(hex_bytes));

	cr_assert(trust_identity_describe(der, &storage, &identity));
	cr_assert(file != NULL && fwrite(der.p, 1, der.len, file) == der.len && fclose(file) == 0);
	pipe = popen(command, "r");
	cr_assert_not_null(pipe);
	outbuf_put_hex(&hex, SPAN(identity.sha1), false);
	cr_assert(fgets(line, sizeof(line), pipe) != NULL && memcmp(line, hex_bytes, 40) == 0);
	hex.len = 0;
	outbuf_put_hex(&hex, SPAN(identity.sha256), false);
	cr_assert(fgets(line, sizeof(line), pipe) != NULL && memcmp(line, hex_bytes, 64) == 0);
	pclose(pipe);
	cr_assert(span_eq(identity.serial, SPAN_LIT("\x00")));
}
