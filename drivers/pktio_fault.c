/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/pktio_fault.h"

#include <stdlib.h>

#define MILLION 1000000u
#define BURST 32
#define ETH_HEADER_BYTES 14

struct held {
	struct rte_mbuf *m;
	uint64_t due_ns;
};

/* One direction. */
struct lane {
	uint64_t random;
	unsigned first, count;
	struct held held[PKTIO_FAULT_HELD_MAX]; /* a circle, by due time */
	/* shared: one writer, relaxed readers */
	struct pktio_fault_stats stats;
};

struct pktio_fault {
	struct pktio base;
	struct pktio *lower;
	struct pktio_fault_params params;
	struct lane lanes[][PKTIO_FAULT_DIRECTIONS]; /* of each queue */
};

static struct pktio_fault *of(struct pktio *port)
{
	return (struct pktio_fault *)port;
}

static void tally(uint64_t *counter)
{
	__atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

/* splitmix64 (Steele, Lea and Flood, 2014) */
static uint64_t draw(struct lane *lane)
{
	uint64_t z = lane->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static bool happens(struct lane *lane, uint32_t ppm)
{
	return draw(lane) % MILLION < ppm;
}

static struct held *at(struct lane *lane, unsigned i)
{
	return &lane->held[(lane->first + i) % PKTIO_FAULT_HELD_MAX];
}

static void hold(struct lane *lane, struct rte_mbuf *m, uint64_t due_ns)
{
	unsigned i = lane->count++;

	for (; i > 0 && at(lane, i - 1)->due_ns > due_ns; i--)
		*at(lane, i) = *at(lane, i - 1);
	*at(lane, i) = (struct held){m, due_ns};
}

static uint16_t take_due(struct lane *lane, struct rte_mbuf **pkts, uint16_t count, uint64_t now_ns)
{
	uint16_t n = 0;

	for (; n < count && lane->count > 0 && at(lane, 0)->due_ns <= now_ns; n++) {
		pkts[n] = at(lane, 0)->m;
		lane->first = (lane->first + 1) % PKTIO_FAULT_HELD_MAX;
		lane->count--;
	}
	return n;
}

/* Back to where it was taken from. */
static void put_back(struct lane *lane, struct rte_mbuf *m)
{
	lane->first = (lane->first + PKTIO_FAULT_HELD_MAX - 1) % PKTIO_FAULT_HELD_MAX;
	lane->count++;
	*at(lane, 0) = (struct held){m, 0};
}

/* A sender keeps a reference to what it sends, so whatever is altered is a copy. */
static struct rte_mbuf *copy_of(struct lane *lane, struct rte_mbuf *m)
{
	struct rte_mbuf *copy = rte_pktmbuf_copy(m, m->pool, 0, UINT32_MAX);

	if (copy == NULL)
		tally(&lane->stats.no_mbuf);
	return copy;
}

/* Flips a bit behind the Ethernet header; returns the frame to be used instead of m. */
static struct rte_mbuf *corrupt(struct lane *lane, struct rte_mbuf *m)
{
	uint64_t bit = draw(lane);
	struct rte_mbuf *copy;

	if (m->data_len <= ETH_HEADER_BYTES)
		return m;
	copy = copy_of(lane, m);
	if (copy == NULL)
		return m;
	rte_pktmbuf_free(m);
	bit %= (copy->data_len - ETH_HEADER_BYTES) * 8ull;
	rte_pktmbuf_mtod(copy, uint8_t *)[ETH_HEADER_BYTES + bit / 8] ^= (uint8_t)(1u << bit % 8);
	copy->ol_flags = 0;
	tally(&lane->stats.corrupted);
	return copy;
}

/* Decides what becomes of m, which it consumes.  The lane has room for two. */
static void pass(struct pktio_fault *f, struct lane *lane, struct rte_mbuf *m, uint64_t now_ns)
{
	const struct pktio_fault_params *p = &f->params;
	uint64_t due_ns = now_ns + p->delay_us * 1000ull;
	/* All are drawn every time, so that one rate does not shift what another does. */
	bool lose = happens(lane, p->loss_ppm), twice = happens(lane, p->duplicate_ppm);
	bool late = happens(lane, p->reorder_ppm), alter = happens(lane, p->corrupt_ppm);
	struct rte_mbuf *copy = NULL;

	tally(&lane->stats.seen);
	if (lose) {
		tally(&lane->stats.lost);
		rte_pktmbuf_free(m);
		return;
	}
	if (alter)
		m = corrupt(lane, m);
	if (late) {
		tally(&lane->stats.reordered);
		due_ns += p->reorder_us * 1000ull;
	}
	if (p->delay_us > 0)
		tally(&lane->stats.delayed);
	if (twice)
		copy = copy_of(lane, m);
	hold(lane, m, due_ns);
	if (copy == NULL)
		return;
	tally(&lane->stats.duplicated);
	hold(lane, copy, due_ns);
}

static bool has_room(const struct lane *lane, unsigned frames)
{
	return lane->count + 2 * frames <= PKTIO_FAULT_HELD_MAX;
}

/* Hands on what is due, as far as the port takes it. */
static void transmit_due(struct pktio_fault *f, uint16_t queue, uint64_t now_ns)
{
	struct lane *lane = &f->lanes[queue][PKTIO_FAULT_TX];
	struct rte_mbuf *pkts[BURST];
	uint16_t n, sent;

	do {
		n = take_due(lane, pkts, BURST, now_ns);
		sent = n > 0 ? pktio_tx_burst(f->lower, queue, pkts, n) : 0;
		for (uint16_t i = n; i > sent; i--)
			put_back(lane, pkts[i - 1]);
	} while (sent == BURST);
}

static uint16_t fault_rx_burst(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
			       uint16_t count)
{
	struct pktio_fault *f = of(port);
	struct lane *lane = &f->lanes[queue][PKTIO_FAULT_RX];
	uint64_t now_ns = f->params.now_ns(f->params.now_ctx);
	struct rte_mbuf *in[BURST];
	uint16_t n = 0;

	/* A worker receives every turn and sends only when it has something to say. */
	transmit_due(f, queue, now_ns);
	if (has_room(lane, BURST))
		n = pktio_rx_burst(f->lower, queue, in, count < BURST ? count : BURST);
	for (uint16_t i = 0; i < n; i++)
		pass(f, lane, in[i], now_ns);
	return take_due(lane, pkts, count, now_ns);
}

static uint16_t fault_tx_burst(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
			       uint16_t count)
{
	struct pktio_fault *f = of(port);
	struct lane *lane = &f->lanes[queue][PKTIO_FAULT_TX];
	uint64_t now_ns = f->params.now_ns(f->params.now_ctx);
	uint16_t n = 0;

	for (; n < count && has_room(lane, 1); n++)
		pass(f, lane, pkts[n], now_ns);
	transmit_due(f, queue, now_ns);
	return n;
}

static void fault_info(struct pktio *port, struct pktio_info *ret_info)
{
	pktio_info(of(port)->lower, ret_info);
	/* A device that adds a checksum behind us, or has verified it before us, would hide what we alter. */
	ret_info->caps.tx_ip4_checksum = false;
	ret_info->caps.tx_tcp_checksum = false;
	ret_info->caps.rx_checksum = false;
}

static void fault_rss(struct pktio *port, struct pktio_rss *ret_rss)
{
	pktio_rss(of(port)->lower, ret_rss);
}

static void fault_stats(struct pktio *port, struct pktio_stats *ret_stats)
{
	pktio_stats(of(port)->lower, ret_stats);
}

static void fault_close(struct pktio *port)
{
	struct pktio_fault *f = of(port);

	for (unsigned k = 0; k < f->params.queue_count * PKTIO_FAULT_DIRECTIONS; k++) {
		struct lane *lane = &f->lanes[0][k];

		for (unsigned i = 0; i < lane->count; i++)
			rte_pktmbuf_free(at(lane, i)->m);
	}
	pktio_close(f->lower);
	free(f);
}

static const struct pktio_ops fault_ops = {
	.rx_burst = fault_rx_burst,
	.tx_burst = fault_tx_burst,
	.info = fault_info,
	.rss = fault_rss,
	.stats = fault_stats,
	.close = fault_close,
};

enum gw_err pktio_fault_open(const struct pktio_fault_params *params, struct pktio *lower,
			     struct pktio **ret_port)
{
	uint16_t queues = params->queue_count > 0 ? params->queue_count : 1;
	struct pktio_fault *f = calloc(1, sizeof(*f) + queues * sizeof(f->lanes[0]));

	if (f == NULL)
		return GW_ERR_NO_MEMORY;
	f->base.ops = &fault_ops;
	f->lower = lower;
	f->params = *params;
	f->params.queue_count = queues;
	for (uint16_t q = 0; q < queues; q++) {
		f->lanes[q][PKTIO_FAULT_RX].random = params->seed + q;
		f->lanes[q][PKTIO_FAULT_TX].random = ~(params->seed + q);
	}
	*ret_port = &f->base;
	return GW_ERR_OK;
}

static void stats_add(struct pktio_fault_stats *sum, const struct pktio_fault_stats *s)
{
	sum->seen += __atomic_load_n(&s->seen, __ATOMIC_RELAXED);
	sum->lost += __atomic_load_n(&s->lost, __ATOMIC_RELAXED);
	sum->duplicated += __atomic_load_n(&s->duplicated, __ATOMIC_RELAXED);
	sum->reordered += __atomic_load_n(&s->reordered, __ATOMIC_RELAXED);
	sum->corrupted += __atomic_load_n(&s->corrupted, __ATOMIC_RELAXED);
	sum->delayed += __atomic_load_n(&s->delayed, __ATOMIC_RELAXED);
	sum->no_mbuf += __atomic_load_n(&s->no_mbuf, __ATOMIC_RELAXED);
}

bool pktio_fault_stats(const struct pktio *port,
		       struct pktio_fault_stats ret_stats[PKTIO_FAULT_DIRECTIONS])
{
	const struct pktio_fault *f = (const struct pktio_fault *)port;

	if (port->ops != &fault_ops)
		return false;
	for (unsigned d = 0; d < PKTIO_FAULT_DIRECTIONS; d++) {
		ret_stats[d] = (struct pktio_fault_stats){0};
		for (uint16_t q = 0; q < f->params.queue_count; q++)
			stats_add(&ret_stats[d], &f->lanes[q][d].stats);
	}
	return true;
}
