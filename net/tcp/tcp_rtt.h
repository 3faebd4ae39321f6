/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp_rtt.h: round-trip estimator and retransmission timeout (RFC 6298).  One per connection, owned by its
 * worker; reads no clock.  Unit throughout: microseconds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* RFC 6298 section 2.1: before the first sample. */
#define TCP_RTO_INITIAL_US 1000000u
/* RFC 6298 section 2.5: any upper bound of at least 60 seconds; a longer timeout is cut to it. */
#define TCP_RTO_MAX_US 60000000u

struct tcp_rtt {
	uint32_t srtt_us, rttvar_us, rto_us;
	uint32_t rto_min_us;
	bool has_sample;
};

void tcp_rtt_init(struct tcp_rtt *rtt, uint32_t rto_min_us);
/* A segment sent exactly once was acknowledged sample_us later (Karn: never call for a retransmit). */
void tcp_rtt_on_ack(struct tcp_rtt *rtt, uint32_t sample_us);
/* The retransmission timer fired.  Doubles rto_us, up to TCP_RTO_MAX_US. */
void tcp_rtt_on_timeout(struct tcp_rtt *rtt);
/* New data was acknowledged: what the doublings added is taken back (RFC 6298 section 5.7 leaves it in place until
 * the next sample, which a lossy path may not give for long). */
void tcp_rtt_on_progress(struct tcp_rtt *rtt);
