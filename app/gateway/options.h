/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/options.h: the command line of sallyport, as a table that --help and the manual page are made from. */
#pragma once

#include <stdbool.h>

struct argp;

struct options {
	const char *config_path;
	bool check, print_config;
};

/* Its input is a struct options. */
extern const struct argp options_argp;
