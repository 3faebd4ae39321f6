/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judges a chain as the gateway would, and tells how. */
#include "tls/trust/trust_explain.h"
#include "app/control/check.h"
#include "app/gateway/snapshot.h"
#include "app/sallyportctl/explain_options.h"
#include "app/sallyportctl/sallyportctl.h"
#include "app/sallyportctl/trust_chain.h"
#include "app/sallyportctl/trust_text.h"
#include "tls/trust/trust_store.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a chain is judged by, and who owns it. */
struct judge {
	struct trust_store *store; /* NULL: the snapshot's is asked */
	struct startup startup;
	struct snapshot *snap;
	const struct trust_store *asked;
	const struct trust_policy *policy;
	/* Why nothing could be judged. */
	json_t *findings;
	const char *code;
};

/* Keeps what is found in the files of a store; the first error says why nothing could be judged. */
static void finding_keep(void *ctx, const struct trust_store_finding *finding)
{
	static const char *const severities[] = {"note", "warning", "error"};
	struct judge *judge = ctx;

	if (finding->severity == TRUST_SEVERITY_ERROR && judge->code == NULL)
		judge->code = finding->code;
	json_array_append_new(judge->findings,
			      json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:s}", "code",
					finding->code, "severity", severities[finding->severity],
					"file", (json_int_t)finding->file_idx, "number",
					(json_int_t)finding->number, "subject", finding->subject,
					"what", finding->what, "remedy", finding->remedy));
}

static bool judge_by_store(struct judge *judge, const struct explain_options *options)
{
	const struct trust_store_sink sink = {.found = finding_keep, .ctx = judge};

	if (trust_store_load(options->stores, options->store_count, &options->store_options, &sink,
			     &judge->store) != GW_ERR_OK) {
		if (judge->code == NULL)
			judge->code = "no_memory";
		return false;
	}
	judge->asked = judge->store;
	judge->policy = &options->settings.policy;
	return true;
}

static const struct tls_profile *profile_find(const struct snapshot *snap, const char *name)
{
	for (size_t i = 0; i < snap->config->ssl_profile_count; i++) {
		if (strcmp(snap->config->ssl_profiles[i].name, name) == 0)
			return &snap->profiles[i];
	}
	return NULL;
}

/* The profile's own store and settings, loaded as the gateway loads them. */
static bool judge_by_config(struct judge *judge, const struct explain_options *options)
{
	const struct tls_profile *profile;

	judge->code = "start_up_file_refused";
	if (check_load(options->config, stderr, &judge->startup) != GW_ERR_OK ||
	    check_create_snapshot(options->config, &judge->startup, stderr, &judge->snap) !=
		    GW_ERR_OK)
		return false;
	profile = profile_find(judge->snap, options->profile);
	if (profile == NULL) {
		fprintf(stderr, "%s: there is no profile \"%s\"; name one of ssl_profiles\n",
			options->config, options->profile);
		judge->code = "no_such_profile";
		return false;
	}
	if (profile->store == NULL) {
		fprintf(stderr,
			"%s: profile \"%s\" judges no client; name one with a trust_store\n",
			options->config, options->profile);
		judge->code = "profile_does_not_judge";
		return false;
	}
	judge->asked = profile->store;
	judge->policy = &profile->policy;
	return true;
}

/* The document of what could not be judged. */
static json_t *unjudged(const struct judge *judge, const struct explain_options *options)
{
	char at[TRUST_EXPLAIN_TIME_CHARS];

	trust_explain_time_put(options->at_s, at);
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:[], s:[], s:{}, s:{}, s:n}",
			 "schema", TRUST_EXPLAIN_SCHEMA, "verdict", "unjudged", "reason",
			 judge->code, "azure", "", "aws", "", "gcp", "", "at", at, "store_digest",
			 "path", "steps", "work", "limits", "identity");
}

static json_t *judged(const struct judge *judge, const struct explain_options *options,
		      const struct chain_file *file)
{
	const struct trust_request rq = {
		.store = judge->asked,
		.policy = judge->policy,
		.chain = &file->chain,
		.now_s = options->at_s,
	};

	return trust_explain(&rq);
}

static enum ctl_exit document_show(json_t *document, const struct judge *judge, bool as_json)
{
	const char *verdict;
	enum ctl_exit rc = CTL_COULD_NOT_TELL;

	if (document == NULL || (judge->findings != NULL &&
				 json_object_set(document, "findings", judge->findings) != 0)) {
		fputs("sallyportctl: out of memory; free some\n", stderr);
		return CTL_COULD_NOT_TELL;
	}
	if (as_json) {
		json_dumpf(document, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		fputc('\n', stdout);
	} else {
		trust_text_write(document, stdout);
	}
	verdict = json_string_value(json_object_get(document, "verdict"));
	if (verdict != NULL && strcmp(verdict, "accepted") == 0)
		rc = CTL_YES;
	else if (verdict != NULL && strcmp(verdict, "refused") == 0)
		rc = CTL_NO;
	return fflush(stdout) == 0 ? rc : CTL_COULD_NOT_TELL;
}

enum ctl_exit ctl_trust_explain(int argc, char **argv)
{
	struct explain_options options = {.at_s = time(NULL)};
	struct judge judge = {.findings = json_array()};
	struct chain_file file = {0};
	struct err_note note = {0};
	json_t *document = NULL;
	enum ctl_exit rc;

	explain_options_parse(argc, argv, &options);
	if (chain_file_read(options.chain, &note, &file) != GW_ERR_OK) {
		fprintf(stderr, "sallyportctl: %s\n", note.text);
		judge.code = "chain_unreadable";
		document = unjudged(&judge, &options);
	} else if (options.config != NULL ? judge_by_config(&judge, &options)
					  : judge_by_store(&judge, &options)) {
		document = judged(&judge, &options, &file);
	} else {
		document = unjudged(&judge, &options);
	}
	rc = document_show(document, &judge, options.as_json);
	json_decref(document);
	json_decref(judge.findings);
	chain_file_release(&file);
	trust_store_destroy(judge.store);
	snapshot_destroy(judge.snap);
	if (judge.startup.config != NULL)
		check_unload(&judge.startup);
	return rc;
}
