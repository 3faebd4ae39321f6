/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "base/outbuf.h"

Test(outbuf, what_does_not_fit_is_not_written_at_all)
{
	uint8_t mem[4];
	struct outbuf out = outbuf_of(mem, sizeof(mem));

	cr_assert(outbuf_puts(&out, "abc"));
	cr_assert_not(outbuf_puts(&out, "de"));
	cr_assert(out.overflowed);
	cr_assert(outbuf_putc(&out, 'f'));
	cr_assert(span_eq(outbuf_span(&out), SPAN_LIT("abcf")));
}

Test(outbuf, decimal_covers_both_ends)
{
	uint8_t mem[24];
	struct outbuf out = outbuf_of(mem, sizeof(mem));

	outbuf_put_u64(&out, 0);
	outbuf_put_u64(&out, UINT64_MAX);
	cr_assert(span_eq(outbuf_span(&out), SPAN_LIT("018446744073709551615")));
}

Test(outbuf, hex_in_either_case)
{
	uint8_t mem[8];
	struct outbuf out = outbuf_of(mem, sizeof(mem));

	cr_assert(outbuf_put_hex(&out, SPAN_LIT("\x0a\xfe"), true));
	cr_assert(outbuf_put_hex(&out, SPAN_LIT("\x0a\xfe"), false));
	cr_assert(span_eq(outbuf_span(&out), SPAN_LIT("0AFE0afe")));
	cr_assert_not(outbuf_put_hex(&out, SPAN_LIT("x"), false));
}
