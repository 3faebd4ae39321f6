/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/metrics_text.h: Prometheus' text format (version 0.0.4): families of samples with labels, escaped. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#define METRICS_LABELS_MAX 3

/* A label's name is ours; its value may be anything. */
struct metrics_label {
	const char *name, *value;
};

/* Begins the family: all its samples follow it directly.  A counter's name ends in _total. */
void metrics_family(FILE *out, const char *name, const char *type, const char *help);
/* One sample; labels end with a name of NULL, or after METRICS_LABELS_MAX.  NULL: it has none. */
void metrics_sample(FILE *out, const char *name, const struct metrics_label *labels,
		    uint64_t value);
