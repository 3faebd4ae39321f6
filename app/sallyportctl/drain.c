/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/request.h"
#include "app/sallyportctl/sallyportctl.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Without a parser of its own, its input is its child's. */
static const struct argp_child argp_children[] = {{.argp = &request_argp}, {0}};

const struct argp ctl_drain_argp = {
	.children = argp_children,
	.doc = "Stops the gateway as SIGTERM does: it accepts nothing more, finishes the exchanges "
	       "under way for at most "
	       "shutdown.drain, and exits.  Does not wait for that.\v"
	       "Exit status: 0 it drains, 2 could not tell.",
};

enum ctl_exit ctl_drain(int argc, char **argv)
{
	const char *socket = CTL_SOCKET;
	struct err_note note;
	enum ctl_exit rc = CTL_COULD_NOT_TELL;
	const char *state;
	char *answer = NULL;
	size_t len = 0;
	json_t *json;

	argp_parse(&ctl_drain_argp, argc, argv, 0, NULL, &socket);
	if (request_send(socket, "drain", &note, &answer, &len) != GW_ERR_OK) {
		fprintf(stderr, "sallyportctl: %s\n", note.text);
		return CTL_COULD_NOT_TELL;
	}
	json = json_loadb(answer, len, JSON_REJECT_DUPLICATES, NULL);
	state = json_string_value(json_object_get(json, "state"));
	if (state != NULL && strcmp(state, "draining") == 0)
		rc = CTL_YES;
	else
		fputs("sallyportctl: the answer does not say that it drains; see what listens on "
		      "the socket\n",
		      stderr);
	json_decref(json);
	free(answer);
	return rc;
}
