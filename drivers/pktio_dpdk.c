/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drivers/pktio.h"

#include <linux/if.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <rte_mbuf_pool_ops.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* Mbufs each lcore keeps aside for itself, so that taking one is not a shared operation. */
#define POOL_CACHE_COUNT 256

struct pktio_dpdk {
	struct pktio base;
	uint16_t port_id;
	bool is_started;
	char vdev[64];         /* DPDK's name for it; empty until it exists */
	const char *interface; /* in info.device */
	struct pktio_info info;
};

#define BUS "vdev"
#define FRAME_MTU_MAX 1500

/* How each kind of `device:` becomes a DPDK virtual device.  Neither offers checksums or segmentation, and af_xdp no
 * chains.  af_xdp in copy mode works on every interface; its buffers are those of rx_pool, from which it also takes the
 * copies it sends of frames from other pools.  busy_budget=0:
 * with busy polling, the default, each empty receive burst is a system call.  af_packet waits in its transmit burst while its whole ring lies with
 * the kernel. */
static const struct device_kind {
	const char *prefix, *driver, *options;
} kinds[] = {
	{"af_xdp:", "net_af_xdp", "iface=%s,force_copy=1,busy_budget=0"},
	{"af_packet:", "net_af_packet", "iface=%s,blocksz=16384,framesz=2048,framecnt=1024"},
};

static struct pktio_dpdk *of(struct pktio *port)
{
	return (struct pktio_dpdk *)port;
}

static uint16_t dpdk_rx_burst(struct pktio *port, struct rte_mbuf **pkts, uint16_t count)
{
	return rte_eth_rx_burst(of(port)->port_id, 0, pkts, count);
}

static uint16_t dpdk_tx_burst(struct pktio *port, struct rte_mbuf **pkts, uint16_t count)
{
	return rte_eth_tx_burst(of(port)->port_id, 0, pkts, count);
}

static void dpdk_info(struct pktio *port, struct pktio_info *ret_info)
{
	struct rte_eth_link link;

	*ret_info = of(port)->info;
	ret_info->link_up = rte_eth_link_get_nowait(of(port)->port_id, &link) == 0 &&
			    link.link_status == RTE_ETH_LINK_UP;
}

static void dpdk_stats(struct pktio *port, struct pktio_stats *ret_stats)
{
	struct rte_eth_stats s = {0};

	rte_eth_stats_get(of(port)->port_id, &s);
	ret_stats->rx_pkts = s.ipackets;
	ret_stats->tx_pkts = s.opackets;
	ret_stats->rx_dropped = s.imissed + s.ierrors + s.rx_nombuf;
}

static void dpdk_close(struct pktio *port)
{
	struct pktio_dpdk *d = of(port);

	if (d->is_started)
		rte_eth_dev_stop(d->port_id);
	if (d->vdev[0] != '\0')
		rte_eal_hotplug_remove(BUS, d->vdev);
	free(d);
}

static const struct pktio_ops dpdk_ops = {
	.rx_burst = dpdk_rx_burst,
	.tx_burst = dpdk_tx_burst,
	.info = dpdk_info,
	.stats = dpdk_stats,
	.close = dpdk_close,
};

static enum gw_err machine_error(const struct pktio_dpdk *d, struct err_note *note,
				 const char *what, int err)
{
	err_note_set(note, "ports[%s]: %s: %s: %s; does the interface exist and is it up?",
		     d->info.name, d->info.device, what, rte_strerror(err < 0 ? -err : err));
	return GW_ERR_MACHINE;
}

/* What the kernel says of the interface; 0 when there is no such.  DPDK's own figure for these devices is a constant.  A
 * frame larger than FRAME_MTU_MAX does not fit the rings. */
static uint16_t interface_mtu(const char *interface)
{
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool exists;

	if (fd < 0)
		return 0;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", interface);
	exists = strlen(interface) < IFNAMSIZ && ioctl(fd, SIOCGIFMTU, &request) == 0;
	close(fd);
	if (!exists)
		return 0;
	return (uint16_t)RTE_MIN(request.ifr_mtu, FRAME_MTU_MAX);
}

/* Splits info.device and asks for the MTU.  GW_ERR_CONFIG when it is of no kind we know, GW_ERR_MACHINE when there is no
 * such interface. */
static enum gw_err kind_find(struct pktio_dpdk *d, struct err_note *note,
			     const struct device_kind **ret_kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t len = strlen(kinds[i].prefix);

		if (strncmp(d->info.device, kinds[i].prefix, len) != 0)
			continue;
		d->interface = d->info.device + len;
		d->info.mtu = interface_mtu(d->interface);
		*ret_kind = &kinds[i];
		if (d->info.mtu != 0)
			return GW_ERR_OK;
		err_note_set(note,
			     "ports[%s]: there is no interface '%s' here; `ip link` lists those of "
			     "this network namespace",
			     d->info.name, d->interface);
		return GW_ERR_MACHINE;
	}
	err_note_set(note,
		     "ports[%s]: device '%s' is of no known kind; use af_xdp:IFACE or "
		     "af_packet:IFACE",
		     d->info.name, d->info.device);
	return GW_ERR_CONFIG;
}

static enum gw_err device_create(struct pktio_dpdk *d, struct err_note *note)
{
	const struct device_kind *kind = NULL;
	enum gw_err err = kind_find(d, note, &kind);
	char options[160], vdev[sizeof(d->vdev)];
	int rc;

	if (err != GW_ERR_OK)
		return err;
	snprintf(vdev, sizeof(vdev), "%s_%s", kind->driver, d->interface);
	snprintf(options, sizeof(options), kind->options, d->interface);
	rc = rte_eal_hotplug_add(BUS, vdev, options);
	if (rc != 0)
		return machine_error(d, note, "cannot be opened", rc);
	memcpy(d->vdev, vdev, sizeof(d->vdev));
	rc = rte_eth_dev_get_port_by_name(vdev, &d->port_id);
	return rc == 0 ? GW_ERR_OK : machine_error(d, note, "is no port", rc);
}

static enum gw_err device_start(struct pktio_dpdk *d, const struct pktio_params *params,
				struct rte_mempool *rx_pool, struct err_note *note)
{
	uint16_t rx_count = params->rx_ring_count, tx_count = params->tx_ring_count;
	struct rte_eth_dev_info dev;
	struct rte_eth_conf conf = {0};
	struct rte_ether_addr mac;
	int rc;

	rc = rte_eth_dev_info_get(d->port_id, &dev);
	if (rc != 0)
		return machine_error(d, note, "no information", rc);
	conf.txmode.offloads = dev.tx_offload_capa &
			       (RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM |
				RTE_ETH_TX_OFFLOAD_MULTI_SEGS);
	conf.rxmode.offloads = dev.rx_offload_capa &
			       (RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM);
	rc = rte_eth_dev_configure(d->port_id, 1, 1, &conf);
	if (rc == 0)
		rc = rte_eth_dev_adjust_nb_rx_tx_desc(d->port_id, &rx_count, &tx_count);
	if (rc == 0)
		rc = rte_eth_rx_queue_setup(d->port_id, 0, rx_count, SOCKET_ID_ANY, NULL, rx_pool);
	if (rc == 0)
		rc = rte_eth_tx_queue_setup(d->port_id, 0, tx_count, SOCKET_ID_ANY, NULL);
	if (rc == 0)
		rc = rte_eth_dev_start(d->port_id);
	if (rc != 0)
		return machine_error(d, note, "does not start", rc);
	d->is_started = true;
	rte_eth_macaddr_get(d->port_id, &mac);
	memcpy(d->info.mac, mac.addr_bytes, sizeof(d->info.mac));
	snprintf(d->info.driver, sizeof(d->info.driver), "%s", dev.driver_name);
	d->info.caps = (struct pktio_caps){
		.tx_ip4_checksum = (conf.txmode.offloads & RTE_ETH_TX_OFFLOAD_IPV4_CKSUM) != 0,
		.tx_tcp_checksum = (conf.txmode.offloads & RTE_ETH_TX_OFFLOAD_TCP_CKSUM) != 0,
		.rx_checksum = (conf.rxmode.offloads & RTE_ETH_RX_OFFLOAD_TCP_CKSUM) != 0,
		.tx_multi_segment = (conf.txmode.offloads & RTE_ETH_TX_OFFLOAD_MULTI_SEGS) != 0,
	};
	return GW_ERR_OK;
}

enum gw_err pktio_dpdk_open(const struct pktio_params *params, struct rte_mempool *rx_pool,
			    struct err_note *note, struct pktio **ret_port)
{
	struct pktio_dpdk *d = calloc(1, sizeof(*d));
	enum gw_err err;

	if (d == NULL)
		return GW_ERR_NO_MEMORY;
	d->base.ops = &dpdk_ops;
	snprintf(d->info.name, sizeof(d->info.name), "%s", params->name);
	snprintf(d->info.device, sizeof(d->info.device), "%s", params->device);
	err = device_create(d, note);
	if (err == GW_ERR_OK)
		err = device_start(d, params, rx_pool, note);
	if (err != GW_ERR_OK) {
		dpdk_close(&d->base);
		return err;
	}
	*ret_port = &d->base;
	return GW_ERR_OK;
}

/* As rte_pktmbuf_pool_create() would, but with every buffer right behind the other wherever the devices' addresses are
 * ours: by default none crosses a page, which without huge pages leaves 40% of the memory unused. */
struct rte_mempool *pktio_mbuf_pool_create(const char *name, uint32_t count)
{
	struct rte_pktmbuf_pool_private priv = {.mbuf_data_room_size = RTE_MBUF_DEFAULT_BUF_SIZE};
	unsigned flags = rte_eal_iova_mode() == RTE_IOVA_VA ? RTE_MEMPOOL_F_NO_IOVA_CONTIG : 0;
	struct rte_mempool *pool = rte_mempool_create_empty(
		name, count, sizeof(struct rte_mbuf) + RTE_MBUF_DEFAULT_BUF_SIZE, POOL_CACHE_COUNT,
		sizeof(priv), SOCKET_ID_ANY, flags);

	if (pool == NULL)
		return NULL;
	if (rte_mempool_set_ops_byname(pool, rte_mbuf_best_mempool_ops(), NULL) != 0)
		goto free_pool;
	rte_pktmbuf_pool_init(pool, &priv);
	if (rte_mempool_populate_default(pool) < 0)
		goto free_pool;
	rte_mempool_obj_iter(pool, rte_pktmbuf_init, NULL);
	return pool;

free_pool:
	rte_mempool_free(pool);
	return NULL;
}
