/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connection under fire: the input is a program of segments near its sequence numbers, of time, and of what its user
 * does.  After each step every invariant of the stack is asserted.  All payload is what its sequence number says, so
 * bytes that are read anywhere but in their place show; at the end no mbuf may be missing.
 *
 * First byte: how the connection is opened.  Then eight bytes a step: kind, and what segment_step(), user_step() and
 * too_big_step() read. */
#include "net/tcp/tcp_priv.h"
#include "tests/support/mbuf_pool.h"
#include "tests/support/tcp_peer.h"

#define MS 1000000ull
#define STEPS_MAX 200
#define STEP_BYTES 8
#define PEER_ISS 0xffffff00u /* the wrap is near */
#define PAYLOAD_MAX 1400u

enum opening {
	OPENING_ACTIVE = 1,
	OPENING_TIMESTAMPS = 2,
	OPENING_SCALED = 4,
	OPENING_SMALL = 8,   /* buffers of 4 KiB */
	OPENING_HALF = 16,   /* the handshake is left to the program */
	OPENING_COOKIE = 32, /* others have taken all places of half-open connections */
};

enum segment_bit {
	SEGMENT_TS = 1,
	SEGMENT_TS_OLD = 2,
	SEGMENT_WINDOW_0 = 4,
	SEGMENT_BAD_CHECKSUM = 8,
	SEGMENT_WINDOW_SMALL = 16,
	SEGMENT_FAR = 32,
	SEGMENT_OTHER_PORT = 64,
	SEGMENT_SAME_TURN = 128,
};

struct run {
	struct tcp_host *host;
	uint64_t now_ns;
	uint8_t opening;
	struct tcp_conn *c; /* while its user has it */
	struct ip4_endpoint local, remote;
	uint32_t rcv_nxt, snd_nxt; /* as last seen */
	uint32_t read_bytes;
	uint32_t ts, ts_echo;
};

static uint8_t byte_at(uint32_t seq)
{
	return (uint8_t)((seq - PEER_ISS) * 13 + (seq - PEER_ISS) / 241);
}

static uint16_t u16_at(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void look(struct run *r)
{
	const struct tcp_conn *c = tcp_table_find(&r->host->net.tcp, r->local, r->remote);

	if (c == NULL)
		return;
	r->snd_nxt = c->snd_nxt;
	if (c->state != TCP_SYN_SENT)
		r->rcv_nxt = c->rcv_nxt;
}

static void end_turn(struct run *r)
{
	struct tcp_peer_segment seg;
	struct tcp_conn *c;

	while ((c = tcp_ready_take(&r->host->net)) != NULL) {
		GW_ASSERT(c == r->c || tcp_user(c) == NULL);
		if (tcp_user(c) != NULL)
			continue;
		if (r->c != NULL) {
			tcp_abort(&r->host->net, c);
			continue;
		}
		tcp_user_set(c, r);
		r->c = c;
		r->read_bytes = 0;
	}
	net_output_all(&r->host->net, r->now_ns);
	tcp_check(&r->host->net);
	while (tcp_peer_take(r->host, &seg, r->now_ns)) {
		GW_ASSERT(seg.checksum_good);
		/* Of a cookie nobody else remembers the number. */
		if (seg.h.flags == (TCP_SYN | TCP_ACK) && seg.h.dst_port == r->remote.port) {
			r->snd_nxt = seg.h.seq + 1;
			r->rcv_nxt = seg.h.ack;
			r->ts_echo = seg.h.opts.ts_val;
		}
	}
	look(r);
}

static void send(struct run *r, uint8_t flags, uint32_t seq, uint32_t ack, uint32_t len,
		 uint8_t bits)
{
	static uint8_t payload[PAYLOAD_MAX];
	struct tcp_header h = {
		.src_port = (bits & SEGMENT_OTHER_PORT) != 0 ? 4242 : r->remote.port,
		.dst_port = r->local.port,
		.seq = seq,
		.ack = ack,
		.flags = flags,
		.window = (bits & SEGMENT_WINDOW_0) != 0       ? 0
			  : (bits & SEGMENT_WINDOW_SMALL) != 0 ? 700
							       : 0x8000,
	};
	bool is_syn = (flags & TCP_SYN) != 0;

	for (uint32_t i = 0; i < len; i++)
		payload[i] = byte_at(seq + is_syn + i);
	h.opts.has_timestamps = (bits & SEGMENT_TS) != 0;
	h.opts.ts_val = (bits & SEGMENT_TS_OLD) != 0 ? r->ts - 1000 : ++r->ts;
	h.opts.ts_ecr = r->ts_echo;
	h.opts.has_mss = is_syn;
	h.opts.mss = 1460;
	h.opts.has_window_shift = is_syn && (r->opening & OPENING_SCALED) != 0;
	h.opts.window_shift = 3;
	tcp_peer_send(r->host, 2, 1, &h, span_of(NULL, 0), span_of(payload, len),
		      (bits & SEGMENT_BAD_CHECKSUM) != 0 ? TCP_PEER_FAULT_CHECKSUM
							 : TCP_PEER_FAULT_NONE,
		      r->now_ns);
	tcp_check(&r->host->net);
	look(r);
}

/* flags, offset from rcv_nxt (2), offset from snd_nxt (2), payload in units of 6 bytes, bits */
static void segment_step(struct run *r, const uint8_t *p)
{
	int32_t seq = (int16_t)u16_at(p + 1), ack = (int16_t)u16_at(p + 3);
	uint32_t len = p[5] * 6u;

	if ((p[6] & SEGMENT_FAR) != 0)
		seq = (int32_t)((uint32_t)seq << 16);
	send(r, p[0] & 0x1f, r->rcv_nxt + (uint32_t)seq, r->snd_nxt + (uint32_t)ack,
	     len < PAYLOAD_MAX ? len : PAYLOAD_MAX, p[6]);
	if ((p[6] & SEGMENT_SAME_TURN) == 0)
		end_turn(r);
}

/* offset of the quoted segment from snd_nxt (2), its packet (2), the next network (2) */
static void too_big_step(struct run *r, const uint8_t *p)
{
	int32_t seq = (int16_t)u16_at(p);

	tcp_peer_too_big(r->host, 9, r->local, r->remote, r->snd_nxt + (uint32_t)seq, u16_at(p + 2),
			 u16_at(p + 4), r->now_ns);
	tcp_check(&r->host->net);
	end_turn(r);
}

static void read_some(struct run *r, size_t n)
{
	uint8_t buf[256 * 64];

	n = tcp_rx_copy(r->c, 0, buf, n < sizeof(buf) ? n : sizeof(buf));
	for (size_t i = 0; i < n; i++)
		GW_ASSERT(buf[i] == byte_at(r->c->irs + 1 + r->read_bytes + (uint32_t)i));
	tcp_rx_consume(&r->host->net, r->c, n);
	r->read_bytes += (uint32_t)n;
}

static void user_step(struct run *r, const uint8_t *p)
{
	static const uint8_t data[256 * 64];
	struct net *net = &r->host->net;

	switch (p[0] % 6) {
	case 0:
		tcp_tx_write(net, r->c, span_of(data, p[1] * 64u));
		break;
	case 1:
		read_some(r, p[1] * 64u);
		break;
	case 2:
		tcp_shutdown(net, r->c);
		break;
	case 3:
		tcp_release(net, r->c);
		r->c = NULL;
		break;
	case 4:
		tcp_abort(net, r->c);
		r->c = NULL;
		break;
	case 5:
		tcp_ready_put(net, r->c);
		break;
	}
	tcp_check(net);
	end_turn(r);
}

static void step(struct run *r, const uint8_t *p)
{
	switch (p[0] % 8) {
	case 4:
		r->now_ns += u16_at(p + 1) * MS;
		net_timers_run(&r->host->net, r->now_ns);
		end_turn(r);
		break;
	case 5:
	case 6:
		if (r->c != NULL)
			user_step(r, p + 1);
		break;
	case 7:
		if (p[1] > 1) {
			too_big_step(r, p + 2);
			break;
		}
		mbuf_pool_limit(r->host->tx_pool, p[1] % 2 != 0 ? 0 : TCP_HOST_MBUFS_MAX);
		break;
	default:
		segment_step(r, p + 1);
	}
}

/* As many as may be half open, of which nothing is heard again. */
static void fill_half_open(struct run *r)
{
	for (uint16_t i = 0; i < r->host->net.tcp.half_open_max; i++) {
		struct tcp_header h = {.src_port = (uint16_t)(9 + i),
				       .dst_port = 80,
				       .flags = TCP_SYN,
				       .window = 1};

		tcp_peer_send(r->host, 2, 1, &h, span_of(NULL, 0), span_of(NULL, 0),
			      TCP_PEER_FAULT_NONE, r->now_ns);
	}
	end_turn(r);
}

static void open_connection(struct run *r)
{
	uint8_t bits = (r->opening & OPENING_TIMESTAMPS) != 0 ? SEGMENT_TS : 0;
	struct net *net = &r->host->net;

	r->local = (struct ip4_endpoint){tcp_host_addr(1), 80};
	r->remote = (struct ip4_endpoint){tcp_host_addr(2), 40000};
	GW_ASSERT(tcp_listen(net, r->local, 0, NULL, NULL) == GW_ERR_OK);
	if ((r->opening & OPENING_ACTIVE) != 0) {
		r->remote.port = 8080;
		r->c = tcp_connect(net, r->remote, r->now_ns);
		tcp_user_set(r->c, r);
		r->local = tcp_local(r->c);
		end_turn(r);
		r->rcv_nxt = PEER_ISS;
		if ((r->opening & OPENING_HALF) == 0)
			send(r, TCP_SYN | TCP_ACK, PEER_ISS, r->snd_nxt, 0, bits);
	} else {
		if ((r->opening & OPENING_COOKIE) != 0)
			fill_half_open(r);
		send(r, TCP_SYN, PEER_ISS, 0, 0, bits);
		end_turn(r);
		if ((r->opening & OPENING_HALF) == 0)
			send(r, TCP_ACK, PEER_ISS + 1, r->snd_nxt, 0, bits);
	}
	end_turn(r);
	if ((r->opening & OPENING_HALF) == 0)
		GW_ASSERT(r->c != NULL && tcp_state(r->c) == TCP_ESTABLISHED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct tcp_params params = tcp_host_params();
	struct run r = {.now_ns = 1000000 * MS, .ts = 5000};

	if (len < 1)
		return 0;
	r.opening = data[0];
	params.conns_max = 4;
	params.time_wait_ms = 5000;
	if ((r.opening & OPENING_SMALL) != 0) {
		params.rx_buf_bytes = 4096;
		params.tx_buf_bytes = 4096;
	}
	r.host = tcp_host_open(1, 1500, &params, r.now_ns);
	open_connection(&r);
	data++;
	len--;
	for (unsigned i = 0; i < STEPS_MAX && len >= STEP_BYTES; i++) {
		step(&r, data);
		data += STEP_BYTES;
		len -= STEP_BYTES;
	}
	tcp_host_close(r.host);
	return 0;
}
