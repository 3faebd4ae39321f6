/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/request.h"
#include "app/sallyportctl/sallyportctl.h"
#include "app/sallyportctl/status_text.h"

#include <stdbool.h>

struct status_options {
	const char *socket;
	bool json;
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct status_options *options = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->socket;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option argp_options[] = {
	{"json", 'j', NULL, 0, "Print the JSON document as the gateway sends it", 0},
	{0},
};

static const struct argp_child argp_children[] = {{.argp = &request_argp}, {0}};

const struct argp ctl_status_argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = argp_children,
	.doc = "Shows what the gateway is doing: sessions, pools, ports, listeners, backends, and "
	       "the counters "
	       "and drops that are not 0.\v"
	       "Exit status: 0 shown, 2 could not tell.",
};

/* The answer as a status document; NULL with a note when it is none. */
static json_t *parse_answer(const char *answer, size_t len, struct err_note *note)
{
	json_error_t error;
	json_t *status = json_loadb(answer, len, JSON_REJECT_DUPLICATES, &error);

	if (json_integer_value(json_object_get(status, "schema")) == STATUS_SCHEMA)
		return status;
	if (status == NULL)
		err_note_set(note, "the answer is not JSON; see what listens on the socket");
	else
		err_note_set(note,
			     "the answer is no status document of schema %d; use the sallyportctl "
			     "that came with the gateway",
			     STATUS_SCHEMA);
	json_decref(status);
	return NULL;
}

enum ctl_exit ctl_status(int argc, char **argv)
{
	struct status_options options = {.socket = CTL_SOCKET};
	struct err_note note;
	json_t *status = NULL;
	char *answer = NULL;
	size_t len = 0;

	argp_parse(&ctl_status_argp, argc, argv, 0, NULL, &options);
	if (request_send(options.socket, "status", &note, &answer, &len) == GW_ERR_OK)
		status = parse_answer(answer, len, &note);
	if (status == NULL)
		fprintf(stderr, "sallyportctl: %s\n", note.text);
	else if (options.json)
		fwrite(answer, 1, len, stdout);
	else
		status_text_write(status, stdout);
	free(answer);
	if (status == NULL)
		return CTL_COULD_NOT_TELL;
	json_decref(status);
	return fflush(stdout) == 0 ? CTL_YES : CTL_COULD_NOT_TELL;
}
