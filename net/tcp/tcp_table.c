/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection table: chains from an array of buckets, at most half as many connections as buckets.  The hash is keyed
 * by a secret, so a client that chooses its ports cannot aim at one chain. */
#include "base/siphash.h"
#include "net/tcp/tcp_priv.h"

uint64_t tcp_tuple_hash(const struct tcp_stack *tcp, enum tcp_hash_purpose purpose,
			struct ip4_endpoint local, struct ip4_endpoint remote)
{
	uint32_t words[4] = {
		local.addr.v,
		remote.addr.v,
		(uint32_t)local.port << 16 | remote.port,
		purpose,
	};

	return siphash24(tcp->secret, span_of(words, sizeof(words)));
}

static struct tcp_conn **bucket_of(const struct tcp_stack *tcp, struct ip4_endpoint local,
				   struct ip4_endpoint remote)
{
	uint64_t hash = tcp_tuple_hash(tcp, TCP_HASH_TABLE, local, remote);

	return &tcp->buckets[hash & tcp->bucket_mask];
}

static bool endpoint_eq(struct ip4_endpoint a, struct ip4_endpoint b)
{
	return a.port == b.port && ip4_eq(a.addr, b.addr);
}

struct tcp_conn *tcp_table_find(const struct tcp_stack *tcp, struct ip4_endpoint local,
				struct ip4_endpoint remote)
{
	struct tcp_conn *c = *bucket_of(tcp, local, remote);

	while (c != NULL && !(endpoint_eq(c->remote, remote) && endpoint_eq(c->local, local)))
		c = c->hash_next;
	return c;
}

void tcp_table_add(struct tcp_stack *tcp, struct tcp_conn *c)
{
	struct tcp_conn **bucket = bucket_of(tcp, c->local, c->remote);

	c->hash_next = *bucket;
	*bucket = c;
	c->in_table = true;
}

void tcp_table_remove(struct tcp_stack *tcp, struct tcp_conn *c)
{
	struct tcp_conn **slot = bucket_of(tcp, c->local, c->remote);

	if (!c->in_table)
		return;
	while (*slot != c)
		slot = &(*slot)->hash_next;
	*slot = c->hash_next;
	c->hash_next = NULL;
	c->in_table = false;
}
