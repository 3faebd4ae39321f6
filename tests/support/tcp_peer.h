/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/support/tcp_peer.h: everybody else on a tcp_host's network, played by a test one segment at a time.  Answers
 * ARP by itself. */
#pragma once

#include "net/wire/tcp_wire.h"
#include "tests/support/tcp_host.h"

struct tcp_peer_segment {
	struct tcp_header h;
	struct ip4 src, dst;
	struct span payload;
	bool checksum_good;
	uint8_t frame[TCP_HOST_FRAME_BYTES_MAX];
};

enum tcp_peer_fault {
	TCP_PEER_FAULT_NONE,
	TCP_PEER_FAULT_CHECKSUM, /* wrong */
	TCP_PEER_FAULT_SHORT,    /* data offset points behind the end */
};

/* Sends a segment from 198.18.0.from to the host.  raw_opts, when not empty, stands in the place of h's options and
 * is padded to whole words. */
void tcp_peer_send(struct tcp_host *host, uint8_t from, uint8_t to, const struct tcp_header *h,
		   struct span raw_opts, struct span payload, enum tcp_peer_fault fault,
		   uint64_t now_ns);
/* "Fragmentation needed" from 198.18.0.from about the segment of the host's that began at seq, in a packet of packet_bytes: the
 * next network takes mtu_bytes. */
void tcp_peer_too_big(struct tcp_host *host, uint8_t from, struct ip4_endpoint local,
		      struct ip4_endpoint remote, uint32_t seq, uint16_t packet_bytes,
		      uint16_t mtu_bytes, uint64_t now_ns);
/* The next segment the host sends; false when there is none.  *ret stays valid until it is used again. */
bool tcp_peer_take(struct tcp_host *host, struct tcp_peer_segment *ret, uint64_t now_ns);
