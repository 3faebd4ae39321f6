/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/sallyportctl.h"

#include "app/control/version.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

struct command {
	const char *name;
	enum ctl_exit (*run)(int argc, char **argv);
};

static const struct command commands[] = {
	{"check", ctl_check},
	{"status", ctl_status},
};

/* Remembers where the command stands; what follows it is the command's to parse. */
static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	int *command_at = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_ARG:
		*command_at = state->next - 1;
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no command; try check or status");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "COMMAND [ARGUMENT...]",
	.doc = "Looks after a Sallyport gateway.\v"
	       "Commands:\n"
	       "  check FILE    check a start-up file as the gateway would\n"
	       "  status        show what the gateway is doing\n\n"
	       "`COMMAND --help' says more.  Exit status: 0 yes, 1 no or refused, 2 could not "
	       "tell.",
};

static enum ctl_exit run_command(int argc, char **argv)
{
	char name[64];

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[0], commands[i].name) != 0)
			continue;
		snprintf(name, sizeof(name), "sallyportctl %s", commands[i].name);
		argv[0] = name;
		return commands[i].run(argc, argv);
	}
	fprintf(stderr, "sallyportctl: there is no command \"%s\"; try check or status\n", argv[0]);
	return CTL_COULD_NOT_TELL;
}

int main(int argc, char **argv)
{
	int command_at = argc;

	argp_program_version_hook = version_print;
	argp_err_exit_status = CTL_COULD_NOT_TELL;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &command_at);
	return (int)run_command(argc - command_at, argv + command_at);
}
