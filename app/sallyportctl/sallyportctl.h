/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/sallyportctl.h: the commands.  Each parses its own options (argv[0] is the name
 * that messages begin with) and returns the program's exit code. */
#pragma once

enum ctl_exit {
	CTL_YES = 0,
	CTL_NO = 1,            /* refused */
	CTL_COULD_NOT_TELL = 2 /* usage, no socket, no answer */
};

/* Where the gateway's control socket is by default (control.socket). */
#define CTL_SOCKET "/run/sallyport/control.sock"

struct argp;

/* A command of sallyportctl: what it does in a few words, and its options, for --help and the manual. */
struct ctl_command {
	const char *name, *args, *summary;
	const struct argp *argp;
	enum ctl_exit (*run)(int argc, char **argv);
};

/* Ends with a name of NULL. */
extern const struct ctl_command ctl_commands[];

extern const struct argp ctl_check_argp, ctl_drain_argp, ctl_status_argp, ctl_trust_explain_argp;
enum ctl_exit ctl_check(int argc, char **argv);
enum ctl_exit ctl_drain(int argc, char **argv);
enum ctl_exit ctl_status(int argc, char **argv);

extern const struct argp ctl_trust_compile_argp, ctl_trust_show_argp;
enum ctl_exit ctl_trust_compile(int argc, char **argv);
enum ctl_exit ctl_trust_show(int argc, char **argv);
enum ctl_exit ctl_trust_explain(int argc, char **argv);
