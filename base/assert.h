/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/assert.h: checks of our own logic, never of peer data.  GW_ASSERT is always on and means "memory
 * would be corrupt otherwise"; GW_DCHECK exists in debug builds only. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#define GW_ASSERT(cond)                                                                            \
	do {                                                                                       \
		if (__builtin_expect(!(cond), 0))                                                  \
			gw_assert_failed(#cond, __FILE__, __LINE__);                               \
	} while (0)

#ifdef GW_DEBUG
#define GW_DCHECK(cond) GW_ASSERT(cond)
#else
#define GW_DCHECK(cond)                                                                            \
	do {                                                                                       \
	} while (0)
#endif

#define MUST_CHECK __attribute__((warn_unused_result))

/* Says on stderr which check failed and aborts. */
static inline _Noreturn void gw_assert_failed(const char *cond, const char *file, int line)
{
	fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, cond);
	abort();
}
