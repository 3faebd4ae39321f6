/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tcp/tcp_cong.h"

#include "net/tcp/tcp_seq.h"

/* A window that nothing ever cut would grow until it wrapped; no send buffer is as large as this. */
#define CWND_MAX_BYTES (1u << 30)

static uint32_t u32_min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t u32_max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* RFC 6928 section 2. */
static uint32_t initial_window(uint16_t mss_bytes)
{
	return u32_min(10u * mss_bytes, u32_max(2u * mss_bytes, 14600));
}

/* RFC 5681 equation 4. */
static uint32_t half_of_flight(const struct tcp_cong *cg, uint32_t flight_bytes)
{
	return u32_max(flight_bytes / 2, 2u * cg->mss_bytes);
}

static void grow(struct tcp_cong *cg, uint32_t by_bytes)
{
	cg->cwnd_bytes = u32_min(cg->cwnd_bytes + by_bytes, CWND_MAX_BYTES);
}

void tcp_cong_init(struct tcp_cong *cg, uint16_t mss_bytes, uint32_t iss)
{
	*cg = (struct tcp_cong){
		.cwnd_bytes = initial_window(mss_bytes),
		.ssthresh_bytes = CWND_MAX_BYTES,
		.recover = iss,
		.mss_bytes = mss_bytes,
	};
}

static enum tcp_cong_action on_ack_in_recovery(struct tcp_cong *cg, uint32_t ack,
					       uint32_t acked_bytes, uint32_t flight_bytes)
{
	uint32_t left_bytes = flight_bytes - u32_min(acked_bytes, flight_bytes);
	bool first = !cg->first_partial_seen;

	if (seq_le(cg->recover, ack)) {
		/* RFC 6582 section 3.2 step 3, full acknowledgement, option 1. */
		cg->cwnd_bytes = u32_min(cg->ssthresh_bytes,
					 u32_max(left_bytes, cg->mss_bytes) + cg->mss_bytes);
		cg->in_recovery = false;
		return TCP_CONG_NOTHING;
	}
	/* Partial acknowledgement: deflate by what left the network, put one segment back. */
	cg->cwnd_bytes -= u32_min(acked_bytes, cg->cwnd_bytes);
	if (acked_bytes >= cg->mss_bytes)
		grow(cg, cg->mss_bytes);
	cg->cwnd_bytes = u32_max(cg->cwnd_bytes, cg->mss_bytes);
	cg->first_partial_seen = true;
	return first ? TCP_CONG_RETRANSMIT : TCP_CONG_RETRANSMIT_KEEP_TIMER;
}

enum tcp_cong_action tcp_cong_on_ack(struct tcp_cong *cg, uint32_t ack, uint32_t acked_bytes,
				     uint32_t flight_bytes)
{
	cg->dupacks_count = 0;
	if (cg->in_recovery)
		return on_ack_in_recovery(cg, ack, acked_bytes, flight_bytes);
	if (cg->cwnd_bytes < cg->ssthresh_bytes) {
		/* A window that was not half used says nothing about the network: it does not grow. */
		if (flight_bytes >= cg->cwnd_bytes / 2)
			grow(cg, u32_min(acked_bytes, 2u * cg->mss_bytes));
	} else if (flight_bytes + cg->mss_bytes >= cg->cwnd_bytes) {
		/* RFC 5681 equation 3, in proportion to what was acknowledged. */
		grow(cg, u32_max(1, (uint32_t)((uint64_t)cg->mss_bytes *
					       u32_min(acked_bytes, 2u * cg->mss_bytes) /
					       cg->cwnd_bytes)));
	}
	return TCP_CONG_NOTHING;
}

bool tcp_cong_on_dupack(struct tcp_cong *cg, uint32_t ack, uint32_t snd_nxt, uint32_t flight_bytes)
{
	if (cg->in_recovery) {
		grow(cg, cg->mss_bytes);
		return false;
	}
	if (cg->dupacks_count == TCP_DUPACKS_MAX)
		return false;
	if (++cg->dupacks_count < TCP_DUPACKS_MAX)
		return false;
	/* RFC 6582 section 3.2 step 2: these may be echoes of what an earlier recovery or timeout sent twice. */
	if (seq_le(ack, cg->recover))
		return false;
	cg->ssthresh_bytes = half_of_flight(cg, flight_bytes);
	cg->cwnd_bytes = cg->ssthresh_bytes + TCP_DUPACKS_MAX * cg->mss_bytes;
	cg->recover = snd_nxt;
	cg->in_recovery = true;
	cg->first_partial_seen = false;
	return true;
}

void tcp_cong_on_timeout(struct tcp_cong *cg, uint32_t snd_nxt, uint32_t flight_bytes, bool first)
{
	if (first)
		cg->ssthresh_bytes = half_of_flight(cg, flight_bytes);
	cg->cwnd_bytes = cg->mss_bytes;
	cg->recover = snd_nxt;
	cg->in_recovery = false;
	cg->dupacks_count = 0;
}

void tcp_cong_on_smaller_mss(struct tcp_cong *cg, uint16_t mss_bytes, uint32_t snd_nxt)
{
	cg->mss_bytes = mss_bytes;
	cg->cwnd_bytes = u32_min(cg->cwnd_bytes, initial_window(mss_bytes));
	cg->recover = snd_nxt;
	cg->in_recovery = false;
	cg->dupacks_count = 0;
}

void tcp_cong_on_idle(struct tcp_cong *cg)
{
	cg->cwnd_bytes = u32_min(cg->cwnd_bytes, initial_window(cg->mss_bytes));
}

uint32_t tcp_cong_window(const struct tcp_cong *cg)
{
	/* RFC 3042: each of the first two duplicates says that a segment has left the network. */
	if (!cg->in_recovery && cg->dupacks_count > 0 && cg->dupacks_count < TCP_DUPACKS_MAX)
		return cg->cwnd_bytes + (uint32_t)cg->dupacks_count * cg->mss_bytes;
	return cg->cwnd_bytes;
}
