/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp_seq.h: comparisons of sequence numbers, modulo 2^32 (RFC 9293 section 3.4).  Meaningful for numbers
 * less than 2^31 apart. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

static inline bool seq_lt(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

static inline bool seq_le(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) <= 0;
}

static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
	return seq_lt(a, b) ? b : a;
}

static inline uint32_t seq_min(uint32_t a, uint32_t b)
{
	return seq_lt(a, b) ? a : b;
}
