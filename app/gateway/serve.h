/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/serve.h: everything around an open gateway, from its control socket to its last line of log. */
#pragma once

#include "base/err.h"

struct gateway;
struct gateway_config;
struct privileges;

/* Opens what the control plane needs, changes over to the user that `privileges` names, puts the workers on their cores,
 * runs until the gateway is told to stop, and has it stopped when it returns.  signal_fd: SIGTERM, SIGINT and SIGUSR1 are
 * read from it. */
MUST_CHECK enum gw_err serve(struct gateway *gw, const struct gateway_config *config,
			     const struct privileges *privileges, int signal_fd,
			     struct err_note *note);
