/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_explain.h: one judgement told step by step, as JSON.  The judgement is trust_judge()'s
 * own, so what is told is what a handshake would meet.  For a command, not for a worker: it
 * allocates. */
#pragma once

#include "tls/trust/trust.h"

#include <jansson.h>

/* The version of the document. */
#define TRUST_EXPLAIN_SCHEMA 1

/* Judges rq and returns the document `sallyportctl trust explain --json` prints: {schema, verdict:
 * "accepted"|"refused", reason, help, azure, aws, gcp, depth, at, store_digest, path, steps, work, limits,
 * identity}.  rq->trace is not used.  NULL when memory is short; the caller frees it with
 * json_decref(). */
json_t *trust_explain(const struct trust_request *rq);

/* Seconds since 1970 UTC as RFC 3339 text ("2030-01-01T00:00:00Z") and back.  Parsing takes this form
 * alone, years from 0001 to 9999. */
#define TRUST_EXPLAIN_TIME_CHARS 21
void trust_explain_time_put(int64_t time_s, char ret_text[TRUST_EXPLAIN_TIME_CHARS]);
bool trust_explain_time_parse(const char *text, int64_t *ret_time_s);
