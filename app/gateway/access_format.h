/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/access_format.h: an access record as one line of JSON.  Pure; the control plane's.  Every key is in every line,
 * null where nothing is known; "truncated" and "repeated" only when they say something.  A byte of a peer's text that is not
 * printable ASCII stands there as \u00XX, so that no peer can end a line, a string or a terminal's patience. */
#pragma once

#include "app/gateway/access_record.h"
#include "base/outbuf.h"

/* No line is longer, its line feed included. */
#define ACCESS_LINE_BYTES_MAX (6 * ACCESS_TEXT_BYTES + 2048)

/* What a record's numbers mean. */
struct access_names {
	const char *const *listeners, *const *pools; /* by index */
	size_t listener_count, pool_count;
	int64_t utc_offset_ns; /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
};

/* Appends the line and its line feed.  repeated: how many such refusals the line stands for, of which the record is the
 * last; 0: it stands for itself.  False, nothing appended: out has less than ACCESS_LINE_BYTES_MAX bytes of space. */
bool access_format(struct outbuf *out, const struct access_record *r,
		   const struct access_names *names, uint64_t repeated);
