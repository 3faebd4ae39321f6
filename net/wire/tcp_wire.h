/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/wire/tcp_wire.h: the TCP header and its options (RFC 9293 section 3.1, RFC 7323), bytes to host-order values
 * and back.  No state; does not look at the checksum, which covers more than the header. */
#pragma once

#include "base/counters.h"
#include "base/outbuf.h"
#include "base/span.h"

#define TCP_HEADER_BYTES 20
#define TCP_HEADER_BYTES_MAX 60
/* Timestamps with two NOPs before them: what every segment carries once both sides agreed. */
#define TCP_OPT_TIMESTAMPS_BYTES 12
/* RFC 7323 section 2.3: a larger shift is read as this one. */
#define TCP_WINDOW_SHIFT_MAX 14

#define TCP_FIN 0x01u
#define TCP_SYN 0x02u
#define TCP_RST 0x04u
#define TCP_PSH 0x08u
#define TCP_ACK 0x10u

struct tcp_opts {
	uint32_t ts_val, ts_ecr;
	uint16_t mss;
	uint8_t window_shift;
	bool has_mss, has_window_shift, has_timestamps;
};

struct tcp_header {
	uint32_t seq, ack;
	uint16_t src_port, dst_port;
	uint16_t window; /* as on the wire, unscaled */
	uint8_t flags;   /* TCP_FIN ... TCP_ACK; the other bits are not kept */
	uint8_t header_bytes;
	struct tcp_opts opts;
};

/* in begins with the header and must hold all of it, options included; what lies beyond is not looked at. */
enum drop_reason tcp_header_parse(struct span in, struct tcp_header *ret_header);
/* in is the option list alone.  Unknown kinds are skipped (RFC 9293 section 3.1); a kind given twice counts once,
 * the first time.  Lengths that do not fit the kind or the list refuse the whole list. */
enum drop_reason tcp_opts_parse(struct span in, struct tcp_opts *ret_opts);

/* Header bytes that h will take with its options. */
uint8_t tcp_header_size(const struct tcp_header *h);
/* Writes the header and its options, checksum 0; header_bytes is not read.  out must have tcp_header_size(h). */
void tcp_header_emit(const struct tcp_header *h, uint8_t *out);
