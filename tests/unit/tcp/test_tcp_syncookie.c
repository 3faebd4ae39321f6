/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "net/tcp/tcp_syncookie.h"

#define PERIOD TCP_SYNCOOKIE_PERIOD_NS

static const uint64_t key_a[2] = {1, 2}, key_b[2] = {3, 4};
static struct tcp_syncookies cookies;

TestSuite(tcp_syncookie);

static struct tcp_syncookie_syn syn_of(uint16_t mss, bool has_timestamps, uint8_t shift)
{
	return (struct tcp_syncookie_syn){
		.local = {{0x0a000001}, 443},
		.remote = {{0x0a000002}, 40000},
		.client_iss = 77,
		.mss = mss,
		.has_timestamps = has_timestamps,
		.window_shift = shift,
	};
}

/* What is known when the acknowledgement comes. */
static struct tcp_syncookie_syn ack_of(const struct tcp_syncookie_syn *syn)
{
	struct tcp_syncookie_syn ack = *syn;

	ack.mss = 0;
	ack.window_shift = 99;
	return ack;
}

Test(tcp_syncookie, what_was_announced_comes_back)
{
	static const struct {
		uint16_t in, out;
	} mss[] = {{0, 216},     {216, 216},   {535, 216},   {536, 536},
		   {1219, 1024}, {1360, 1360}, {1460, 1460}, {65535, 1460}};

	for (size_t i = 0; i < sizeof(mss) / sizeof(mss[0]); i++) {
		for (uint8_t shift = 0; shift <= TCP_SYNCOOKIE_NO_SHIFT; shift++) {
			struct tcp_syncookie_syn syn = syn_of(mss[i].in, true, shift),
						 ack = ack_of(&syn);
			uint32_t cookie = tcp_syncookie_make(&cookies, &syn, key_a, PERIOD);
			uint32_t bits = tcp_syncookie_option_bits(&syn);

			cr_assert(tcp_syncookie_check(&cookies, &ack, cookie, 0xffffffc0u | bits,
						      PERIOD));
			cr_assert_eq(ack.mss, mss[i].out);
			cr_assert_eq(ack.window_shift, shift);
		}
	}
}

Test(tcp_syncookie, without_timestamps_there_is_no_shift)
{
	struct tcp_syncookie_syn syn = syn_of(1460, false, 7), ack = ack_of(&syn);
	uint32_t cookie = tcp_syncookie_make(&cookies, &syn, key_a, 0);

	cr_assert(tcp_syncookie_check(&cookies, &ack, cookie, 0x1234, 0));
	cr_assert_eq(ack.window_shift, TCP_SYNCOOKIE_NO_SHIFT);
}

Test(tcp_syncookie, any_other_bit_is_refused)
{
	struct tcp_syncookie_syn syn = syn_of(1460, true, 7), ack = ack_of(&syn);
	uint32_t cookie = tcp_syncookie_make(&cookies, &syn, key_a, 0),
		 bits = tcp_syncookie_option_bits(&syn);

	for (unsigned bit = 0; bit < 32; bit++)
		cr_assert_not(tcp_syncookie_check(&cookies, &ack, cookie ^ 1u << bit, bits, 0),
			      "bit %u", bit);
	for (unsigned bit = 0; bit < TCP_SYNCOOKIE_OPTION_BITS; bit++)
		cr_assert_not(tcp_syncookie_check(&cookies, &ack, cookie, bits ^ 1u << bit, 0),
			      "option %u", bit);
}

Test(tcp_syncookie, it_is_no_good_to_anybody_else)
{
	struct tcp_syncookie_syn syn = syn_of(1460, true, 7), ack;
	uint32_t cookie = tcp_syncookie_make(&cookies, &syn, key_a, 0),
		 bits = tcp_syncookie_option_bits(&syn);

	ack = ack_of(&syn);
	ack.remote.addr.v++;
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, cookie, bits, 0));
	ack = ack_of(&syn);
	ack.remote.port++;
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, cookie, bits, 0));
	ack = ack_of(&syn);
	ack.local.addr.v++;
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, cookie, bits, 0));
	ack = ack_of(&syn);
	ack.local.port++;
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, cookie, bits, 0));
	ack = ack_of(&syn);
	ack.client_iss++;
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, cookie, bits, 0));
	ack = ack_of(&syn);
	ack.has_timestamps = false;
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, cookie, bits, 0));
	ack = ack_of(&syn);
	cr_assert(tcp_syncookie_check(&cookies, &ack, cookie, bits, 0));
}

Test(tcp_syncookie, it_is_good_in_its_period_and_the_next)
{
	struct tcp_syncookie_syn syn = syn_of(1460, true, 7), ack = ack_of(&syn);
	uint32_t old = tcp_syncookie_make(&cookies, &syn, key_a, 4 * PERIOD),
		 bits = tcp_syncookie_option_bits(&syn);
	uint32_t new = tcp_syncookie_make(&cookies, &syn, key_b, 5 * PERIOD);

	cr_assert_neq(old, new);
	cr_assert(tcp_syncookie_check(&cookies, &ack, old, bits, 6 * PERIOD - 1));
	cr_assert(tcp_syncookie_check(&cookies, &ack, new, bits, 6 * PERIOD - 1));
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, old, bits, 6 * PERIOD));
	cr_assert(tcp_syncookie_is_awaited(&cookies, 7 * PERIOD - 1));
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, new, bits, 7 * PERIOD));
	cr_assert_not(tcp_syncookie_is_awaited(&cookies, 7 * PERIOD));
}

Test(tcp_syncookie, each_period_has_its_own_secret)
{
	struct tcp_syncookie_syn syn = syn_of(1460, true, 7);
	struct tcp_syncookies other = {0};

	/* Only the first secret offered in a period is taken. */
	cr_assert_eq(tcp_syncookie_make(&cookies, &syn, key_a, 0),
		     tcp_syncookie_make(&cookies, &syn, key_b, 1));
	cr_assert_neq(tcp_syncookie_make(&cookies, &syn, key_a, 0),
		      tcp_syncookie_make(&other, &syn, key_b, 0));
	/* A key returns only for a period of its own: here the same bits of the counter, 32 periods later. */
	cr_assert_neq(tcp_syncookie_make(&cookies, &syn, key_a, 0),
		      tcp_syncookie_make(&other, &syn, key_a, 32 * PERIOD));
}

Test(tcp_syncookie, a_new_period_draws_a_new_secret)
{
	struct tcp_syncookie_syn syn = syn_of(1460, true, 7);
	struct tcp_syncookies other = {0};

	tcp_syncookie_make(&cookies, &syn, key_a, 0);
	cr_assert_eq(tcp_syncookie_make(&cookies, &syn, key_b, 2 * PERIOD),
		     tcp_syncookie_make(&other, &syn, key_b, 2 * PERIOD));
}

Test(tcp_syncookie, nothing_is_awaited_before_the_first)
{
	struct tcp_syncookie_syn ack = syn_of(0, false, 0);

	cr_assert_not(tcp_syncookie_is_awaited(&cookies, 0));
	cr_assert_not(tcp_syncookie_check(&cookies, &ack, 0, 0, 0));
}
