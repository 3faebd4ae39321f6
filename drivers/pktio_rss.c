/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/pktio_rss.h"

#include <string.h>
#include <sys/random.h>

#define HASH_WANTED                                                                                \
	(RTE_ETH_RSS_IPV4 | RTE_ETH_RSS_FRAG_IPV4 | RTE_ETH_RSS_NONFRAG_IPV4_TCP |                 \
	 RTE_ETH_RSS_NONFRAG_IPV4_OTHER)
/* A key covers the tuple's 12 bytes and the 4 behind them. */
#define KEY_BYTES_MIN 16

void pktio_rss_ask(const struct rte_eth_dev_info *dev, struct rte_eth_conf *conf,
		   uint8_t key[PKTIO_RSS_KEY_MAX])
{
	size_t len = dev->hash_key_size;

	if ((dev->flow_type_rss_offloads & RTE_ETH_RSS_NONFRAG_IPV4_TCP) == 0)
		return;
	conf->rxmode.mq_mode = RTE_ETH_MQ_RX_RSS;
	conf->rx_adv_conf.rss_conf.rss_hf = HASH_WANTED & dev->flow_type_rss_offloads;
	/* With the usual key a client could choose its ports so that all its connections load one worker. */
	if (len < KEY_BYTES_MIN || len > PKTIO_RSS_KEY_MAX ||
	    getrandom(key, len, 0) != (ssize_t)len)
		return;
	conf->rx_adv_conf.rss_conf.rss_key = key;
	conf->rx_adv_conf.rss_conf.rss_key_len = (uint8_t)len;
}

/* A driver that has only zeros to show does not spread by them: every packet would have the same hash. */
static bool key_is_one(const struct pktio_rss *rss)
{
	for (unsigned i = 0; i < rss->key_bytes; i++) {
		if (rss->key[i] != 0)
			return true;
	}
	return false;
}

static bool key_read(uint16_t port_id, const struct rte_eth_dev_info *dev, struct pktio_rss *rss)
{
	struct rte_eth_rss_conf conf = {
		.rss_key = rss->key,
		.rss_key_len = dev->hash_key_size,
	};

	if (dev->hash_key_size < KEY_BYTES_MIN || dev->hash_key_size > PKTIO_RSS_KEY_MAX)
		return false;
	rss->key_bytes = dev->hash_key_size;
	return rte_eth_dev_rss_hash_conf_get(port_id, &conf) == 0 && key_is_one(rss) &&
	       (conf.rss_hf & RTE_ETH_RSS_NONFRAG_IPV4_TCP) != 0;
}

static bool table_read(uint16_t port_id, const struct rte_eth_dev_info *dev, uint16_t queue_count,
		       struct pktio_rss *rss)
{
	struct rte_eth_rss_reta_entry64 groups[PKTIO_RSS_TABLE_MAX / RTE_ETH_RETA_GROUP_SIZE];

	if (dev->reta_size == 0 || dev->reta_size > PKTIO_RSS_TABLE_MAX)
		return false;
	memset(groups, 0, sizeof(groups));
	for (size_t i = 0; i < RTE_DIM(groups); i++)
		groups[i].mask = UINT64_MAX;
	if (rte_eth_dev_rss_reta_query(port_id, groups, dev->reta_size) != 0)
		return false;
	rss->table_count = dev->reta_size;
	for (unsigned i = 0; i < rss->table_count; i++) {
		rss->table[i] =
			groups[i / RTE_ETH_RETA_GROUP_SIZE].reta[i % RTE_ETH_RETA_GROUP_SIZE];
		if (rss->table[i] >= queue_count)
			return false;
	}
	return true;
}

void pktio_rss_discover(uint16_t port_id, const struct rte_eth_dev_info *dev, uint16_t queue_count,
			struct pktio_rss *ret_rss)
{
	struct pktio_rss rss = {0};

	rss.is_known = key_read(port_id, dev, &rss) && table_read(port_id, dev, queue_count, &rss);
	*ret_rss = rss.is_known ? rss : (struct pktio_rss){0};
}
