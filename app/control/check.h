/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/control/check.h: reading a start-up file as the gateway does, for the programs that do: one
 * code, one output.  Uses no EAL. */
#pragma once

#include "config/config.h"

/* config_load() with the digest by wolfCrypt. */
MUST_CHECK enum gw_err check_load(const char *path, FILE *messages,
				  struct gateway_config **ret_config);

/* `sallyport --check` and `sallyportctl check`: reports to messages as config_load() does; when all
 * is well, writes the line of config_print_summary() to out.  GW_ERR_CONFIG when the file is
 * refused. */
MUST_CHECK enum gw_err check_file(const char *path, FILE *out, FILE *messages);
