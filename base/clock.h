/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/clock.h: the kernel's clocks as numbers.  For those who drive engines (app): engines never read one, they are handed
 * the time. */
#pragma once

#include <stdint.h>
#include <time.h>

/* Nanoseconds of CLOCK_MONOTONIC, CLOCK_REALTIME and their like.  Cannot fail: those clocks are always there. */
uint64_t clock_ns(clockid_t clock);
/* Milliseconds of CLOCK_MONOTONIC. */
uint64_t clock_monotonic_ms(void);
