/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/access_log.h: the thread that turns the workers' records into the access log.  Workers put records into rings and
 * never wait; this thread formats, sums repeated refusals and writes, in large pieces.  It may fall behind: the worker then
 * counts access_log_behind, and what the file did not take is counted here. */
#pragma once

#include "base/err.h"
#include "base/spsc.h"
#include "config/config.h"

#include <stdbool.h>
#include <sys/types.h>

/* Records that a worker may be ahead of the writer; beyond that lines are lost, counted access_log_behind. */
#define ACCESS_RING_COUNT 4096

struct access_log;

/* What the control plane reads while the log runs. */
struct access_log_counts {
	uint64_t lines;           /* written */
	uint64_t failed;          /* not taken by the file */
	uint64_t refusals_summed; /* that got no line of their own */
	uint64_t events_withheld; /* client_refused events beyond the rate */
};

/* Opens the file, if config names one, for appending and owned by uid and gid (-1: as it is).  GW_ERR_MACHINE with a note
 * when it cannot be written.  config outlives the log. */
MUST_CHECK enum gw_err access_log_open(const struct gateway_config *config, uid_t uid, gid_t gid,
				       struct err_note *note, struct access_log **ret_log);
/* Starts the thread, which empties the rings (of struct access_record) from now on. */
MUST_CHECK enum gw_err access_log_start(struct access_log *log, struct spsc *const *rings,
					size_t ring_count, struct err_note *note);
/* Opens the file anew, in the thread: it was renamed.  The old one is kept when that fails. */
void access_log_reopen(struct access_log *log);
void access_log_counts_read(const struct access_log *log, struct access_log_counts *ret_counts);
/* Writes what is left and ends the thread; a sink that takes nothing is given up after a while.  The workers have stopped,
 * and their rings still exist.  NULL is allowed. */
void access_log_close(struct access_log *log);
