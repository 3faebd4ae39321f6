/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/control.h: the control socket: one request line, one JSON document back, then the connection closes.  Runs
 * on the main thread beside the signals; slow or silent clients are cut off.
 * Requests: status, drain. */
#pragma once

#include "base/err.h"

#include <sys/types.h>

struct gateway;
struct control;

/* Listens on a Unix socket at path, mode 0600, owned by uid and gid (-1: by who started it).  A socket nobody answers on is
 * replaced; one with a gateway behind it is GW_ERR_MACHINE. */
MUST_CHECK enum gw_err control_open(const char *path, uid_t uid, gid_t gid, struct err_note *note,
				    struct control **ret_control);
/* Removes the socket. */
void control_close(struct control *control);
/* Readable when a client waits. */
int control_fd(const struct control *control);
/* What a request asks the main loop to do, besides what was answered. */
enum control_request { CONTROL_NOTHING, CONTROL_DRAIN };
/* Serves one client. */
enum control_request control_serve(struct control *control, const struct gateway *gateway);
