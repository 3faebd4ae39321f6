/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/check.h"

#include "app/sallyportctl/sallyportctl.h"

#include <argp.h>

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	const char **path = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*path != NULL)
			argp_error(state, "one FILE at a time");
		*path = arg;
		return 0;
	case ARGP_KEY_END:
		if (*path == NULL)
			argp_error(state, "which FILE?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp ctl_check_argp = {
	.parser = parse_option,
	.args_doc = "FILE",
	.doc = "Checks a start-up file, and the files it names, as the gateway would.\v"
	       "Exit status: 0 it is good, 1 it is refused, 2 could not tell.",
};

enum ctl_exit ctl_check(int argc, char **argv)
{
	const char *path = NULL;
	enum gw_err err;

	argp_parse(&ctl_check_argp, argc, argv, 0, NULL, &path);
	err = check_file(path, stdout, stderr);
	if (err == GW_ERR_OK)
		return CTL_YES;
	return err == GW_ERR_CONFIG ? CTL_NO : CTL_COULD_NOT_TELL;
}
