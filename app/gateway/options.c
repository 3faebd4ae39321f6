/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/options.h"

#include <argp.h>
#include <errno.h>

static const struct argp_option argp_options[] = {
	{"config", 'c', "FILE", 0, "Start-up file (YAML); every key is described in docs/CONFIG.md",
	 0},
	{"check", 'C', NULL, 0, "Check the start-up file and what it names, then exit", 0},
	{"print-config", 'p', NULL, 0,
	 "Print the start-up file with every default filled in, then exit", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'c':
		options->config_path = arg;
		return 0;
	case 'C':
		options->check = true;
		return 0;
	case 'p':
		options->print_config = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", arg);
		return EINVAL;
	case ARGP_KEY_END:
		if (options->config_path == NULL)
			argp_error(state, "--config FILE is missing");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp options_argp = {
	.options = argp_options,
	.parser = parse_option,
	.doc = "Kernel-bypass TLS gateway that demands a client certificate, verifies its chain, "
	       "and hands the request to a "
	       "backend with the verified identity in headers no client can forge."
	       "\vSIGTERM and SIGINT end it when the exchanges under way are done, a second one at "
	       "once.  Exit status: 0 clean stop or check passed, 1 "
	       "start-up file refused, "
	       "2 usage, 3 the machine refused (port, core, huge pages, permission), 70 internal "
	       "error.",
};
