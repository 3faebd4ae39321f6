/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/scenario/scn.h: a scenario being played: one real TCP stack, a fake clock, and a peer that sends exactly what
 * the file says.  README.md describes the language.  A step that does not come out as written fails the file. */
#pragma once

#include "net/tcp/tcp_priv.h"
#include "tests/support/tcp_peer.h"

#define SCN_WORDS_MAX 24
#define SCN_MS 1000000ull
/* How much later or earlier than written a segment may come: the timer wheel's tick, twice. */
#define SCN_SLACK_NS (2 * SCN_MS)

struct scn {
	/* the stack */
	struct tcp_params params;
	uint16_t mtu;
	bool deny; /* the listener's filter refuses */
	struct tcp_host *host;
	uint64_t start_ns, now_ns;
	struct tcp_conn *conn;
	/* the numbers both sides count from, learnt from their SYNs */
	uint32_t our_iss, our_ts;
	bool our_iss_known;
	uint16_t our_port, peer_port;
	uint32_t peer_iss;
	uint32_t written_bytes, read_bytes;
	/* what the stack sent and no step has looked at */
	struct tcp_peer_segment out;
	bool out_pending;
	uint64_t out_ns;
	/* for the message */
	const char *path;
	unsigned line;
	char why[256];
};

/* The words of one line after the time; false, with why filled in, when the step failed. */
bool scn_step(struct scn *s, char **words, unsigned count);
/* Lets time pass, timers run, segments leave. */
bool scn_advance(struct scn *s, uint64_t by_ns);
bool scn_fail(struct scn *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Opens the stack if no step has done so yet. */
void scn_open(struct scn *s);
/* Ends a turn and fetches the next segment, if there is one and none is pending. */
void scn_turn(struct scn *s);

/* scn_segment.c: steps that are about segments */
bool scn_in(struct scn *s, char **words, unsigned count);
bool scn_out(struct scn *s, char **words, unsigned count);
bool scn_none(struct scn *s);
/* What stands at offset of either stream, so that misplaced bytes show. */
uint8_t scn_byte(uint32_t offset);
