/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/privileges.h: from root to process.user, once everything that needs root is open.  Every thread of the process
 * changes over; what a port needs to close properly is kept by the main thread alone. */
#pragma once

#include "base/err.h"
#include "config/config.h"

#include <stdbool.h>
#include <sys/types.h>

struct privileges {
	const char *user; /* NULL: nothing changes */
	uid_t uid;        /* (uid_t)-1 when nothing changes */
	gid_t gid;
};

/* No program that this process starts can gain rights, set-user-ID or not.  Before any thread is started, which inherits it. */
void privileges_lock(void);
/* Looks the user and the group up.  GW_ERR_MACHINE with a note when there is none, or when only root could change. */
MUST_CHECK enum gw_err privileges_find(const struct gateway_config *config, struct err_note *note,
				       struct privileges *ret_privileges);
/* Changes over, and makes sure of it.  keep_net_admin: the main thread keeps CAP_NET_ADMIN, without which an af_xdp port
 * cannot take its program from the interface again. */
MUST_CHECK enum gw_err privileges_drop(const struct privileges *p, bool keep_net_admin,
				       struct err_note *note);
