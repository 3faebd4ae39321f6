/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/status_text.h: the status document for a person. */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* The version of the document that this program reads. */
#define STATUS_SCHEMA 1

/* Writes status, an object of schema STATUS_SCHEMA.  What it lacks or has in another type is shown
 * as "?" or 0; counts and drops that are 0 are left out. */
void status_text_write(const json_t *status, FILE *out);
