/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tcp/tcp_syncookie.h"

#include "base/siphash.h"

#define MAC_BITS 24
#define CLASS_BITS 3
#define PERIOD_BITS 5
#define LOW(value, bits) ((uint32_t)(value) & ((1u << (bits)) - 1))
#define OPTION_MARK (1u << 5)
#define OPTION_SHIFT_MASK 15u

/* From what clients announce: 1460 on Ethernet, less in tunnels; 536 is the default, 216 what we raise smaller ones to. */
static const uint16_t mss_classes[1 << CLASS_BITS] = {216, 536, 768, 1024, 1220, 1360, 1440, 1460};

static unsigned class_of(uint16_t mss)
{
	unsigned class = 0;

	while (class + 1 < 1u << CLASS_BITS && mss_classes[class + 1] <= mss)
		class ++;
	return class;
}

static uint32_t mac_of(const uint64_t key[2], const struct tcp_syncookie_syn *syn, uint64_t period,
		       unsigned class, uint32_t option_bits)
{
	const uint32_t words[] = {
		syn->local.addr.v,
		syn->remote.addr.v,
		(uint32_t)syn->local.port << 16 | syn->remote.port,
		syn->client_iss,
		(uint32_t)period,
		(uint32_t)(period >> 32),
		class << TCP_SYNCOOKIE_OPTION_BITS | option_bits,
		syn->has_timestamps,
	};

	return LOW(siphash24(key, span_of(words, sizeof(words))), MAC_BITS);
}

static uint32_t cookie_of(const uint64_t key[2], const struct tcp_syncookie_syn *syn,
			  uint64_t period, unsigned class, uint32_t option_bits)
{
	return LOW(period, PERIOD_BITS) << (CLASS_BITS + MAC_BITS) | class << MAC_BITS |
	       mac_of(key, syn, period, class, option_bits);
}

uint32_t tcp_syncookie_option_bits(const struct tcp_syncookie_syn *syn)
{
	return syn->has_timestamps ? OPTION_MARK | (syn->window_shift & OPTION_SHIFT_MASK) : 0;
}

uint32_t tcp_syncookie_make(struct tcp_syncookies *cookies, const struct tcp_syncookie_syn *syn,
			    const uint64_t fresh_key[2], uint64_t now_ns)
{
	uint64_t period = now_ns / TCP_SYNCOOKIE_PERIOD_NS;
	unsigned i = period % 2;

	if (!cookies->secrets[i].is_used || cookies->secrets[i].period != period) {
		cookies->secrets[i].is_used = true;
		cookies->secrets[i].period = period;
		cookies->secrets[i].key[0] = fresh_key[0];
		cookies->secrets[i].key[1] = fresh_key[1];
	}
	return cookie_of(cookies->secrets[i].key, syn, period, class_of(syn->mss),
			 tcp_syncookie_option_bits(syn));
}

static bool is_recent(const struct tcp_syncookies *cookies, unsigned i, uint64_t now_ns)
{
	return cookies->secrets[i].is_used &&
	       now_ns / TCP_SYNCOOKIE_PERIOD_NS - cookies->secrets[i].period <= 1;
}

bool tcp_syncookie_is_awaited(const struct tcp_syncookies *cookies, uint64_t now_ns)
{
	return is_recent(cookies, 0, now_ns) || is_recent(cookies, 1, now_ns);
}

bool tcp_syncookie_check(const struct tcp_syncookies *cookies, struct tcp_syncookie_syn *syn,
			 uint32_t cookie, uint32_t option_bits, uint64_t now_ns)
{
	unsigned class = LOW(cookie >> MAC_BITS, CLASS_BITS);
	/* Periods take turns with the two keys. */
	unsigned i = cookie >> (CLASS_BITS + MAC_BITS) & 1;
	uint32_t good;

	option_bits = syn->has_timestamps ? LOW(option_bits, TCP_SYNCOOKIE_OPTION_BITS) : 0;
	if (!is_recent(cookies, i, now_ns))
		return false;
	good = cookie_of(cookies->secrets[i].key, syn, cookies->secrets[i].period, class,
			 option_bits);
	if (cookie != good)
		return false;
	syn->mss = mss_classes[class];
	syn->window_shift = syn->has_timestamps ? option_bits & OPTION_SHIFT_MASK
						: TCP_SYNCOOKIE_NO_SHIFT;
	return true;
}
