/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "base/span.h"

Test(span, skip_past_the_end_is_empty)
{
	struct span s = span_skip(SPAN_LIT("abc"), 4);

	cr_assert_eq(s.len, 0);
	cr_assert_eq(span_skip(SPAN_LIT("abc"), 3).len, 0);
	cr_assert(span_eq(span_skip(SPAN_LIT("abc"), 1), SPAN_LIT("bc")));
}

Test(span, head_is_at_most_the_whole)
{
	cr_assert(span_eq(span_head(SPAN_LIT("abc"), 2), SPAN_LIT("ab")));
	cr_assert(span_eq(span_head(SPAN_LIT("abc"), 9), SPAN_LIT("abc")));
}

Test(span, empty_spans_are_equal_whatever_they_point_at)
{
	cr_assert(span_eq(span_of(NULL, 0), SPAN_LIT("")));
}

Test(span, case_is_ignored_for_ascii_letters_only)
{
	cr_assert(span_eq_nocase(SPAN_LIT("Host-1"), SPAN_LIT("hOST-1")));
	cr_assert_not(span_eq_nocase(SPAN_LIT("a["), SPAN_LIT("A{")));
	cr_assert_not(span_eq_nocase(SPAN_LIT("ab"), SPAN_LIT("abc")));
}
