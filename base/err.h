/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/err.h: failure on cold paths (start-up, control plane).  The code says which exit code and which
 * kind of reaction; the note says it to a person. */
#pragma once

#include "base/assert.h"

enum gw_err {
	GW_ERR_OK = 0,
	GW_ERR_CONFIG,  /* the start-up file, or a file it names, is at fault */
	GW_ERR_MACHINE, /* port, core, huge pages, permission */
	GW_ERR_NO_MEMORY,
	GW_ERR_IO,       /* a system call on a named file or socket failed */
	GW_ERR_INTERNAL, /* cannot happen unless we are wrong */
};

/* Detail for a person: WHAT; WHAT TO DO.  Owned by the caller, filled by whoever fails first. */
struct err_note {
	char text[512];
};

/* printf into note, cut at its end.  Note may be NULL. */
void err_note_set(struct err_note *note, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
