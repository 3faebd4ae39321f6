/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/explain_options.h"

#include "app/sallyportctl/sallyportctl.h"
#include "config/schema.h"
#include "config/text.h"
#include "config/value.h"
#include "tls/trust/trust_explain.h"

#include <argp.h>
#include <string.h>
#include <time.h>

/* Options without a letter. */
enum {
	OPTION_AT = 256,
	OPTION_CHAIN,
	OPTION_PARTIAL_CHAIN,
	OPTION_MAX_CHAINS,
	/* From here on what a profile says itself. */
	OPTION_VERIFY_DEPTH,
	OPTION_RSA_BITS_MIN,
	OPTION_EC_BITS_MIN,
	OPTION_DIGESTS,
	OPTION_VERIFY_ISSUER_DN,
	OPTION_ALLOWED_NAME,
	OPTION_SPIFFE_TRUST_DOMAIN,
	OPTION_ALLOWED_LEAF,
	OPTION_SEARCH_LIMIT,
};

static const struct argp_option argp_options[] = {
	{"config", 'c', "FILE", 0, "Judge by a profile of this start-up file", 0},
	{"profile", 'p', "NAME", 0, "The profile", 0},
	{"store", 's', "FILE", 0,
	 "Judge by these files of CA certificates, or by one compiled store; several may follow",
	 0},
	{"chain", OPTION_CHAIN, "FILE", 0,
	 "The client's certificates, leaf first: PEM, or one in DER", 0},
	{"at", OPTION_AT, "TIME", 0, "Judge as of then (RFC 3339, UTC: 2030-01-01T00:00:00Z); now",
	 0},
	{"json", 'j', NULL, 0, "Print a JSON document", 0},
	{"partial-chain", OPTION_PARTIAL_CHAIN, NULL, 0,
	 "With --store: every CA of the store may end a path", 0},
	{"max-chains", OPTION_MAX_CHAINS, "N", 0, "With --store: at most so many files (5)", 0},
	{"verify-depth", OPTION_VERIFY_DEPTH, "N", 0,
	 "With --store: at most so many intermediates (10)", 0},
	{"rsa-bits-min", OPTION_RSA_BITS_MIN, "N", 0, "With --store: shortest RSA key (2048)", 0},
	{"ec-bits-min", OPTION_EC_BITS_MIN, "N", 0, "With --store: smallest curve (256)", 0},
	{"digests", OPTION_DIGESTS, "LIST", 0,
	 "With --store: digests of signatures (sha256,sha384,sha512)", 0},
	{"verify-issuer-dn", OPTION_VERIFY_ISSUER_DN, NULL, 0,
	 "With --store: the client's issuer must be a pinned name of the store", 0},
	{"allowed-name", OPTION_ALLOWED_NAME, "TYPE:MATCH:VALUE", 0,
	 "With --store: a subjectAltName that is let in, TYPE dns, uri, email or ip, MATCH exact, "
	 "prefix or suffix; may be repeated",
	 0},
	{"spiffe-trust-domain", OPTION_SPIFFE_TRUST_DOMAIN, "NAME", 0,
	 "With --store: the SPIFFE trust domain that is let in", 0},
	{"allowed-leaf", OPTION_ALLOWED_LEAF, "SHA256", 0,
	 "With --store: a leaf that is let in, in hexadecimal; may be repeated", 0},
	{"search-limit", OPTION_SEARCH_LIMIT, "KEY=N", 0,
	 "With --store: a key of search_limits (docs/CONFIG.md), such as names=20000 "
	 "or bytes=64KiB; may be repeated",
	 0},
	{0},
};

/* Reads text into record as the start-up file's key of that section is read. */
static void value_take(enum schema_section section, const char *key, const char *text, void *record,
		       struct argp_state *state)
{
	const struct schema_row *row = schema_find(section, key);
	const struct value_context nowhere = {0}; /* numbers and words need none */
	struct err_note note;

	if (value_parse(&nowhere, row, text, &note, (char *)record + row->offset) != GW_ERR_OK)
		argp_error(state, "%s", note.text);
}

static void digests_take(char *list, struct explain_options *options, struct argp_state *state)
{
	unsigned digests = 0;
	const char *word;

	while ((word = strsep(&list, ",")) != NULL) {
		value_take(SECTION_client_auth, "digests", word, &options->settings, state);
		digests |= options->settings.policy.digests;
	}
	options->settings.policy.digests = digests;
}

static void search_limit_take(char *arg, struct explain_options *options, struct argp_state *state)
{
	const char *key = strsep(&arg, "=");

	if (arg == NULL || schema_find(SECTION_search_limits, key) == NULL)
		argp_error(state, "\"%s\" is none of search_limits; write one as names=20000", key);
	else
		value_take(SECTION_search_limits, key, arg, &options->settings, state);
}

static void store_add(const char *path, struct explain_options *options, struct argp_state *state)
{
	if (options->store_count == EXPLAIN_STORES_MAX)
		argp_error(state, "more than %u stores", EXPLAIN_STORES_MAX);
	else
		options->stores[options->store_count++] = path;
}

static void check_together(const struct explain_options *options, struct argp_state *state)
{
	if (options->chain == NULL)
		argp_error(state, "which --chain?");
	if ((options->config != NULL) == (options->store_count > 0))
		argp_error(state, "either --config and --profile, or --store");
	if ((options->config != NULL) != (options->profile != NULL))
		argp_error(state, "--config and --profile belong together");
	if (options->config != NULL && options->policy_option != NULL)
		argp_error(state, "--%s is the profile's to say", options->policy_option);
}

static const char *option_name(int key)
{
	const struct argp_option *o = argp_options;

	while (o->key != key)
		o++;
	return o->name;
}

/* What a profile or a store of the start-up file says itself.  False: not one of these. */
static bool policy_option_take(int key, char *arg, struct explain_options *options,
			       struct argp_state *state)
{
	struct trust_allow *allow = &options->settings.policy.allow;
	struct trust_store_params store;
	struct err_note note;
	enum gw_err err = GW_ERR_OK;

	switch (key) {
	case OPTION_PARTIAL_CHAIN:
		options->store_options.partial_chain = true;
		break;
	case OPTION_MAX_CHAINS:
		value_take(SECTION_trust_stores, "max_chains", arg, &store, state);
		options->store_options.max_chains = store.max_chains;
		break;
	case OPTION_VERIFY_DEPTH:
		value_take(SECTION_client_auth, "verify_depth", arg, &options->settings, state);
		break;
	case OPTION_RSA_BITS_MIN:
		value_take(SECTION_client_auth, "rsa_bits_min", arg, &options->settings, state);
		break;
	case OPTION_EC_BITS_MIN:
		value_take(SECTION_client_auth, "ec_bits_min", arg, &options->settings, state);
		break;
	case OPTION_DIGESTS:
		digests_take(arg, options, state);
		break;
	case OPTION_VERIFY_ISSUER_DN:
		options->settings.policy.verify_issuer_dn = true;
		break;
	case OPTION_ALLOWED_NAME:
		err = explain_allow_name(&options->allow, arg, &note, allow);
		break;
	case OPTION_SPIFFE_TRUST_DOMAIN:
		err = text_check_trust_domain(arg, &note);
		allow->spiffe_trust_domain = span_str(arg);
		break;
	case OPTION_ALLOWED_LEAF:
		err = explain_allow_leaf(&options->allow, arg, &note, allow);
		break;
	case OPTION_SEARCH_LIMIT:
		search_limit_take(arg, options, state);
		break;
	default:
		return false;
	}
	if (err != GW_ERR_OK)
		argp_error(state, "%s", note.text);
	options->policy_option = option_name(key);
	return true;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct explain_options *options = state->input;

	if (policy_option_take(key, arg, options, state))
		return 0;
	switch (key) {
	case 'c':
		options->config = arg;
		return 0;
	case 'p':
		options->profile = arg;
		return 0;
	case 's':
	case ARGP_KEY_ARG:
		store_add(arg, options, state);
		return 0;
	case OPTION_CHAIN:
		options->chain = arg;
		return 0;
	case OPTION_AT:
		if (!trust_explain_time_parse(arg, &options->at_s))
			argp_error(state, "\"%s\" is no time like 2030-01-01T00:00:00Z", arg);
		return 0;
	case 'j':
		options->as_json = true;
		return 0;
	case ARGP_KEY_END:
		check_together(options, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp ctl_trust_explain_argp = {
	.options = argp_options,
	.parser = parse_option,
	.args_doc = "--chain FILE (--config FILE --profile NAME | --store FILE...)",
	.doc = "Judges a client's chain as the gateway would, and tells the search for a path step "
	       "by step: every candidate, every rule, the first failure, and what Azure, AWS and "
	       "Google would call it.\v"
	       "Exit status: 0 accepted, 1 refused, 2 could not judge.",
};

void explain_options_parse(int argc, char **argv, struct explain_options *options)
{
	options->settings.policy = trust_policy_default();
	options->store_options = (struct trust_store_options){
		.max_chains = TRUST_STORE_CHAINS_DEFAULT,
		.now_s = time(NULL),
		.dates_only_warn =
			true, /* a past verdict can be told when a CA has expired since */
	};
	argp_parse(&ctl_trust_explain_argp, argc, argv, 0, NULL, options);
}
