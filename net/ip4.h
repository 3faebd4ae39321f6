/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/ip4.h: IPv4 addresses in host order, wrapped so that they cannot be mixed with other integers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct ip4 {
	uint32_t v; /* host order: 198.18.0.1 is 0xc6120001 */
};

struct ip4_endpoint {
	struct ip4 addr;
	uint16_t port; /* host order */
};

struct ip4_prefix {
	struct ip4 addr;
	uint8_t len; /* 0..32 */
};

static inline bool ip4_eq(struct ip4 a, struct ip4 b)
{
	return a.v == b.v;
}

static inline bool ip4_prefix_has(struct ip4_prefix p, struct ip4 a)
{
	return p.len == 0 || ((p.addr.v ^ a.v) >> (32 - p.len)) == 0;
}
