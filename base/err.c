/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

void err_note_set(struct err_note *note, const char *format, ...)
{
	va_list args;

	if (note == NULL)
		return;
	va_start(args, format);
	vsnprintf(note->text, sizeof(note->text), format, args);
	va_end(args);
}
