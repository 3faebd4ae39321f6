/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/sallyportctl.h"

#include "app/control/version.h"

#include <argp.h>
#include <stdio.h>
#include <string.h>

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
		argp_error(state, "no command; --help names them");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Puts the commands between argp's own text and the exit statuses; argp frees what it gets. */
static char *list_commands(int key, const char *text, void *input)
{
	char *list = NULL;
	size_t len = 0;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC || (out = open_memstream(&list, &len)) == NULL)
		return (char *)text;
	fputs("Commands:\n", out);
	for (const struct ctl_command *c = ctl_commands; c->name != NULL; c++)
		fprintf(out, "  %-15s%-9s%s\n", c->name, c->args, c->summary);
	fprintf(out, "\n%s", text);
	return fclose(out) == 0 ? list : (char *)text;
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "COMMAND [ARGUMENT...]",
	.doc = "Looks after a Sallyport gateway."
	       "`COMMAND --help' says more.  Exit status: 0 yes, 1 no or refused, 2 could not "
	       "tell.",
	.help_filter = list_commands,
};

/* How many words of the command line are this command's name; 0: they name another. */
static int words_of(const char *name, int argc, char **argv)
{
	size_t len;

	for (int words = 0; words < argc; words++) {
		len = strlen(argv[words]);
		if (strncmp(name, argv[words], len) != 0)
			return 0;
		name += len;
		if (*name == '\0')
			return words + 1;
		if (*name++ != ' ')
			return 0;
	}
	return 0;
}

static enum ctl_exit run_command(int argc, char **argv)
{
	char name[64];

	for (const struct ctl_command *c = ctl_commands; c->name != NULL; c++) {
		int words = words_of(c->name, argc, argv);

		if (words == 0)
			continue;
		snprintf(name, sizeof(name), "sallyportctl %s", c->name);
		argv[words - 1] = name;
		return c->run(argc - words + 1, argv + words - 1);
	}
	fprintf(stderr, "sallyportctl: there is no command \"%s\"; --help names them\n", argv[0]);
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
