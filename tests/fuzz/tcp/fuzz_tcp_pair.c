/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two endpoints and a network in the hands of the input: it delivers, loses, repeats, reorders, alters and forges segments,
 * lets time pass and decides what both users do.  After each step every invariant of both stacks is asserted.  As long as
 * no byte was altered or forged, each reads exactly what the other wrote; altered segments must fail their checksum; a forged
 * one may end a connection but never put a byte where it does not belong unless it hits the window, which is not held
 * against anybody.  At the end no mbuf may be missing.
 *
 * First byte: options of the pair.  Then four bytes a step: kind, and its arguments. */
#include "net/tcp/tcp_priv.h"
#include "tests/support/mbuf_pool.h"
#include "tests/support/tcp_peer.h"

#define MS 1000000ull
#define STEPS_MAX 400
#define STEP_BYTES 4
#define WIRE_MAX 64

enum pair_option {
	OPTION_SMALL = 1,  /* buffers of 4 KiB */
	OPTION_FEW = 2,    /* hardly any mbufs may be held */
	OPTION_COOKIE = 4, /* the listening side has no room for half-open connections */
};

struct frame {
	unsigned to;
	size_t len;
	uint8_t bytes[TCP_HOST_FRAME_BYTES_MAX];
};

struct side {
	struct tcp_host *host;
	struct tcp_conn *c;
	bool has_accepted;
	uint32_t written_bytes, read_bytes;
};

struct pair {
	struct side sides[2];
	struct frame *wire[WIRE_MAX]; /* oldest first; a full wire loses */
	unsigned wire_count;
	uint64_t now_ns;
	bool forged;
};

static uint8_t byte_at(unsigned side, uint32_t offset)
{
	return (uint8_t)(offset * 31 + offset / 253 + side * 101);
}

static void put_on_wire(struct pair *p, const struct frame *f)
{
	struct frame *copy;

	if (p->wire_count == WIRE_MAX)
		return;
	copy = malloc(sizeof(*copy));
	GW_ASSERT(copy != NULL);
	*copy = *f;
	p->wire[p->wire_count++] = copy;
}

static void collect(struct pair *p, unsigned from)
{
	struct frame f = {.to = 1 - from};

	net_output_all(&p->sides[from].host->net, p->now_ns);
	tcp_check(&p->sides[from].host->net);
	while ((f.len = tcp_host_tx(p->sides[from].host, f.bytes)) > 0) {
		/* Addresses are resolved at once, whatever becomes of segments. */
		if (f.bytes[12] == 0x08 && f.bytes[13] == 0x06)
			tcp_host_rx(p->sides[f.to].host, span_of(f.bytes, f.len), p->now_ns);
		else
			put_on_wire(p, &f);
	}
}

static void take_ready(struct pair *p, unsigned who)
{
	struct side *s = &p->sides[who];
	struct tcp_conn *c;

	while ((c = tcp_ready_take(&s->host->net)) != NULL) {
		if (tcp_user(c) != NULL)
			continue;
		/* Of a cookie that comes once more there may be a second one, which the client knows nothing of. */
		if (who == 0 && !s->has_accepted) {
			s->c = c;
			s->has_accepted = true;
			tcp_user_set(c, s);
		} else {
			tcp_abort(&s->host->net, c);
		}
	}
}

static void end_turn(struct pair *p)
{
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned who = 0; who < 2; who++) {
			take_ready(p, who);
			collect(p, who);
		}
	}
}

static void deliver(struct pair *p, const struct frame *f)
{
	tcp_host_rx(p->sides[f->to].host, span_of(f->bytes, f->len), p->now_ns);
	tcp_check(&p->sides[f->to].host->net);
	end_turn(p);
}

static struct frame *take_off(struct pair *p, unsigned which)
{
	struct frame *f;

	if (p->wire_count == 0)
		return NULL;
	which %= p->wire_count;
	f = p->wire[which];
	p->wire_count--;
	memmove(&p->wire[which], &p->wire[which + 1], (p->wire_count - which) * sizeof(f));
	return f;
}

/* A copy of a frame with a segment that says something else, and a good checksum. */
static void forge(struct pair *p, const struct frame *f, uint8_t what, uint8_t by)
{
	struct span tcp = span_of(f->bytes + 34, f->len - 34);
	struct tcp_header h;

	if (f->len < 54 || tcp_header_parse(tcp, &h) != DROP_none)
		return;
	p->forged = true;
	h.flags ^= what & 0x1f;
	h.seq += (uint32_t)((int8_t)by * (what & 0x20 ? 1 : 1500));
	h.ack += (uint32_t)(what & 0x40 ? (int8_t)by : 0);
	h.window = what & 0x80 ? by : h.window;
	tcp_peer_send(p->sides[f->to].host, f->to == 0 ? 2 : 1, f->to == 0 ? 1 : 2, &h,
		      span_of(NULL, 0), span_skip(tcp, h.header_bytes), TCP_PEER_FAULT_NONE,
		      p->now_ns);
	tcp_check(&p->sides[f->to].host->net);
	end_turn(p);
}

static void network_step(struct pair *p, const uint8_t *a)
{
	struct frame *f = take_off(p, a[1]);

	if (f == NULL)
		return;
	switch (a[0] % 6) {
	case 0: /* lost */
		break;
	case 1: /* twice */
		deliver(p, f);
		deliver(p, f);
		break;
	case 2: /* again later */
		put_on_wire(p, f);
		deliver(p, f);
		break;
	case 3: /* altered */
		f->bytes[34 + a[2] % (f->len - 34)] ^= (uint8_t)(a[2] | 1);
		deliver(p, f);
		break;
	case 4:
		forge(p, f, a[1], a[2]);
		break;
	default: /* as it is */
		deliver(p, f);
	}
	free(f);
}

static void read_some(struct pair *p, unsigned who, size_t n)
{
	struct side *s = &p->sides[who];
	uint8_t buf[4096];

	n = tcp_rx_copy(s->c, 0, buf, n < sizeof(buf) ? n : sizeof(buf));
	for (size_t i = 0; i < n && !p->forged; i++)
		GW_ASSERT(buf[i] == byte_at(1 - who, s->read_bytes + (uint32_t)i));
	tcp_rx_consume(&s->host->net, s->c, n);
	s->read_bytes += (uint32_t)n;
	GW_ASSERT(p->forged || s->read_bytes <= p->sides[1 - who].written_bytes);
	if (!p->forged && tcp_rx_eof(s->c) && tcp_end(s->c) == TCP_END_NONE)
		GW_ASSERT(s->read_bytes == p->sides[1 - who].written_bytes);
}

static void write_some(struct pair *p, unsigned who, size_t n)
{
	struct side *s = &p->sides[who];
	uint8_t buf[4096];

	n = n < sizeof(buf) ? n : sizeof(buf);
	for (size_t i = 0; i < n; i++)
		buf[i] = byte_at(who, s->written_bytes + (uint32_t)i);
	s->written_bytes += (uint32_t)tcp_tx_write(&s->host->net, s->c, span_of(buf, n));
}

static void user_step(struct pair *p, unsigned who, const uint8_t *a)
{
	struct side *s = &p->sides[who];
	struct net *net = &s->host->net;

	if (s->c == NULL)
		return;
	switch (a[0] % 8) {
	case 0:
		tcp_shutdown(net, s->c);
		break;
	case 1:
		tcp_release(net, s->c);
		s->c = NULL;
		break;
	case 2:
		if (a[1] % 4 == 0) {
			tcp_abort(net, s->c);
			s->c = NULL;
		}
		break;
	case 3:
	case 4:
		read_some(p, who, a[1] * 64u);
		break;
	default:
		write_some(p, who, a[1] * 32u + 1);
	}
	tcp_check(net);
	end_turn(p);
}

static void step(struct pair *p, const uint8_t *a)
{
	switch (a[0] % 8) {
	case 0:
		p->now_ns += (uint64_t)a[1] * a[1] * MS;
		for (unsigned who = 0; who < 2; who++)
			net_timers_run(&p->sides[who].host->net, p->now_ns);
		end_turn(p);
		break;
	case 1:
	case 2:
		user_step(p, a[0] / 8 % 2, a + 1);
		break;
	case 3:
		mbuf_pool_limit(p->sides[a[1] % 2].host->tx_pool,
				a[2] % 2 != 0 ? 0 : TCP_HOST_MBUFS_MAX);
		break;
	default:
		network_step(p, a + 1);
	}
}

static void pair_open(struct pair *p, uint8_t options)
{
	struct tcp_params params = tcp_host_params();
	struct ip4_endpoint server = {tcp_host_addr(1), 80};

	params.conns_max = 4;
	params.time_wait_max = 1;
	params.time_wait_ms = 5000;
	if ((options & OPTION_SMALL) != 0)
		params.rx_buf_bytes = params.tx_buf_bytes = 4096;
	if ((options & OPTION_FEW) != 0)
		params.rx_mbufs_max = 4;
	p->now_ns = 1000000 * MS;
	for (unsigned who = 0; who < 2; who++)
		p->sides[who].host = tcp_host_open((uint8_t)(who + 1), 1500, &params, p->now_ns);
	GW_ASSERT(tcp_listen(&p->sides[0].host->net, server, 0, NULL, NULL) == GW_ERR_OK);
	for (uint16_t i = 0; (options & OPTION_COOKIE) != 0 && i < 2; i++) {
		struct tcp_header h = {.src_port = (uint16_t)(9 + i),
				       .dst_port = 80,
				       .flags = TCP_SYN,
				       .window = 1};

		tcp_peer_send(p->sides[0].host, 7, 1, &h, span_of(NULL, 0), span_of(NULL, 0),
			      TCP_PEER_FAULT_NONE, p->now_ns);
	}
	p->sides[1].c = tcp_connect(&p->sides[1].host->net, server, p->now_ns);
	GW_ASSERT(p->sides[1].c != NULL);
	tcp_user_set(p->sides[1].c, &p->sides[1]);
	end_turn(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pair p = {0};
	struct frame *f;

	if (len < 1)
		return 0;
	pair_open(&p, data[0]);
	data++;
	len--;
	for (unsigned i = 0; i < STEPS_MAX && len >= STEP_BYTES; i++) {
		step(&p, data);
		data += STEP_BYTES;
		len -= STEP_BYTES;
	}
	while ((f = take_off(&p, 0)) != NULL)
		free(f);
	for (unsigned who = 0; who < 2; who++)
		tcp_host_close(p.sides[who].host);
	return 0;
}
