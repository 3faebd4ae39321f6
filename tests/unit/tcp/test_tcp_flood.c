/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many peers that mean no good: whatever they send, memory stays within its bounds and whoever is established goes on. */
#include <criterion/criterion.h>

#include "net/tcp/tcp_priv.h"
#include "tests/support/mbuf_pool.h"
#include "tests/support/tcp_peer.h"

#define MS 1000000ull
#define RX_MBUFS_MAX 256u
#define CONNS_MAX 256u

static struct tcp_host *host;
static uint64_t now_ns;

static void open_host(void)
{
	struct tcp_params params = tcp_host_params();

	now_ns = 1000 * MS;
	params.conns_max = CONNS_MAX;
	params.rx_mbufs_max = RX_MBUFS_MAX;
	host = tcp_host_open(1, 1500, &params, now_ns);
	cr_assert_eq(
		tcp_listen(&host->net, (struct ip4_endpoint){tcp_host_addr(1), 80}, 0, NULL, NULL),
		GW_ERR_OK);
}

static void close_host(void)
{
	tcp_check(&host->net);
	tcp_host_close(host);
}

TestSuite(tcp_flood, .init = open_host, .fini = close_host);

static void send(uint16_t sport, uint8_t flags, uint32_t seq, uint32_t ack, struct span payload)
{
	struct tcp_header h = {.src_port = sport,
			       .dst_port = 80,
			       .seq = seq,
			       .ack = ack,
			       .flags = flags,
			       .window = 60000};

	tcp_peer_send(host, 2, 1, &h, span_of(NULL, 0), payload, TCP_PEER_FAULT_NONE, now_ns);
}

/* The end of a turn; returns how many resets went out. */
static unsigned turn(void)
{
	struct tcp_peer_segment seg;
	unsigned resets = 0;

	net_output_all(&host->net, now_ns);
	tcp_check(&host->net);
	while (tcp_peer_take(host, &seg, now_ns))
		resets += (seg.h.flags & TCP_RST) != 0;
	return resets;
}

static struct tcp_conn *established(uint16_t sport, uint32_t *ret_seq)
{
	struct tcp_peer_segment seg;
	struct tcp_conn *c;

	send(sport, TCP_SYN, 100, 0, span_of(NULL, 0));
	net_output_all(&host->net, now_ns);
	cr_assert(tcp_peer_take(host, &seg, now_ns));
	*ret_seq = seg.h.seq + 1;
	send(sport, TCP_ACK, 101, *ret_seq, span_of(NULL, 0));
	c = tcp_ready_take(&host->net);
	cr_assert_not_null(c);
	tcp_user_set(c, host);
	turn();
	return c;
}

Test(tcp_flood, syns_take_a_quarter_of_the_blocks_and_then_none)
{
	uint32_t seq, share = CONNS_MAX / 4 + 1;
	struct tcp_conn *c;

	established(4001, &seq);
	for (uint16_t i = 0; i < 5000; i++) {
		send((uint16_t)(5000 + i), TCP_SYN, 100, 0, span_of(NULL, 0));
		turn();
	}
	cr_assert_eq(tcp_conns_in_use(&host->net), 1 + share);
	cr_assert_eq(host->count.event[COUNTER_tcp_syncookies_sent], 5000 - share);
	/* A true client gets in by its cookie, and an established one goes on. */
	c = established(4002, &seq);
	cr_assert_eq(host->count.event[COUNTER_tcp_syncookies_accepted], 1);
	send(4002, TCP_ACK, 101, seq, SPAN_LIT("hello"));
	cr_assert_eq(tcp_rx_bytes(c), 5);
}

Test(tcp_flood, guessed_cookies_open_nothing)
{
	uint32_t seq;

	for (uint16_t i = 0; i < CONNS_MAX; i++) {
		send((uint16_t)(5000 + i), TCP_SYN, 100, 0, span_of(NULL, 0));
		turn();
	}
	seq = tcp_conns_in_use(&host->net);
	for (uint32_t i = 0; i < 20000; i++)
		send((uint16_t)(20000 + i), TCP_ACK, 101, i * 214748u, SPAN_LIT("x"));
	cr_assert_eq(turn(), 0);
	cr_assert_eq(tcp_conns_in_use(&host->net), seq);
	cr_assert_eq(host->count.drop[DROP_tcp_bad_syncookie], 20000);
}

Test(tcp_flood, cookie_for_which_no_block_is_left_opens_nothing)
{
	struct tcp_peer_segment seg;
	uint32_t seq;

	for (uint16_t i = 0; i < CONNS_MAX / 4 + 1; i++) {
		send((uint16_t)(5000 + i), TCP_SYN, 100, 0, span_of(NULL, 0));
		turn();
	}
	send(4001, TCP_SYN, 100, 0, span_of(NULL, 0));
	net_output_all(&host->net, now_ns);
	cr_assert(tcp_peer_take(host, &seg, now_ns));
	for (uint16_t i = 0; tcp_conns_in_use(&host->net) < CONNS_MAX; i++)
		established((uint16_t)(6000 + i), &seq);
	send(4001, TCP_ACK, 101, seg.h.seq + 1, span_of(NULL, 0));
	cr_assert_eq(host->count.drop[DROP_tcp_no_conns], 1);
}

Test(tcp_flood, when_new_connections_are_shed_the_others_go_on)
{
	uint32_t seq, half_open_iss;
	struct tcp_peer_segment seg;
	struct tcp_conn *c = established(4001, &seq);

	send(4002, TCP_SYN, 100, 0, span_of(NULL, 0));
	net_output_all(&host->net, now_ns);
	cr_assert(tcp_peer_take(host, &seg, now_ns));
	half_open_iss = seg.h.seq;
	tcp_shed(&host->net, DROP_shed_sessions);
	send(4003, TCP_SYN, 100, 0, span_of(NULL, 0));
	cr_assert_eq(turn(), 0);
	cr_assert_eq(tcp_conns_in_use(&host->net), 2);
	cr_assert_eq(host->count.drop[DROP_shed_sessions], 1);
	send(4001, TCP_ACK, 101, seq, SPAN_LIT("hello"));
	cr_assert_eq(tcp_rx_bytes(c), 5);
	/* A handshake that has cost a block already is finished. */
	send(4002, TCP_ACK, 101, half_open_iss + 1, span_of(NULL, 0));
	cr_assert_eq(host->count.event[COUNTER_tcp_opened_passive], 2);
	tcp_shed(&host->net, DROP_none);
	established(4003, &seq);
}

Test(tcp_flood, cookies_that_come_back_are_shed_too)
{
	struct tcp_peer_segment seg;

	for (uint16_t i = 0; i < CONNS_MAX / 4 + 1; i++) {
		send((uint16_t)(5000 + i), TCP_SYN, 100, 0, span_of(NULL, 0));
		turn();
	}
	send(4001, TCP_SYN, 100, 0, span_of(NULL, 0));
	net_output_all(&host->net, now_ns);
	cr_assert(tcp_peer_take(host, &seg, now_ns));
	tcp_shed(&host->net, DROP_shed_packets_tx);
	send(4001, TCP_ACK, 101, seg.h.seq + 1, span_of(NULL, 0));
	cr_assert_eq(turn(), 0);
	cr_assert_eq(host->count.drop[DROP_shed_packets_tx], 1);
	cr_assert_eq(host->count.event[COUNTER_tcp_syncookies_accepted], 0);
	/* It is still good when the pressure has gone. */
	tcp_shed(&host->net, DROP_none);
	send(4001, TCP_ACK, 101, seg.h.seq + 1, SPAN_LIT("again"));
	cr_assert_eq(host->count.event[COUNTER_tcp_syncookies_accepted], 1);
}

Test(tcp_flood, one_byte_segments_do_not_exhaust_the_pool)
{
	uint32_t good_seq, seq[100];
	struct tcp_conn *good = established(4000, &good_seq);

	for (uint16_t i = 0; i < 100; i++)
		established((uint16_t)(5000 + i), &seq[i]);
	/* Each sends a byte at a time and reads nothing. */
	for (uint32_t k = 0; k < 60; k++) {
		for (uint16_t i = 0; i < 100; i++)
			send((uint16_t)(5000 + i), TCP_ACK, 101 + k, seq[i], SPAN_LIT("x"));
		turn();
		send(4000, TCP_ACK, 101 + k, good_seq, SPAN_LIT("g"));
		cr_assert_eq(tcp_rx_bytes(good), 1);
		tcp_rx_consume(&host->net, good, 1);
	}
	cr_assert_leq(mbuf_pool_outstanding(host->rx_pool), 100);
	cr_assert_eq(host->count.drop[DROP_tcp_rx_pool_full], 0);
}

/* Bytes with a hole behind each: nothing can be copied together. */
static void scatter(uint16_t sport, uint32_t seq, unsigned count)
{
	for (uint32_t k = 1; k <= count; k++)
		send(sport, TCP_ACK, 101 + 2 * k, seq, SPAN_LIT("x"));
}

Test(tcp_flood, bytes_ahead_of_gaps_are_given_up_before_any_connection)
{
	uint32_t good_seq, seq[100];
	struct tcp_conn *good = established(4000, &good_seq);

	for (uint16_t i = 0; i < 100; i++)
		established((uint16_t)(5000 + i), &seq[i]);
	for (uint16_t i = 0; i < 100; i++) {
		scatter((uint16_t)(5000 + i), seq[i], 30);
		turn();
		cr_assert_leq(mbuf_pool_outstanding(host->rx_pool), RX_MBUFS_MAX);
	}
	cr_assert_gt(host->count.event[COUNTER_tcp_gaps_pruned], 0);
	cr_assert_eq(host->count.drop[DROP_tcp_fat_reset], 0);
	cr_assert_eq(tcp_conns_in_use(&host->net), 101);
	send(4000, TCP_ACK, 101, good_seq, SPAN_LIT("good"));
	cr_assert_eq(tcp_rx_bytes(good), 4);
}

Test(tcp_flood, the_fattest_connection_is_reset_first)
{
	static const uint8_t full[1400];
	uint32_t good_seq, seq[40], rcv[40];
	struct tcp_conn *good = established(4000, &good_seq), *fat[40];
	unsigned resets = 0;

	for (uint16_t i = 0; i < 40; i++) {
		fat[i] = established((uint16_t)(5000 + i), &seq[i]);
		rcv[i] = 101;
	}
	/* Nobody reads these; the first one is sent twice as much as any other. */
	for (unsigned k = 0; resets == 0 && k < 20; k++) {
		for (uint16_t i = 0; i < 40; i++) {
			for (unsigned n = 0; n < (i == 0 ? 2u : 1u); n++, rcv[i] += sizeof(full))
				send((uint16_t)(5000 + i), TCP_ACK, rcv[i], seq[i], SPAN(full));
		}
		resets += turn();
	}
	cr_assert_eq(host->count.drop[DROP_tcp_fat_reset], resets);
	cr_assert_gt(resets, 0);
	cr_assert_eq(tcp_end(fat[0]), TCP_END_ABORTED);
	cr_assert_eq(tcp_rx_bytes(fat[0]), 0);
	cr_assert_leq(host->net.tcp.rx_held_mbufs, RX_MBUFS_MAX);
	cr_assert_gt(host->count.drop[DROP_tcp_rx_pool_full], 0);
	send(4000, TCP_ACK, 101, good_seq, SPAN_LIT("good"));
	cr_assert_eq(tcp_rx_bytes(good), 4);
	for (uint16_t i = 0; i < 40; i++)
		tcp_release(&host->net, fat[i]);
}

Test(tcp_flood, no_window_grows_while_the_share_runs_out)
{
	static const uint8_t full[1400];
	uint32_t seq, other_seq, rcv = 101, edge;
	struct tcp_conn *c = established(4000, &seq);

	for (; rcv < 101 + 30 * sizeof(full); rcv += sizeof(full)) {
		send(4000, TCP_ACK, rcv, seq, SPAN(full));
		turn();
	}
	for (uint16_t i = 0; host->net.tcp.rx_held_mbufs < RX_MBUFS_MAX / 4 * 3; i++) {
		established((uint16_t)(5000 + i), &other_seq);
		scatter((uint16_t)(5000 + i), other_seq, 40);
		turn();
	}
	edge = c->rcv_edge;
	tcp_rx_consume(&host->net, c, 4 * sizeof(full));
	send(4000, TCP_ACK, rcv, seq, SPAN(full));
	turn();
	cr_assert_eq(c->rcv_edge, edge);
	cr_assert_eq(host->count.event[COUNTER_tcp_gaps_pruned], 0);
}
