/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/log.h: the event log on stderr, one logfmt line an event.  Control plane only: no worker calls it. */
#pragma once

enum log_level { LOG_INFO, LOG_WARNING, LOG_ERROR };

/* Writes `ts=RFC3339 level=... event=NAME ` and then the formatted `k=v ...` part.  Values with blanks are the
 * caller's to quote: use log_quote(). */
void log_event(enum log_level level, const char *event, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The text as one logfmt value: quoted, with `"`, `\` and control characters escaped, cut to fit.  Returns buf. */
const char *log_quote(char *buf, unsigned long cap, const char *text);
