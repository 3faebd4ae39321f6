/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/net/fixture.h: a net with two interfaces on test mbufs, and in TCP's place a recorder: what would reach
 * tcp_input() is kept for the test to look at. */
#pragma once

#include "net/net_priv.h"
#include "tests/support/mbuf_pool.h"

#define IP(a, b, c, d) ((struct ip4){(uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d)})
#define SECOND 1000000000ull

#define GW_FRONT IP(198, 18, 0, 1)
#define GW_BACK IP(198, 19, 0, 1)
#define CLIENT IP(198, 18, 0, 2)
#define BACKEND IP(198, 19, 0, 2)

struct fixture {
	struct net net;
	struct counters count;
	struct rte_mempool *pool;
	uint64_t now_ns;
	uint64_t drops_before;
	/* the second of two workers, where there are two */
	struct net other;
	struct counters other_count;
	struct rss rss;
	struct spsc to_other, from_other;
	/* what TCP was given last, by whom, and how often */
	const struct net *segment_net, *unreachable_net;
	struct rte_mbuf *segment;
	struct ip4_header segment_ip;
	unsigned segment_count;
	struct icmp_quote unreachable;
	unsigned unreachable_count;
	/* the last "fragmentation needed", and what TCP says to it */
	struct icmp_quote too_big;
	uint16_t too_big_mtu;
	bool too_big_believed;
};

/* One for each test process. */
extern struct fixture fx;
extern const uint8_t gw_front_mac[6], gw_back_mac[6], client_mac[6], backend_mac[6],
	stranger_mac[6];

/* change may be NULL; else it adjusts the parameters of interface 0 first. */
void fixture_set_up(void (*change)(struct netif_params *front));
/* fx.net is worker 0 and fx.other worker 1 of the same ports. */
void fixture_set_up_two(void);
void fixture_tear_down(void);

/* A frame from src to dst, payload copied, padded to 60 bytes as Ethernet would. */
struct rte_mbuf *frame_make(const uint8_t dst[6], const uint8_t src[6], uint16_t type,
			    struct span payload);
/* The same with an IPv4 header of ours in front of payload. */
struct rte_mbuf *frame_make_ip4(const uint8_t dst[6], const uint8_t src[6], struct ip4_header ip,
				struct span payload);
struct rte_mbuf *frame_make_arp(const uint8_t dst[6], const struct arp_packet *arp);
/* Gives m to interface idx. */
void receive(unsigned idx, struct rte_mbuf *m);
/* Gives m to interface idx and asserts that it is freed with exactly this one drop counted, answered by nothing. */
void receive_dropped(unsigned idx, struct rte_mbuf *m, enum drop_reason why);
/* Lets the client answer: afterwards its address is known. */
void client_resolve(void);
/* The frame that interface idx would send first, taken out; NULL when there is none. */
struct rte_mbuf *sent_take(unsigned idx);
uint64_t drops_total(void);
