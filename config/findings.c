/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/findings.h"

#include <stdlib.h>

struct finding {
	struct finding *older;
	struct finding_place place;
	const char *severity, *text;
	size_t sequence;
};

static void add(struct findings *f, struct finding_place place, const char *severity,
		const char *format, va_list args)
{
	struct finding *finding = arena_alloc(f->arena, 1, sizeof(*finding));

	if (finding == NULL) {
		f->no_memory = true;
		return;
	}
	finding->place = place;
	finding->severity = severity;
	finding->sequence = f->error_count + f->warning_count;
	finding->text = arena_vprintf(f->arena, format, args);
	if (finding->text == NULL)
		f->no_memory = true;
	finding->older = f->last;
	f->last = finding;
}

void findings_error(struct findings *f, struct finding_place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(f, place, "error", format, args);
	va_end(args);
	f->error_count++;
}

void findings_warning(struct findings *f, struct finding_place place, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(f, place, "warning", format, args);
	va_end(args);
	f->warning_count++;
}

static int compare(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left;
	const struct finding *b = *(const struct finding *const *)right;

	if (a->place.pos.line != b->place.pos.line)
		return a->place.pos.line < b->place.pos.line ? -1 : 1;
	if (a->place.pos.column != b->place.pos.column)
		return a->place.pos.column < b->place.pos.column ? -1 : 1;
	return a->sequence < b->sequence ? -1 : 1;
}

static void print_one(const struct finding *finding, const char *file, FILE *out)
{
	const struct finding_place *place = &finding->place;

	fprintf(out, "%s:%u:%u: %s: %s", file, place->pos.line, place->pos.column,
		finding->severity, place->key_path);
	if (place->name != NULL)
		fprintf(out, "[%s]", place->name);
	fprintf(out, ": %s\n",
		finding->text != NULL ? finding->text : "out of memory; free some and try again");
}

void findings_print(struct findings *f, const char *file, FILE *out)
{
	size_t count = 0;
	struct finding **sorted;

	for (struct finding *finding = f->last; finding != NULL; finding = finding->older)
		count++;
	sorted = arena_alloc(f->arena, count, sizeof(*sorted));
	if (f->no_memory || sorted == NULL)
		fprintf(out, "%s:1:1: error: file: out of memory; free some and try again\n", file);
	if (count == 0 || sorted == NULL)
		return;
	count = 0;
	for (struct finding *finding = f->last; finding != NULL; finding = finding->older)
		sorted[count++] = finding;
	qsort(sorted, count, sizeof(struct finding *), compare);
	for (size_t i = 0; i < count; i++)
		print_one(sorted[i], file, out);
	fprintf(out, "%s: %zu errors, %zu warnings\n", file, f->error_count, f->warning_count);
}
