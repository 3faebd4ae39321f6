/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/trust_text.h: the document of `trust explain` for a person. */
#pragma once

#include <jansson.h>
#include <stdio.h>

/* Writes a document of schema TRUST_EXPLAIN_SCHEMA. */
void trust_text_write(const json_t *document, FILE *out);
