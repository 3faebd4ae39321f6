/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/support/cert_build.h"
#include "tls/trust/trust_policies.h"

#define PATH_MAX_CERTS 8
#define NONE (-1)

/* A certificate's say about policies.  A letter is a policy, '*' anyPolicy; mappings are pairs of
 * letters.  NULL: no such extension. */
struct say {
	const char *policies, *mappings;
	int explicit_policy, mapping, any; /* NONE: not there */
	bool is_self_issued;
};

static struct x509 certs[PATH_MAX_CERTS];
static const struct x509 *path[PATH_MAX_CERTS];
static uint8_t bytes[PATH_MAX_CERTS][2][16384];
static unsigned nodes, nodes_max, depth;

static void policy_put(struct outbuf *out, char letter)
{
	if (letter == '*')
		der_put(out, 0x06, SPAN_LIT("\x55\x1d\x20\x00"));
	else
		der_put(out, 0x06, span_of(&letter, 1));
}

/* Elements of size letters each. */
static struct span list_of(uint8_t *storage, const char *letters, unsigned size)
{
	struct outbuf out = outbuf_of(storage, sizeof(bytes[0][0]));

	for (size_t i = 0; letters != NULL && i < strlen(letters); i += size) {
		uint8_t item_bytes[64];
		struct outbuf item = outbuf_of(item_bytes, sizeof(item_bytes));

		for (unsigned j = 0; j < size; j++)
			policy_put(&item, letters[i + j]);
		der_put(&out, 0x30, outbuf_span(&item));
	}
	return outbuf_span(&out);
}

static struct x509_skip skip_of(int certs_ahead)
{
	return (struct x509_skip){certs_ahead != NONE, (uint32_t)certs_ahead};
}

/* Says are in the order of issuing: anchor first, leaf last. */
static enum auth_reason check_all(const struct say *say, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned at = count - 1 - i;

		certs[at] = (struct x509){
			.is_self_issued = say[i].is_self_issued || i == 0,
			.is_ca = at > 0,
			.policies = list_of(bytes[at][0], say[i].policies, 1),
			.policy_mappings = list_of(bytes[at][1], say[i].mappings, 2),
			.maps_any_policy = say[i].mappings != NULL &&
					   strchr(say[i].mappings, '*') != NULL,
			.require_explicit_policy = skip_of(say[i].explicit_policy),
			.inhibit_policy_mapping = skip_of(say[i].mapping),
			.inhibit_any_policy = skip_of(say[i].any),
		};
		path[at] = &certs[at];
	}
	depth = 99;
	nodes = 0;
	return trust_policies_check(path, count, nodes_max, &nodes, &depth);
}
#define CHECK(...)                                                                                 \
	check_all((const struct say[]){__VA_ARGS__},                                               \
		  sizeof((const struct say[]){__VA_ARGS__}) / sizeof(struct say))

/* Certificates that say nothing of constraints. */
#define PLAIN(policies)                                                                            \
	{                                                                                          \
		policies, NULL, NONE, NONE, NONE, false                                            \
	}
#define ROOT PLAIN(NULL)
/* From the certificate below on, a policy is needed. */
#define EXPLICIT(policies)                                                                         \
	{                                                                                          \
		policies, NULL, 0, NONE, NONE, false                                               \
	}
#define MAPPING(policies, pairs)                                                                   \
	{                                                                                          \
		policies, pairs, NONE, NONE, NONE, false                                           \
	}

static void limits_init(void)
{
	nodes_max = 1000;
}

TestSuite(trust_policies, .init = limits_init);

Test(trust_policies, nobody_who_requires_none_needs_one)
{
	cr_expect_eq(CHECK(ROOT, PLAIN(NULL), PLAIN(NULL)), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, PLAIN("a"), PLAIN("b")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, PLAIN("a"), PLAIN(NULL)), AUTH_ok);
	cr_expect_eq(nodes, 0);
}

Test(trust_policies, explicit_policy_is_one_that_all_certificates_have)
{
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), PLAIN("a")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("ab"), PLAIN("b"), PLAIN("cb")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), PLAIN("b")), AUTH_policy);
	cr_expect_eq(depth, 0);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("ab"), PLAIN("a"), PLAIN("b")), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), PLAIN(NULL)), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, EXPLICIT(NULL), PLAIN("a")), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), PLAIN(NULL), PLAIN("a")), AUTH_policy,
		     "what was lost does not come back");
	cr_expect_eq(depth, 1);
}

Test(trust_policies, explicit_policy_begins_after_as_many_certificates_as_it_skips)
{
#define SKIP(n) {"a", NULL, n, NONE, NONE, false}
	cr_expect_eq(CHECK(ROOT, SKIP(10), PLAIN("a"), PLAIN("a"), PLAIN(NULL)), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, SKIP(5), PLAIN("a"), PLAIN("a"), PLAIN(NULL)), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, SKIP(4), PLAIN("a"), PLAIN("a"), PLAIN(NULL)), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, SKIP(3), PLAIN("a"), PLAIN("a"), PLAIN(NULL)), AUTH_policy,
		     "the last step counts as well");
	cr_expect_eq(CHECK(ROOT, SKIP(0), PLAIN("a"), PLAIN("a"), PLAIN(NULL)), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, SKIP(2), PLAIN("a"), PLAIN(NULL)), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, SKIP(3), PLAIN("a"), PLAIN(NULL)), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, SKIP(7), SKIP(2), SKIP(4), PLAIN(NULL)), AUTH_policy,
		     "a later one only lowers");
}

Test(trust_policies, self_issued_certificates_are_not_skipped)
{
	cr_expect_eq(CHECK(ROOT, SKIP(2), {"a", NULL, NONE, NONE, NONE, true}, PLAIN(NULL)),
		     AUTH_ok);
	cr_expect_eq(CHECK(ROOT, SKIP(2), {"a", NULL, NONE, NONE, NONE, false}, PLAIN(NULL)),
		     AUTH_policy);
}

Test(trust_policies, leaf_may_require_a_policy_of_itself)
{
	cr_expect_eq(CHECK(ROOT, PLAIN("a"), {"a", NULL, 0, NONE, NONE, false}), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, PLAIN("a"), {"b", NULL, 0, NONE, NONE, false}), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, PLAIN("a"), {"b", NULL, 1, NONE, NONE, false}), AUTH_ok,
		     "only 0 says anything there");
}

Test(trust_policies, any_policy_stands_for_all)
{
	cr_expect_eq(CHECK(ROOT, EXPLICIT("*"), PLAIN("a")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), PLAIN("*")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("*"), PLAIN("*"), PLAIN("*")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), PLAIN("*"), PLAIN("b")), AUTH_policy,
		     "but not for what was not expected");
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), PLAIN("*"), PLAIN("a")), AUTH_ok);
}

Test(trust_policies, inhibited_any_policy_stands_for_nothing)
{
#define INHIBIT_ANY(policies, n) {policies, NULL, 0, NONE, n, false}
	cr_expect_eq(CHECK(ROOT, INHIBIT_ANY("a", 0), PLAIN("*")), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, INHIBIT_ANY("a", 0), PLAIN("*a")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, INHIBIT_ANY("*", 0), PLAIN("a")), AUTH_ok, "its own counts");
	cr_expect_eq(CHECK(ROOT, INHIBIT_ANY("*", 1), PLAIN("*"), PLAIN("a")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, INHIBIT_ANY("*", 1), PLAIN("*"), PLAIN("*")), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, INHIBIT_ANY("*", 5), INHIBIT_ANY("*", 1), PLAIN("*"), PLAIN("*")),
		     AUTH_policy);
	cr_expect_eq(CHECK(ROOT, INHIBIT_ANY("*", 1), INHIBIT_ANY("*", 5), PLAIN("*")), AUTH_policy,
		     "a later one only lowers");
}

Test(trust_policies, any_policy_counts_in_a_self_issued_intermediate_and_not_in_a_leaf)
{
	cr_expect_eq(
		CHECK(ROOT, INHIBIT_ANY("a", 0), {"*", NULL, NONE, NONE, NONE, true}, PLAIN("a")),
		AUTH_ok);
	cr_expect_eq(
		CHECK(ROOT, INHIBIT_ANY("a", 0), {"*", NULL, NONE, NONE, NONE, true}, PLAIN("*")),
		AUTH_policy);
	cr_expect_eq(CHECK(ROOT, INHIBIT_ANY("a", 0), {"*", NULL, NONE, NONE, NONE, true}),
		     AUTH_policy, "self-issued, but the leaf");
}

Test(trust_policies, mapped_policy_is_expected_under_its_new_name)
{
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), MAPPING("a", "ab"), PLAIN("b")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), MAPPING("a", "ab"), PLAIN("a")), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), MAPPING("a", "abac"), PLAIN("c")), AUTH_ok,
		     "to several");
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), MAPPING("a", "ab"), MAPPING("b", "bc"), PLAIN("c")),
		     AUTH_ok, "twice");
	cr_expect_eq(CHECK(ROOT, EXPLICIT("ab"), MAPPING("ab", "acbc"), PLAIN("c")), AUTH_ok,
		     "two to one");
	cr_expect_eq(CHECK(ROOT, EXPLICIT("ab"), MAPPING("ab", "ac"), PLAIN("b")), AUTH_ok,
		     "what is not mapped stays");
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), MAPPING("a", "db"), PLAIN("b")), AUTH_policy,
		     "what it does not have it cannot map");
	cr_expect_eq(CHECK(ROOT, EXPLICIT("ab"), MAPPING("ab", "abba"), PLAIN("a")), AUTH_ok,
		     "exchanged");
}

Test(trust_policies, mapping_of_what_any_policy_stands_for)
{
	cr_expect_eq(CHECK(ROOT, EXPLICIT("*"), MAPPING("*", "ab"), PLAIN("b")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), MAPPING("*", "ab"), PLAIN("b")), AUTH_ok);
	cr_expect_eq(CHECK(ROOT, EXPLICIT("a"), MAPPING("*", "cb"), PLAIN("b")), AUTH_policy);
}

Test(trust_policies, inhibited_mapping_takes_the_policy_away)
{
#define INHIBIT_MAPPING(n) {"a", NULL, 0, n, NONE, false}
	cr_expect_eq(CHECK(ROOT, INHIBIT_MAPPING(0), MAPPING("a", "ab"), PLAIN("b")), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, INHIBIT_MAPPING(0), MAPPING("a", "ab"), PLAIN("a")), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, INHIBIT_MAPPING(1), MAPPING("a", "ab"), PLAIN("b")), AUTH_ok);
	cr_expect_eq(
		CHECK(ROOT, INHIBIT_MAPPING(1), MAPPING("a", "ab"), MAPPING("b", "bc"), PLAIN("c")),
		AUTH_policy);
	cr_expect_eq(CHECK(ROOT, INHIBIT_MAPPING(1), {"a", NULL, NONE, NONE, NONE, true},
			   MAPPING("a", "ab"), PLAIN("b")),
		     AUTH_ok, "a self-issued one is not skipped");
	cr_expect_eq(
		CHECK(ROOT, INHIBIT_MAPPING(5), INHIBIT_MAPPING(0), MAPPING("a", "ab"), PLAIN("b")),
		AUTH_policy);
}

Test(trust_policies, any_policy_is_never_mapped)
{
	cr_expect_eq(CHECK(ROOT, MAPPING("a", "*b"), PLAIN("b")), AUTH_policy);
	cr_expect_eq(depth, 1);
	cr_expect_eq(CHECK(ROOT, MAPPING("a", "aba*"), PLAIN("a")), AUTH_policy);
	cr_expect_eq(CHECK(ROOT, MAPPING("a", "ab"), PLAIN("a")), AUTH_ok);
}

Test(trust_policies, constraints_of_the_anchor_count_and_its_policies_do_not)
{
	cr_expect_eq(CHECK(EXPLICIT("a"), PLAIN("b"), PLAIN("b")), AUTH_ok);
	cr_expect_eq(CHECK(EXPLICIT("a"), PLAIN(NULL)), AUTH_policy);
	cr_expect_eq(CHECK({NULL, NULL, 0, NONE, 0, false}, PLAIN("*")), AUTH_policy);
	cr_expect_eq(CHECK({NULL, NULL, 0, 0, NONE, false}, MAPPING("a", "ab"), PLAIN("b")),
		     AUTH_policy);
}

Test(trust_policies, work_grows_with_the_path_and_not_with_the_paths_through_it)
{
	/* Each policy is mapped to all: a tree would have 4^6 leaves. */
#define ALL_TO_ALL MAPPING("abcd", "aaabacadbabbbcbdcacbcccddadbdcdd")
	cr_expect_eq(CHECK(ROOT, EXPLICIT("abcd"), ALL_TO_ALL, ALL_TO_ALL, ALL_TO_ALL, ALL_TO_ALL,
			   ALL_TO_ALL, PLAIN("e")),
		     AUTH_policy);
	cr_expect_leq(nodes, 6 * 8);
}

Test(trust_policies, nodes_are_counted_up_to_their_limit)
{
	nodes_max = 3;
	cr_expect_eq(CHECK(ROOT, EXPLICIT("ab"), PLAIN("a")), AUTH_ok);
	cr_expect_eq(nodes, 3);
	nodes_max = 2;
	cr_expect_eq(CHECK(ROOT, EXPLICIT("ab"), PLAIN("a")), AUTH_search_limit);
	cr_expect_eq(nodes, 2);
	cr_expect_eq(depth, 0);
}
