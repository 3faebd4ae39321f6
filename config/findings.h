/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/findings.h: what is wrong with a start-up file, collected in any order and said in the
 * order of the file: `FILE:LINE:COL: error|warning: KEY.PATH[NAME]: WHAT; WHAT TO DO`. */
#pragma once

#include "config/arena.h"
#include "config/yaml.h"

#include <stdio.h>

struct finding;

struct findings {
	struct arena *arena;
	struct finding *last; /* a list, newest first */
	size_t error_count, warning_count;
	bool no_memory; /* a finding was lost: the file must not be accepted */
};

/* Where a finding belongs.  Name is the entry's of a list of entries; NULL outside of one. */
struct finding_place {
	struct yaml_pos pos;
	const char *key_path, *name;
};

/* Whatever place points to must live as long as findings.  The format yields "WHAT; WHAT TO DO". */
void findings_error(struct findings *f, struct finding_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void findings_warning(struct findings *f, struct finding_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Writes all of them, sorted by line and column, then `FILE: N errors, M warnings`; nothing when
 * there are none. */
void findings_print(struct findings *f, const char *file, FILE *out);
