/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/support/cert_build.h"
#include "tls/trust/x509.h"

#define OID_POLICIES SPAN_LIT("\x55\x1d\x20")
#define OID_MAPPINGS SPAN_LIT("\x55\x1d\x21")
#define OID_CONSTRAINTS SPAN_LIT("\x55\x1d\x24")
#define OID_INHIBIT_ANY SPAN_LIT("\x55\x1d\x36")

static uint8_t cert_bytes[65536], ext_bytes[65536], value_bytes[65536];

static enum auth_reason parse_ext(struct span oid, bool is_critical, struct span value,
				  struct x509 *ret_cert)
{
	struct cert_parts parts = cert_parts_plain();
	struct outbuf exts = outbuf_of(ext_bytes, sizeof(ext_bytes));
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));

	parts.extensions = ext_put(&exts, oid, is_critical, value);
	return x509_parse(cert_build(&parts, &out), ret_cert);
}

static enum auth_reason reason_of(struct span oid, bool is_critical, struct span value)
{
	struct x509 cert;

	return parse_ext(oid, is_critical, value, &cert);
}

Test(x509_policies, malformed_values_are_refused)
{
	static const struct {
		struct span oid, value;
	} bad[] = {
		{OID_POLICIES, SPAN_LIT("")},
		{OID_POLICIES, SPAN_LIT("\x30\x00")},
		{OID_POLICIES, SPAN_LIT("\x30\x02\x30\x00")},
		{OID_POLICIES, SPAN_LIT("\x30\x05\x30\x03\x06\x01\x2a\x00")},
		{OID_POLICIES, SPAN_LIT("\x30\x07\x30\x05\x06\x01\x2a\x30\x00")}, /* no qualifier */
		{OID_POLICIES, SPAN_LIT("\x30\x07\x30\x05\x06\x01\x2a\x05\x00")},
		{OID_POLICIES,
		 SPAN_LIT("\x30\x0c\x30\x0a\x06\x01\x2a\x30\x05\x30\x03\x06\x01\x2b")},
		{OID_MAPPINGS, SPAN_LIT("\x30\x00")},
		{OID_MAPPINGS, SPAN_LIT("\x30\x05\x30\x03\x06\x01\x2a")},
		{OID_MAPPINGS, SPAN_LIT("\x30\x0b\x30\x09\x06\x01\x2a\x06\x01\x2b\x06\x01\x2c")},
		{OID_CONSTRAINTS, SPAN_LIT("\x30\x00")},
		{OID_CONSTRAINTS, SPAN_LIT("\x30\x02\x80\x00")},
		{OID_CONSTRAINTS, SPAN_LIT("\x30\x03\x80\x01\xff")},             /* negative */
		{OID_CONSTRAINTS, SPAN_LIT("\x30\x04\x80\x02\x00\x01")},         /* not minimal */
		{OID_CONSTRAINTS, SPAN_LIT("\x30\x06\x81\x01\x00\x80\x01\x00")}, /* order */
		{OID_CONSTRAINTS, SPAN_LIT("\x30\x03\x82\x01\x00")},
		{OID_INHIBIT_ANY, SPAN_LIT("\x02\x01\xff")},
		{OID_INHIBIT_ANY, SPAN_LIT("\x02\x01\x00\x00")},
		{OID_INHIBIT_ANY, SPAN_LIT("\x30\x03\x02\x01\x00")},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(reason_of(bad[i].oid, true, bad[i].value), AUTH_parse_error, "row %zu",
			     i);
}

Test(x509_policies, policies_are_read_in_order_without_their_qualifiers)
{
	struct x509 cert;
	struct span list, policy;

	cr_assert_eq(parse_ext(OID_POLICIES, false,
			       SPAN_LIT("\x30\x13\x30\x0c\x06\x01\x2a\x30\x07\x30\x05\x06\x01\x2b"
					"\x05\x00\x30\x03\x06\x01\x2c"),
			       &cert),
		     AUTH_ok);
	list = cert.policies;
	cr_assert(x509_policy_take(&list, &policy));
	cr_assert(span_eq(policy, SPAN_LIT("\x2a")));
	cr_assert(x509_policy_take(&list, &policy));
	cr_assert(span_eq(policy, SPAN_LIT("\x2c")));
	cr_assert_not(x509_policy_take(&list, &policy));
}

Test(x509_policies, policy_is_named_once)
{
	cr_expect_eq(reason_of(OID_POLICIES, false,
			       SPAN_LIT("\x30\x0a\x30\x03\x06\x01\x2a\x30\x03\x06\x01\x2b")),
		     AUTH_ok);
	cr_expect_eq(reason_of(OID_POLICIES, false,
			       SPAN_LIT("\x30\x0a\x30\x03\x06\x01\x2a\x30\x03\x06\x01\x2a")),
		     AUTH_parse_error);
}

/* A list of count elements, each with its own number as the identifier's last octet. */
static struct span list_of(unsigned count, bool are_pairs)
{
	uint8_t items_bytes[4096];
	struct outbuf items = outbuf_of(items_bytes, sizeof(items_bytes));
	struct outbuf out = outbuf_of(value_bytes, sizeof(value_bytes));

	for (unsigned i = 0; i < count; i++) {
		uint8_t item[] = {0x06, 0x02, 0x2a, (uint8_t)i, 0x06, 0x01, 0x2b};

		der_put(&items, 0x30, span_head(SPAN(item), are_pairs ? 7 : 4));
	}
	der_put(&out, 0x30, outbuf_span(&items));
	return outbuf_span(&out);
}

Test(x509_policies, number_of_policies_and_mappings_is_bounded)
{
	cr_expect_eq(reason_of(OID_POLICIES, false, list_of(X509_POLICIES_MAX, false)), AUTH_ok);
	cr_expect_eq(reason_of(OID_POLICIES, false, list_of(X509_POLICIES_MAX + 1, false)),
		     AUTH_parse_error);
	cr_expect_eq(reason_of(OID_MAPPINGS, false, list_of(X509_POLICY_MAPPINGS_MAX, true)),
		     AUTH_ok);
	cr_expect_eq(reason_of(OID_MAPPINGS, false, list_of(X509_POLICY_MAPPINGS_MAX + 1, true)),
		     AUTH_parse_error);
}

Test(x509_policies, constraints_hold_critical_or_not)
{
	const struct span constraints = SPAN_LIT("\x30\x07\x80\x01\x03\x81\x02\x01\x00");
	struct x509 cert;

	for (int is_critical = 0; is_critical <= 1; is_critical++) {
		cr_assert_eq(parse_ext(OID_CONSTRAINTS, is_critical, constraints, &cert), AUTH_ok);
		cr_expect(cert.require_explicit_policy.is_present);
		cr_expect_eq(cert.require_explicit_policy.certs, 3);
		cr_expect(cert.inhibit_policy_mapping.is_present);
		cr_expect_eq(cert.inhibit_policy_mapping.certs, 256);
		cr_expect_not(cert.inhibit_any_policy.is_present);
		cr_assert_eq(
			parse_ext(OID_INHIBIT_ANY, is_critical, SPAN_LIT("\x02\x01\x02"), &cert),
			AUTH_ok);
		cr_expect(cert.inhibit_any_policy.is_present);
		cr_expect_eq(cert.inhibit_any_policy.certs, 2);
		cr_expect_not(cert.require_explicit_policy.is_present);
	}
}

Test(x509_policies, numbers_fit_32_bits)
{
	struct x509 cert;

	cr_assert_eq(
		parse_ext(OID_INHIBIT_ANY, true, SPAN_LIT("\x02\x05\x00\xff\xff\xff\xff"), &cert),
		AUTH_ok);
	cr_expect_eq(cert.inhibit_any_policy.certs, UINT32_MAX);
	cr_expect_eq(reason_of(OID_INHIBIT_ANY, true, SPAN_LIT("\x02\x05\x01\x00\x00\x00\x00")),
		     AUTH_parse_error);
}

Test(x509_policies, mapping_from_or_to_any_policy_is_told)
{
	struct x509 cert;

	cr_assert_eq(parse_ext(OID_MAPPINGS, true, list_of(2, true), &cert), AUTH_ok);
	cr_expect_not(cert.maps_any_policy);
	cr_assert_eq(parse_ext(OID_MAPPINGS, true,
			       SPAN_LIT("\x30\x0b\x30\x09\x06\x04\x55\x1d\x20\x00\x06\x01\x2b"),
			       &cert),
		     AUTH_ok);
	cr_expect(cert.maps_any_policy);
	cr_assert_eq(parse_ext(OID_MAPPINGS, true,
			       SPAN_LIT("\x30\x0b\x30\x09\x06\x01\x2b\x06\x04\x55\x1d\x20\x00"),
			       &cert),
		     AUTH_ok);
	cr_expect(cert.maps_any_policy);
}
