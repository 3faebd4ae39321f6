/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/support/forest_build.h"
#include "tls/trust/trust_explain.h"
#include "tls/trust/trust_store.h"

#define BEGIN 1577836800 /* 2020-01-01 */
#define NOW 1893456000   /* 2030-01-01 */
#define END 2524607999   /* 2049-12-31 23:59:59 */
#define LATER (END + 1)

static struct chain_file file;
static struct trust_store *store;

static json_t *explained_at(int64_t now_s)
{
	struct trust_policy policy = trust_policy_default();

	return trust_explain(&(struct trust_request){
		.store = store, .policy = &policy, .chain = &file.chain, .now_s = now_s});
}

/* What trust_explain() says of the chain of this client under this store; the caller's. */
static json_t *explained(const char *store_names, const char *chain)
{
	json_t *told;

	store = store_load(store_names);
	chain_load(&file, chain);
	told = explained_at(NOW);
	cr_assert_not_null(told);
	trust_store_destroy(store);
	return told;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	cr_assert_not_null(text, "%s is no text", key);
	return text;
}

/* The first step that failed. */
static json_t *failed_step(const json_t *told)
{
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(told, "steps"), i, step)
	{
		cr_expect_eq(json_integer_value(json_object_get(step, "n")), (json_int_t)i);
		if (strcmp(text_of(step, "result"), "fail") == 0)
			return step;
	}
	cr_assert_fail("no step failed");
	return NULL;
}

Test(trust_explain, accepted_client_has_a_path_and_an_identity)
{
	json_t *told = explained("partners", "client-good-chain");
	json_t *path = json_object_get(told, "path"), *identity = json_object_get(told, "identity");
	json_t *step;
	size_t i;

	cr_expect_eq(json_integer_value(json_object_get(told, "schema")), TRUST_EXPLAIN_SCHEMA);
	cr_expect_str_eq(text_of(told, "verdict"), "accepted");
	cr_expect_str_eq(text_of(told, "reason"), "ok");
	cr_expect_str_eq(text_of(told, "azure"), "SUCCESS");
	cr_expect_str_eq(text_of(told, "at"), "2030-01-01T00:00:00Z");
	cr_expect_eq(strlen(text_of(told, "store_digest")), 64);
	cr_assert_eq(json_array_size(path), 3);
	cr_expect_str_eq(text_of(json_array_get(path, 0), "source"), "client");
	cr_expect_str_eq(text_of(json_array_get(path, 2), "source"), "store");
	cr_expect_str_eq(text_of(json_array_get(path, 0), "subject"), text_of(identity, "subject"));
	cr_expect_str_eq(text_of(json_array_get(path, 1), "subject"), text_of(identity, "issuer"));
	cr_expect_str_eq(text_of(json_array_get(path, 0), "sha256"), text_of(identity, "sha256"));
	cr_expect_eq(
		json_integer_value(json_object_get(json_object_get(told, "work"), "signatures")),
		2);
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(told, "limits"), "names")),
		     trust_policy_default().limits.names);
	json_array_foreach(json_object_get(told, "steps"), i, step)
		cr_expect_str_eq(text_of(step, "result"), "pass", "step %zu", i);
	json_decref(told);
}

/* A chain that is refused, and the rule and the place of the step that failed. */
static const struct {
	const char *store, *chain, *reason, *rule;
	json_int_t depth;
} refusals[] = {
	{"partners", "client-expired-chain", "expired", "validity", 0},
	{"partners", "client-not-yet-valid-chain", "not_yet_valid", "validity", 0},
	{"partners", "client-weak-rsa-chain", "weak_key", "algorithm", 0},
	{"partners", "client-sha1-chain", "weak_digest", "algorithm", 0},
	{"partners", "client-ed448-chain", "unsupported_algorithm", "algorithm", 0},
	{"partners", "client-unknown-critical-chain", "unknown_critical", "constraints", 0},
	{"partners", "client-key-agreement-chain", "key_usage", "usage", 0},
	{"partners", "client-server-auth-chain", "extended_key_usage", "usage", 0},
	{"partners", "client-outside-constraints-chain", "name_constraint", "names", 0},
	{"partners", "client-other-chain", "unknown_issuer", "issuer", 0},
	{"other-root", "client-good-chain", "unknown_issuer", "issuer", 1},
	{"partners", "client-twin-chain", "bad_signature", "signature", 0},
	{"partners", "client-twin-int-chain", "bad_signature", "signature", 1},
};

Test(trust_explain, refused_client_has_the_step_that_failed_and_no_identity)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		json_t *told = explained(refusals[i].store, refusals[i].chain);
		const char *reason = refusals[i].reason;
		json_t *step = failed_step(told);

		cr_expect_str_eq(text_of(told, "verdict"), "refused", "%s", reason);
		cr_expect_str_eq(text_of(told, "reason"), reason);
		cr_expect_eq(json_integer_value(json_object_get(told, "depth")), refusals[i].depth);
		cr_expect_str_eq(text_of(step, "rule"), refusals[i].rule, "%s", reason);
		cr_expect_eq(json_integer_value(json_object_get(step, "depth")), refusals[i].depth);
		cr_expect_not_null(strstr(text_of(step, "cert"), "CN="), "%s", reason);
		if (strcmp(refusals[i].rule, "validity") != 0)
			cr_expect_not_null(strstr(text_of(step, "detail"), text_of(told, "help")),
					   "%s", reason);
		cr_expect_eq(json_array_size(json_object_get(told, "path")), 0, "%s", reason);
		cr_expect(json_is_null(json_object_get(told, "identity")), "%s", reason);
		json_decref(told);
	}
}

Test(trust_explain, no_certificate_is_told_without_steps)
{
	json_t *told;

	store = store_load("partners");
	file.chain.count = 0;
	told = explained_at(NOW);
	cr_expect_str_eq(text_of(told, "reason"), "no_certificate");
	cr_expect_str_eq(text_of(told, "azure"), "NONE");
	cr_expect_eq(json_array_size(json_object_get(told, "steps")), 0);
	json_decref(told);
	trust_store_destroy(store);
}

/* The one step that failed, of a certificate that was not parsed. */
static void check_unread(const json_t *told, const char *rule, json_int_t depth, const char *detail)
{
	const json_t *step = failed_step(told);

	cr_expect_str_eq(text_of(step, "rule"), rule);
	cr_expect_eq(json_integer_value(json_object_get(step, "depth")), depth);
	cr_expect(json_is_null(json_object_get(step, "cert")));
	cr_expect_str_eq(text_of(step, "detail"), detail);
	cr_expect_eq(json_array_size(json_object_get(told, "steps")), (size_t)depth + 1);
}

Test(trust_explain, what_cannot_be_read_is_told_with_its_part)
{
	json_t *told;

	store = store_load("partners");
	file.chain.count = 0;
	chain_append_der(&file, SPAN_LIT("\x30\x00"));
	told = explained_at(NOW);
	cr_expect_str_eq(text_of(told, "verdict"), "refused");
	cr_expect_str_eq(text_of(told, "reason"), "parse_error");
	check_unread(told, "parse", 0,
		     "parse_error, certificate 1 of the chain: it is no certificate in DER, is cut "
		     "short, "
		     "or has octets behind its end");
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(told, "work"), "bytes")),
		     2);
	json_decref(told);
	trust_store_destroy(store);
}

static size_t allocations, failing;

static void *alloc_but_one(size_t len)
{
	return allocations++ == failing ? NULL : malloc(len);
}

/* Whichever allocation fails, that one alone. */
Test(trust_explain, document_is_whole_or_none_when_an_allocation_fails)
{
	json_t *whole;

	store = store_load("partners");
	chain_load(&file, "client-good-chain");
	whole = explained_at(NOW);
	json_set_alloc_funcs(alloc_but_one, free);
	for (failing = 0; failing <= allocations; failing++) {
		json_t *told;

		allocations = 0;
		told = explained_at(NOW);
		cr_expect(told == NULL || json_equal(told, whole), "allocation %zu", failing);
		json_decref(told);
	}
	cr_expect_gt(allocations, 100);
	json_decref(whole);
	trust_store_destroy(store);
}

Test(trust_explain, certificate_over_a_limit_is_told_by_its_place)
{
	struct trust_policy policy = trust_policy_default();
	json_t *told;

	store = store_load("partners");
	chain_load(&file, "client-good-chain");
	policy.limits.certificates = 1;
	told = trust_explain(&(struct trust_request){
		.store = store, .policy = &policy, .chain = &file.chain, .now_s = NOW});
	cr_expect_str_eq(text_of(told, "reason"), "chain_too_long");
	check_unread(told, "limits", 1,
		     "chain_too_long, certificate 2 of the chain: the chain has more certificates "
		     "than we look at, or no path is short enough");
	json_decref(told);
	trust_store_destroy(store);
}

/* A certificate for itself, of nobody's, whose subject is this text as an UTF8String. */
static json_t *explained_subject(struct span text)
{
	static uint8_t cert_bytes[2 * TRUST_CHAIN_BYTES_MAX], name_bytes[TRUST_CHAIN_BYTES_MAX];
	struct outbuf out = outbuf_of(cert_bytes, sizeof(cert_bytes));
	struct outbuf name = outbuf_of(name_bytes, sizeof(name_bytes));
	struct cert_parts parts = cert_parts_plain();
	json_t *told;

	parts.key = forest_key(1);
	parts.subject = name_put1(&name, SPAN_LIT("\x55\x04\x03"), 0x0c, text);
	store = store_load("partners");
	file.chain.count = 0;
	chain_append_der(&file, forest_cert(parts, 1, &out));
	told = explained_at(NOW);
	cr_assert_not_null(told);
	cr_expect_str_eq(text_of(told, "reason"), "unknown_issuer");
	trust_store_destroy(store);
	return told;
}

/* Neither a terminal nor a reader of the JSON takes part of a name for anything else. */
Test(trust_explain, hostile_name_is_escaped)
{
	json_t *told = explained_subject(SPAN_LIT("\x1b[2J\"},\n{\\\xe2\x80\xae"));

	cr_expect_str_eq(text_of(failed_step(told), "cert"),
			 "CN=\\1B[2J\\\"}\\,\\0A{\\\\\\E2\\80\\AE");
	json_decref(told);
}

Test(trust_explain, name_too_long_to_tell_is_told_by_its_length)
{
	static uint8_t text[5000];
	json_t *told;

	memset(text, 'a', sizeof(text));
	told = explained_subject(SPAN(text));
	cr_expect_str_eq(text_of(failed_step(told), "cert"), "(a name of 5021 octets)");
	json_decref(told);
}

Test(trust_explain, validity_is_told_with_both_ends)
{
	json_t *told;

	store = store_load("partners");
	chain_load(&file, "client-good-chain");
	told = explained_at(LATER);
	cr_expect_str_eq(text_of(told, "reason"), "expired");
	cr_expect_str_eq(text_of(failed_step(told), "detail"),
			 "expired, from 2020-01-01T00:00:00Z to 2049-12-31T23:59:59Z");
	json_decref(told);
	trust_store_destroy(store);
}

/* Allocations that jansson may still make. */
static size_t allocations_left;

static void *scarce_malloc(size_t len)
{
	if (allocations_left == 0)
		return NULL;
	allocations_left--;
	return malloc(len);
}

Test(trust_explain, memory_that_runs_out_is_no_document)
{
	json_t *whole, *told = NULL;
	size_t count;

	store = store_load("partners");
	chain_load(&file, "client-good-chain");
	whole = explained_at(NOW);
	json_set_alloc_funcs(scarce_malloc, free);
	for (count = 0; told == NULL; count++) {
		allocations_left = count;
		told = explained_at(NOW);
		cr_assert(told == NULL || json_equal(told, whole), "%zu allocations", count);
	}
	cr_expect_gt(count, 100);
	json_decref(told);
	json_decref(whole);
	trust_store_destroy(store);
}

Test(trust_explain, time_is_written_and_read_back)
{
	static const int64_t times[] = {-62135596800, -1, 0, BEGIN, NOW, END, 253402300799};
	char text[TRUST_EXPLAIN_TIME_CHARS];
	int64_t again;

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		trust_explain_time_put(times[i], text);
		cr_expect(trust_explain_time_parse(text, &again) && again == times[i], "%s", text);
	}
	cr_expect_not(trust_explain_time_parse("0000-12-31T23:59:59Z", &again));
	cr_expect_not(trust_explain_time_parse("10000-01-01T00:00:00Z", &again));
	cr_expect_not(trust_explain_time_parse("", &again));
}

Test(trust_explain, every_rule_has_a_name_and_a_question)
{
	for (unsigned i = 0; i < TRUST_RULE_COUNT; i++) {
		cr_expect_gt(strlen(trust_rule_name(i)), 3);
		cr_expect_gt(strlen(trust_rule_help(i)), 10);
		for (unsigned k = 0; k < i; k++)
			cr_expect_str_neq(trust_rule_name(i), trust_rule_name(k));
	}
	cr_expect_str_eq(trust_rule_name(TRUST_RULE_signature), "signature");
}
