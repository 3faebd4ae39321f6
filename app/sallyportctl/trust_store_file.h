/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/trust_store_file.h: a trust store between the command line and files. */
#pragma once

#include "base/err.h"
#include "base/span.h"
#include "tls/trust/trust_store_params.h"

#include <argp.h>
#include <stdio.h>

struct trust_store;

/* The FILE... of a command line. */
struct trust_store_files {
	const char *paths[TRUST_STORE_CHAINS_MAX];
	size_t count;
};

/* Parses them as an argp child whose input is a struct trust_store_files, zeroed; ends the program when there is none, or
 * more than a store may have. */
extern const struct argp trust_store_files_argp;

/* Loads the store of files; every finding goes to messages as `FILE: error|warning|note: WHERE: CODE: WHAT; WHAT TO DO`. */
MUST_CHECK enum gw_err trust_store_file_load(const struct trust_store_files *files,
					     const struct trust_store_options *options,
					     FILE *messages, struct trust_store **ret_store);
/* Puts octets in the place of what path names, in one step: readers see the old file or the new one, and after a crash it is
 * one of them. GW_ERR_IO with a note. */
MUST_CHECK enum gw_err trust_store_file_replace(const char *path, struct span octets,
						struct err_note *note);
