/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/netif.h"

#include "base/assert.h"

#include <string.h>

static uint32_t host_mask(struct ip4_prefix p)
{
	return p.len == 0 ? UINT32_MAX : (uint32_t)((1ull << (32 - p.len)) - 1);
}

bool netif_owns(const struct netif *nif, struct ip4 addr)
{
	for (unsigned i = 0; i < nif->params.addr_count; i++) {
		if (ip4_eq(nif->params.addrs[i].addr, addr))
			return true;
	}
	return false;
}

const struct ip4_prefix *netif_network_of(const struct netif *nif, struct ip4 addr)
{
	for (unsigned i = 0; i < nif->params.addr_count; i++) {
		const struct ip4_prefix *p = &nif->params.addrs[i];
		uint32_t mask = host_mask(*p), host = addr.v & mask;

		if (!ip4_prefix_has(*p, addr))
			continue;
		/* RFC 3021: a /31 has no first and last to spare. */
		if (p->len >= 31 || (host != 0 && host != mask))
			return p;
	}
	return NULL;
}

bool netif_is_broadcast(const struct netif *nif, struct ip4 addr)
{
	if (addr.v == UINT32_MAX)
		return true;
	for (unsigned i = 0; i < nif->params.addr_count; i++) {
		struct ip4_prefix p = nif->params.addrs[i];
		uint32_t mask = host_mask(p), host = addr.v & mask;

		if (p.len < 31 && ip4_prefix_has(p, addr) && (host == 0 || host == mask))
			return true;
	}
	return false;
}

enum drop_reason netif_output(struct netif *nif, struct rte_mbuf *m, const uint8_t mac[6],
			      uint16_t eth_type)
{
	struct eth_header eth = {.type = eth_type};
	char *out;

	if (nif->txq_count == NETIF_TXQ_MAX) {
		rte_pktmbuf_free(m);
		return drop_count(nif->count, DROP_tx_queue_full);
	}
	memcpy(eth.dst, mac, sizeof(eth.dst));
	memcpy(eth.src, nif->params.mac, sizeof(eth.src));
	out = rte_pktmbuf_prepend(m, ETH_HEADER_BYTES);
	GW_ASSERT(out != NULL);
	eth_header_emit(&eth, (uint8_t *)out);
	nif->txq[nif->txq_count++] = m;
	return DROP_none;
}

void netif_tx_done(struct netif *nif, unsigned sent_count)
{
	GW_ASSERT(sent_count <= nif->txq_count);
	counter_add(nif->count, COUNTER_net_tx, sent_count);
	nif->txq_count -= sent_count;
	memmove(&nif->txq[0], &nif->txq[sent_count], nif->txq_count * sizeof(nif->txq[0]));
}
