/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/request.h: one question to the gateway over its control socket: a line there,
 * one JSON document back. */
#pragma once

#include "base/err.h"

#include <argp.h>
#include <stddef.h>

/* A longer answer is no answer. */
#define REQUEST_ANSWER_BYTES_MAX (4u << 20)
/* From connecting to the last byte; a gateway that needs longer is stuck. */
#define REQUEST_TIME_MS_MAX 5000

/* Sends line (without line feed) to the socket at path and reads the answer to its end.  GW_ERR_IO
 * with a note "WHAT; WHAT TO DO" when there is none.  *ret_answer is NUL-terminated and to be
 * freed. */
MUST_CHECK enum gw_err request_send(const char *path, const char *line, struct err_note *note,
				    char **ret_answer, size_t *ret_len);

/* The child of a command's argp that takes --socket, and no argument.  Its input is where the path goes (const char **), which
 * the caller presets to CTL_SOCKET. */
extern const struct argp request_argp;
