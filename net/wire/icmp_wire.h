/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/wire/icmp_wire.h: ICMP (RFC 792), as far as a host needs it: echo, and errors about its TCP segments.  No
 * state; does not look at the checksum, which covers the whole message. */
#pragma once

#include "base/counters.h"
#include "base/span.h"
#include "net/ip4.h"

#define ICMP_HEADER_BYTES 8
#define ICMP_CHECKSUM_OFFSET 2

enum icmp_kind {
	ICMP_OTHER, /* nothing we act on */
	ICMP_ECHO,  /* a request that wants an answer */
	ICMP_UNREACHABLE, /* destination unreachable other than "fragmentation needed", or time exceeded */
	ICMP_TOO_BIG, /* "fragmentation needed and DF set" (RFC 1191) */
};

/* Of a TCP segment that an error quotes, seen from us: we sent it. */
struct icmp_quote {
	struct ip4_endpoint local, remote;
	uint32_t seq;
	uint16_t total_bytes; /* of its packet */
};

/* in begins with the message.  DROP_icmp_truncated when it has no whole header. */
enum drop_reason icmp_kind_parse(struct span in, enum icmp_kind *ret_kind);
/* packet begins with an IPv4 header and holds at least the first 8 bytes of its payload: what an error quotes behind
 * its own header, or a packet that never left.  DROP_icmp_bad_quote when that is not a TCP segment. */
enum drop_reason icmp_quote_parse(struct span packet, struct icmp_quote *ret_quote);
/* The largest packet that the next network takes, says the router that sent message, an ICMP_TOO_BIG of ICMP_HEADER_BYTES;
 * 0 when it is older than RFC 1191. */
uint16_t icmp_next_hop_mtu(const uint8_t *message);
/* Turns an echo request into its reply, in place, with a checksum of 0 for the caller to replace.  message has
 * ICMP_HEADER_BYTES. */
void icmp_echo_to_reply(uint8_t *message);
