/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/tcp/tcp_cong.h: congestion control: slow start and congestion avoidance (RFC 5681), limited transmit (RFC
 * 3042), fast retransmit and NewReno recovery (RFC 6582), an initial window of ten segments (RFC 6928).  One per
 * connection; knows neither segments nor time.  Unit: bytes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* RFC 5681 section 3.2. */
#define TCP_DUPACKS_MAX 3

struct tcp_cong {
	uint32_t cwnd_bytes, ssthresh_bytes;
	uint32_t
		recover; /* RFC 6582: highest sequence number sent when the last recovery or timeout began */
	uint16_t mss_bytes;
	uint8_t dupacks_count; /* stops at TCP_DUPACKS_MAX */
	bool in_recovery;
	bool first_partial_seen;
};

/* What an acknowledgement of new data asks of the sender. */
enum tcp_cong_action {
	TCP_CONG_NOTHING,
	TCP_CONG_RETRANSMIT, /* a partial acknowledgement: send the first unacknowledged again */
	TCP_CONG_RETRANSMIT_KEEP_TIMER, /* the same, but the retransmission timer is left running */
};

void tcp_cong_init(struct tcp_cong *cg, uint16_t mss_bytes, uint32_t iss);
/* ack moved forward by acked_bytes; flight_bytes was outstanding before it. */
enum tcp_cong_action tcp_cong_on_ack(struct tcp_cong *cg, uint32_t ack, uint32_t acked_bytes,
				     uint32_t flight_bytes);
/* A duplicate acknowledgement of ack.  True: send the first unacknowledged segment again, now. */
bool tcp_cong_on_dupack(struct tcp_cong *cg, uint32_t ack, uint32_t snd_nxt, uint32_t flight_bytes);
/* The retransmission timer fired; first is false while the same segment keeps timing out. */
void tcp_cong_on_timeout(struct tcp_cong *cg, uint32_t snd_nxt, uint32_t flight_bytes, bool first);
/* Nothing was sent for longer than a retransmission timeout (RFC 5681 section 4.1). */
void tcp_cong_on_idle(struct tcp_cong *cg);
/* Segments have become smaller, and what is outstanding, up to snd_nxt, is sent again: no sign of congestion, but no reason for a
 * burst either (RFC 1191 section 6.4). */
void tcp_cong_on_smaller_mss(struct tcp_cong *cg, uint16_t mss_bytes, uint32_t snd_nxt);
/* How much may be outstanding now. */
uint32_t tcp_cong_window(const struct tcp_cong *cg);
