/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/scenario/scn.h"

#include <stdlib.h>
#include <string.h>

struct words {
	char **at;
	unsigned left;
};

/* A segment as a line of the file describes it. */
struct scn_segment {
	uint8_t flags;
	uint32_t seq, end;
	bool has_ack, has_win, has_ts, has_ecr, has_sport, has_mss, has_wscale, no_ts, same_turn;
	uint32_t ack, win, ts, ecr, mss, wscale, sport;
	int fill; /* byte to send, -1: the stream's */
	enum tcp_peer_fault fault;
	uint8_t opts[40];
	size_t opts_len;
};

uint8_t scn_byte(uint32_t offset)
{
	return (uint8_t)(offset * 7 + offset / 251);
}

static bool flags_parse(const char *text, uint8_t *ret_flags)
{
	static const char letters[] = "FSRP.A";
	static const uint8_t bits[] = {TCP_FIN, TCP_SYN, TCP_RST, TCP_PSH, TCP_ACK, TCP_ACK};
	uint8_t flags = 0;

	for (; *text != '\0'; text++) {
		const char *at = strchr(letters, *text);

		if (*text == '-')
			continue;
		if (at == NULL)
			return false;
		flags |= bits[at - letters];
	}
	*ret_flags = flags;
	return true;
}

static bool is(struct words *w, const char *word)
{
	if (w->left == 0 || strcmp(*w->at, word) != 0)
		return false;
	w->at++;
	w->left--;
	return true;
}

static bool number(struct words *w, uint32_t *ret)
{
	char *end;

	if (w->left == 0)
		return false;
	*ret = (uint32_t)strtoll(*w->at, &end, 0);
	if (*end != '\0' || end == *w->at)
		return false;
	w->at++;
	w->left--;
	return true;
}

static bool field(struct words *w, const char *word, uint32_t *ret, bool *ret_has)
{
	if (!is(w, word))
		return false;
	*ret_has = true;
	return number(w, ret);
}

static bool hex_bytes(struct words *w, struct scn_segment *seg)
{
	const char *p;
	unsigned byte;

	if (w->left == 0)
		return false;
	for (p = *w->at; p[0] != '\0' && seg->opts_len < sizeof(seg->opts); p += 2) {
		if (sscanf(p, "%2x", &byte) != 1)
			return false;
		seg->opts[seg->opts_len++] = (uint8_t)byte;
	}
	w->at++;
	w->left--;
	return true;
}

static bool one_field(struct words *w, struct scn_segment *seg)
{
	bool has_fill = false;
	uint32_t fill;

	if (field(w, "ack", &seg->ack, &seg->has_ack) ||
	    field(w, "win", &seg->win, &seg->has_win) ||
	    field(w, "mss", &seg->mss, &seg->has_mss) ||
	    field(w, "wscale", &seg->wscale, &seg->has_wscale) ||
	    field(w, "ts", &seg->ts, &seg->has_ts) || field(w, "ecr", &seg->ecr, &seg->has_ecr) ||
	    field(w, "sport", &seg->sport, &seg->has_sport))
		return true;
	if (field(w, "fill", &fill, &has_fill)) {
		seg->fill = (uint8_t)fill;
		return true;
	}
	if (is(w, "nots")) {
		seg->no_ts = true;
		return true;
	}
	if (is(w, "more")) {
		seg->same_turn = true;
		return true;
	}
	if (is(w, "badsum")) {
		seg->fault = TCP_PEER_FAULT_CHECKSUM;
		return true;
	}
	if (is(w, "short")) {
		seg->fault = TCP_PEER_FAULT_SHORT;
		return true;
	}
	return is(w, "opt") && hex_bytes(w, seg);
}

/* FLAGS SEQ[:END] FIELD... */
static bool segment_parse(struct scn *s, char **words, unsigned count, struct scn_segment *ret)
{
	struct words w = {words, count};
	struct scn_segment seg = {.fill = -1};
	char *colon;

	if (count < 2 || !flags_parse(words[0], &seg.flags))
		return scn_fail(s, "a segment begins with flags and sequence number");
	seg.seq = (uint32_t)strtoll(words[1], &colon, 0);
	seg.end = *colon == ':' ? (uint32_t)strtoll(colon + 1, NULL, 0) : seg.seq;
	w.at += 2;
	w.left -= 2;
	while (w.left > 0) {
		if (!one_field(&w, &seg))
			return scn_fail(s, "unknown field: %s", w.left > 0 ? *w.at : "(end)");
	}
	*ret = seg;
	return true;
}

bool scn_none(struct scn *s)
{
	scn_turn(s);
	if (!s->out_pending)
		return true;
	return scn_fail(s, "unexpected segment: flags %#x seq %u len %zu ack %u win %u",
			s->out.h.flags, s->out.h.seq - s->our_iss, s->out.payload.len,
			s->out.h.ack - s->peer_iss, s->out.h.window);
}

bool scn_in(struct scn *s, char **words, unsigned count)
{
	struct scn_segment seg;
	struct tcp_header h = {0};
	uint8_t payload[TCP_HOST_FRAME_BYTES_MAX];
	uint32_t len;

	if (!segment_parse(s, words, count, &seg) || !scn_none(s))
		return false;
	if ((seg.flags & TCP_SYN) != 0 && !seg.has_sport && s->peer_iss == 0)
		s->peer_iss = seg.seq - 0;
	h.flags = seg.flags;
	h.seq = seg.seq;
	h.ack = seg.has_ack ? s->our_iss + seg.ack : 0;
	h.src_port = seg.has_sport ? (uint16_t)seg.sport : s->peer_port;
	h.dst_port = s->our_port;
	h.window = seg.has_win ? (uint16_t)seg.win : UINT16_MAX;
	h.opts = (struct tcp_opts){
		.has_mss = seg.has_mss,
		.mss = (uint16_t)seg.mss,
		.has_window_shift = seg.has_wscale,
		.window_shift = (uint8_t)seg.wscale,
		.has_timestamps = seg.has_ts,
		.ts_val = seg.ts,
		.ts_ecr = (seg.flags & TCP_ACK) != 0 ? s->our_ts : 0,
	};
	len = seg.end - seg.seq;
	if (len > 1460)
		return scn_fail(s, "more payload than a frame holds");
	for (uint32_t i = 0; i < len; i++)
		payload[i] = seg.fill >= 0 ? (uint8_t)seg.fill
					   : scn_byte(seg.seq + i - s->peer_iss - 1);
	tcp_peer_send(s->host, 2, 1, &h, span_of(seg.opts, seg.opts_len), span_of(payload, len),
		      seg.fault, s->now_ns);
	if (!seg.same_turn)
		scn_turn(s);
	return true;
}

static bool expect(struct scn *s, bool is_checked, const char *what, uint32_t got, uint32_t wanted)
{
	if (!is_checked || got == wanted)
		return true;
	return scn_fail(s, "%s is %u, not %u", what, got, wanted);
}

static bool payload_is_right(struct scn *s, const struct tcp_peer_segment *out)
{
	for (size_t i = 0; i < out->payload.len; i++) {
		uint32_t offset = out->h.seq + (uint32_t)i - s->our_iss - 1;

		if (out->payload.p[i] != scn_byte(offset))
			return scn_fail(s, "wrong byte at %u of our stream", offset);
	}
	return true;
}

/* Our numbers are learnt from the first SYN, or from the first answer when a scenario has no connection. */
static void learn(struct scn *s, const struct tcp_peer_segment *out)
{
	if (!s->our_iss_known && (out->h.flags & TCP_SYN) != 0) {
		s->our_iss = out->h.seq;
		s->our_port = out->h.src_port;
		s->our_iss_known = true;
	}
	if (out->h.opts.has_timestamps)
		s->our_ts = out->h.opts.ts_val;
}

bool scn_out(struct scn *s, char **words, unsigned count)
{
	const struct tcp_peer_segment *out = &s->out;
	struct scn_segment seg;
	uint64_t due_ns = s->now_ns;

	if (!segment_parse(s, words, count, &seg))
		return false;
	scn_turn(s);
	while (!s->out_pending && s->now_ns < due_ns + SCN_SLACK_NS) {
		if (!scn_advance(s, SCN_MS))
			return false;
	}
	if (!s->out_pending)
		return scn_fail(s, "nothing was sent");
	if (s->out_ns + SCN_SLACK_NS < due_ns)
		return scn_fail(s, "sent %.1f ms too early", (double)(due_ns - s->out_ns) / SCN_MS);
	s->out_pending = false;
	learn(s, out);
	return expect(s, true, "flags", out->h.flags & ~TCP_PSH, seg.flags & ~TCP_PSH) &&
	       expect(s, true, "seq", out->h.seq - s->our_iss, seg.seq) &&
	       expect(s, true, "payload length", (uint32_t)out->payload.len, seg.end - seg.seq) &&
	       expect(s, seg.has_ack, "ack", out->h.ack, seg.ack) &&
	       expect(s, seg.has_win, "win", out->h.window, seg.win) &&
	       expect(s, seg.has_mss, "mss", out->h.opts.mss, seg.mss) &&
	       expect(s, seg.has_wscale, "wscale", out->h.opts.window_shift, seg.wscale) &&
	       expect(s, seg.has_wscale, "has wscale", out->h.opts.has_window_shift, true) &&
	       expect(s, seg.has_ecr, "ecr", out->h.opts.ts_ecr, seg.ecr) &&
	       expect(s, seg.no_ts, "has timestamps", out->h.opts.has_timestamps, false) &&
	       expect(s, seg.has_sport, "port", out->h.dst_port, seg.sport) &&
	       expect(s, true, "checksum is good", out->checksum_good, true) &&
	       payload_is_right(s, out);
}
