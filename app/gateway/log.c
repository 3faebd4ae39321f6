/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#define LINE_BYTES 2048 /* a longer line is cut */

static const char *const level_names[] = {
	[LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};

void log_event(enum log_level level, const char *event, const char *format, ...)
{
	char line[LINE_BYTES], when[32];
	struct timespec now;
	struct tm utc;
	va_list args;
	int n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &utc);
	n = snprintf(line, sizeof(line), "ts=%s.%03ldZ level=%s event=%s%s", when,
		     now.tv_nsec / 1000000, level_names[level], event,
		     format[0] != '\0' ? " " : "");
	va_start(args, format);
	vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	va_end(args);
	fprintf(stderr, "%s\n", line);
}

const char *log_quote(char *buf, unsigned long cap, const char *text)
{
	unsigned long n = 0;

	buf[n++] = '"';
	for (; *text != '\0' && n + 4 < cap; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf[n++] = '\\';
		buf[n++] = c < 0x20 || c == 0x7f ? ' ' : (char)c;
	}
	buf[n++] = '"';
	buf[n] = '\0';
	return buf;
}
