/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/ip4_reassembly.h: IPv4 packets that arrive in fragments (RFC 791, RFC 815), one table a worker.  Takes fragments of
 * TCP and ICMP whose header has been checked, gives the packet back once it is whole.
 *
 * Fragments are the cheapest way to make somebody keep something, and the oldest to make two readers see two packets.  So
 * everything is bounded, what overlaps is refused with all that belongs to it (as RFC 5722 has it for IPv6), and whoever
 * needs a place in a full table takes it from the oldest: a flood shortens what others get, it does not stop them.  The
 * place is chosen by a secret hash, so nobody can aim. */
#pragma once

#include "base/counters.h"
#include "base/timer_wheel.h"
#include "net/ip4.h"

#include <stdbool.h>

struct ip4_header;
struct rte_mbuf;

/* A packet of 1500 bytes takes three over the smallest network that is still in use (576). */
#define IP4_FRAGMENTS_MAX 8
/* Every network carries packets of 68 bytes (RFC 791 section 3.2), so only the last fragment has a reason to be shorter
 * than what is left of those for payload. */
#define IP4_FRAGMENT_BYTES_MIN 48
/* Packets on the way at a time: so many groups, in each of which the oldest gives way. */
#define IP4_REASSEMBLY_GROUPS 16
#define IP4_REASSEMBLY_GROUP_SIZE 8
/* Buffers that one worker's table can hold: app/gateway/sizing.c counts them. */
#define IP4_REASSEMBLY_PKTS_MAX                                                                    \
	(IP4_REASSEMBLY_GROUPS * IP4_REASSEMBLY_GROUP_SIZE * IP4_FRAGMENTS_MAX)
/* RFC 1122 section 3.3.2 has a minute in mind, for hosts that lose more by it than a segment; and in a minute
 * identifications come round (RFC 4963). */
#define IP4_REASSEMBLY_NS 2000000000ull

struct ip4_fragment {
	struct rte_mbuf *m;               /* in one buffer; data begins at its IPv4 header */
	uint16_t offset_bytes, len_bytes; /* of payload */
};

struct ip4_datagram {
	struct ip4 src, dst;
	uint64_t since_ns;
	uint32_t total_bytes; /* of payload; 0: its end has not been seen */
	uint32_t have_bytes;
	uint16_t id;
	uint8_t protocol;
	uint8_t fragment_count;
	bool in_use;
	enum drop_reason refused_why; /* so is what else comes of it; then it holds nothing */
	struct ip4_fragment fragments[IP4_FRAGMENTS_MAX]; /* by offset */
};

struct ip4_reassembly {
	struct ip4_datagram groups[IP4_REASSEMBLY_GROUPS][IP4_REASSEMBLY_GROUP_SIZE];
	uint64_t secret[2];
	struct timer_entry timer; /* armed while any place is taken */
	struct timer_wheel *timers;
	struct counters *count;
};

/* secret is random; timers and count outlive r. */
void ip4_reassembly_init(struct ip4_reassembly *r, const uint64_t secret[2],
			 struct timer_wheel *timers, struct counters *count);
/* Frees every fragment held. */
void ip4_reassembly_fini(struct ip4_reassembly *r);
/* m, whose data begins at its header ip and ends with the packet, is a fragment.  DROP_none: it has been consumed, and
 * *ret_whole is NULL when more of its packet is missing, else that packet, now the caller's: a chain behind one header that
 * says so.  Otherwise m is still the caller's, and *ret_whole is untouched; what was held of the same packet may be gone,
 * counted. */
enum drop_reason ip4_reassembly_take(struct ip4_reassembly *r, struct rte_mbuf *m,
				     const struct ip4_header *ip, uint64_t now_ns,
				     struct rte_mbuf **ret_whole);
/* Asserts that the books agree, for tests. */
void ip4_reassembly_check(const struct ip4_reassembly *r);
