/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_explain.h"

#include "tls/trust/dn.h"
#include "tls/trust/trust_rules.h"
#include "tls/trust/trust_store.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>

/* A longer name is told by its length. */
#define NAME_CHARS_MAX 4096
#define SHA256_OCTETS 32

struct telling {
	json_t *steps;
	bool no_memory;
};

void trust_explain_time_put(int64_t time_s, char ret_text[TRUST_EXPLAIN_TIME_CHARS])
{
	time_t t = (time_t)time_s;
	struct tm tm = {0};

	gmtime_r(&t, &tm);
	snprintf(ret_text, TRUST_EXPLAIN_TIME_CHARS, "%04u-%02u-%02uT%02u:%02u:%02uZ",
		 (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
		 (unsigned)tm.tm_mday % 100, (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100,
		 (unsigned)tm.tm_sec % 100);
}

bool trust_explain_time_parse(const char *text, int64_t *ret_time_s)
{
	struct tm tm = {0};
	char again[TRUST_EXPLAIN_TIME_CHARS];
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	int64_t time_s;

	if (end == NULL || *end != '\0' || tm.tm_year + 1900 < 1)
		return false;
	time_s = timegm(&tm);
	/* strptime() takes the 30th of February, single digits and spaces. */
	trust_explain_time_put(time_s, again);
	if (strcmp(again, text) != 0)
		return false;
	*ret_time_s = time_s;
	return true;
}

static json_t *json_of_hex(struct span octets)
{
	char text[2 * 64];
	struct outbuf out = outbuf_of(text, sizeof(text));

	outbuf_put_hex(&out, octets, false);
	return json_stringn(text, out.len);
}

static json_t *json_of_sha256(struct span octets)
{
	uint8_t digest[SHA256_OCTETS];

	GW_ASSERT(octets.len <= UINT32_MAX);
	GW_ASSERT(wc_Sha256Hash(octets.p, (word32)octets.len, digest) == 0);
	return json_of_hex(SPAN(digest));
}

static json_t *json_of_name(struct span name)
{
	char text[NAME_CHARS_MAX];
	struct outbuf out = outbuf_of(text, sizeof(text));

	if (!dn_print(name, &out))
		return json_sprintf("(a name of %zu octets)", name.len);
	return json_stringn(text, out.len);
}

static json_t *json_of_time(int64_t time_s)
{
	char text[TRUST_EXPLAIN_TIME_CHARS];

	trust_explain_time_put(time_s, text);
	return json_string(text);
}

static const char *source_name(enum trust_source source)
{
	return source == TRUST_SOURCE_CLIENT ? "client" : "store";
}

/* told unless a part of it found no memory. */
static json_t *json_if_whole(json_t *told, bool is_whole)
{
	if (is_whole)
		return told;
	json_decref(told);
	return NULL;
}

static json_t *json_of_path(const struct trust_request *rq, const struct trust_verdict *verdict)
{
	json_t *path = json_array();
	bool is_whole = true;

	for (unsigned i = 0; i < verdict->path_count; i++) {
		const struct trust_path_entry *entry = &verdict->path[i];
		struct x509 cert;

		if (entry->source == TRUST_SOURCE_STORE)
			cert = rq->store->cas[entry->idx].cert;
		else if (x509_parse(rq->chain->cert[entry->idx], &cert) != AUTH_ok)
			continue; /* it was parsed a moment ago */
		is_whole &= json_array_append_new(path,
						  json_pack("{s:s, s:o, s:o}", "source",
							    source_name(entry->source), "subject",
							    json_of_name(cert.subject), "sha256",
							    json_of_sha256(cert.der))) == 0;
	}
	return json_if_whole(path, is_whole);
}

/* The accepted leaf; null when nobody was accepted. */
static json_t *json_of_identity(const struct trust_request *rq, const struct trust_verdict *verdict)
{
	struct x509 leaf;

	if (verdict->reason != AUTH_ok || x509_parse(rq->chain->cert[0], &leaf) != AUTH_ok)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "subject",
			 json_of_name(leaf.subject), "issuer", json_of_name(leaf.issuer), "serial",
			 json_of_hex(leaf.serial), "not_before", json_of_time(leaf.not_before_s),
			 "not_after", json_of_time(leaf.not_after_s), "expires",
			 json_of_time(verdict->expires_s), "sha256", json_of_sha256(leaf.der));
}

/* For a person; a program goes by the digest. */
static json_t *json_of_subject(const struct x509 *cert)
{
	return cert != NULL ? json_of_name(cert->subject) : json_null();
}

static json_t *json_of_cert_sha256(const struct x509 *cert)
{
	return cert != NULL ? json_of_sha256(cert->der) : json_null();
}

/* What a reader wants to know of a step beside its result. */
static json_t *json_of_detail(const struct trust_step *step)
{
	char begin[TRUST_EXPLAIN_TIME_CHARS], end[TRUST_EXPLAIN_TIME_CHARS];

	if (step->rule == TRUST_RULE_validity && step->cert != NULL) {
		trust_explain_time_put(step->cert->not_before_s, begin);
		trust_explain_time_put(step->cert->not_after_s, end);
		return json_sprintf(
			"%s%sfrom %s to %s",
			step->result == TRUST_RESULT_FAIL ? auth_reason_name(step->reason) : "",
			step->result == TRUST_RESULT_FAIL ? ", " : "", begin, end);
	}
	if (step->cert == NULL)
		return json_sprintf("%s, certificate %u of the chain: %s",
				    auth_reason_name(step->reason), step->depth + 1,
				    step->reason == AUTH_parse_error
					    ? x509_part_help(step->part)
					    : auth_reason_help(step->reason));
	if (step->result == TRUST_RESULT_FAIL)
		return json_sprintf("%s, %s", auth_reason_name(step->reason),
				    auth_reason_help(step->reason));
	return json_string("");
}

static void step_tell(void *ctx, const struct trust_step *step)
{
	static const char *const results[] = {
		[TRUST_RESULT_PASS] = "pass",
		[TRUST_RESULT_FAIL] = "fail",
		[TRUST_RESULT_SKIP] = "skip",
	};
	struct telling *telling = ctx;
	json_t *told = json_pack(
		"{s:I, s:I, s:o, s:o, s:o, s:o, s:s, s:s, s:o}", "n", (json_int_t)step->n, "depth",
		(json_int_t)step->depth, "cert", json_of_subject(step->cert), "cert_sha256",
		json_of_cert_sha256(step->cert), "candidate", json_of_subject(step->candidate),
		"candidate_sha256", json_of_cert_sha256(step->candidate), "rule",
		trust_rule_name(step->rule), "result", results[step->result], "detail",
		json_of_detail(step));

	if (step->candidate != NULL &&
	    json_object_set_new(told, "candidate_source", json_string(source_name(step->source))) !=
		    0)
		telling->no_memory = true;
	if (json_array_append_new(telling->steps, told) != 0)
		telling->no_memory = true;
}

static json_t *json_of_work(const struct trust_work *work)
{
	json_t *told = json_object();
	bool is_whole = true;

#define EXPLAIN_WORK(field, limit)                                                                 \
	is_whole &= json_object_set_new(told, #field, json_integer(work->field)) == 0;
#include "tls/trust/trust_explain_work.def"
#undef EXPLAIN_WORK
	return json_if_whole(told, is_whole);
}

static json_t *json_of_limits(const struct trust_policy *policy)
{
	json_t *told = json_pack("{s:I, s:I}", "certificates",
				 (json_int_t)policy->limits.certificates, "verify_depth",
				 (json_int_t)policy->verify_depth);
	bool is_whole = true;

#define EXPLAIN_WORK(field, limit)                                                                 \
	is_whole &= json_object_set_new(told, #limit, json_integer(policy->limits.limit)) == 0;
#include "tls/trust/trust_explain_work.def"
#undef EXPLAIN_WORK
	return json_if_whole(told, is_whole);
}

json_t *trust_explain(const struct trust_request *rq)
{
	struct telling telling = {.steps = json_array()};
	const struct trust_trace trace = {.step = step_tell, .ctx = &telling};
	struct trust_request told = *rq;
	struct trust_verdict verdict;
	enum auth_reason reason;
	json_t *document;

	told.trace = &trace;
	trust_judge(&told, &verdict);
	reason = verdict.reason;
	document = json_pack(
		"{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"schema", TRUST_EXPLAIN_SCHEMA, "verdict",
		reason == AUTH_ok ? "accepted" : "refused", "reason", auth_reason_name(reason),
		"help", auth_reason_help(reason), "azure", auth_reason_azure(reason), "aws",
		auth_reason_aws(reason), "gcp", auth_reason_gcp(reason), "depth",
		(json_int_t)verdict.depth, "at", json_of_time(rq->now_s), "store_digest",
		json_of_hex(span_of(trust_store_digest(rq->store), SHA256_OCTETS)), "path",
		json_of_path(rq, &verdict), "steps", telling.steps, "work",
		json_of_work(&verdict.work), "limits", json_of_limits(rq->policy), "identity",
		json_of_identity(rq, &verdict));
	if (telling.no_memory) {
		json_decref(document);
		return NULL;
	}
	return document;
}
