/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/metrics_text.h"

#include <inttypes.h>
#include <stdbool.h>

/* A line feed would end the line, a quote the label's value, and a backslash escapes. */
static void put_escaped(FILE *out, const char *text, bool is_label)
{
	for (; *text != '\0'; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '\\')
			fputs("\\\\", out);
		else if (*text == '"' && is_label)
			fputs("\\\"", out);
		else
			fputc(*text, out);
	}
}

void metrics_family(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s ", name);
	put_escaped(out, help, false);
	fprintf(out, "\n# TYPE %s %s\n", name, type);
}

void metrics_sample(FILE *out, const char *name, const struct metrics_label *labels, uint64_t value)
{
	fputs(name, out);
	for (unsigned i = 0; labels != NULL && i < METRICS_LABELS_MAX && labels[i].name != NULL;
	     i++) {
		fprintf(out, "%c%s=\"", i == 0 ? '{' : ',', labels[i].name);
		put_escaped(out, labels[i].value, true);
		fputc('"', out);
	}
	if (labels != NULL && labels[0].name != NULL)
		fputc('}', out);
	fprintf(out, " %" PRIu64 "\n", value);
}
