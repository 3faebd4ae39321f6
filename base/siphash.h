/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/siphash.h: SipHash-2-4 (Aumasson and Bernstein, 2012), a keyed hash of short inputs.  A peer may choose the
 * inputs and still not foresee the outputs: connection tables, RFC 6528 sequence numbers. */
#pragma once

#include "base/span.h"

/* key is secret and random: its two halves, k0 and k1 of the paper. */
uint64_t siphash24(const uint64_t key[2], struct span data);
