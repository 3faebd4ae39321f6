/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drivers/pktio_rss.h: receive-side scaling of a DPDK port: asked for at configuration, read back once it runs.  For
 * drivers/pktio_dpdk.c. */
#pragma once

#include "drivers/pktio.h"

#include <rte_ethdev.h>

/* What a port of several queues is told: spread TCP by addresses and ports, the rest by addresses, with the key in key, which
 * outlives the configuration. */
void pktio_rss_ask(const struct rte_eth_dev_info *dev, struct rte_eth_conf *conf,
		   uint8_t key[PKTIO_RSS_KEY_MAX]);
/* What the running port says it does.  is_known only if it spreads TCP over IPv4 by addresses and ports and its key and
 * every entry of its table can be read; a key of zeros is none. */
void pktio_rss_discover(uint16_t port_id, const struct rte_eth_dev_info *dev, uint16_t queue_count,
			struct pktio_rss *ret_rss);
