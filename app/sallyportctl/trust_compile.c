/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/sallyportctl.h"
#include "app/sallyportctl/trust_store_file.h"
#include "tls/trust/trust_store.h"

#include <stdlib.h>
#include <time.h>

enum { KEY_CHECK = 256, KEY_PARTIAL_CHAIN, KEY_MAX_CHAINS };

struct options {
	const char *output;
	bool check;
	struct trust_store_options store;
	struct trust_store_files files;
};

static unsigned parse_chains(const char *arg, struct argp_state *state)
{
	char *end;
	unsigned long value = strtoul(arg, &end, 10);

	if (end == arg || *end != '\0' || value < 1 || value > TRUST_STORE_CHAINS_MAX)
		argp_error(state, "--max-chains takes a number from 1 to %d",
			   TRUST_STORE_CHAINS_MAX);
	return (unsigned)value;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->files;
		return 0;
	case 'o':
		options->output = arg;
		return 0;
	case KEY_CHECK:
		options->check = true;
		return 0;
	case KEY_PARTIAL_CHAIN:
		options->store.partial_chain = true;
		return 0;
	case KEY_MAX_CHAINS:
		options->store.max_chains = parse_chains(arg, state);
		return 0;
	case ARGP_KEY_END:
		if ((options->output == NULL) != options->check)
			argp_error(state, "either --output or --check");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option argp_options[] = {
	{"output", 'o', "OUT", 0, "Where the compiled store goes, in one step", 0},
	{"check", KEY_CHECK, NULL, 0, "Write nothing", 0},
	{"partial-chain", KEY_PARTIAL_CHAIN, NULL, 0,
	 "Any CA may end a client's path, and a file needs no root", 0},
	{"max-chains", KEY_MAX_CHAINS, "N", 0, "Take up to N files (5; at most 100)", 0},
	{0},
};

static const struct argp_child argp_children[] = {{.argp = &trust_store_files_argp}, {0}};

const struct argp ctl_trust_compile_argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = argp_children,
	.args_doc = "FILE...",
	.doc = "Compiles a trust store.  Each FILE, PEM or DER, is one chain: a root and its "
	       "intermediates.  Says everything that is wrong with them.\v"
	       "Exit status: 0 compiled, 1 refused, 2 could not tell.",
};

static void summary_print(const struct trust_store *store, const char *name)
{
	printf("%s: ok, %zu chains, %zu certificates, digest sha256:", name, store->chain_count,
	       store->ca_count);
	for (size_t i = 0; i < store->digest.len; i++)
		printf("%02x", store->digest.p[i]);
	putchar('\n');
}

enum ctl_exit ctl_trust_compile(int argc, char **argv)
{
	struct options options = {.store.max_chains = TRUST_STORE_CHAINS_DEFAULT};
	struct trust_store *store;
	struct err_note note = {0};
	enum gw_err err;

	argp_parse(&ctl_trust_compile_argp, argc, argv, 0, NULL, &options);
	options.store.now_s = time(NULL);
	err = trust_store_file_load(&options.files, &options.store, stderr, &store);
	if (err != GW_ERR_OK)
		return err == GW_ERR_CONFIG ? CTL_NO : CTL_COULD_NOT_TELL;
	if (options.output != NULL)
		err = trust_store_file_replace(options.output, store->blob, &note);
	if (err == GW_ERR_OK)
		summary_print(store,
			      options.output != NULL ? options.output : options.files.paths[0]);
	else
		fprintf(stderr, "sallyportctl: %s\n", note.text);
	trust_store_destroy(store);
	return err == GW_ERR_OK ? CTL_YES : CTL_COULD_NOT_TELL;
}
