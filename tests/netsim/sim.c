/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/netsim/sim.h"

#include "drivers/pktio_pair.h"
#include "net/tcp/tcp_priv.h"
#include "tests/support/mbuf_pool.h"
#include "tests/support/tcp_host.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define GIVE_UP_NS (600000 * NS_PER_MS)
#define CHECK_EVERY_STEPS 64
/* No power of two, so that a block in the wrong place shows. */
#define PATTERN_PERIOD 65521u

struct end {
	struct tcp_host *host;
	struct pktio *port;
	struct tcp_conn *c;
	uint32_t moved_bytes; /* written or read */
};

struct sim {
	struct end server, client;
	uint64_t now_ns;
	uint32_t total_bytes;
	uint8_t pattern[2 * PATTERN_PERIOD];
};

static uint64_t clock_read(void *ctx)
{
	return ((struct sim *)ctx)->now_ns;
}

static void ports_open(struct sim *s, const struct sim_network *network, uint64_t seed)
{
	struct pktio_pair_params ends[2] = {
		{.name = "server", .mtu = 1500, .ring_count = network->queue_frames},
		{.name = "client", .mtu = 1500, .ring_count = network->queue_frames},
	};
	struct pktio_fault_params faults;
	struct pktio *pair[2];
	struct err_note note;

	ends[0].rx_pool = s->server.host->rx_pool;
	ends[1].rx_pool = s->client.host->rx_pool;
	GW_ASSERT(pktio_pair_open(ends, pair) == GW_ERR_OK);
	GW_ASSERT(pktio_fault_params_parse(network->faults, &note, &faults) == GW_ERR_OK);
	faults.seed = seed;
	faults.now_ns = clock_read;
	faults.now_ctx = s;
	s->server.port = pair[0];
	GW_ASSERT(pktio_fault_open(&faults, pair[1], &s->client.port) == GW_ERR_OK);
}

static void sim_open(struct sim *s, const struct sim_network *network, uint64_t seed)
{
	struct tcp_params params = tcp_host_params();
	struct ip4_endpoint address = {tcp_host_addr(1), 80};

	params.rx_buf_bytes = network->buf_bytes;
	params.tx_buf_bytes = network->buf_bytes;
	params.time_wait_ms = 1000;
	s->now_ns = 1000000 * NS_PER_MS;
	s->total_bytes = network->total_bytes;
	for (unsigned i = 0; i < sizeof(s->pattern); i++)
		s->pattern[i] = (uint8_t)(i % PATTERN_PERIOD * 31 + i % PATTERN_PERIOD / 253);
	s->server.host = tcp_host_open(1, 1500, &params, s->now_ns);
	s->client.host = tcp_host_open(2, 1500, &params, s->now_ns);
	ports_open(s, network, seed);
	GW_ASSERT(tcp_listen(&s->server.host->net, address, 0, NULL, NULL) == GW_ERR_OK);
	s->client.c = tcp_connect(&s->client.host->net, address, s->now_ns);
	GW_ASSERT(s->client.c != NULL);
	tcp_user_set(s->client.c, s);
}

static void sim_close(struct sim *s)
{
	pktio_close(s->server.port);
	pktio_close(s->client.port);
	tcp_host_close(s->server.host);
	tcp_host_close(s->client.host);
}

static void receive(struct sim *s, struct end *e)
{
	struct rte_mbuf *m;

	if (pktio_rx_burst(e->port, 0, &m, 1) == 1)
		net_rx_burst(&e->host->net, 0, &m, 1, s->now_ns);
}

static void transmit(struct end *e)
{
	struct netif *nif = &e->host->net.netifs[0];

	netif_tx_done(nif, pktio_tx_burst(e->port, 0, nif->txq, (uint16_t)nif->txq_count));
}

static void server_use(struct sim *s)
{
	struct end *e = &s->server;
	struct tcp_conn *ready;
	size_t n;

	while ((ready = tcp_ready_take(&e->host->net)) != NULL) {
		e->c = ready;
		tcp_user_set(ready, s);
	}
	if (e->c == NULL)
		return;
	do {
		uint32_t at = e->moved_bytes % PATTERN_PERIOD,
			 left = s->total_bytes - e->moved_bytes;

		n = tcp_tx_write(&e->host->net, e->c,
				 span_of(s->pattern + at, RTE_MIN(left, PATTERN_PERIOD)));
		e->moved_bytes += (uint32_t)n;
	} while (n > 0);
	if (e->moved_bytes < s->total_bytes)
		return;
	tcp_release(&e->host->net, e->c);
	e->c = NULL;
}

static void client_use(struct sim *s, struct sim_result *ret)
{
	struct end *e = &s->client;
	struct span part;

	while (tcp_ready_take(&e->host->net) != NULL)
		;
	if (e->c == NULL)
		return;
	GW_ASSERT(tcp_end(e->c) == TCP_END_NONE);
	while ((part = tcp_rx_peek(e->c, 0)).len > 0) {
		GW_ASSERT(memcmp(part.p, s->pattern + e->moved_bytes % PATTERN_PERIOD, part.len) ==
			  0);
		e->moved_bytes += (uint32_t)part.len;
		tcp_rx_consume(&e->host->net, e->c, part.len);
	}
	if (!tcp_rx_eof(e->c))
		return;
	GW_ASSERT(e->moved_bytes == s->total_bytes);
	ret->elapsed_ns = s->now_ns - 1000000 * NS_PER_MS;
	tcp_release(&e->host->net, e->c);
	e->c = NULL;
}

static void step(struct sim *s, struct sim_result *ret)
{
	s->now_ns += SIM_FRAME_NS;
	receive(s, &s->server);
	receive(s, &s->client);
	net_timers_run(&s->server.host->net, s->now_ns);
	net_timers_run(&s->client.host->net, s->now_ns);
	server_use(s);
	client_use(s, ret);
	net_output_all(&s->server.host->net, s->now_ns);
	net_output_all(&s->client.host->net, s->now_ns);
	transmit(&s->server);
	transmit(&s->client);
}

static void result_fill(const struct sim *s, struct sim_result *ret)
{
	const uint64_t *event = s->server.host->count.event;
	struct pktio_fault_stats faults[PKTIO_FAULT_DIRECTIONS];
	struct pktio_stats pair;

	GW_ASSERT(pktio_fault_stats(s->client.port, faults));
	pktio_stats(s->client.port, &pair);
	ret->retransmits = event[COUNTER_tcp_retransmits];
	ret->timeouts = event[COUNTER_tcp_retransmit_timeouts];
	ret->fast_retransmits = event[COUNTER_tcp_fast_retransmits];
	ret->queue_lost = pair.rx_dropped;
	ret->fault_lost = faults[PKTIO_FAULT_RX].lost;
}

static bool is_over(const struct sim *s)
{
	return s->client.c == NULL && tcp_conns_in_use(&s->server.host->net) == 0 &&
	       tcp_conns_in_use(&s->client.host->net) == 0;
}

void sim_run(const struct sim_network *network, uint64_t seed, struct sim_result *ret)
{
	struct sim *s = calloc(1, sizeof(*s));
	uint64_t start_ns;

	GW_ASSERT(s != NULL);
	*ret = (struct sim_result){0};
	sim_open(s, network, seed);
	start_ns = s->now_ns;
	for (uint64_t steps = 0; !is_over(s); steps++) {
		step(s, ret);
		if (steps % CHECK_EVERY_STEPS != 0)
			continue;
		tcp_check(&s->server.host->net);
		tcp_check(&s->client.host->net);
		GW_ASSERT(s->now_ns - start_ns < GIVE_UP_NS);
	}
	result_fill(s, ret);
	sim_close(s);
	free(s);
}
