/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/sallyportctl.h"

#include <stddef.h>

const struct ctl_command ctl_commands[] = {
	{"check", "FILE", "check a start-up file as the gateway would", &ctl_check_argp, ctl_check},
	{"status", "", "show what the gateway is doing", &ctl_status_argp, ctl_status},
	{"drain", "", "stop the gateway once the exchanges under way are done", &ctl_drain_argp,
	 ctl_drain},
	{"trust compile", "FILE...", "compile a trust store, or say what is wrong with it",
	 &ctl_trust_compile_argp, ctl_trust_compile},
	{"trust show", "FILE...", "show what is in a trust store", &ctl_trust_show_argp,
	 ctl_trust_show},
	{"trust explain", "...", "judge a client's chain and tell why", &ctl_trust_explain_argp,
	 ctl_trust_explain},
	{0},
};
