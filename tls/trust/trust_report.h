/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_report.h: where the reader and compiler of trust stores say what they find.  Counts
 * errors; whoever has read all decides by that. */
#pragma once

#include "tls/trust/trust_store_params.h"
#include "tls/trust/x509.h"

enum trust_finding_id {
#define TRUST_FINDING(id, severity, code, remedy) TRUST_FOUND_##id,
#include "tls/trust/trust_findings.def"
#undef TRUST_FINDING
	TRUST_FOUND_COUNT
};

struct trust_report {
	const struct trust_store_sink *sink; /* NULL: nobody listens */
	unsigned error_count;
};

/* Adds a finding about a certificate of a file, or with number 0 about the file; cert is NULL when it
 * could not be read.  The format says what is the matter, without a period. */
void trust_report_add(struct trust_report *report, enum trust_finding_id id, size_t file_idx,
		      unsigned number, const struct x509 *cert, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
