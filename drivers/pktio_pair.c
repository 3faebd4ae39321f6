/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/pktio_pair.h"

#include <rte_ether.h>
#include <rte_ip.h>
#include <rte_tcp.h>
#include <rte_thash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pktio_pair {
	struct pktio base;
	struct pktio_pair *peer; /* NULL once that end is closed: nobody receives */
	struct pktio_pair_params params;
	struct pktio_stats stats;
	/* Each a circle of params.ring_count. */
	struct pair_queue {
		struct rte_mbuf **ring;
		unsigned first, used;
	} queues[PKTIO_QUEUES_MAX];
};

/* The key that Microsoft's specification gives as an example, and many devices have. */
static const uint8_t rss_key[] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};
#define RSS_TABLE_COUNT 128

static struct pktio_pair *of(struct pktio *port)
{
	return (struct pktio_pair *)port;
}

static uint16_t pair_rx_burst(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
			      uint16_t count)
{
	struct pktio_pair *p = of(port);
	struct pair_queue *q = &p->queues[queue];
	uint16_t n = 0;

	while (n < count && q->used > 0) {
		pkts[n++] = q->ring[q->first];
		q->first = (q->first + 1) % p->params.ring_count;
		q->used--;
	}
	p->stats.rx_pkts += n;
	return n;
}

static unsigned queue_of(const struct pktio_pair *to, const struct rte_mbuf *m)
{
	const struct rte_ether_hdr *eth = rte_pktmbuf_mtod(m, const struct rte_ether_hdr *);
	const struct rte_ipv4_hdr *ip = (const void *)(eth + 1);
	const struct rte_tcp_hdr *tcp = (const void *)(ip + 1);
	uint32_t tuple[3];

	if (to->params.queue_count <= 1 ||
	    rte_pktmbuf_data_len(m) < sizeof(*eth) + sizeof(*ip) + sizeof(*tcp) ||
	    eth->ether_type != RTE_BE16(RTE_ETHER_TYPE_IPV4) || ip->version_ihl != 0x45 ||
	    ip->next_proto_id != IPPROTO_TCP || (ip->fragment_offset & RTE_BE16(0x3fff)) != 0)
		return 0;
	tuple[0] = rte_be_to_cpu_32(ip->src_addr);
	tuple[1] = rte_be_to_cpu_32(ip->dst_addr);
	tuple[2] = (uint32_t)rte_be_to_cpu_16(tcp->src_port) << 16 |
		   rte_be_to_cpu_16(tcp->dst_port);
	return rte_softrss(tuple, RTE_DIM(tuple), rss_key) % RSS_TABLE_COUNT %
	       to->params.queue_count;
}

static void deliver(struct pktio_pair *to, struct rte_mbuf *m)
{
	struct pair_queue *q = &to->queues[queue_of(to, m)];
	struct rte_mbuf *copy = NULL;

	if (q->used < to->params.ring_count)
		copy = rte_pktmbuf_copy(m, to->params.rx_pool, 0, UINT32_MAX);
	if (copy == NULL) {
		to->stats.rx_dropped++;
		return;
	}
	copy->ol_flags = 0; /* whoever receives knows nothing of what the sender left to its port */
	q->ring[(q->first + q->used++) % to->params.ring_count] = copy;
}

static uint16_t pair_tx_burst(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
			      uint16_t count)
{
	struct pktio_pair *p = of(port);

	(void)queue;

	for (uint16_t i = 0; i < count; i++) {
		if (p->peer != NULL)
			deliver(p->peer, pkts[i]);
		rte_pktmbuf_free(pkts[i]);
	}
	p->stats.tx_pkts += count;
	return count;
}

static void pair_info(struct pktio *port, struct pktio_info *ret_info)
{
	const struct pktio_pair *p = of(port);

	*ret_info = (struct pktio_info){
		.device = "pair",
		.driver = "pair",
		.mtu = p->params.mtu,
		.link_up = p->peer != NULL,
		.caps.tx_multi_segment = true,
	};
	snprintf(ret_info->name, sizeof(ret_info->name), "%s", p->params.name);
	memcpy(ret_info->mac, p->params.mac, sizeof(ret_info->mac));
}

static void pair_stats(struct pktio *port, struct pktio_stats *ret_stats)
{
	*ret_stats = of(port)->stats;
}

static void pair_rss(struct pktio *port, struct pktio_rss *ret_rss)
{
	const struct pktio_pair *p = of(port);
	struct pktio_rss rss = {.is_known = true};

	memcpy(rss.key, rss_key, sizeof(rss_key));
	rss.key_bytes = sizeof(rss_key);
	rss.table_count = RSS_TABLE_COUNT;
	for (unsigned i = 0; i < rss.table_count; i++)
		rss.table[i] = (uint16_t)(i % p->params.queue_count);
	*ret_rss = rss;
}

static void pair_close(struct pktio *port)
{
	struct pktio_pair *p = of(port);
	struct rte_mbuf *m;

	for (uint16_t q = 0; q < p->params.queue_count; q++) {
		while (p->queues[q].ring != NULL && pair_rx_burst(port, q, &m, 1) == 1)
			rte_pktmbuf_free(m);
		free(p->queues[q].ring);
	}
	if (p->peer != NULL)
		p->peer->peer = NULL;
	free(p);
}

static const struct pktio_ops pair_ops = {
	.rx_burst = pair_rx_burst,
	.tx_burst = pair_tx_burst,
	.info = pair_info,
	.rss = pair_rss,
	.stats = pair_stats,
	.close = pair_close,
};

static struct pktio_pair *end_create(const struct pktio_pair_params *params)
{
	struct pktio_pair *p = calloc(1, sizeof(*p));

	GW_ASSERT(params->ring_count > 0);
	if (p == NULL)
		return NULL;
	p->base.ops = &pair_ops;
	p->params = *params;
	if (p->params.queue_count == 0)
		p->params.queue_count = 1;
	GW_ASSERT(p->params.queue_count <= PKTIO_QUEUES_MAX);
	for (uint16_t q = 0; q < p->params.queue_count; q++) {
		p->queues[q].ring = calloc(params->ring_count, sizeof(p->queues[q].ring[0]));
		if (p->queues[q].ring == NULL) {
			pair_close(&p->base);
			return NULL;
		}
	}
	return p;
}

enum gw_err pktio_pair_open(const struct pktio_pair_params params[2], struct pktio *ret_ports[2])
{
	struct pktio_pair *a = end_create(&params[0]), *b = end_create(&params[1]);

	if (a == NULL || b == NULL) {
		if (a != NULL)
			pair_close(&a->base);
		if (b != NULL)
			pair_close(&b->base);
		return GW_ERR_NO_MEMORY;
	}
	a->peer = b;
	b->peer = a;
	ret_ports[0] = &a->base;
	ret_ports[1] = &b->base;
	return GW_ERR_OK;
}
