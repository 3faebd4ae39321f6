/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/sallyportctl.h: the commands.  Each parses its own options (argv[0] is the name
 * that messages begin with) and returns the program's exit code. */
#pragma once

enum ctl_exit {
	CTL_YES = 0,
	CTL_NO = 1,            /* refused */
	CTL_COULD_NOT_TELL = 2 /* usage, no socket, no answer */
};

enum ctl_exit ctl_check(int argc, char **argv);
enum ctl_exit ctl_status(int argc, char **argv);
