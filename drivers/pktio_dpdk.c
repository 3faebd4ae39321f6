/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/device_name.h"
#include "drivers/interface.h"
#include "drivers/pktio.h"
#include "drivers/pktio_rss.h"

#include <rte_cycles.h>
#include <rte_dev.h>
#include <rte_errno.h>
#include <rte_ethdev.h>
#include <stdio.h>
#include <stdlib.h>

/* A device of DPDK's.  A port is one with all its queues, or as many as it has queues, with one each. */
struct dpdk_device {
	uint16_t port_id;
	bool is_there, is_started;
	char vdev[64]; /* DPDK's name for a virtual one; empty until it exists */
};

struct pktio_dpdk {
	struct pktio base;
	/* Where each queue of ours is. */
	struct dpdk_queue {
		uint16_t port_id, queue_id;
	} queues[PKTIO_QUEUES_MAX];
	struct dpdk_device devices[PKTIO_QUEUES_MAX];
	unsigned device_count;
	uint16_t queue_count;
	struct device_name name;
	struct pktio_info info;
	struct pktio_rss rss;
};

#define BUS "vdev"
#define FRAME_MTU_MAX 1500

/* How each kind of `device:` becomes devices of DPDK's.  Of a virtual one DPDK makes what it is told (vdev_options()); a card is
 * there since EAL was started.  A kernel's interface has as many queues as the kernel says; a device with one queue
 * is one of several on the same interface. */
static const struct device_type {
	const char *driver; /* NULL: of a card */
	bool is_interface, is_device_a_queue;
} types[] = {
	[DEVICE_AF_XDP] = {"net_af_xdp", true, true},
	[DEVICE_AF_PACKET] = {"net_af_packet", true, false},
	[DEVICE_TAP] = {"net_tap", false, false},
	[DEVICE_MEMIF] = {"net_memif", false, false},
	[DEVICE_PCI] = {NULL, false, false},
};

/* How long a card may take to find its link before the start goes on without. */
#define LINK_WAIT_MS 5000
#define LINK_LOOK_MS 50

static struct pktio_dpdk *of(struct pktio *port)
{
	return (struct pktio_dpdk *)port;
}

static uint16_t dpdk_rx_burst(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
			      uint16_t count)
{
	struct dpdk_queue q = of(port)->queues[queue];

	return rte_eth_rx_burst(q.port_id, q.queue_id, pkts, count);
}

static uint16_t dpdk_tx_burst(struct pktio *port, uint16_t queue, struct rte_mbuf **pkts,
			      uint16_t count)
{
	struct dpdk_queue q = of(port)->queues[queue];

	return rte_eth_tx_burst(q.port_id, q.queue_id, pkts, count);
}

static void dpdk_info(struct pktio *port, struct pktio_info *ret_info)
{
	uint16_t port_id = of(port)->devices[0].port_id;
	struct rte_eth_link link;

	*ret_info = of(port)->info;
	ret_info->link_up = rte_eth_link_get_nowait(port_id, &link) == 0 &&
			    link.link_status == RTE_ETH_LINK_UP;
}

static void dpdk_rss(struct pktio *port, struct pktio_rss *ret_rss)
{
	*ret_rss = of(port)->rss;
}

static void dpdk_stats(struct pktio *port, struct pktio_stats *ret_stats)
{
	const struct pktio_dpdk *d = of(port);

	*ret_stats = (struct pktio_stats){0};
	for (unsigned i = 0; i < d->device_count; i++) {
		struct rte_eth_stats s = {0};

		rte_eth_stats_get(d->devices[i].port_id, &s);
		ret_stats->rx_pkts += s.ipackets;
		ret_stats->tx_pkts += s.opackets;
		ret_stats->rx_dropped += s.imissed + s.ierrors + s.rx_nombuf;
	}
}

static void dpdk_close(struct pktio *port)
{
	struct pktio_dpdk *d = of(port);

	for (unsigned i = 0; i < d->device_count; i++) {
		if (d->devices[i].is_started)
			rte_eth_dev_stop(d->devices[i].port_id);
	}
	for (unsigned i = 0; i < d->device_count; i++) {
		if (d->devices[i].vdev[0] != '\0')
			rte_eal_hotplug_remove(BUS, d->devices[i].vdev);
		else if (d->devices[i].is_there)
			rte_eth_dev_close(d->devices[i].port_id);
	}
	free(d);
}

static const struct pktio_ops dpdk_ops = {
	.rx_burst = dpdk_rx_burst,
	.tx_burst = dpdk_tx_burst,
	.info = dpdk_info,
	.rss = dpdk_rss,
	.stats = dpdk_stats,
	.close = dpdk_close,
};

static const char *advice_of(enum device_kind kind)
{
	switch (kind) {
	case DEVICE_AF_XDP:
	case DEVICE_AF_PACKET:
		return "does the interface exist and is it up?";
	case DEVICE_MEMIF:
		return "with role=client the other side must listen already, with role=server "
		       "nobody "
		       "else may";
	case DEVICE_TAP:
	case DEVICE_PCI:
		break;
	}
	return "see the line above";
}

static enum gw_err machine_error(const struct pktio_dpdk *d, struct err_note *note,
				 const char *what, int err)
{
	err_note_set(note, "ports[%s]: %s: %s: %s; %s", d->info.name, d->info.device, what,
		     rte_strerror(err < 0 ? -err : err), advice_of(d->name.kind));
	return GW_ERR_MACHINE;
}

/* DPDK would take the other end of an interface that is there already, or say something about ioctl. */
static enum gw_err interface_check(struct pktio_dpdk *d, struct err_note *note)
{
	uint16_t mtu = interface_mtu(d->name.target);

	if (types[d->name.kind].is_interface && mtu == 0) {
		err_note_set(note,
			     "ports[%s]: there is no interface '%s' here; `ip link` lists those of "
			     "this network namespace",
			     d->info.name, d->name.target);
		return GW_ERR_MACHINE;
	}
	if (d->name.kind == DEVICE_TAP && mtu != 0) {
		err_note_set(note,
			     "ports[%s]: there is an interface '%s' already; choose a name for the "
			     "one to be made, or use af_packet:%s",
			     d->info.name, d->name.target, d->name.target);
		return GW_ERR_MACHINE;
	}
	return GW_ERR_OK;
}

/* Whatever a queue without a worker receives would be lost, and a worker without a queue has nothing to do. */
static enum gw_err queues_match(const struct pktio_dpdk *d, struct err_note *note)
{
	struct interface_queues queues = interface_queues_get(d->name.target);
	char wanted[32];

	if (queues.rx_count == d->queue_count)
		return GW_ERR_OK;
	if (queues.is_combined)
		snprintf(wanted, sizeof(wanted), "combined %u", d->queue_count);
	else
		snprintf(wanted, sizeof(wanted), "rx %u tx %u", d->queue_count, d->queue_count);
	err_note_set(note,
		     "ports[%s]: interface '%s' has %u receive queues and workers.cores lists %u "
		     "cores, but each worker needs one; run `ethtool -L %s %s`, or list %u",
		     d->info.name, d->name.target, queues.rx_count, d->queue_count, d->name.target,
		     wanted, queues.rx_count);
	return GW_ERR_MACHINE;
}

/* What DPDK is told of a virtual device.  Neither af_xdp nor af_packet offers checksums or segmentation, and af_xdp no
 * chains.  af_xdp in copy mode works on every interface; its buffers are those of rx_pool, from which it also takes
 * the copies it sends of frames from other pools; it wants a device for each queue, because DPDK believes that an
 * interface without combined channels has one, and busy_budget=0: with busy polling, the default, each empty receive
 * burst is a system call.  af_packet waits in its transmit burst while its whole ring lies with the kernel.  memif's
 * socket is a file, so that its folder decides who may connect. */
static void vdev_options(const struct pktio_dpdk *d, unsigned queue, char *out, size_t cap)
{
	const struct device_name *name = &d->name;

	switch (name->kind) {
	case DEVICE_AF_XDP:
		snprintf(out, cap,
			 "iface=%s,start_queue=%u,queue_count=1,force_copy=1,busy_budget=0",
			 name->target, queue);
		return;
	case DEVICE_AF_PACKET:
		snprintf(out, cap, "iface=%s,qpairs=%u,blocksz=16384,framesz=2048,framecnt=1024",
			 name->target, d->queue_count);
		return;
	case DEVICE_TAP:
		snprintf(out, cap, "iface=%s", name->target);
		return;
	case DEVICE_MEMIF:
		snprintf(out, cap, "socket=%s,socket-abstract=no,id=%u,role=%s", name->target,
			 name->id, name->is_server ? "server" : "client");
		return;
	case DEVICE_PCI:
		break;
	}
	out[0] = '\0';
}

static enum gw_err vdev_create(struct pktio_dpdk *d, unsigned queue, struct err_note *note)
{
	struct dpdk_device *device = &d->devices[d->device_count++];
	char options[256], vdev[sizeof(device->vdev)];
	int rc;

	/* Of all ports each has another count of those before it. */
	snprintf(vdev, sizeof(vdev), "%s_%u", types[d->name.kind].driver,
		 rte_eth_dev_count_avail());
	vdev_options(d, queue, options, sizeof(options));
	rc = rte_eal_hotplug_add(BUS, vdev, options);
	if (rc != 0)
		return machine_error(d, note, "cannot be opened", rc);
	memcpy(device->vdev, vdev, sizeof(device->vdev));
	rc = rte_eth_dev_get_port_by_name(vdev, &device->port_id);
	return rc == 0 ? GW_ERR_OK : machine_error(d, note, "is no port", rc);
}

/* EAL has probed it, if DPDK has a driver for it (eal_open()). */
static enum gw_err card_find(struct pktio_dpdk *d, struct err_note *note)
{
	struct dpdk_device *device = &d->devices[d->device_count++];

	if (rte_eth_dev_get_port_by_name(d->name.target, &device->port_id) == 0) {
		device->is_there = true;
		return GW_ERR_OK;
	}
	err_note_set(
		note,
		"ports[%s]: DPDK does not drive PCI device %s; is it a network card, and is its "
		"driver package (librte-net-...) installed?",
		d->info.name, d->name.target);
	return GW_ERR_MACHINE;
}

static enum gw_err devices_create(struct pktio_dpdk *d, struct err_note *note)
{
	const struct device_type *type = &types[d->name.kind];
	unsigned count = type->is_device_a_queue ? d->queue_count : 1;
	enum gw_err err = interface_check(d, note);

	if (err == GW_ERR_OK && type->is_device_a_queue)
		err = queues_match(d, note);
	if (err == GW_ERR_OK && d->name.kind == DEVICE_PCI)
		return card_find(d, note);
	for (unsigned i = 0; i < count && err == GW_ERR_OK; i++)
		err = vdev_create(d, i, note);
	return err;
}

/* Rings for queue_count queues of one device. */
static int rings_set_up(uint16_t port_id, uint16_t queue_count, const struct pktio_params *params,
			struct rte_mempool *rx_pool)
{
	uint16_t rx_count = params->rx_ring_count, tx_count = params->tx_ring_count;
	int rc = rte_eth_dev_adjust_nb_rx_tx_desc(port_id, &rx_count, &tx_count);

	for (uint16_t q = 0; q < queue_count && rc == 0; q++) {
		rc = rte_eth_rx_queue_setup(port_id, q, rx_count, SOCKET_ID_ANY, NULL, rx_pool);
		if (rc == 0)
			rc = rte_eth_tx_queue_setup(port_id, q, tx_count, SOCKET_ID_ANY, NULL);
	}
	return rc;
}

static void device_describe(struct pktio_dpdk *d, uint16_t port_id,
			    const struct rte_eth_dev_info *dev, const struct rte_eth_conf *conf)
{
	struct rte_ether_addr mac;

	/* DPDK's own figure for a kernel's interface is a constant; a larger frame does not fit the rings. */
	if (types[d->name.kind].is_interface)
		d->info.mtu = interface_mtu(d->name.target);
	else
		rte_eth_dev_get_mtu(port_id, &d->info.mtu);
	d->info.mtu = (uint16_t)RTE_MIN(d->info.mtu, FRAME_MTU_MAX);
	d->info.queue_count = d->queue_count;
	rte_eth_macaddr_get(port_id, &mac);
	memcpy(d->info.mac, mac.addr_bytes, sizeof(d->info.mac));
	snprintf(d->info.driver, sizeof(d->info.driver), "%s", dev->driver_name);
	d->info.caps = (struct pktio_caps){
		.tx_ip4_checksum = (conf->txmode.offloads & RTE_ETH_TX_OFFLOAD_IPV4_CKSUM) != 0,
		.tx_tcp_checksum = (conf->txmode.offloads & RTE_ETH_TX_OFFLOAD_TCP_CKSUM) != 0,
		.rx_checksum = (conf->rxmode.offloads & RTE_ETH_RX_OFFLOAD_TCP_CKSUM) != 0,
		.tx_multi_segment = (conf->txmode.offloads & RTE_ETH_TX_OFFLOAD_MULTI_SEGS) != 0,
	};
}

static enum gw_err device_start(struct pktio_dpdk *d, struct dpdk_device *device,
				uint16_t queue_count, const struct pktio_params *params,
				struct rte_mempool *rx_pool, struct err_note *note)
{
	uint8_t rss_key[PKTIO_RSS_KEY_MAX];
	struct rte_eth_dev_info dev;
	struct rte_eth_conf conf = {0};
	int rc;

	rc = rte_eth_dev_info_get(device->port_id, &dev);
	if (rc != 0)
		return machine_error(d, note, "no information", rc);
	if (queue_count > RTE_MIN(dev.max_rx_queues, dev.max_tx_queues)) {
		err_note_set(note,
			     "ports[%s]: %s has %u queues and workers.cores lists %u; list no more",
			     d->info.name, d->info.device,
			     RTE_MIN(dev.max_rx_queues, dev.max_tx_queues), queue_count);
		return GW_ERR_MACHINE;
	}
	conf.txmode.offloads = dev.tx_offload_capa &
			       (RTE_ETH_TX_OFFLOAD_IPV4_CKSUM | RTE_ETH_TX_OFFLOAD_TCP_CKSUM |
				RTE_ETH_TX_OFFLOAD_MULTI_SEGS);
	conf.rxmode.offloads = dev.rx_offload_capa &
			       (RTE_ETH_RX_OFFLOAD_IPV4_CKSUM | RTE_ETH_RX_OFFLOAD_TCP_CKSUM);
	if (queue_count > 1)
		pktio_rss_ask(&dev, &conf, rss_key);
	rc = rte_eth_dev_configure(device->port_id, queue_count, queue_count, &conf);
	if (rc == 0)
		rc = rings_set_up(device->port_id, queue_count, params, rx_pool);
	if (rc == 0)
		rc = rte_eth_dev_start(device->port_id);
	if (rc != 0)
		return machine_error(d, note, "does not start", rc);
	device->is_started = true;
	for (uint16_t q = 0; q < queue_count; q++)
		d->queues[device - d->devices + q] = (struct dpdk_queue){device->port_id, q};
	if (queue_count > 1)
		pktio_rss_discover(device->port_id, &dev, queue_count, &d->rss);
	device_describe(d, device->port_id, &dev, &conf);
	return GW_ERR_OK;
}

/* A card's two ends agree on a speed first. */
static void link_wait(const struct pktio_dpdk *d)
{
	struct rte_eth_link link = {0};

	for (unsigned waited_ms = 0; d->name.kind == DEVICE_PCI && waited_ms < LINK_WAIT_MS;
	     waited_ms += LINK_LOOK_MS) {
		if (rte_eth_link_get_nowait(d->devices[0].port_id, &link) != 0 ||
		    link.link_status == RTE_ETH_LINK_UP)
			return;
		rte_delay_us_sleep(LINK_LOOK_MS * 1000);
	}
}

enum gw_err pktio_dpdk_open(const struct pktio_params *params, struct rte_mempool *rx_pool,
			    struct err_note *note, struct pktio **ret_port)
{
	struct pktio_dpdk *d = calloc(1, sizeof(*d));
	enum gw_err err;

	if (d == NULL)
		return GW_ERR_NO_MEMORY;
	GW_ASSERT(params->queue_count > 0 && params->queue_count <= PKTIO_QUEUES_MAX);
	d->base.ops = &dpdk_ops;
	d->queue_count = params->queue_count;
	snprintf(d->info.name, sizeof(d->info.name), "%s", params->name);
	snprintf(d->info.device, sizeof(d->info.device), "%s", params->device);
	err = device_name_parse(params->device, &d->name, note);
	if (err == GW_ERR_OK)
		err = devices_create(d, note);
	for (unsigned i = 0; i < d->device_count && err == GW_ERR_OK; i++)
		err = device_start(d, &d->devices[i], (uint16_t)(d->queue_count / d->device_count),
				   params, rx_pool, note);
	if (err != GW_ERR_OK) {
		dpdk_close(&d->base);
		return err;
	}
	link_wait(d);
	*ret_port = &d->base;
	return GW_ERR_OK;
}
