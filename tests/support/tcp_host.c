/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/tcp_host.h"

#include "tests/support/mbuf_pool.h"

#include <stdlib.h>
#include <string.h>

struct tcp_params tcp_host_params(void)
{
	return (struct tcp_params){
		.conns_max = 64,
		.rx_buf_bytes = 65536,
		.tx_buf_bytes = 131072,
		.rto_min_ms = 200,
		.time_wait_ms = 60000,
	};
}

struct ip4 tcp_host_addr(uint8_t n)
{
	return (struct ip4){0xc6120000u | n};
}

void tcp_host_mac(uint8_t n, uint8_t ret_mac[6])
{
	const uint8_t mac[6] = {2, 0, 0, 0, 0, n};

	memcpy(ret_mac, mac, sizeof(mac));
}

struct tcp_host *tcp_host_open(uint8_t n, uint16_t mtu, const struct tcp_params *params,
			       uint64_t now_ns)
{
	struct tcp_host *host = calloc(1, sizeof(*host));
	struct net_params *np = calloc(1, sizeof(*np));

	GW_ASSERT(host != NULL && np != NULL);
	host->rx_pool = mbuf_pool_create(TCP_HOST_MBUFS_MAX, MBUF_POOL_DATA_ROOM_BYTES);
	host->tx_pool = mbuf_pool_create(TCP_HOST_MBUFS_MAX, MBUF_POOL_DATA_ROOM_BYTES);
	np->netif_count = 1;
	np->netifs[0].name = "test";
	np->netifs[0].mtu = mtu;
	np->netifs[0].addrs[0] = (struct ip4_prefix){tcp_host_addr(n), 24};
	np->netifs[0].addr_count = 1;
	tcp_host_mac(n, np->netifs[0].mac);
	np->tcp = *params;
	np->tx_pool = host->tx_pool;
	np->hash_seed[0] = 0x0706050403020100u + n;
	np->hash_seed[1] = 0x0f0e0d0c0b0a0908u;
	GW_ASSERT(net_init(&host->net, np, &host->count, now_ns) == GW_ERR_OK);
	free(np);
	return host;
}

void tcp_host_close(struct tcp_host *host)
{
	net_fini(&host->net);
	mbuf_pool_destroy(host->rx_pool);
	mbuf_pool_destroy(host->tx_pool);
	free(host);
}

void tcp_host_rx(struct tcp_host *host, struct span frame, uint64_t now_ns)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(host->rx_pool);
	char *to;

	GW_ASSERT(m != NULL);
	to = rte_pktmbuf_append(m, (uint16_t)frame.len);
	GW_ASSERT(to != NULL);
	memcpy(to, frame.p, frame.len);
	net_rx_burst(&host->net, 0, &m, 1, now_ns);
}

size_t tcp_host_tx(struct tcp_host *host, uint8_t buf[TCP_HOST_FRAME_BYTES_MAX])
{
	struct netif *nif = &host->net.netifs[0];
	struct rte_mbuf *m;
	size_t len = 0;

	if (nif->txq_count == 0)
		return 0;
	m = nif->txq[0];
	GW_ASSERT(m->pkt_len <= TCP_HOST_FRAME_BYTES_MAX);
	for (const struct rte_mbuf *part = m; part != NULL; part = part->next) {
		memcpy(buf + len, rte_pktmbuf_mtod(part, const uint8_t *), part->data_len);
		len += part->data_len;
	}
	netif_tx_done(nif, 1);
	rte_pktmbuf_free(m);
	return len;
}
