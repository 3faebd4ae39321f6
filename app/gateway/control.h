/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/control.h: the control socket: one request line, one JSON document back, then the connection closes.  Runs
 * on the main thread beside the signals; slow or silent clients are cut off and stall nobody. */
#pragma once

#include "base/err.h"

struct gateway;
struct control;

/* Listens on a Unix socket at path, mode 0600.  A socket nobody answers on is replaced; one with a gateway behind it is
 * GW_ERR_MACHINE. */
MUST_CHECK enum gw_err control_open(const char *path, struct err_note *note,
				    struct control **ret_control);
/* Removes the socket. */
void control_close(struct control *control);
/* Serves requests until a byte can be read from wake_fd. */
void control_run(struct control *control, const struct gateway *gateway, int wake_fd);
