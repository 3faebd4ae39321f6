/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/explain_options.h: what `sallyportctl trust explain` is asked.  A profile's settings have
 * the same names here as in the start-up file. */
#pragma once

#include "app/sallyportctl/explain_allow.h"
#include "tls/tls_params.h"
#include "tls/trust/trust.h"
#include "tls/trust/trust_store_params.h"

/* Files of a store, as max_chains allows. */
#define EXPLAIN_STORES_MAX TRUST_STORE_CHAINS_MAX

struct explain_options {
	const char *config, *profile; /* or: */
	const char *stores[EXPLAIN_STORES_MAX];
	size_t store_count;
	struct trust_store_options store_options;
	struct ssl_profile_params settings; /* of a profile that would judge by stores */
	struct explain_allow allow;         /* what settings.policy.allow refers to */
	const char *chain;
	int64_t at_s;
	bool as_json;
	const char *policy_option; /* the first of those that a profile has itself */
};

/* Fills options, whose at_s is the time to judge at unless another is asked for.  Ends the program when
 * they make no sense. */
void explain_options_parse(int argc, char **argv, struct explain_options *options);
