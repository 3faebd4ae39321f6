/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/neigh.h: the neighbours of one interface: which Ethernet address an IPv4 address has, and the packets that wait
 * to learn it (RFC 826, RFC 1122 section 2.3.2).  Owned by one worker; storage is static.  A table of states only:
 * what is sent and when is net/arp.c's business.  An entry is made only because we want to send, never because
 * somebody claims an address, so a neighbour cannot fill the table by talking. */
#pragma once

#include "base/counters.h"
#include "base/timer_wheel.h"
#include "net/ip4.h"
#include "net/pkt.h"
#include "net/wire/eth_wire.h"

/* Beyond it the entry unused for longest is recycled, unresolved ones first. */
#define NEIGH_MAX 256
/* Entries being resolved; beyond it the oldest of them is recycled: a flood from invented sources on our network
 * costs known neighbours nothing. */
#define NEIGH_RESOLVING_MAX 64
/* Packets waiting for one entry; beyond it the oldest is dropped (RFC 1122 section 2.3.2.2: keep the latest). */
#define NEIGH_WAITING_MAX 4

enum neigh_state {
	NEIGH_FREE = 0,
	NEIGH_RESOLVING, /* asked by broadcast, no answer yet */
	NEIGH_REACHABLE,
	NEIGH_PROBING, /* in use; asked again because the answer is old */
	NEIGH_FAILED,  /* did not answer; for a moment nobody is asked again */
};

struct neigh {
	struct ip4 addr;
	enum neigh_state state;
	uint8_t mac[ETH_ADDR_BYTES]; /* while REACHABLE or PROBING */
	uint8_t netif_idx;
	uint8_t requests_count; /* in this state */
	uint8_t waiting_count;
	uint16_t next_plus_1;                        /* in its bucket */
	struct rte_mbuf *waiting[NEIGH_WAITING_MAX]; /* IPv4 packets, oldest first */
	uint64_t used_ns;                            /* when a packet last asked for it */
	uint64_t confirmed_ns;                       /* when the neighbour last spoke for itself */
	uint64_t told_ns;                            /* when the other workers last heard of it */
	struct timer_entry timer;
};

struct neigh_table {
	struct neigh entries[NEIGH_MAX];
	uint16_t buckets_plus_1[NEIGH_MAX];
	unsigned resolving_count;
	struct timer_wheel *timers;
	struct counters *count;
};

/* timers and count outlive the table; on_expiry is what the timer of each entry calls. */
void neigh_table_init(struct neigh_table *t, uint8_t netif_idx, struct timer_wheel *timers,
		      timer_fn *on_expiry, struct counters *count);
/* Frees what waits, without a count. */
void neigh_table_fini(struct neigh_table *t);
/* NULL when addr has no entry. */
struct neigh *neigh_find(struct neigh_table *t, struct ip4 addr);
/* A new entry in RESOLVING for an address that has none.  Never fails: what it displaces is counted neigh_recycled. */
struct neigh *neigh_add(struct neigh_table *t, struct ip4 addr, uint64_t now_ns);
/* Frees the entry; what waits is dropped and counted as why. */
void neigh_remove(struct neigh_table *t, struct neigh *n, enum drop_reason why);
void neigh_set_state(struct neigh_table *t, struct neigh *n, enum neigh_state to);
/* Keeps m until the entry is resolved.  Consumes m. */
void neigh_wait(struct neigh_table *t, struct neigh *n, struct rte_mbuf *m);
/* Asserts that the books agree; for tests. */
void neigh_table_check(const struct neigh_table *t);
