/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/metrics_text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static char *text;
static size_t text_len;
static FILE *out;

static void open_out(void)
{
	out = open_memstream(&text, &text_len);
}

static void close_out(void)
{
	free(text);
}

TestSuite(metrics_text, .init = open_out, .fini = close_out);

static void expect(const char *wanted)
{
	fclose(out);
	cr_assert_str_eq(text, wanted);
}

Test(metrics_text, a_family_begins_with_help_and_type)
{
	metrics_family(out, "sallyport_x_total", "counter", "what it counts");
	expect("# HELP sallyport_x_total what it counts\n# TYPE sallyport_x_total counter\n");
}

Test(metrics_text, help_cannot_end_its_line)
{
	metrics_family(out, "x", "gauge", "a\nb\\c\"d");
	expect("# HELP x a\\nb\\\\c\"d\n# TYPE x gauge\n");
}

Test(metrics_text, a_sample_without_labels)
{
	metrics_sample(out, "x", NULL, UINT64_MAX);
	metrics_sample(out, "y", (const struct metrics_label[]){{0}}, 0);
	expect("x 18446744073709551615\ny 0\n");
}

Test(metrics_text, labels_stand_in_braces)
{
	metrics_sample(out, "x", (const struct metrics_label[]){{"a", "1"}, {"b", "2"}, {0}}, 3);
	expect("x{a=\"1\",b=\"2\"} 3\n");
}

Test(metrics_text, a_value_cannot_leave_its_label)
{
	metrics_sample(out, "x", (const struct metrics_label[]){{"a", "\"} 1\n\\"}, {0}}, 3);
	expect("x{a=\"\\\"} 1\\n\\\\\"} 3\n");
}
