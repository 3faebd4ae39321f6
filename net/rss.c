/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/rss.h"

#include "base/assert.h"

/* The 32 bits of key that begin at bit at. */
static uint32_t key_window(struct span key, unsigned at)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 5; i++) {
		unsigned byte = at / 8 + i;

		bits = bits << 8 | (byte < key.len ? key.p[byte] : 0);
	}
	return (uint32_t)(bits >> (8 - at % 8));
}

/* The hash is the sum, without carry, of the key's windows at the input's one bits: so each byte of the input can be
 * looked up for itself. */
static void parts_fill(struct rss *r, struct span key)
{
	for (unsigned byte = 0; byte < RSS_INPUT_BYTES; byte++) {
		for (unsigned value = 0; value < 256; value++) {
			uint32_t hash = 0;

			for (unsigned bit = 0; bit < 8; bit++) {
				if ((value & 0x80u >> bit) != 0)
					hash ^= key_window(key, byte * 8 + bit);
			}
			r->parts[byte][value] = hash;
		}
	}
}

void rss_init(struct rss *r, struct span key, const uint16_t *table, unsigned table_count)
{
	GW_ASSERT(key.len >= RSS_KEY_BYTES_MIN);
	GW_ASSERT(table_count > 0 && table_count <= RSS_TABLE_MAX);
	parts_fill(r, key);
	for (unsigned i = 0; i < table_count; i++)
		r->table[i] = table[i];
	r->table_count = table_count;
}

void rss_init_even(struct rss *r, struct span key, unsigned queue_count)
{
	uint16_t table[RSS_TABLE_MAX];
	unsigned count = RSS_TABLE_MAX - RSS_TABLE_MAX % queue_count;

	GW_ASSERT(queue_count > 0 && queue_count <= RSS_TABLE_MAX);
	for (unsigned i = 0; i < count; i++)
		table[i] = (uint16_t)(i % queue_count);
	rss_init(r, key, table, count);
}

static uint32_t hash_word(const struct rss *r, unsigned byte, uint32_t v)
{
	return r->parts[byte][v >> 24] ^ r->parts[byte + 1][v >> 16 & 255] ^
	       r->parts[byte + 2][v >> 8 & 255] ^ r->parts[byte + 3][v & 255];
}

uint32_t rss_hash_addrs(const struct rss *r, struct ip4 src, struct ip4 dst)
{
	return hash_word(r, 0, src.v) ^ hash_word(r, 4, dst.v);
}

uint32_t rss_hash_ports(const struct rss *r, struct ip4_endpoint src, struct ip4_endpoint dst)
{
	return rss_hash_addrs(r, src.addr, dst.addr) ^
	       hash_word(r, 8, (uint32_t)src.port << 16 | dst.port);
}

unsigned rss_queue(const struct rss *r, uint32_t hash)
{
	return r->table[hash % r->table_count];
}
