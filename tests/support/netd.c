/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/support/netd.c: drivers and net without the rest of the gateway, for tests in the lab.  Answers ARP and ping on
 * its ports and returns what it is sent on TCP port 7, until SIGTERM or SIGINT; then says what it counted.
 *
 *   netd HUGEPAGES_MIB DEVICE ADDR/LEN [DEVICE ADDR/LEN]...
 *
 * stdout: "ready", and at the end one line "NAME VALUE" for every counter and drop reason that is not 0, then
 * "leaked N": packet buffers that were neither in a pool nor in a port's hands. */
#include "drivers/eal.h"
#include "drivers/pktio.h"
#include "net/net.h"

#include <arpa/inet.h>
#include <rte_launch.h>
#include <signal.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define BURST 32
#define POOL_COUNT 16384
#define RING_COUNT 1024
#define MEMORY_BYTES (256u << 20)
#define ECHO_PORT 7

struct netd {
	struct net net;
	struct counters count;
	struct pktio *ports[NET_PORTS_MAX];
	unsigned port_count;
	struct rte_mempool *rx_pool, *tx_pool;
	bool stop;
};

static struct netd d;

static void on_signal(int sig)
{
	(void)sig;
	__atomic_store_n(&d.stop, true, __ATOMIC_RELAXED);
}

static _Noreturn void die(const char *what, const char *why)
{
	fprintf(stderr, "netd: %s: %s\n", what, why);
	exit(1);
}

static uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/* "198.18.0.1/24" */
static struct ip4_prefix prefix_parse(const char *text)
{
	struct ip4_prefix prefix;
	struct in_addr addr;
	char host[32];
	unsigned len;

	if (sscanf(text, "%31[0-9.]/%u", host, &len) != 2 || len > 32 ||
	    inet_aton(host, &addr) == 0)
		die(text, "is not ADDRESS/LENGTH");
	prefix.addr.v = ntohl(addr.s_addr);
	prefix.len = (uint8_t)len;
	return prefix;
}

static void port_open(const char *device, const char *addr, struct netif_params *nif)
{
	char name[16];
	struct pktio_params params = {
		.name = name,
		.device = device,
		.rx_ring_count = RING_COUNT,
		.tx_ring_count = RING_COUNT,
		.queue_count = 1,
	};
	struct pktio_info info;
	struct err_note note;

	snprintf(name, sizeof(name), "p%u", d.port_count);
	if (pktio_dpdk_open(&params, d.rx_pool, &note, &d.ports[d.port_count]) != GW_ERR_OK)
		die(device, note.text);
	pktio_info(d.ports[d.port_count++], &info);
	memcpy(nif->mac, info.mac, sizeof(nif->mac));
	nif->mtu = info.mtu;
	nif->tx_ip4_checksum = info.caps.tx_ip4_checksum;
	nif->tx_tcp_checksum = info.caps.tx_tcp_checksum;
	nif->tx_multi_segment = info.caps.tx_multi_segment;
	nif->rx_checksum = info.caps.rx_checksum;
	nif->addrs[0] = prefix_parse(addr);
	nif->addr_count = 1;
}

static void open_all(int argc, char **argv)
{
	const unsigned core = (unsigned)sysconf(_SC_NPROCESSORS_ONLN) - 1;
	const struct eal_params eal = {
		.worker_cores = &core,
		.worker_count = 1,
		.hugepages_bytes = strtoull(argv[1], NULL, 10) << 20,
		.memory_bytes = MEMORY_BYTES,
	};
	static struct net_params params;
	struct err_note note;
	bool hugepages;

	if (eal_open(&eal, &note, &hugepages) != GW_ERR_OK)
		die("EAL", note.text);
	if (hugepages != (eal.hugepages_bytes > 0))
		die("EAL", "no huge pages");
	d.rx_pool = pktio_mbuf_pool_create("rx", POOL_COUNT);
	d.tx_pool = pktio_mbuf_pool_create("tx", POOL_COUNT);
	if (d.rx_pool == NULL || d.tx_pool == NULL)
		die("pools", "not enough memory");
	for (int i = 2; i + 1 < argc && params.netif_count < NET_PORTS_MAX; i += 2)
		port_open(argv[i], argv[i + 1], &params.netifs[params.netif_count++]);
	params.tx_pool = d.tx_pool;
	params.tcp = (struct tcp_params){
		.conns_max = 1024,
		.rx_buf_bytes = 256 << 10,
		.tx_buf_bytes = 256 << 10,
		.rto_min_ms = 200,
		.time_wait_ms = 1000,
		.rx_mbufs_max = POOL_COUNT / 2,
	};
	if (getrandom(params.hash_seed, sizeof(params.hash_seed), 0) != sizeof(params.hash_seed))
		die("getrandom", "failed");
	if (net_init(&d.net, &params, &d.count, clock_ns()) != GW_ERR_OK)
		die("net", "does not start");
	for (unsigned i = 0; i < d.port_count; i++) {
		struct ip4_endpoint local = {.addr = params.netifs[i].addrs[0].addr,
					     .port = ECHO_PORT};

		if (tcp_listen(&d.net, local, 0, NULL, NULL) != GW_ERR_OK)
			die("echo", "cannot listen");
	}
}

/* Returns what has come, as far as there is room for it; the rest closes the window. */
static void echo(struct tcp_conn *c)
{
	struct span in;

	tcp_user_set(c, &d);
	while ((in = tcp_rx_peek(c, 0)).len > 0) {
		size_t taken = tcp_tx_write(&d.net, c, in);

		if (taken == 0)
			break;
		tcp_rx_consume(&d.net, c, taken);
	}
	if (tcp_end(c) != TCP_END_NONE || tcp_rx_eof(c))
		tcp_release(&d.net, c);
}

static bool turn(void)
{
	uint64_t now_ns = clock_ns();
	bool busy = false;
	struct tcp_conn *c;

	for (unsigned i = 0; i < d.port_count; i++) {
		struct rte_mbuf *pkts[BURST];
		uint16_t n = pktio_rx_burst(d.ports[i], 0, pkts, BURST);

		net_rx_burst(&d.net, i, pkts, n, now_ns);
		busy |= n > 0;
	}
	net_timers_run(&d.net, now_ns);
	while ((c = tcp_ready_take(&d.net)) != NULL)
		echo(c);
	net_output_all(&d.net, now_ns);
	for (unsigned i = 0; i < d.port_count; i++) {
		struct netif *nif = &d.net.netifs[i];

		netif_tx_done(nif,
			      pktio_tx_burst(d.ports[i], 0, nif->txq, (uint16_t)nif->txq_count));
	}
	return busy;
}

static int worker(void *arg)
{
	(void)arg;
	net_announce(&d.net, clock_ns());
	while (!__atomic_load_n(&d.stop, __ATOMIC_RELAXED)) {
		if (!turn())
			usleep(20);
	}
	return 0;
}

static void report(void)
{
	for (unsigned i = 0; i < COUNTER_COUNT; i++) {
		if (d.count.event[i] != 0)
			printf("%s %lu\n", counter_infos[i].name, (unsigned long)d.count.event[i]);
	}
	for (unsigned i = 0; i < DROP_COUNT; i++) {
		if (d.count.drop[i] != 0)
			printf("%s %lu\n", drop_infos[i].name, (unsigned long)d.count.drop[i]);
	}
}

int main(int argc, char **argv)
{
	if (argc < 4)
		die("usage", "netd HUGEPAGES_MIB DEVICE ADDR/LEN [DEVICE ADDR/LEN]...");
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	open_all(argc, argv);
	if (rte_eal_remote_launch(worker, NULL, EAL_WORKER_LCORE) != 0)
		die("worker", "does not start");
	printf("ready\n");
	fflush(stdout);
	rte_eal_mp_wait_lcore();
	net_fini(&d.net);
	report();
	for (unsigned i = 0; i < d.port_count; i++)
		pktio_close(d.ports[i]);
	printf("leaked %u\n", rte_mempool_in_use_count(d.tx_pool));
	rte_mempool_free(d.tx_pool);
	rte_mempool_free(d.rx_pool);
	eal_close();
	return 0;
}
