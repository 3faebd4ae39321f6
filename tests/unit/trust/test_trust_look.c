/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/trust/trust_look.h"

Test(trust_look, long_name_counts_by_its_length)
{
	unsigned looked_at = 0;

	cr_expect(trust_look(100, &looked_at, 0));
	cr_expect_eq(looked_at, 1);
	cr_expect(trust_look(100, &looked_at, TRUST_LOOK_OCTETS - 1));
	cr_expect_eq(looked_at, 2);
	cr_expect(trust_look(100, &looked_at, 10 * TRUST_LOOK_OCTETS));
	cr_expect_eq(looked_at, 13);
}

Test(trust_look, what_does_not_fit_uses_the_limit_up)
{
	unsigned looked_at = 90;

	cr_expect(trust_look(100, &looked_at, 9 * TRUST_LOOK_OCTETS));
	cr_expect_eq(looked_at, 100);
	cr_expect_not(trust_look(100, &looked_at, 0));
	cr_expect_eq(looked_at, 100);
	looked_at = 90;
	cr_expect_not(trust_look(100, &looked_at, 10 * TRUST_LOOK_OCTETS));
	cr_expect_eq(looked_at, 100);
	cr_expect_not(trust_look(100, &looked_at, 0), "nothing fits any more");
}
