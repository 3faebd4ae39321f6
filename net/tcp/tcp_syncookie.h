/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp_syncookie.h: the number of a SYN-ACK as the only memory of a handshake (RFC 4987 section 3.6).  One maker per
 * stack; holds no connection, reads no clock.
 *
 * A cookie, from the highest bit: period mod 32 (5 bits), MSS class (3), MAC (24).  The MAC is SipHash-2-4 over both
 * endpoints, the client's initial sequence number, the whole period number, the class and the options, under a key drawn
 * anew each period.  A cookie is good in its own period and the next: 64 to 128 seconds.
 *
 * Options fit nowhere in it.  A client that sends timestamps gets those of its own back through ours: the low six bits of
 * the SYN-ACK's timestamp are its window shift (4 bits; 15: none) and whether it permits selective acknowledgements (1 bit,
 * always 0 so far: we have none); bit 5 is 1.  The MAC covers them, so a client cannot choose others.  One without
 * timestamps gets neither, as if it had not offered them (RFC 7323 sections 2.2 and 3.2). */
#pragma once

#include "net/ip4.h"

#include <stdbool.h>
#include <stdint.h>

#define TCP_SYNCOOKIE_PERIOD_NS (64ull * 1000000000ull)
/* What of a timestamp carries options. */
#define TCP_SYNCOOKIE_OPTION_BITS 6
/* In the place of a window shift: the client offered none. */
#define TCP_SYNCOOKIE_NO_SHIFT 15

struct tcp_syncookies {
	/* of this period and the one before */
	struct {
		uint64_t period, key[2];
		bool is_used;
	} secrets[2];
};

/* What a cookie stands for. */
struct tcp_syncookie_syn {
	struct ip4_endpoint local, remote;
	uint32_t client_iss;
	uint16_t mss; /* in: announced; out: rounded down to a class, but never below the lowest */
	bool has_timestamps; /* else the shift is TCP_SYNCOOKIE_NO_SHIFT */
	uint8_t window_shift;
};

/* The low bits of our timestamp for syn. */
uint32_t tcp_syncookie_option_bits(const struct tcp_syncookie_syn *syn);
/* The number for our SYN-ACK.  fresh_key is used, and kept, when the period has none. */
uint32_t tcp_syncookie_make(struct tcp_syncookies *cookies, const struct tcp_syncookie_syn *syn,
			    const uint64_t fresh_key[2], uint64_t now_ns);
/* Whether one may be on its way back.  When not, an acknowledgement can prove nothing. */
bool tcp_syncookie_is_awaited(const struct tcp_syncookies *cookies, uint64_t now_ns);
/* The client acknowledges number cookie, echoing option_bits if it has_timestamps.  True when it is ours, and the rest of
 * *syn is filled in from it. */
bool tcp_syncookie_check(const struct tcp_syncookies *cookies, struct tcp_syncookie_syn *syn,
			 uint32_t cookie, uint32_t option_bits, uint64_t now_ns);
