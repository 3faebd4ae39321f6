/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_report.h"

#include <stdarg.h>
#include <stdio.h>

#include "tls/trust/dn.h"

#define SUBJECT_BYTES_MAX 1024
#define WHAT_BYTES_MAX 1024

static const struct {
	const char *code, *remedy;
	enum trust_severity severity;
} infos[TRUST_FOUND_COUNT] = {
#define TRUST_FINDING(id, severity, code, remedy)                                                  \
	[TRUST_FOUND_##id] = {code, remedy, TRUST_SEVERITY_##severity},
#include "tls/trust/trust_findings.def"
#undef TRUST_FINDING
};

void trust_report_add(struct trust_report *report, enum trust_finding_id id, size_t file_idx,
		      unsigned number, const struct x509 *cert, const char *format, ...)
{
	struct trust_store_finding finding = {
		.code = infos[id].code,
		.severity = infos[id].severity,
		.file_idx = file_idx,
		.number = number,
		.remedy = infos[id].remedy,
	};
	char subject[SUBJECT_BYTES_MAX] = "", what[WHAT_BYTES_MAX];
	va_list args;

	report->error_count += finding.severity == TRUST_SEVERITY_ERROR;
	if (report->sink == NULL)
		return;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	finding.what = what;
	finding.subject = subject;
	if (cert != NULL)
		dn_describe(cert->subject, subject, sizeof(subject));
	report->sink->found(report->sink->ctx, &finding);
}
