/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Path MTU discovery (RFC 1191): every packet of ours says "don't fragment", and a router that cannot pass one on says so.
 * Anybody can claim to be that router, so what it says must be about a segment under way, lowers the segments of that
 * connection alone, and never below what every network of today carries.  Where segments of that size have arrived before, it
 * is believed only once one has been lost too (RFC 5927 section 7.2): the message comes again with each that is. */
#include "net/tcp/tcp_priv.h"
#include "net/wire/icmp_wire.h"
#include "net/wire/ip4_wire.h"

/* RFC 1122 section 3.3.3: what every host takes.  A router that names less, or nothing, is taken to mean this. */
#define PATH_MTU_MIN 576

static uint16_t payload_of(const struct tcp_conn *c, uint16_t mtu_bytes)
{
	uint16_t opts = c->has_timestamps ? TCP_OPT_TIMESTAMPS_BYTES : 0;

	return (uint16_t)(mtu_bytes - IP4_HEADER_BYTES - TCP_HEADER_BYTES - opts);
}

static bool is_under_way(const struct tcp_conn *c, uint32_t seq)
{
	return c->sendq.head != NULL && tcp_seg_of(c->sendq.head)->sent &&
	       seq_le(c->snd_una, seq) && seq_lt(seq, c->snd_nxt);
}

bool tcp_on_too_big(struct net *net, const struct icmp_quote *quote, uint16_t mtu_bytes)
{
	struct tcp_conn *c = tcp_table_find(&net->tcp, quote->local, quote->remote);
	uint16_t mtu = mtu_bytes > PATH_MTU_MIN ? mtu_bytes : PATH_MTU_MIN, payload;

	if (c == NULL || !is_under_way(c, quote->seq) || quote->total_bytes <= mtu)
		return false;
	payload = payload_of(c, mtu);
	if (payload >= c->mss_bytes)
		return false;
	if (c->sendq.acked_max_bytes > payload && c->timeouts_count == 0)
		return false;
	counter_add(net->count, COUNTER_tcp_path_mtu_lowered, 1);
	c->mss_bytes = payload;
	tcp_cong_on_smaller_mss(&c->cong, payload, c->snd_nxt);
	tcp_sendq_rewind(&c->sendq);
	c->snd_cursor = c->snd_una;
	tcp_conn_dirty(net, c);
	return true;
}
