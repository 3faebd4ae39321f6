/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "drivers/pktio_pair.h"
#include "net/rss.h"
#include "tests/support/mbuf_pool.h"
#include "tests/support/tcp_host.h"

#define RING_COUNT 4
#define MS 1000000ull

static struct rte_mempool *pool;
static struct pktio *ends[2];

static void open_pair(void)
{
	struct pktio_pair_params params[2];

	pool = mbuf_pool_create(64, MBUF_POOL_DATA_ROOM_BYTES);
	for (int i = 0; i < 2; i++)
		params[i] = (struct pktio_pair_params){
			.name = i == 0 ? "left" : "right",
			.mac = {2, 0, 0, 0, 0, (uint8_t)(i + 1)},
			.mtu = 1500,
			.rx_pool = pool,
			.ring_count = RING_COUNT,
		};
	cr_assert_eq(pktio_pair_open(params, ends), GW_ERR_OK);
}

static void close_pair(void)
{
	for (int i = 0; i < 2; i++) {
		if (ends[i] != NULL)
			pktio_close(ends[i]);
	}
	cr_assert_eq(mbuf_pool_outstanding(pool), 0);
	mbuf_pool_destroy(pool);
}

TestSuite(pktio_pair, .init = open_pair, .fini = close_pair);

static void send_byte(struct pktio *port, char byte)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);

	*rte_pktmbuf_append(m, 1) = byte;
	cr_assert_eq(pktio_tx_burst(port, 0, &m, 1), 1);
}

static char take_byte(struct pktio *port)
{
	struct rte_mbuf *m;
	char byte;

	if (pktio_rx_burst(port, 0, &m, 1) == 0)
		return '\0';
	byte = *rte_pktmbuf_mtod(m, char *);
	rte_pktmbuf_free(m);
	return byte;
}

Test(pktio_pair, what_one_sends_the_other_receives_in_order)
{
	send_byte(ends[0], 'a');
	send_byte(ends[0], 'b');
	send_byte(ends[1], 'c');
	cr_assert_eq(take_byte(ends[1]), 'a');
	cr_assert_eq(take_byte(ends[0]), 'c');
	cr_assert_eq(take_byte(ends[1]), 'b');
	cr_assert_eq(take_byte(ends[1]), '\0');
}

Test(pktio_pair, senders_reference_stays_its_own)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool), *received;

	*rte_pktmbuf_append(m, 1) = 'x';
	rte_mbuf_refcnt_update(m, 1);
	cr_assert_eq(pktio_tx_burst(ends[0], 0, &m, 1), 1);
	*rte_pktmbuf_mtod(m, char *) = 'y';
	cr_assert_eq(pktio_rx_burst(ends[1], 0, &received, 1), 1);
	cr_assert_eq(*rte_pktmbuf_mtod(received, char *), 'x');
	rte_pktmbuf_free(received);
	rte_pktmbuf_free(m);
}

Test(pktio_pair, full_ring_loses_and_counts)
{
	struct pktio_stats stats;

	for (int i = 0; i < RING_COUNT + 3; i++)
		send_byte(ends[0], (char)('a' + i));
	pktio_stats(ends[1], &stats);
	cr_assert_eq(stats.rx_dropped, 3);
	for (int i = 0; i < RING_COUNT; i++)
		cr_assert_eq(take_byte(ends[1]), 'a' + i);
	send_byte(ends[0], 'z');
	cr_assert_eq(take_byte(ends[1]), 'z');
	pktio_stats(ends[0], &stats);
	cr_assert_eq(stats.tx_pkts, RING_COUNT + 4);
}

Test(pktio_pair, closed_end_is_a_link_down)
{
	struct pktio_info info;

	send_byte(ends[0], 'a'); /* waits, and is freed with its end */
	pktio_close(ends[1]);
	ends[1] = NULL;
	pktio_info(ends[0], &info);
	cr_assert_not(info.link_up);
	send_byte(ends[0], 'b');
}

/* One turn of a network side, as a worker does it. */
static void turn(struct tcp_host *host, struct pktio *port, uint64_t now_ns)
{
	struct netif *nif = &host->net.netifs[0];
	struct rte_mbuf *pkts[RING_COUNT];
	uint16_t n = pktio_rx_burst(port, 0, pkts, RING_COUNT);

	net_rx_burst(&host->net, 0, pkts, n, now_ns);
	net_timers_run(&host->net, now_ns);
	net_output_all(&host->net, now_ns);
	n = pktio_tx_burst(port, 0, nif->txq, (uint16_t)nif->txq_count);
	netif_tx_done(nif, n);
}

Test(pktio_pair, two_stacks_connect_and_exchange_bytes)
{
	const struct tcp_params params = tcp_host_params();
	uint64_t now_ns = 1000 * MS;
	struct tcp_host *left = tcp_host_open(1, 1500, &params, now_ns);
	struct tcp_host *right = tcp_host_open(2, 1500, &params, now_ns);
	const struct ip4_endpoint server = {tcp_host_addr(2), 80};
	struct tcp_conn *client, *accepted = NULL;
	char heard[5] = "";

	cr_assert_eq(tcp_listen(&right->net, server, 0, NULL, NULL), GW_ERR_OK);
	client = tcp_connect(&left->net, server, now_ns);
	cr_assert_not_null(client);
	tcp_user_set(client, left);
	cr_assert_eq(tcp_tx_write(&left->net, client, SPAN_LIT("hello")), 5);
	for (int i = 0; i < 100 && (accepted == NULL || tcp_rx_bytes(accepted) < 5); i++) {
		struct tcp_conn *c;

		turn(left, ends[0], now_ns);
		turn(right, ends[1], now_ns);
		c = tcp_ready_take(&right->net);
		if (c != NULL && accepted == NULL) {
			accepted = c;
			tcp_user_set(c, right);
		}
		now_ns += MS;
	}
	cr_assert_not_null(accepted);
	cr_assert_eq(tcp_rx_copy(accepted, 0, heard, sizeof(heard)), 5);
	cr_assert_eq(memcmp(heard, "hello", 5), 0);
	tcp_host_close(left);
	tcp_host_close(right);
}

/* A frame with a TCP segment of that source port, as far as a port looks at it. */
static struct rte_mbuf *segment_make(uint16_t src_port)
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(pool);
	uint8_t *p = (uint8_t *)rte_pktmbuf_append(m, 54);
	const uint8_t ip[] = {0x45, 0, 0,   40, 0, 0, 0,   0,  64, 6,
			      0,    0, 198, 18, 0, 2, 198, 18, 0,  1};

	memset(p, 0, 54);
	p[12] = 0x08;
	memcpy(p + 14, ip, sizeof(ip));
	p[34] = (uint8_t)(src_port >> 8);
	p[35] = (uint8_t)src_port;
	p[37] = 80;
	return m;
}

Test(pktio_pair, several_queues_are_filled_as_the_port_says)
{
	struct pktio_pair_params params[2] = {
		{.mtu = 1500, .rx_pool = pool, .ring_count = 1},
		{.mtu = 1500, .rx_pool = pool, .ring_count = 1, .queue_count = 3},
	};
	static struct rss rss;
	struct pktio_rss says;
	struct pktio *pair[2];
	unsigned seen[3] = {0};

	cr_assert_eq(pktio_pair_open(params, pair), GW_ERR_OK);
	pktio_rss(pair[1], &says);
	cr_assert(says.is_known);
	rss_init(&rss, span_of(says.key, says.key_bytes), says.table, says.table_count);
	for (uint16_t i = 0; i < 200; i++) {
		struct ip4_endpoint src = {tcp_host_addr(2), (uint16_t)(1000 + i * 7)};
		struct ip4_endpoint dst = {tcp_host_addr(1), 80};
		unsigned queue = rss_queue(&rss, rss_hash_ports(&rss, src, dst));
		struct rte_mbuf *m = segment_make(src.port);

		cr_assert_eq(pktio_tx_burst(pair[0], 0, &m, 1), 1);
		cr_assert_eq(pktio_rx_burst(pair[1], (uint16_t)queue, &m, 1), 1);
		rte_pktmbuf_free(m);
		seen[queue]++;
	}
	for (unsigned q = 0; q < 3; q++)
		cr_assert_gt(seen[q], 200 / 6, "queue %u", q);
	pktio_close(pair[0]);
	pktio_close(pair[1]);
}
