/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two real stacks, joined by a wire that loses, delays, reorders and duplicates as a seed says.  Every invariant is
 * checked after every millisecond; bytes are compared as they arrive; at the end no mbuf may be missing. */
#include <criterion/criterion.h>

#include "net/tcp/tcp_priv.h"
#include "tests/support/tcp_host.h"

#define MS 1000000ull
#define MIB (1u << 20)
#define WIRE_FRAMES_MAX 4096
#define HELD_MAX 64
#define GIVE_UP_MS 600000u

struct frame {
	uint64_t due_ns;
	unsigned to;
	size_t len;
	uint8_t bytes[TCP_HOST_FRAME_BYTES_MAX];
};

/* A frame whose driver has not let go yet, and what it must still read there. */
struct held {
	struct rte_mbuf *m;
	uint64_t until_ns;
	uint16_t len;
	uint8_t bytes[TCP_HOST_FRAME_BYTES_MAX];
};

struct side {
	struct tcp_host *host;
	struct tcp_conn *c;
	uint32_t written_bytes, read_bytes;
	bool done;
};

struct pair {
	struct side sides[2];
	struct frame *wire[WIRE_FRAMES_MAX];
	unsigned wire_count;
	struct held held[HELD_MAX];
	unsigned held_count;
	uint64_t now_ns, random;
	uint32_t loss_permille, duplicate_permille, reorder_permille;
};

/* splitmix64 */
static uint32_t draw(struct pair *p, uint32_t below)
{
	uint64_t z = p->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ z >> 31) % below);
}

static uint8_t byte_at(unsigned side, uint32_t offset)
{
	return (uint8_t)(offset * 31 + offset / 253 + side * 101);
}

static void put_on_wire(struct pair *p, unsigned to, const uint8_t *bytes, size_t len)
{
	bool late = draw(p, 1000) < p->reorder_permille;
	bool is_arp = bytes[12] == 0x08 &&
		      bytes[13] == 0x06; /* three lost requests end an attempt */
	struct frame *f;

	if ((!is_arp && draw(p, 1000) < p->loss_permille) || p->wire_count == WIRE_FRAMES_MAX)
		return;
	f = malloc(sizeof(*f));
	cr_assert_not_null(f);
	f->due_ns = p->now_ns + (2 + (late ? 1 + draw(p, 8) : 0)) * MS;
	f->to = to;
	f->len = len;
	memcpy(f->bytes, bytes, len);
	p->wire[p->wire_count++] = f;
}

/* Now and then a driver keeps a frame for a while after it was handed over. */
static void maybe_hold(struct pair *p, struct rte_mbuf *m)
{
	struct held *h = &p->held[p->held_count];

	if (p->held_count == HELD_MAX || draw(p, 10) != 0)
		return;
	h->m = m;
	h->until_ns = p->now_ns + draw(p, 600) * MS;
	h->len = m->data_len;
	memcpy(h->bytes, rte_pktmbuf_mtod(m, const uint8_t *), m->data_len);
	rte_mbuf_refcnt_update(m, 1);
	p->held_count++;
}

static void let_go(struct pair *p, bool all)
{
	for (unsigned i = 0; i < p->held_count;) {
		struct held *h = &p->held[i];

		cr_assert_eq(h->m->data_len, h->len);
		cr_assert_eq(memcmp(rte_pktmbuf_mtod(h->m, const uint8_t *), h->bytes, h->len), 0,
			     "a frame was changed under its driver");
		if (!all && h->until_ns > p->now_ns) {
			i++;
			continue;
		}
		rte_pktmbuf_free(h->m);
		*h = p->held[--p->held_count];
	}
}

static void send_frames(struct pair *p, unsigned from)
{
	struct netif *nif = &p->sides[from].host->net.netifs[0];
	uint8_t bytes[TCP_HOST_FRAME_BYTES_MAX];
	size_t len;

	while (nif->txq_count > 0) {
		maybe_hold(p, nif->txq[0]);
		len = tcp_host_tx(p->sides[from].host, bytes);
		put_on_wire(p, 1 - from, bytes, len);
		if (draw(p, 1000) < p->duplicate_permille)
			put_on_wire(p, 1 - from, bytes, len);
	}
}

static void deliver(struct pair *p)
{
	unsigned kept = 0, count = p->wire_count;

	for (unsigned i = 0; i < count; i++) {
		struct frame *f = p->wire[i];

		if (f->due_ns > p->now_ns) {
			p->wire[kept++] = f;
			continue;
		}
		tcp_host_rx(p->sides[f->to].host, span_of(f->bytes, f->len), p->now_ns);
		free(f);
	}
	p->wire_count = kept;
}

static void read_some(struct pair *p, unsigned who)
{
	struct side *s = &p->sides[who];
	size_t n = tcp_rx_bytes(s->c);
	struct span part;

	/* A slow reader at times: the window closes. */
	if (draw(p, 4) == 0)
		return;
	while (n > 0) {
		part = tcp_rx_peek(s->c, 0);
		for (size_t i = 0; i < part.len; i++)
			cr_assert_eq(part.p[i], byte_at(1 - who, s->read_bytes + (uint32_t)i));
		s->read_bytes += (uint32_t)part.len;
		tcp_rx_consume(&s->host->net, s->c, part.len);
		n -= part.len;
	}
}

static void write_some(struct pair *p, unsigned who, uint32_t total)
{
	struct side *s = &p->sides[who];
	uint8_t chunk[4096];
	uint32_t want = 1 + draw(p, sizeof(chunk));
	size_t taken = want;

	while (s->written_bytes < total && taken == want) {
		if (want > total - s->written_bytes)
			want = total - s->written_bytes;
		for (uint32_t i = 0; i < want; i++)
			chunk[i] = byte_at(who, s->written_bytes + i);
		taken = tcp_tx_write(&s->host->net, s->c, span_of(chunk, want));
		s->written_bytes += (uint32_t)taken;
	}
	if (s->written_bytes == total)
		tcp_shutdown(&s->host->net, s->c);
}

/* What the user of a connection does with it in one turn. */
static void use(struct pair *p, unsigned who, uint32_t total)
{
	struct side *s = &p->sides[who];

	if (s->c == NULL || s->done || tcp_state(s->c) == TCP_SYN_SENT)
		return;
	cr_assert(tcp_end(s->c) == TCP_END_NONE || tcp_end(s->c) == TCP_END_NORMAL,
		  "side %u: %d after %llu ms", who, tcp_end(s->c),
		  (unsigned long long)(p->now_ns / MS));
	read_some(p, who);
	write_some(p, who, total);
	if (tcp_rx_eof(s->c) && s->written_bytes == total && tcp_tx_unacked(s->c) == 0) {
		cr_assert_eq(s->read_bytes, total);
		tcp_release(&s->host->net, s->c);
		s->done = true;
	}
}

static void turn(struct pair *p, uint32_t total)
{
	p->now_ns += MS;
	deliver(p);
	for (unsigned who = 0; who < 2; who++) {
		struct side *s = &p->sides[who];
		struct tcp_conn *c;

		net_timers_run(&s->host->net, p->now_ns);
		while ((c = tcp_ready_take(&s->host->net)) != NULL) {
			if (s->c == NULL)
				s->c = c;
			tcp_user_set(c, s);
		}
		use(p, who, total);
		net_output_all(&s->host->net, p->now_ns);
		send_frames(p, who);
		tcp_check(&s->host->net);
	}
	let_go(p, false);
}

static void transfer(uint64_t seed, uint32_t loss, uint32_t duplicate, uint32_t reorder,
		     uint32_t total)
{
	struct tcp_params params = tcp_host_params();
	struct pair *p = calloc(1, sizeof(*p));
	struct ip4_endpoint server = {tcp_host_addr(1), 80};
	unsigned ms = 0;

	cr_assert_not_null(p);
	p->random = seed;
	p->now_ns = 1000 * MS;
	p->loss_permille = loss;
	p->duplicate_permille = duplicate;
	p->reorder_permille = reorder;
	params.time_wait_ms = 10000; /* longer than any pause between retransmissions here */
	p->sides[0].host = tcp_host_open(1, 1500, &params, p->now_ns);
	p->sides[1].host = tcp_host_open(2, 1500, &params, p->now_ns);
	cr_assert_eq(tcp_listen(&p->sides[0].host->net, server, 0, NULL, NULL), GW_ERR_OK);
	p->sides[1].c = tcp_connect(&p->sides[1].host->net, server, p->now_ns);
	cr_assert_not_null(p->sides[1].c);
	tcp_user_set(p->sides[1].c, &p->sides[1]);
	do {
		turn(p, total);
		cr_assert_lt(++ms, GIVE_UP_MS, "seed %llu hangs: %u and %u bytes read",
			     (unsigned long long)seed, p->sides[0].read_bytes,
			     p->sides[1].read_bytes);
	} while (!p->sides[0].done || !p->sides[1].done ||
		 tcp_conns_in_use(&p->sides[0].host->net) +
				 tcp_conns_in_use(&p->sides[1].host->net) >
			 0);
	let_go(p, true);
	for (unsigned i = 0; i < p->wire_count; i++)
		free(p->wire[i]);
	tcp_host_close(p->sides[0].host);
	tcp_host_close(p->sides[1].host);
	free(p);
}

Test(tcp_pair, mebibyte_both_ways_over_a_perfect_wire)
{
	transfer(1, 0, 0, 0, MIB);
}

Test(tcp_pair, mebibyte_both_ways_with_reordering_and_duplicates)
{
	transfer(2, 0, 20, 100, MIB);
}

Test(tcp_pair, mebibyte_both_ways_with_one_percent_lost)
{
	transfer(3, 10, 5, 20, MIB);
}

Test(tcp_pair, mebibyte_both_ways_with_five_percent_lost)
{
	transfer(4, 50, 10, 50, MIB);
}

Test(tcp_pair, many_short_connections_with_ten_percent_lost)
{
	for (uint64_t seed = 100; seed < 160; seed++)
		transfer(seed, 100, 20, 100, 3000);
}

Test(tcp_pair, nothing_sent_closes_cleanly)
{
	for (uint64_t seed = 200; seed < 240; seed++)
		transfer(seed, 100, 50, 100, 0);
}
