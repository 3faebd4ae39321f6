/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/describe.h: what a key takes, in words, for docs/CONFIG.md and the manual page.  Words of the start-up file stand
 * between backquotes. */
#pragma once

#include "config/schema.h"

/* "size, 1KiB to 64KiB, or `none`".  Not for maps and entries. */
void describe_type(const struct schema_row *row, FILE *out);
/* "`16KiB`", "required", "none" */
void describe_default(const struct schema_row *row, FILE *out);
