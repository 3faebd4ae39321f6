/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program of the build that writes a manual page to stdout: gen_man sallyport | sallyportctl | sallyport.yaml.  Options come
 * from the argp tables that the programs parse with, keys from config/schema.def, counters from base/counters.def and
 * base/drops.def: a page cannot say less than the program does. */
#include "app/gateway/options.h"
#include "app/sallyportctl/sallyportctl.h"
#include "base/counters.h"
#include "config/describe.h"
#include "config/schema.h"

#include <argp.h>
#include <ctype.h>
#include <string.h>

/* Text for roff (man(7)): a backslash, a hyphen and a control character at the start of a line mean something to it. */
static void put(const char *text)
{
	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] == '\\')
			fputs("\\e", stdout);
		else if (text[i] == '-')
			fputs("\\-", stdout);
		else if (text[i] == '`')
			continue;
		else if ((text[i] == '.' || text[i] == '\'') && (i == 0 || text[i - 1] == '\n'))
			printf("\\&%c", text[i]);
		else
			fputc(text[i], stdout);
	}
}

static void put_head(const char *name, const char *section, const char *summary)
{
	char upper[64];
	size_t i;

	for (i = 0; name[i] != '\0' && i + 1 < sizeof(upper); i++)
		upper[i] = (char)toupper((unsigned char)name[i]);
	upper[i] = '\0';
	printf(".\\\" SPDX-License-Identifier: GPL-3.0-or-later\n");
	printf(".\\\" Written by app/man/gen_man.c from the tables of the source.\n");
	printf(".TH %s %s \"2026-11-24\" \"Sallyport " GW_VERSION "\" \"Sallyport\"\n.SH NAME\n",
	       upper, section);
	put(name);
	fputs(" \\- ", stdout);
	put(summary);
	fputs("\n", stdout);
}

static void put_section(const char *title)
{
	printf(".SH %s\n", title);
}

static void put_tag(const char *tag, const char *text)
{
	fputs(".TP\n.B ", stdout);
	put(tag);
	fputc('\n', stdout);
	put(text);
	fputc('\n', stdout);
}

static void put_options(const struct argp *argp)
{
	for (const struct argp_option *o = argp->options; o != NULL && o->name != NULL; o++) {
		fputs(".TP\n", stdout);
		if (isprint(o->key))
			printf("\\fB\\-%c\\fR, ", o->key);
		fputs("\\fB\\-\\-", stdout);
		put(o->name);
		fputs("\\fR", stdout);
		if (o->arg != NULL) {
			fputs("=\\fI", stdout);
			put(o->arg);
			fputs("\\fR", stdout);
		}
		fputc('\n', stdout);
		put(o->doc);
		fputs(".\n", stdout);
	}
	for (const struct argp_child *child = argp->children; child != NULL && child->argp != NULL;
	     child++)
		put_options(child->argp);
}

/* The two halves of argp's text: before the options, and after them. */
static void put_doc(const char *doc, bool after)
{
	const char *split = strchr(doc, '\v');
	size_t len = split != NULL ? (size_t)(split - doc) : strlen(doc);
	char before[1024];

	if (after) {
		put(split != NULL ? split + 1 : "");
	} else {
		snprintf(before, sizeof(before), "%.*s", (int)len, doc);
		put(before);
	}
	fputc('\n', stdout);
}

static void put_counters(void)
{
	put_section("COUNTERS");
	put("What status shows under counters, and metrics as sallyport_NAME_total.");
	fputc('\n', stdout);
	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		put_tag(counter_infos[i].name, counter_infos[i].help);
	put_section("DROPS");
	put("Why a frame, segment, handshake or request was dropped or refused: status shows it "
	    "under drops, metrics as "
	    "sallyport_drop_NAME_total, the access log as error.");
	fputc('\n', stdout);
	for (unsigned i = DROP_none + 1; i < DROP_COUNT; i++)
		put_tag(drop_infos[i].name, drop_infos[i].help);
}

static void page_sallyport(void)
{
	put_head("sallyport", "8", "TLS gateway that demands a client certificate");
	put_section("SYNOPSIS");
	puts(".B sallyport\n\\fB\\-\\-config\\fR \\fIFILE\\fR [\\fB\\-\\-check\\fR | "
	     "\\fB\\-\\-print\\-config\\fR]");
	put_section("DESCRIPTION");
	put_doc(options_argp.doc, false);
	put_section("OPTIONS");
	put_options(&options_argp);
	put_section("SIGNALS AND EXIT STATUS");
	put_doc(options_argp.doc, true);
	put_section("ENVIRONMENT");
	put_tag("NOTIFY_SOCKET, WATCHDOG_USEC",
		"Set by systemd: where READY, STOPPING and WATCHDOG are sent, see sd_notify(3).");
	put_counters();
	put_section("SEE ALSO");
	puts(".BR sallyportctl (8),\n.BR sallyport.yaml (5)");
}

static void page_sallyportctl(void)
{
	put_head("sallyportctl", "8", "looks after a Sallyport gateway");
	put_section("SYNOPSIS");
	puts(".B sallyportctl\n\\fICOMMAND\\fR [\\fIARGUMENT\\fR...]");
	put_section("DESCRIPTION");
	put("Asks a running gateway over its control socket, or checks a start-up file as the "
	    "gateway would.  COMMAND --help says what a command takes.");
	fputc('\n', stdout);
	put_section("COMMANDS");
	for (const struct ctl_command *c = ctl_commands; c->name != NULL; c++) {
		printf(".SS ");
		put(c->name);
		printf("%s", c->args[0] != '\0' ? " " : "");
		put(c->args);
		fputc('\n', stdout);
		put_doc(c->argp->doc, false);
		put_options(c->argp);
		puts(".PP");
		put_doc(c->argp->doc, true);
	}
	put_section("EXIT STATUS");
	put("0 yes, 1 no or refused, 2 could not tell: usage, no socket, no answer.");
	fputc('\n', stdout);
	put_section("SEE ALSO");
	puts(".BR sallyport (8),\n.BR sallyport.yaml (5)");
}

/* What describe.h says goes through roff's escapes as well. */
static void put_described(void (*describe)(const struct schema_row *, FILE *),
			  const struct schema_row *row)
{
	char text[512] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	if (out == NULL)
		return;
	describe(row, out);
	fclose(out);
	put(text);
}

static void put_key(const char *prefix, const struct schema_row *row)
{
	fputs(".TP\n.B ", stdout);
	put(prefix);
	put(row->key);
	fputc('\n', stdout);
	put(row->help);
	fputs(".\n.br\n", stdout);
	put_described(describe_type, row);
	fputs("; default: ", stdout);
	put_described(describe_default, row);
	fputs(".\n", stdout);
}

static void put_keys(enum schema_section section, const char *prefix)
{
	char nested[64];

	for (size_t i = 0; i < schema_row_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		if (row->in != section)
			continue;
		if (row->form == FORM_MAP || row->form == FORM_ITEMS) {
			snprintf(nested, sizeof(nested), "%s%s%s.", prefix, row->key,
				 row->form == FORM_ITEMS ? "[]" : "");
			put_keys(row->section, nested);
			continue;
		}
		put_key(prefix, row);
	}
}

static void page_yaml(void)
{
	put_head("sallyport.yaml", "5", "start-up file of the Sallyport gateway");
	put_section("DESCRIPTION");
	put("One YAML 1.2 document in UTF-8.  sallyport --check --config FILE reports all that is "
	    "wrong with it at once; sallyport --print-config shows it with every default filled "
	    "in.  A key that is not listed here is an error.  Every size carries its unit (B, KiB, "
	    "MiB, GiB), and so does every time (ms, s, m, h).  docs/CONFIG.md has the same keys as "
	    "tables, with bounds and defaults.");
	fputc('\n', stdout);
	for (size_t i = 0; i < schema_row_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		if (row->in != SECTION_root)
			continue;
		fputs(".SH ", stdout);
		for (const char *c = row->key; *c != '\0'; c++)
			fputc(toupper((unsigned char)*c), stdout);
		fputc('\n', stdout);
		put(row->help);
		fputs(".\n", stdout);
		put_keys(row->section, "");
	}
	put_section("SEE ALSO");
	puts(".BR sallyport (8),\n.BR sallyportctl (8)");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*write)(void);
	} pages[] = {
		{"sallyport", page_sallyport},
		{"sallyportctl", page_sallyportctl},
		{"sallyport.yaml", page_yaml},
	};

	for (size_t i = 0; argc == 2 && i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(argv[1], pages[i].name) == 0) {
			pages[i].write();
			return 0;
		}
	}
	fputs("usage: gen_man sallyport | sallyportctl | sallyport.yaml\n", stderr);
	return 2;
}
