/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/pktio_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pktio_pair {
	struct pktio base;
	struct pktio_pair *peer; /* NULL once that end is closed: nobody receives */
	struct pktio_pair_params params;
	struct pktio_stats stats;
	struct rte_mbuf **ring; /* a circle of params.ring_count */
	unsigned ring_first, ring_used;
};

static struct pktio_pair *of(struct pktio *port)
{
	return (struct pktio_pair *)port;
}

static uint16_t pair_rx_burst(struct pktio *port, struct rte_mbuf **pkts, uint16_t count)
{
	struct pktio_pair *p = of(port);
	uint16_t n = 0;

	while (n < count && p->ring_used > 0) {
		pkts[n++] = p->ring[p->ring_first];
		p->ring_first = (p->ring_first + 1) % p->params.ring_count;
		p->ring_used--;
	}
	p->stats.rx_pkts += n;
	return n;
}

static void deliver(struct pktio_pair *to, struct rte_mbuf *m)
{
	struct rte_mbuf *copy = NULL;

	if (to->ring_used < to->params.ring_count)
		copy = rte_pktmbuf_copy(m, to->params.rx_pool, 0, UINT32_MAX);
	if (copy == NULL) {
		to->stats.rx_dropped++;
		return;
	}
	copy->ol_flags = 0; /* whoever receives knows nothing of what the sender left to its port */
	to->ring[(to->ring_first + to->ring_used++) % to->params.ring_count] = copy;
}

static uint16_t pair_tx_burst(struct pktio *port, struct rte_mbuf **pkts, uint16_t count)
{
	struct pktio_pair *p = of(port);

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

static void pair_close(struct pktio *port)
{
	struct pktio_pair *p = of(port);
	struct rte_mbuf *m;

	while (pair_rx_burst(port, &m, 1) == 1)
		rte_pktmbuf_free(m);
	if (p->peer != NULL)
		p->peer->peer = NULL;
	free(p->ring);
	free(p);
}

static const struct pktio_ops pair_ops = {
	.rx_burst = pair_rx_burst,
	.tx_burst = pair_tx_burst,
	.info = pair_info,
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
	p->ring = calloc(params->ring_count, sizeof(p->ring[0]));
	if (p->ring == NULL) {
		free(p);
		return NULL;
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
