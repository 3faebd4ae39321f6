/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/pkt.h"

void pkt_checksum_add(const struct rte_mbuf *m, struct checksum *c)
{
	for (; m != NULL; m = m->next)
		checksum_add(c, pkt_head(m));
}

bool pkt_has_headroom(struct rte_mbuf *m, uint16_t headroom_bytes)
{
	return RTE_MBUF_DIRECT(m) && rte_pktmbuf_headroom(m) >= headroom_bytes;
}

struct rte_mbuf *pkt_copy_linear(const struct rte_mbuf *m, struct rte_mempool *pool)
{
	struct rte_mbuf *copy = rte_pktmbuf_alloc(pool);

	if (copy == NULL)
		return NULL;
	if (rte_pktmbuf_tailroom(copy) < rte_pktmbuf_pkt_len(m)) {
		rte_pktmbuf_free(copy);
		return NULL;
	}
	for (; m != NULL; m = m->next) {
		uint16_t len = rte_pktmbuf_data_len(m);

		memcpy(rte_pktmbuf_append(copy, len), rte_pktmbuf_mtod(m, const void *), len);
	}
	return copy;
}
