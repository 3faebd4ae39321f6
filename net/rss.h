/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/rss.h: receive-side scaling: which queue of a port a packet belongs to, by a Toeplitz hash of its addresses and ports
 * and an indirection table.  With a port's own key and table it says what the port does; with a secret key and any table
 * it is as good a choice for ports that cannot say.  Filled at start, immutable afterwards, shared by all workers. */
#pragma once

#include "base/span.h"
#include "net/ip4.h"

/* A key covers the four addresses and ports, and the 32 bits of the hash behind them.  Ports have longer ones: the rest
 * is for IPv6. */
#define RSS_KEY_BYTES_MIN 16
#define RSS_TABLE_MAX 512
#define RSS_INPUT_BYTES 12

struct rss {
	/* what each value of each input byte adds to the hash */
	uint32_t parts[RSS_INPUT_BYTES][256];
	uint16_t table[RSS_TABLE_MAX];
	unsigned table_count;
};

/* key has at least RSS_KEY_BYTES_MIN bytes, table between 1 and RSS_TABLE_MAX entries. */
void rss_init(struct rss *r, struct span key, const uint16_t *table, unsigned table_count);
/* A table in which each of queue_count queues comes equally often. */
void rss_init_even(struct rss *r, struct span key, unsigned queue_count);
/* The hash of a packet from src to dst with ports, and of one without (a fragment has none). */
uint32_t rss_hash_ports(const struct rss *r, struct ip4_endpoint src, struct ip4_endpoint dst);
uint32_t rss_hash_addrs(const struct rss *r, struct ip4 src, struct ip4 dst);
/* The queue of a packet with that hash. */
unsigned rss_queue(const struct rss *r, uint32_t hash);
