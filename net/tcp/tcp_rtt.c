/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/tcp/tcp_rtt.h"

/* RFC 6298 section 2: G, the clock granularity, here one tick of the timer wheel. */
#define GRANULARITY_US 1000u

static uint32_t u32_min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t u32_max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t rto_from_estimate(const struct tcp_rtt *rtt)
{
	uint32_t rto_us = rtt->srtt_us + u32_max(GRANULARITY_US, 4 * rtt->rttvar_us);

	return u32_min(u32_max(rto_us, rtt->rto_min_us), TCP_RTO_MAX_US);
}

void tcp_rtt_init(struct tcp_rtt *rtt, uint32_t rto_min_us)
{
	*rtt = (struct tcp_rtt){
		.rto_us = u32_max(TCP_RTO_INITIAL_US, rto_min_us),
		.rto_min_us = rto_min_us,
	};
}

void tcp_rtt_on_ack(struct tcp_rtt *rtt, uint32_t sample_us)
{
	uint32_t deviation_us;

	sample_us = u32_min(sample_us, TCP_RTO_MAX_US);
	if (!rtt->has_sample) {
		rtt->srtt_us = sample_us;
		rtt->rttvar_us = sample_us / 2;
		rtt->has_sample = true;
	} else {
		/* RFC 6298 section 2.3: beta 1/4 and then alpha 1/8. */
		deviation_us = sample_us > rtt->srtt_us ? sample_us - rtt->srtt_us
							: rtt->srtt_us - sample_us;
		rtt->rttvar_us = rtt->rttvar_us - rtt->rttvar_us / 4 + deviation_us / 4;
		rtt->srtt_us = rtt->srtt_us - rtt->srtt_us / 8 + sample_us / 8;
	}
	rtt->rto_us = rto_from_estimate(rtt);
}

void tcp_rtt_on_timeout(struct tcp_rtt *rtt)
{
	rtt->rto_us = u32_min(2 * rtt->rto_us, TCP_RTO_MAX_US);
}

void tcp_rtt_on_progress(struct tcp_rtt *rtt)
{
	rtt->rto_us = rtt->has_sample ? rto_from_estimate(rtt)
				      : u32_max(TCP_RTO_INITIAL_US, rtt->rto_min_us);
}
