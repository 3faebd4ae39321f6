/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/trust_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static int64_t int_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* "" when there is none. */
static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

/* File names may have any octets; a control character must not reach the terminal. */
static void put(const char *text, FILE *out)
{
	for (; *text != '\0'; text++)
		fputc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, out);
}

static void put_foreign(const char *who, const char *name, bool *is_first, FILE *out)
{
	if (name[0] == '\0')
		return;
	fprintf(out, "%s%s \"%s\"", *is_first ? "\nelsewhere: " : ", ", who, name);
	*is_first = false;
}

static void put_verdict(const json_t *document, FILE *out)
{
	bool is_first = true;

	fprintf(out, "%s", text_of(document, "verdict"));
	if (strcmp(text_of(document, "verdict"), "accepted") != 0)
		fprintf(out, ": %s", text_of(document, "reason"));
	if (text_of(document, "help")[0] != '\0')
		fprintf(out, ", %s", text_of(document, "help"));
	put_foreign("Azure", text_of(document, "azure"), &is_first, out);
	put_foreign("AWS", text_of(document, "aws"), &is_first, out);
	put_foreign("Google", text_of(document, "gcp"), &is_first, out);
	fprintf(out, "\njudged as of %s", text_of(document, "at"));
	if (text_of(document, "store_digest")[0] != '\0')
		fprintf(out, " by the store %.16s", text_of(document, "store_digest"));
	fputc('\n', out);
}

static void put_path(const json_t *path, FILE *out)
{
	const json_t *entry;
	size_t i;

	if (json_array_size(path) > 0)
		fputs("\npath, leaf first\n", out);
	json_array_foreach(path, i, entry)
	{
		fprintf(out, "  %zu %-6s  ", i, text_of(entry, "source"));
		put(text_of(entry, "subject"), out);
		fprintf(out, "  (sha256 %.16s...)\n", text_of(entry, "sha256"));
	}
}

static void put_step(const json_t *step, FILE *out)
{
	const char *result = text_of(step, "result");

	fprintf(out, "  %3" PRId64 " %-4s %-16s", int_of(step, "n"),
		strcmp(result, "fail") == 0 ? "FAIL" : result, text_of(step, "rule"));
	fprintf(out, "%*s", (int)(int_of(step, "depth") % 32) * 2, "");
	put(text_of(step, "cert"), out);
	if (text_of(step, "candidate")[0] != '\0') {
		fputs(" <- ", out);
		put(text_of(step, "candidate"), out);
	}
	if (text_of(step, "detail")[0] != '\0')
		fprintf(out, "%s%s", text_of(step, "cert")[0] != '\0' ? ": " : "",
			text_of(step, "detail"));
	fputc('\n', out);
}

static void put_steps(const json_t *steps, FILE *out)
{
	const json_t *step;
	size_t i;

	if (json_array_size(steps) > 0)
		fputs("\nsteps\n", out);
	json_array_foreach(steps, i, step) put_step(step, out);
}

static void put_identity(const json_t *identity, FILE *out)
{
	static const char *const keys[] = {"subject",   "issuer",  "serial", "not_before",
					   "not_after", "expires", "sha256"};

	if (!json_is_object(identity))
		return;
	fputs("\nidentity\n", out);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		fprintf(out, "  %-11s ", keys[i]);
		put(text_of(identity, keys[i]), out);
		fputc('\n', out);
	}
}

/* What was done of what is allowed. */
static void put_work(const json_t *work, const json_t *limits, FILE *out)
{
	static const struct {
		const char *work, *limit;
	} rows[] = {
#define EXPLAIN_WORK(field, limit) {#field, #limit},
#include "tls/trust/trust_explain_work.def"
#undef EXPLAIN_WORK
	};

	if (json_object_size(work) == 0)
		return;
	fputs("\nwork of its limit\n", out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		fprintf(out, "  %-14s %6" PRId64 " of %6" PRId64 "\n", rows[i].work,
			int_of(work, rows[i].work), int_of(limits, rows[i].limit));
}

static void put_findings(const json_t *findings, FILE *out)
{
	const json_t *finding;
	size_t i;

	if (json_array_size(findings) > 0)
		fputs("\nthe store's files\n", out);
	json_array_foreach(findings, i, finding)
	{
		fprintf(out, "  %s: %s: file %" PRId64, text_of(finding, "severity"),
			text_of(finding, "code"), int_of(finding, "file") + 1);
		if (int_of(finding, "number") > 0)
			fprintf(out, ", certificate %" PRId64, int_of(finding, "number"));
		if (text_of(finding, "subject")[0] != '\0') {
			fputs(" (", out);
			put(text_of(finding, "subject"), out);
			fputc(')', out);
		}
		fputs(": ", out);
		put(text_of(finding, "what"), out);
		fprintf(out, "; %s\n", text_of(finding, "remedy"));
	}
}

void trust_text_write(const json_t *document, FILE *out)
{
	put_verdict(document, out);
	put_findings(json_object_get(document, "findings"), out);
	put_path(json_object_get(document, "path"), out);
	put_steps(json_object_get(document, "steps"), out);
	put_identity(json_object_get(document, "identity"), out);
	put_work(json_object_get(document, "work"), json_object_get(document, "limits"), out);
}
