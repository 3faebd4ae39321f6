/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/support/cert_build.h"
#include "tls/trust/x509.h"

#define OID_BASIC_CONSTRAINTS SPAN_LIT("\x55\x1d\x13")
#define OID_KEY_USAGE SPAN_LIT("\x55\x1d\x0f")
#define OID_EXT_KEY_USAGE SPAN_LIT("\x55\x1d\x25")
#define OID_SUBJECT_ALT_NAME SPAN_LIT("\x55\x1d\x11")
#define OID_NAME_CONSTRAINTS SPAN_LIT("\x55\x1d\x1e")
#define OID_PRIVATE SPAN_LIT("\x2b\x06\x01\x04\x01\x87\x68\x01")

static uint8_t cert_bytes[65536], ext_bytes[65536];

static enum auth_reason parse(const struct cert_parts *parts, struct x509 *ret_cert)
{
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));

	return x509_parse(cert_build(parts, &out), ret_cert);
}

static enum auth_reason reason_of(const struct cert_parts *parts)
{
	struct x509 cert;

	return parse(parts, &cert);
}

/* A certificate with this one extension. */
static enum auth_reason parse_ext(struct span oid, bool is_critical, struct span value,
				  struct x509 *ret_cert)
{
	struct cert_parts parts = cert_parts_plain();
	struct outbuf exts = outbuf_of(ext_bytes, sizeof(ext_bytes));

	parts.extensions = ext_put(&exts, oid, is_critical, value);
	return parse(&parts, ret_cert);
}

static enum auth_reason reason_of_ext(struct span oid, bool is_critical, struct span value)
{
	struct x509 cert;

	return parse_ext(oid, is_critical, value, &cert);
}

Test(x509, every_proper_prefix_is_refused)
{
	struct cert_parts parts = cert_parts_plain();
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));
	struct span der = cert_build(&parts, &out);
	struct x509 cert;

	for (size_t n = 0; n < der.len; n++)
		cr_assert_eq(x509_parse(span_head(der, n), &cert), AUTH_parse_error, "%zu", n);
	cr_assert_eq(x509_parse(der, &cert), AUTH_ok);
}

Test(x509, bytes_behind_the_certificate_are_refused)
{
	struct cert_parts parts = cert_parts_plain();

	parts.trailer = SPAN_LIT("\x00");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
}

Test(x509, bytes_behind_the_signature_are_refused)
{
	struct cert_parts parts = cert_parts_plain();

	parts.signature = SPAN_LIT("\x03\x02\x00\x01\x05\x00");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
}

Test(x509, differing_algorithms_inside_and_outside_are_refused)
{
	struct cert_parts parts = cert_parts_plain();

	parts.outer_alg = SPAN_LIT("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
}

Test(x509, versions_other_than_one_to_three_are_refused)
{
	struct cert_parts parts = cert_parts_plain();
	struct x509 cert;

	parts.version = SPAN_LIT("\xa0\x03\x02\x01\x03");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
	parts.version = SPAN_LIT("\xa0\x03\x02\x01\x00");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error, "the default spelt out");
	parts.version = SPAN_LIT("");
	cr_assert_eq(parse(&parts, &cert), AUTH_ok);
	cr_assert_eq(cert.version, 1);
}

Test(x509, extensions_before_version_three_are_refused)
{
	struct cert_parts parts = cert_parts_plain();
	struct outbuf exts = outbuf_of(ext_bytes, sizeof(ext_bytes));

	parts.extensions = ext_put(&exts, OID_PRIVATE, false, SPAN_LIT("\x05\x00"));
	cr_assert_eq(reason_of(&parts), AUTH_ok);
	parts.version = SPAN_LIT("\xa0\x03\x02\x01\x01");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
}

Test(x509, unique_identifiers_before_version_two_are_refused)
{
	struct cert_parts parts = cert_parts_plain();

	parts.unique_ids = SPAN_LIT("\x81\x02\x00\x01\x82\x02\x00\x01");
	cr_assert_eq(reason_of(&parts), AUTH_ok);
	parts.version = SPAN_LIT("");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
}

Test(x509, serial_number_has_at_most_twenty_octets)
{
	struct cert_parts parts = cert_parts_plain();
	uint8_t serial[24] = {0x02, 21, 0x01};

	parts.serial = span_of(serial, 23);
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
	serial[1] = 20;
	parts.serial = span_of(serial, 22);
	cr_assert_eq(reason_of(&parts), AUTH_ok);
	memcpy(serial, "\x02\x15\x00\x80", 4);
	parts.serial = span_of(serial, 23);
	cr_assert_eq(reason_of(&parts), AUTH_ok, "the octet of the sign does not count");
}

Test(x509, zero_and_negative_serial_numbers_are_tolerated)
{
	struct cert_parts parts = cert_parts_plain();

	parts.serial = SPAN_LIT("\x02\x01\x00");
	cr_assert_eq(reason_of(&parts), AUTH_ok);
	parts.serial = SPAN_LIT("\x02\x01\xff");
	cr_assert_eq(reason_of(&parts), AUTH_ok);
	parts.serial = SPAN_LIT("\x02\x02\x00\x01");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error, "not minimal");
}

Test(x509, validity_must_not_end_before_it_begins)
{
	struct cert_parts parts = cert_parts_plain();

	parts.validity = SPAN_LIT("\x30\x1e\x17\x0d"
				  "200101000001Z"
				  "\x17\x0d"
				  "200101000000Z");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
}

Test(x509, malformed_names_are_refused)
{
	static const struct span bad[] = {
		SPAN_LIT("\x31\x00"),                                         /* no SEQUENCE */
		SPAN_LIT("\x30\x02\x31\x00"),                                 /* empty RDN */
		SPAN_LIT("\x30\x0a\x31\x08\x30\x06\x06\x03\x55\x04\x03\x0c"), /* cut */
		SPAN_LIT("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02\x00x"), /* NUL */
		SPAN_LIT("\x30\x0d\x31\x0b\x30\x09\x06\x03\x55\x04\x03\x0c\x02\xc0\x80"),
		SPAN_LIT("\x30\x0e\x31\x0c\x30\x0a\x06\x03\x55\x04\x03\x0c\x01x\x05\x00"),
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cert_parts parts = cert_parts_plain();

		parts.subject = bad[i];
		cr_expect_eq(reason_of(&parts), AUTH_parse_error, "subject %zu", i);
		parts = cert_parts_plain();
		parts.issuer = bad[i];
		cr_expect_eq(reason_of(&parts), AUTH_parse_error, "issuer %zu", i);
	}
}

Test(x509, issuer_and_ca_have_a_name)
{
	struct cert_parts parts = cert_parts_plain();
	struct outbuf exts = outbuf_of(ext_bytes, sizeof(ext_bytes));

	parts.extensions = ext_put(&exts, OID_SUBJECT_ALT_NAME, true,
				   SPAN_LIT("\x30\x03\x82\x01x"));
	cr_assert_eq(reason_of(&parts), AUTH_ok);
	parts.issuer = SPAN_LIT("\x30\x00");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error, "no issuer");
	parts = cert_parts_plain();
	parts.subject = SPAN_LIT("\x30\x00");
	ext_put(&exts, OID_BASIC_CONSTRAINTS, true, SPAN_LIT("\x30\x03\x01\x01\xff"));
	parts.extensions = outbuf_span(&exts);
	cr_assert_eq(reason_of(&parts), AUTH_parse_error, "CA without a name");
}

Test(x509, empty_subject_needs_a_critical_alternative_name)
{
	struct cert_parts parts = cert_parts_plain();
	struct outbuf exts = outbuf_of(ext_bytes, sizeof(ext_bytes));

	parts.subject = SPAN_LIT("\x30\x00");
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
	parts.extensions = ext_put(&exts, OID_SUBJECT_ALT_NAME, false,
				   SPAN_LIT("\x30\x03\x82\x01x"));
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
	exts.len = 0;
	parts.extensions = ext_put(&exts, OID_SUBJECT_ALT_NAME, true,
				   SPAN_LIT("\x30\x03\x82\x01x"));
	cr_assert_eq(reason_of(&parts), AUTH_ok);
}

Test(x509, key_identifiers_must_not_be_critical)
{
	struct span subject_key = SPAN_LIT("\x55\x1d\x0e"),
		    authority_key = SPAN_LIT("\x55\x1d\x23");

	cr_expect_eq(reason_of_ext(subject_key, false, SPAN_LIT("\x04\x01x")), AUTH_ok);
	cr_expect_eq(reason_of_ext(subject_key, true, SPAN_LIT("\x04\x01x")), AUTH_parse_error);
	cr_expect_eq(reason_of_ext(authority_key, false, SPAN_LIT("\x30\x03\x80\x01x")), AUTH_ok);
	cr_expect_eq(reason_of_ext(authority_key, true, SPAN_LIT("\x30\x03\x80\x01x")),
		     AUTH_parse_error);
}

Test(x509, second_extension_of_a_kind_is_refused)
{
	struct cert_parts parts = cert_parts_plain();
	struct outbuf exts = outbuf_of(ext_bytes, sizeof(ext_bytes));

	ext_put(&exts, OID_BASIC_CONSTRAINTS, true, SPAN_LIT("\x30\x03\x01\x01\xff"));
	ext_put(&exts, OID_PRIVATE, false, SPAN_LIT("\x05\x00"));
	ext_put(&exts, OID_BASIC_CONSTRAINTS, true, SPAN_LIT("\x30\x00"));
	parts.extensions = outbuf_span(&exts);
	cr_assert_eq(reason_of(&parts), AUTH_duplicate_extension);
	exts.len = 0;
	ext_put(&exts, OID_PRIVATE, false, SPAN_LIT("\x05\x00"));
	ext_put(&exts, OID_PRIVATE, false, SPAN_LIT("\x05\x00"));
	parts.extensions = outbuf_span(&exts);
	cr_assert_eq(reason_of(&parts), AUTH_duplicate_extension, "of an unknown kind");
}

Test(x509, more_extensions_than_the_limit_are_refused)
{
	struct cert_parts parts = cert_parts_plain();
	struct outbuf exts = outbuf_of(ext_bytes, sizeof(ext_bytes));

	for (unsigned i = 0; i < X509_EXTENSIONS_MAX; i++) {
		uint8_t oid[] = {0x2a, (uint8_t)i};

		ext_put(&exts, SPAN(oid), false, SPAN_LIT("\x05\x00"));
	}
	parts.extensions = outbuf_span(&exts);
	cr_assert_eq(reason_of(&parts), AUTH_ok);
	ext_put(&exts, OID_PRIVATE, false, SPAN_LIT("\x05\x00"));
	parts.extensions = outbuf_span(&exts);
	cr_assert_eq(reason_of(&parts), AUTH_parse_error);
}

Test(x509, malformed_known_extensions_are_refused)
{
	static const struct {
		struct span oid, value;
	} bad[] = {
		{OID_BASIC_CONSTRAINTS, SPAN_LIT("")},
		{OID_BASIC_CONSTRAINTS, SPAN_LIT("\x30\x03\x01\x01\x01")},
		{OID_BASIC_CONSTRAINTS, SPAN_LIT("\x30\x03\x02\x01\x00")}, /* length, no CA */
		{OID_BASIC_CONSTRAINTS, SPAN_LIT("\x30\x06\x01\x01\xff\x02\x01\xff")},
		{OID_BASIC_CONSTRAINTS, SPAN_LIT("\x30\x03\x01\x01\xff\x00")},
		{OID_KEY_USAGE, SPAN_LIT("\x04\x01\x80")},
		{OID_KEY_USAGE, SPAN_LIT("\x03\x02\x08\x80")},
		{OID_KEY_USAGE, SPAN_LIT("\x03\x02\x07\x80\x00")},
		{OID_EXT_KEY_USAGE, SPAN_LIT("\x30\x00")},
		{OID_EXT_KEY_USAGE, SPAN_LIT("\x30\x02\x05\x00")},
		{OID_SUBJECT_ALT_NAME, SPAN_LIT("\x30\x00")},
		{OID_SUBJECT_ALT_NAME, SPAN_LIT("x.example")},
		{OID_SUBJECT_ALT_NAME, SPAN_LIT("\x30\x03\x82\x01x\x00")},
		{OID_NAME_CONSTRAINTS, SPAN_LIT("\x30\x00")},
		{OID_NAME_CONSTRAINTS, SPAN_LIT("\x30\x02\xa0\x00")},
		{OID_NAME_CONSTRAINTS, SPAN_LIT("\x30\x02\xa1\x00")},
		{OID_NAME_CONSTRAINTS, SPAN_LIT("\x30\x09\xa0\x05\x30\x03\x82\x01x\xa2\x00")},
		{SPAN_LIT("\x55\x1d\x0e"), SPAN_LIT("\x01")},
		{SPAN_LIT("\x55\x1d\x23"), SPAN_LIT("\x30\x03\x80\x02\x01")},
		{SPAN_LIT("\x55\x1d\x23"), SPAN_LIT("\x30\x03\x82\x01\x01")}, /* no issuer */
		{SPAN_LIT("\x55\x1d\x23"), SPAN_LIT("\x30\x05\xa1\x03\x82\x01x")},
		{SPAN_LIT("\x55\x1d\x23"), SPAN_LIT("\x30\x03\x83\x01\x01")},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(reason_of_ext(bad[i].oid, false, bad[i].value), AUTH_parse_error,
			     "row %zu", i);
}

/* Every field and every known extension spoilt, alone. */
Test(x509, part_at_fault_is_known)
{
	static const struct {
		enum x509_part part;
		size_t field; /* of struct cert_parts */
		struct span spoilt;
	} fields[] = {
		{X509_PART_encoding, offsetof(struct cert_parts, trailer), SPAN_LIT("\x00")},
		{X509_PART_outer_algorithm, offsetof(struct cert_parts, outer_alg),
		 SPAN_LIT("\x05\x00")},
		{X509_PART_signature, offsetof(struct cert_parts, signature), SPAN_LIT("\x05\x00")},
		{X509_PART_version, offsetof(struct cert_parts, version),
		 SPAN_LIT("\xa0\x03\x02\x01\x03")},
		{X509_PART_serial, offsetof(struct cert_parts, serial), SPAN_LIT("\x02\x00")},
		{X509_PART_algorithm, offsetof(struct cert_parts, inner_alg), SPAN_LIT("\x05\x00")},
		{X509_PART_issuer, offsetof(struct cert_parts, issuer), SPAN_LIT("\x30\x00")},
		{X509_PART_validity, offsetof(struct cert_parts, validity), SPAN_LIT("\x30\x00")},
		{X509_PART_subject, offsetof(struct cert_parts, subject), SPAN_LIT("\x30\x00")},
		{X509_PART_key, offsetof(struct cert_parts, key), SPAN_LIT("\x30\x00")},
		{X509_PART_unique_ids, offsetof(struct cert_parts, unique_ids),
		 SPAN_LIT("\x81\x05")},
		{X509_PART_extensions, offsetof(struct cert_parts, extensions),
		 SPAN_LIT("\x05\x00")},
	};
	static const struct {
		enum x509_part part;
		struct span oid;
	} extensions[] = {
		{X509_PART_basic_constraints, OID_BASIC_CONSTRAINTS},
		{X509_PART_key_usage, OID_KEY_USAGE},
		{X509_PART_ext_key_usage, OID_EXT_KEY_USAGE},
		{X509_PART_subject_key_id, SPAN_LIT("\x55\x1d\x0e")},
		{X509_PART_authority_key_id, SPAN_LIT("\x55\x1d\x23")},
		{X509_PART_alt_names, OID_SUBJECT_ALT_NAME},
		{X509_PART_name_constraints, OID_NAME_CONSTRAINTS},
		{X509_PART_policies, SPAN_LIT("\x55\x1d\x20")},
		{X509_PART_policy_mappings, SPAN_LIT("\x55\x1d\x21")},
		{X509_PART_policy_constraints, SPAN_LIT("\x55\x1d\x24")},
		{X509_PART_inhibit_any_policy, SPAN_LIT("\x55\x1d\x36")},
	};
	struct x509 cert;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct cert_parts parts = cert_parts_plain();

		*(struct span *)((char *)&parts + fields[i].field) = fields[i].spoilt;
		cr_expect_eq(parse(&parts, &cert), AUTH_parse_error, "%zu", i);
		cr_expect_eq(cert.part, fields[i].part, "%s", x509_part_help(cert.part));
	}
	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
		cr_expect_eq(parse_ext(extensions[i].oid, true, SPAN_LIT("\x05\x01"), &cert),
			     AUTH_parse_error, "%zu", i);
		cr_expect_eq(cert.part, extensions[i].part, "%s", x509_part_help(cert.part));
	}
}

Test(x509, unknown_critical_extension_is_marked)
{
	struct x509 cert;

	cr_assert_eq(parse_ext(OID_PRIVATE, true, SPAN_LIT("\x05\x00"), &cert), AUTH_ok);
	cr_assert(cert.has_unprocessed);
	cr_assert_eq(parse_ext(OID_PRIVATE, false, SPAN_LIT("\x05\x00"), &cert), AUTH_ok);
	cr_assert_not(cert.has_unprocessed);
	cr_assert_eq(parse_ext(OID_SUBJECT_ALT_NAME, true, SPAN_LIT("\x30\x03\x82\x01x"), &cert),
		     AUTH_ok);
	cr_assert_not(cert.has_unprocessed);
}

Test(x509, subtrees_of_name_constraints_are_read)
{
	struct x509 cert;

	cr_assert_eq(
		parse_ext(OID_NAME_CONSTRAINTS, false,
			  SPAN_LIT("\x30\x0e\xa0\x05\x30\x03\x82\x01x\xa1\x05\x30\x03\x82\x01y"),
			  &cert),
		AUTH_ok);
	cr_assert(span_eq(cert.permitted, SPAN_LIT("\x30\x03\x82\x01x")));
	cr_assert(span_eq(cert.excluded, SPAN_LIT("\x30\x03\x82\x01y")));
	cr_assert_not(cert.has_unprocessed);
}

Test(x509, authority_comes_only_from_basic_constraints)
{
	struct cert_parts parts = cert_parts_plain();
	struct x509 cert;

	cr_assert_eq(parse(&parts, &cert), AUTH_ok);
	cr_assert_not(cert.is_ca);
	cr_assert_eq(parse_ext(OID_BASIC_CONSTRAINTS, true, SPAN_LIT("\x30\x00"), &cert), AUTH_ok);
	cr_assert_not(cert.is_ca);
	cr_assert_eq(parse_ext(OID_BASIC_CONSTRAINTS, true,
			       SPAN_LIT("\x30\x06\x01\x01\xff\x02\x01\x02"), &cert),
		     AUTH_ok);
	cr_assert(cert.is_ca);
	cr_assert(cert.has_path_length);
	cr_assert_eq(cert.path_length, 2);
}

Test(x509, usages_are_read)
{
	struct x509 cert;

	cr_assert_eq(parse_ext(OID_KEY_USAGE, true, SPAN_LIT("\x03\x02\x02\x84"), &cert), AUTH_ok);
	cr_assert(cert.has_key_usage);
	cr_assert_eq(cert.key_usage, X509_USAGE_DIGITAL_SIGNATURE | X509_USAGE_KEY_CERT_SIGN);
	cr_assert_eq(parse_ext(OID_EXT_KEY_USAGE, true,
			       SPAN_LIT("\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01"), &cert),
		     AUTH_ok);
	cr_assert(cert.has_ext_key_usage);
	cr_assert_not(cert.allows_client_auth, "serverAuth alone");
	cr_assert_eq(parse_ext(OID_EXT_KEY_USAGE, true,
			       SPAN_LIT("\x30\x06\x06\x04\x55\x1d\x25\x00"), &cert),
		     AUTH_ok);
	cr_assert_not(cert.allows_client_auth, "anyExtendedKeyUsage alone");
	cr_assert_eq(parse_ext(OID_EXT_KEY_USAGE, true,
			       SPAN_LIT("\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x02"), &cert),
		     AUTH_ok);
	cr_assert(cert.allows_client_auth);
}

Test(x509, explicit_curve_parameters_and_compressed_points_are_no_known_key)
{
	struct cert_parts parts = cert_parts_plain();
	struct x509 cert;
	uint8_t compressed[64] = {0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
				  0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
				  0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x22, 0x00, 0x02};

	parts.key = span_of(compressed, 59);
	cr_assert_eq(parse(&parts, &cert), AUTH_ok);
	cr_assert_eq(cert.key.kind, X509_KEY_NONE);
	compressed[26] = 4;
	cr_assert_eq(parse(&parts, &cert), AUTH_parse_error, "half a point");
	parts.key = SPAN_LIT("\x30\x11\x30\x0b\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x30\x00\x03\x02"
			     "\x00\x04");
	cr_assert_eq(parse(&parts, &cert), AUTH_ok);
	cr_assert_eq(cert.key.kind, X509_KEY_NONE);
}

Test(x509, negative_or_empty_rsa_numbers_are_refused)
{
	struct cert_parts parts = cert_parts_plain();
	uint8_t key[] = {0x30, 0x1a, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
			 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x09, 0x00,
			 0x30, 0x06, 0x02, 0x01, 0x7f, 0x02, 0x01, 0x03};
	struct x509 cert;

	parts.key = SPAN(key);
	cr_assert_eq(parse(&parts, &cert), AUTH_ok);
	cr_assert_eq(cert.key.kind, X509_KEY_RSA);
	cr_assert_eq(cert.key.modulus_bits, 7);
	key[24] = 0xff;
	cr_assert_eq(parse(&parts, &cert), AUTH_parse_error);
	key[24] = 0;
	cr_assert_eq(parse(&parts, &cert), AUTH_parse_error);
}

Test(x509, digests_of_pss_must_agree)
{
#define SHA256_ALG "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"
#define SHA384_ALG "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02"
#define PSS_HEAD "\x30\x3e\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x31\xa0\x0d"
#define MGF_HEAD "\xa1\x1a\x30\x18\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
	struct span in = SPAN_LIT(PSS_HEAD SHA256_ALG MGF_HEAD SHA256_ALG
				  "\xa2\x04\x02\x02\x00\x20");
	struct x509_sig_alg alg;

	/* The salt's length must be the minimal INTEGER 32. */
	cr_assert(x509_sig_alg_take(&in, &alg));
	cr_assert_eq(alg.kind, X509_KEY_NONE);
	in = SPAN_LIT(
		"\x30\x3d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x30\xa0\x0d" SHA256_ALG
			MGF_HEAD SHA256_ALG "\xa2\x03\x02\x01\x20");
	cr_assert(x509_sig_alg_take(&in, &alg));
	cr_assert_eq(alg.kind, X509_KEY_RSA);
	cr_assert_eq(alg.digest, X509_DIGEST_SHA256);
	cr_assert(alg.is_pss);
	in = SPAN_LIT(
		"\x30\x3d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x30\xa0\x0d" SHA384_ALG
			MGF_HEAD SHA256_ALG "\xa2\x03\x02\x01\x30");
	cr_assert(x509_sig_alg_take(&in, &alg));
	cr_assert_eq(alg.kind, X509_KEY_NONE, "two digests");
	in = SPAN_LIT(
		"\x30\x3d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x30\xa0\x0d" SHA256_ALG
			MGF_HEAD SHA256_ALG "\xa2\x03\x02\x01\x00");
	cr_assert(x509_sig_alg_take(&in, &alg));
	cr_assert_eq(alg.kind, X509_KEY_NONE, "no salt");
}

/* A SubjectPublicKeyInfo of id-RSASSA-PSS with a key of seven bits. */
#define PSS_KEY_TAIL "\x03\x09\x00\x30\x06\x02\x01\x7f\x02\x01\x03"
#define PSS_OID "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"
#define PSS_KEY(params_head, digest, mgf_digest, salt)                                             \
	SPAN_LIT("\x30\x4a" params_head PSS_OID "\x30\x30\xa0\x0d" digest MGF_HEAD mgf_digest      \
		 "\xa2\x03\x02\x01" salt PSS_KEY_TAIL)

static struct x509_key key_take(struct span info)
{
	struct x509_key key;

	cr_assert(x509_key_take(&info, &key));
	cr_assert_eq(info.len, 0);
	return key;
}

Test(x509, key_of_pss_may_name_the_digest_it_signs)
{
	struct x509_key key = key_take(SPAN_LIT("\x30\x18\x30\x0b" PSS_OID PSS_KEY_TAIL));

	cr_assert_eq(key.kind, X509_KEY_RSA);
	cr_assert(key.is_pss && key.pss_digest == X509_DIGEST_NONE && key.modulus_bits == 7);
	key = key_take(PSS_KEY("\x30\x3d", SHA384_ALG, SHA384_ALG, "\x30"));
	cr_assert_eq(key.kind, X509_KEY_RSA);
	cr_assert(key.is_pss && key.pss_digest == X509_DIGEST_SHA384);
	key = key_take(PSS_KEY("\x30\x3d", SHA384_ALG, SHA384_ALG, "\x14"));
	cr_assert_eq(key.pss_digest, X509_DIGEST_SHA384, "the least salt, not the only one");
}

Test(x509, key_of_pss_that_no_signature_suits_is_of_no_kind)
{
	const struct span keys[] = {
		PSS_KEY("\x30\x3d", SHA384_ALG, SHA384_ALG, "\x31"), /* more salt than digest */
		PSS_KEY("\x30\x3d", SHA384_ALG, SHA256_ALG, "\x30"),
		SPAN_LIT("\x30\x1a\x30\x0d" PSS_OID "\x30\x00" PSS_KEY_TAIL), /* SHA-1 */
		SPAN_LIT("\x30\x1a\x30\x0d" PSS_OID "\x05\x00" PSS_KEY_TAIL), /* no parameters */
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		cr_expect_eq(key_take(keys[i]).kind, X509_KEY_NONE, "key %zu", i);
}

Test(x509, key_suits_signatures_of_its_kind_digest_and_padding)
{
	const struct x509_sig_alg pkcs1 = {X509_KEY_RSA, X509_DIGEST_SHA256, false},
				  pss256 = {X509_KEY_RSA, X509_DIGEST_SHA256, true},
				  pss384 = {X509_KEY_RSA, X509_DIGEST_SHA384, true},
				  ecdsa = {X509_KEY_EC, X509_DIGEST_SHA256, false};
	struct x509_key key = {.kind = X509_KEY_RSA};

	cr_assert(x509_key_suits(&key, &pkcs1) && x509_key_suits(&key, &pss256));
	cr_assert_not(x509_key_suits(&key, &ecdsa));
	key.is_pss = true;
	cr_assert(x509_key_suits(&key, &pss256) && x509_key_suits(&key, &pss384));
	cr_assert_not(x509_key_suits(&key, &pkcs1));
	key.pss_digest = X509_DIGEST_SHA384;
	cr_assert(x509_key_suits(&key, &pss384));
	cr_assert_not(x509_key_suits(&key, &pss256));
	cr_assert_not(x509_key_suits(&(struct x509_key){.kind = X509_KEY_NONE}, &pss256));
}

Test(x509, fields_are_views_into_the_input)
{
	struct cert_parts parts = cert_parts_plain();
	struct x509 cert;

	cr_assert_eq(parse(&parts, &cert), AUTH_ok);
	cr_assert_eq(cert.der.p, cert_bytes);
	cr_assert(span_eq(cert.issuer, parts.issuer));
	cr_assert(span_eq(cert.subject, parts.subject));
	cr_assert(span_eq(cert.serial, SPAN_LIT("\x07")));
	cr_assert_eq(cert.not_before_s, 1577836800);
	cr_assert_eq(cert.not_after_s, 2208988800);
	cr_assert_eq(cert.key.kind, X509_KEY_EC);
	cr_assert_eq(cert.key.curve, X509_CURVE_P256);
	cr_assert_eq(cert.tbs.p, cert_bytes + 3);
	cr_assert_eq(cert.signature.len, 8);
	cr_assert_not(cert.is_self_issued);
}
