/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains that a stranger, or a CA gone bad, makes to keep a worker busy: 64 KiB of whatever a
 * certificate has room for.  Each costs bounded work, and none of it a signature before the rest. */
#include <criterion/criterion.h>

#include "tests/unit/trust/blocks.h"
#include "tls/trust/trust_look.h"
#include "tls/trust/trust_store.h"

#define OID_SUBJECT_ALT_NAME SPAN_LIT("\x55\x1d\x11")
#define OID_NAME_CONSTRAINTS SPAN_LIT("\x55\x1d\x1e")
#define OID_POLICIES SPAN_LIT("\x55\x1d\x20")
#define OID_MAPPINGS SPAN_LIT("\x55\x1d\x21")
#define OID_POLICY_CONSTRAINTS SPAN_LIT("\x55\x1d\x24")
#define OID_AUTHORITY_KEY_ID SPAN_LIT("\x55\x1d\x23")
#define OID_AUTHORITY_INFO_ACCESS SPAN_LIT("\x2b\x06\x01\x05\x05\x07\x01\x01")
#define OID_UNKNOWN SPAN_LIT("\x2a\x03\x04")
#define PART_BYTES 65536

static struct chain_file file;
static struct trust_store *store;
static struct trust_policy policy;
static uint8_t cert_bytes[2 * PART_BYTES], exts_bytes[PART_BYTES], value_bytes[PART_BYTES],
	list_bytes[PART_BYTES], name_bytes[PART_BYTES];
static struct span root_name;

static void begin(void)
{
	static uint8_t root_bytes[1024];
	struct outbuf out = outbuf_of(root_bytes, sizeof(root_bytes));
	struct span root = make_root(&out);

	policy = trust_policy_default();
	store = forest_store(&root, 1, false);
	root_name = store->cas[0].cert.subject;
	file.chain.count = 0;
}

static void end(void)
{
	trust_store_destroy(store);
}

TestSuite(trust_hostile, .init = begin, .fini = end);

static struct trust_verdict judged(void)
{
	return blocks_judge(store, &policy, &file.chain);
}

static void expect(const char *what, enum auth_reason reason, unsigned signatures)
{
	struct trust_verdict verdict = judged();

	cr_expect_eq(verdict.reason, reason, "%s: %s, not %s", what,
		     auth_reason_name(verdict.reason), auth_reason_name(reason));
	cr_expect_eq(verdict.work.signatures, signatures, "%s: %u signatures", what,
		     verdict.work.signatures);
}

static void present(struct shape shape)
{
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));

	chain_append_der(&file, make_cert(&shape, &out));
}

/* A leaf of the root with one extension. */
static void present_leaf_with(struct span oid, struct span value)
{
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));

	file.chain.count = 0;
	present((struct shape){
		.issuer = root_name, .key = 1, .extensions = ext_put(&exts, oid, false, value)});
}

/* The same bytes in one element after another, until limit octets are full. */
static struct span repeated(struct span element, size_t limit, uint8_t *storage)
{
	size_t len = 0;

	while (len + element.len <= limit) {
		memcpy(storage + len, element.p, element.len);
		len += element.len;
	}
	return span_of(storage, len);
}

/* Elements within each other, as deep as octets suffice. */
static struct span nested(uint8_t tag, size_t octets, uint8_t *storage)
{
	size_t at = octets;

	storage[--at] = 0;
	storage[--at] = DER_NULL;
	while (at >= 4) {
		size_t len = octets - at;

		if (len >= 0x100) {
			storage[--at] = (uint8_t)len;
			storage[--at] = (uint8_t)(len >> 8);
			storage[--at] = 0x82;
		} else if (len >= 0x80) {
			storage[--at] = (uint8_t)len;
			storage[--at] = 0x81;
		} else {
			storage[--at] = (uint8_t)len;
		}
		storage[--at] = tag;
	}
	return span_of(storage + at, octets - at);
}

static struct span wrapped(unsigned tag, struct span body, uint8_t *storage)
{
	struct outbuf out = outbuf_of(storage, PART_BYTES);

	der_put(&out, tag, body);
	return outbuf_span(&out);
}

Test(trust_hostile, chain_of_one_huge_certificate)
{
	memset(value_bytes, 0x30, sizeof(value_bytes));
	present_leaf_with(OID_UNKNOWN, span_of(value_bytes, 64000));
	expect("just small enough", AUTH_ok, 1);
	cr_expect_eq(judged().work.bytes, file.chain.cert[0].len);
	present_leaf_with(OID_UNKNOWN, span_of(value_bytes, 65000));
	file.chain.cert[0].len = TRUST_CHAIN_BYTES_MAX + 1;
	expect("one octet more than is read", AUTH_too_large, 0);
	cr_expect_eq(judged().work.bytes, 0);
}

Test(trust_hostile, extensions_that_nobody_processes)
{
	memset(value_bytes, 'x', sizeof(value_bytes));
	present_leaf_with(OID_AUTHORITY_INFO_ACCESS, span_of(value_bytes, 60000));
	expect("authorityInfoAccess", AUTH_ok, 1);
	present_leaf_with(
		OID_AUTHORITY_KEY_ID,
		wrapped(0x30, wrapped(0x80, span_of(value_bytes, 60000), list_bytes), name_bytes));
	expect("a key identifier", AUTH_ok, 1);
	file.chain.count = 0;
	present((struct shape){
		.issuer = root_name,
		.key = 1,
		.extensions = repeated(SPAN_LIT("\x30\x07\x06\x03\x2a\x03\x04\x04\x00"), 60000,
				       exts_bytes)});
	expect("one kind 6,000 times", AUTH_duplicate_extension, 0);
}

Test(trust_hostile, thousands_of_extensions_are_refused_early)
{
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));

	for (unsigned i = 0; i < 5000; i++) {
		const uint8_t oid[] = {0x2a, (uint8_t)(0x80 | (i >> 7 & 0x3f) | 0x40),
				       (uint8_t)(i & 0x7f)};

		ext_put(&exts, SPAN(oid), false, (struct span){0});
	}
	present((struct shape){.issuer = root_name, .extensions = outbuf_span(&exts)});
	expect("5,000", AUTH_parse_error, 0);
	cr_expect_lt(blocks_count(), 100000);
}

Test(trust_hostile, deep_nesting)
{
	present_leaf_with(OID_UNKNOWN, nested(0x30, 60000, value_bytes));
	expect("in an unknown extension", AUTH_ok, 1);
	present_leaf_with(OID_SUBJECT_ALT_NAME, nested(0x30, 60000, value_bytes));
	expect("in place of names", AUTH_parse_error, 0);
	/* otherName 1.2.3.4 of type [0]. */
	struct outbuf other = outbuf_of(list_bytes, sizeof(list_bytes));

	der_put(&other, 0x06, OID_UNKNOWN);
	der_put(&other, 0xa0, nested(0x30, 50000, value_bytes));
	present_leaf_with(
		OID_SUBJECT_ALT_NAME,
		wrapped(0x30, wrapped(0xa0, outbuf_span(&other), value_bytes), name_bytes));
	expect("in an otherName", AUTH_ok, 1);

	struct outbuf name = outbuf_of(name_bytes, sizeof(name_bytes));

	der_put(&name, 0x06, OID_UNKNOWN);
	outbuf_put(&name, nested(0x31, 50000, value_bytes));
	file.chain.count = 0;
	present((struct shape){
		.issuer = root_name,
		.key = 1,
		.subject = wrapped(
			0x30,
			wrapped(0x31, wrapped(0x30, outbuf_span(&name), value_bytes), list_bytes),
			value_bytes)});
	expect("in a value of the subject", AUTH_ok, 1);
}

/* A leaf with names under a CA that excludes the subtrees, both as they are. */
static void present_constrained(struct span names, struct span subtrees)
{
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct outbuf name = outbuf_of(name_bytes, sizeof(name_bytes));
	struct span ca = forest_name(&name, "CA");
	static uint8_t wrap[PART_BYTES];

	file.chain.count = 0;
	ext_put(&exts, OID_SUBJECT_ALT_NAME, false, wrapped(0x30, names, wrap));
	present((struct shape){
		.issuer = ca, .key = 1, .signer = 2, .extensions = outbuf_span(&exts)});
	exts.len = 0;
	forest_ca_exts(&exts, -1);
	ext_put(&exts, OID_NAME_CONSTRAINTS, true,
		wrapped(0x30, wrapped(0xa1, subtrees, wrap), cert_bytes));
	present((struct shape){ca, root_name, 2, 0, outbuf_span(&exts)});
}

/* A kind of name, and a subtree of that kind that does not hold it. */
static const struct {
	const char *what;
	struct span name, subtree;
} kinds[] = {
	{"email",
	 SPAN_LIT("\x81\x05"
		  "a@b.c"),
	 SPAN_LIT("\x30\x05\x81\x03"
		  "b.d")},
	{"DNS",
	 SPAN_LIT("\x82\x03"
		  "b.c"),
	 SPAN_LIT("\x30\x05\x82\x03"
		  "b.d")},
	{"directory", SPAN_LIT("\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01x"),
	 SPAN_LIT("\x30\x10\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01y")},
	{"URI", SPAN_LIT("\x86\x07x://b.c"),
	 SPAN_LIT("\x30\x05\x86\x03"
		  "b.d")},
	{"IP", SPAN_LIT("\x87\x04\x0a\x00\x00\x01"),
	 SPAN_LIT("\x30\x0a\x87\x08\x0a\x00\x00\x02\xff\xff\xff\xff")},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

Test(trust_hostile, thousands_of_names_under_thousands_of_subtrees)
{
	static uint8_t names[PART_BYTES], subtrees[PART_BYTES];

	for (size_t i = 0; i < KINDS; i++) {
		for (size_t j = 0; j < KINDS; j++) {
			present_constrained(repeated(kinds[i].name, 30000, names),
					    repeated(kinds[j].subtree, 30000, subtrees));
			expect(kinds[i].what, AUTH_search_limit, 0);
			cr_expect_eq(judged().work.names, policy.limits.names, "%s under %s",
				     kinds[i].what, kinds[j].what);
		}
	}
}

/* A directory name of a string of len letters a and its last letter. */
static struct span long_name(size_t len, uint8_t last, uint8_t *storage)
{
	static uint8_t text[PART_BYTES];
	struct outbuf name = outbuf_of(storage, PART_BYTES);

	memset(text, 'a', len);
	text[len - 1] = last;
	return name_put1(&name, SPAN_LIT("\x55\x04\x0a"), 0x0c, span_of(text, len));
}

/* However long names are, comparing all of them with all subtrees costs about the same. */
Test(trust_hostile, long_names_under_long_subtrees)
{
	static uint8_t names[PART_BYTES], subtrees[PART_BYTES], one[PART_BYTES], two[PART_BYTES];

	for (size_t len = 60; len <= 29000; len = len * 3 / 2) {
		struct span name = wrapped(0xa4, long_name(len, 'x', one), two);
		struct span all = repeated(name, 30000, names);
		struct span base = wrapped(0x30, wrapped(0xa4, long_name(len, 'y', one), two), one);
		struct trust_verdict verdict;

		present_constrained(all, repeated(base, 30000, subtrees));
		verdict = judged();
		cr_expect(verdict.reason == AUTH_search_limit || verdict.reason == AUTH_ok);
		cr_expect_geq(verdict.work.names, len / TRUST_LOOK_OCTETS, "%zu octets: %u", len,
			      verdict.work.names);
	}
}

/* Fifteen CAs of one name, written in another case each time, and of one key or of as many. */
static void present_same_names(bool one_key, struct span issuer_of_all)
{
	static uint8_t text[2048], names[TRUST_CHAIN_MAX][2048];
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct span ca_exts = forest_ca_exts(&exts, -1), name[TRUST_CHAIN_MAX];

	memset(text, 'a', sizeof(text));
	for (unsigned i = 0; i < TRUST_CHAIN_MAX; i++) {
		struct outbuf out = outbuf_of(names[i], sizeof(names[i]));

		text[0] = i & 1 ? 'a' : 'A';
		text[1] = i & 2 ? 'a' : 'A';
		text[2] = i & 4 ? 'a' : 'A';
		text[3] = i & 8 ? 'a' : 'A';
		name[i] = name_put1(&out, SPAN_LIT("\x55\x04\x03"), 0x0c,
				    span_head(SPAN(text), 1900));
	}
	file.chain.count = 0;
	present((struct shape){.issuer = name[0], .key = 20, .signer = 1});
	for (unsigned i = 1; i < TRUST_CHAIN_MAX; i++)
		present((struct shape){name[i],
				       issuer_of_all.len > 0 ? issuer_of_all : name[15 - i],
				       one_key ? 1 : i, 1, ca_exts});
}

Test(trust_hostile, long_names_that_differ_in_case)
{
	present_same_names(false, (struct span){0});
	cr_expect_lt(15000u, file.chain.cert[0].len + 15 * file.chain.cert[1].len);
	expect("of nobody", AUTH_unknown_issuer, 0);
	present_same_names(false, root_name);
	expect("of the root, they say", AUTH_bad_signature, TRUST_CHAIN_MAX - 1);
}

Test(trust_hostile, long_names_of_one_key_are_compared_up_to_the_limit)
{
	unsigned names;

	present_same_names(true, (struct span){0});
	expect("one key", AUTH_unknown_issuer, 0);
	names = judged().work.names;
	cr_assert_gt(names, 14 * 1900 / TRUST_LOOK_OCTETS);
	policy.limits.names = names - 1;
	cr_expect_eq(judged().work.names, names - 1, "it stops there");
	cr_expect_lt(judged().work.candidates, 15);
}

Test(trust_hostile, names_of_many_attributes)
{
	static uint8_t rdns[PART_BYTES];
	struct span one = SPAN_LIT("\x31\x0b\x30\x09\x06\x03\x55\x04\x0b\x0c\x02ou");

	present((struct shape){
		.issuer = root_name,
		.key = 1,
		.subject = wrapped(0x30, repeated(one, 128 * one.len, rdns), name_bytes)});
	expect("128", AUTH_ok, 1);
	file.chain.count = 0;
	present((struct shape){.issuer = root_name,
			       .subject = wrapped(0x30, repeated(one, 60000, rdns), name_bytes)});
	expect("4,600", AUTH_parse_error, 0);
	file.chain.count = 0;
	present((struct shape){
		.issuer = root_name,
		.subject = wrapped(
			0x30, wrapped(0x31, repeated(span_skip(one, 2), 60000, rdns), list_bytes),
			name_bytes)});
	expect("5,400 in one RDN", AUTH_parse_error, 0);
}

/* Policies 1.a to 1.n as elements; with pairs, mappings of each to the next. */
static struct span policies_put(unsigned count, bool are_pairs, struct span qualifiers,
				uint8_t *storage)
{
	static uint8_t items[PART_BYTES], item_bytes[PART_BYTES];
	struct outbuf out = outbuf_of(items, sizeof(items));

	for (unsigned i = 0; i < count; i++) {
		const uint8_t from[] = {0x2a, (uint8_t)i},
			      to[] = {0x2a, (uint8_t)((i + 1) % count)};
		struct outbuf item = outbuf_of(item_bytes, sizeof(item_bytes));

		der_put(&item, 0x06, SPAN(from));
		if (are_pairs)
			der_put(&item, 0x06, SPAN(to));
		outbuf_put(&item, qualifiers);
		der_put(&out, 0x30, outbuf_span(&item));
	}
	return wrapped(0x30, outbuf_span(&out), storage);
}

/* Layers of CAs that all certify each other, each with 64 policies and their mappings; a policy is
 * asked for.  The qualifiers stand in the first policy's place. */
static void present_policy_layers(unsigned width, unsigned layers, struct span qualifiers)
{
	static uint8_t policies[PART_BYTES], mappings[PART_BYTES];
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	static uint8_t names[8][64];
	struct span name[8];

	for (unsigned i = 0; i <= layers; i++) {
		const char text[] = {(char)('A' + i), 0};
		struct outbuf out = outbuf_of(names[i], sizeof(names[i]));

		name[i] = i == layers ? root_name : forest_name(&out, text);
	}
	file.chain.count = 0;
	present((struct shape){.issuer = name[0], .key = 40, .signer = 1});
	forest_ca_exts(&exts, -1);
	ext_put(&exts, OID_POLICIES, false, policies_put(64, false, qualifiers, policies));
	ext_put(&exts, OID_MAPPINGS, true, policies_put(64, true, (struct span){0}, mappings));
	ext_put(&exts, OID_POLICY_CONSTRAINTS, true, SPAN_LIT("\x30\x03\x80\x01\x00"));
	for (unsigned i = 0; i < layers; i++) {
		for (unsigned j = 0; j < width; j++)
			present((struct shape){name[i], name[i + 1], 1 + i * width + j, 0,
					       outbuf_span(&exts)});
	}
}

Test(trust_hostile, policies_and_mappings_over_cross_signed_layers)
{
	for (unsigned width = 1; width <= 5; width++) {
		unsigned layers = 15 / width < 7 ? 15 / width : 7;

		present_policy_layers(width, layers, (struct span){0});
		cr_expect_neq(judged().reason, AUTH_ok, "%u by %u", width, layers);
		cr_expect_eq(judged().work.signatures, 0);
	}
}

Test(trust_hostile, qualifiers_of_policies_are_read_once)
{
	static uint8_t qualifiers[PART_BYTES], one[PART_BYTES];
	struct span list = wrapped(
		0x30, repeated(SPAN_LIT("\x30\x05\x06\x01\x2a\x05\x00"), 42, qualifiers), one);

	present_policy_layers(3, 5, list);
	cr_assert_gt(judged().work.bytes, 40000);
	cr_expect_eq(judged().reason, AUTH_search_limit);
	cr_expect_eq(judged().work.signatures, 0);
}

/* A SubjectPublicKeyInfo of RSA with as many octets of ones. */
static struct span rsa_key(size_t modulus_octets, size_t exponent_octets, uint8_t *storage)
{
	static uint8_t ones[PART_BYTES], number[PART_BYTES];
	struct outbuf numbers = outbuf_of(number, sizeof(number));
	struct outbuf out = outbuf_of(list_bytes, sizeof(list_bytes));

	memset(ones, 0xff, sizeof(ones));
	ones[0] = 0x7f;
	der_put(&numbers, 0x02, span_head(SPAN(ones), modulus_octets));
	der_put(&numbers, 0x02, span_head(SPAN(ones), exponent_octets));
	outbuf_put(&out, SPAN_LIT("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"));
	wrapped(0x30, outbuf_span(&numbers), value_bytes + 1);
	value_bytes[0] = 0;
	der_put(&out, 0x03,
		span_of(value_bytes, 1 + numbers.len + (numbers.len < 0x100 ? 3u : 4u)));
	return wrapped(0x30, outbuf_span(&out), storage);
}

static void present_parts(const struct cert_parts *parts, unsigned signer)
{
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));

	chain_append_der(&file, forest_cert(*parts, signer, &out));
}

/* Exponent and modulus of 65,536 bits would cost minutes: nobody computes with such a key, wherever
 * it stands. */
Test(trust_hostile, enormous_rsa_keys)
{
	static const struct {
		size_t modulus_octets, exponent_octets;
		enum auth_reason reason;
	} row[] = {
		{8192, 8192, AUTH_unsupported_algorithm}, {8192, 3, AUTH_unsupported_algorithm},
		{257, 256, AUTH_unsupported_algorithm},   {257, 5, AUTH_unsupported_algorithm},
		{513, 3, AUTH_unsupported_algorithm},
	};
	static uint8_t key_bytes[PART_BYTES];
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct span ca_exts = forest_ca_exts(&exts, -1);

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct cert_parts parts = cert_parts_plain();

		parts.key = rsa_key(row[i].modulus_octets, row[i].exponent_octets, key_bytes);
		parts.issuer = root_name;
		file.chain.count = 0;
		present_parts(&parts, 0);
		expect("of the client", row[i].reason, 0);
		file.chain.count = 0;
		present((struct shape){.issuer = parts.subject, .key = 1, .signer = 2});
		parts.extensions = ca_exts;
		present_parts(&parts, 0);
		expect("of its issuer", row[i].reason, 0);
	}
}

/* A signature longer than its issuer's modulus is not computed with. */
Test(trust_hostile, enormous_signatures)
{
	struct trust_store *rsa_store = store_load("rsa-root");
	struct outbuf bits = outbuf_of(value_bytes, sizeof(value_bytes));
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));
	struct cert_parts parts = cert_parts_plain();
	struct trust_verdict verdict;

	memset(list_bytes, 0x7f, sizeof(list_bytes));
	list_bytes[0] = 0;
	der_put(&bits, 0x03, span_of(list_bytes, 60000));
	parts.issuer = rsa_store->cas[0].cert.subject;
	parts.inner_alg = parts.outer_alg = SPAN_LIT(
		"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00");
	parts.signature = outbuf_span(&bits);
	chain_append_der(&file, cert_build(&parts, &out));
	verdict = blocks_judge(rsa_store, &policy, &file.chain);
	cr_expect_eq(verdict.reason, AUTH_bad_signature, "%s", auth_reason_name(verdict.reason));
	trust_store_destroy(rsa_store);
}

Test(trust_hostile, huge_serial_number)
{
	struct cert_parts parts = cert_parts_plain();

	memset(list_bytes, 0x55, sizeof(list_bytes));
	parts.issuer = root_name;
	parts.serial = wrapped(0x02, span_of(list_bytes, 60000), value_bytes);
	present_parts(&parts, 0);
	expect("60,000 octets", AUTH_parse_error, 0);
}
