/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/control/version.h: what --version says. */
#pragma once

#include <stdio.h>

struct argp_state;

/* Prints name, version, what the program was built with and what that build lacks.  An argp_program_version_hook. */
void version_print(FILE *out, struct argp_state *state);
