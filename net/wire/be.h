/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/wire/be.h: big-endian integers at any address, to and from host order.  Includable only from net/wire:
 * outside of it every value is in host order. */
#pragma once

#include <stdint.h>

static inline uint16_t be16_get(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t be32_get(const uint8_t *p)
{
	return (uint32_t)be16_get(p) << 16 | be16_get(p + 2);
}

/* The putters return where the next field goes. */
static inline uint8_t *be16_put(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static inline uint8_t *be32_put(uint8_t *p, uint32_t v)
{
	return be16_put(be16_put(p, (uint16_t)(v >> 16)), (uint16_t)v);
}
