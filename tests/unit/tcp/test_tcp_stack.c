/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no scenario can say: several connections, ports, numbers, and users that misbehave. */
#include <criterion/criterion.h>

#include "net/tcp/tcp_priv.h"
#include "tests/support/tcp_peer.h"

#define MS 1000000ull

static struct tcp_host *host;
static uint64_t now_ns;

static void open_host(void)
{
	struct tcp_params params = tcp_host_params();

	now_ns = 1000 * MS;
	host = tcp_host_open(1, 1500, &params, now_ns);
	cr_assert_eq(
		tcp_listen(&host->net, (struct ip4_endpoint){tcp_host_addr(1), 80}, 3, NULL, NULL),
		GW_ERR_OK);
}

static void close_host(void)
{
	tcp_check(&host->net);
	tcp_host_close(host);
}

TestSuite(tcp_stack, .init = open_host, .fini = close_host);

static void send(uint16_t sport, uint8_t flags, uint32_t seq, uint32_t ack, struct span payload)
{
	struct tcp_header h = {
		.src_port = sport,
		.dst_port = 80,
		.seq = seq,
		.ack = ack,
		.flags = flags,
		.window = 60000,
	};

	tcp_peer_send(host, 2, 1, &h, span_of(NULL, 0), payload, TCP_PEER_FAULT_NONE, now_ns);
}

/* The next segment the host sends, which there must be. */
static struct tcp_peer_segment take(void)
{
	struct tcp_peer_segment seg;

	net_output_all(&host->net, now_ns);
	cr_assert(tcp_peer_take(host, &seg, now_ns));
	return seg;
}

/* A connection from sport, as the ready list gives it; *ret_seq is our next number. */
static struct tcp_conn *established(uint16_t sport, uint32_t *ret_seq)
{
	struct tcp_conn *c;

	send(sport, TCP_SYN, 100, 0, span_of(NULL, 0));
	*ret_seq = take().h.seq + 1;
	send(sport, TCP_ACK, 101, *ret_seq, span_of(NULL, 0));
	c = tcp_ready_take(&host->net);
	cr_assert_not_null(c);
	cr_assert_null(tcp_user(c));
	tcp_user_set(c, host);
	return c;
}

Test(tcp_stack, the_same_endpoint_is_not_listened_on_twice)
{
	cr_assert_neq(
		tcp_listen(&host->net, (struct ip4_endpoint){tcp_host_addr(1), 80}, 4, NULL, NULL),
		GW_ERR_OK);
}

Test(tcp_stack, connection_knows_its_ends_and_listener)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	cr_assert_eq(tcp_listener_idx(c), 3);
	cr_assert(tcp_remote(c).port == 4001 && tcp_remote(c).addr.v == tcp_host_addr(2).v);
	cr_assert(tcp_local(c).port == 80 && tcp_local(c).addr.v == tcp_host_addr(1).v);
}

Test(tcp_stack, ready_connection_is_taken_once_a_turn)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	send(4001, TCP_ACK, 101, seq, SPAN_LIT("a"));
	send(4001, TCP_ACK, 102, seq, SPAN_LIT("b"));
	cr_assert_eq(tcp_ready_take(&host->net), c);
	tcp_ready_put(&host->net, c);
	cr_assert_null(tcp_ready_take(&host->net), "postponed to the next turn");
	net_output_all(&host->net, now_ns);
	cr_assert_eq(tcp_ready_take(&host->net), c);
	cr_assert_null(tcp_ready_take(&host->net));
}

Test(tcp_stack, abort_of_another_ready_connection_takes_it_off_the_list)
{
	uint32_t seq_a, seq_b;
	struct tcp_conn *a = established(4001, &seq_a), *b = established(4002, &seq_b);

	send(4001, TCP_ACK, 101, seq_a, SPAN_LIT("a"));
	send(4002, TCP_ACK, 101, seq_b, SPAN_LIT("b"));
	cr_assert_eq(tcp_ready_take(&host->net), a);
	tcp_abort(&host->net, b);
	tcp_ready_put(&host->net, a);
	tcp_abort(&host->net, a);
	cr_assert_null(tcp_ready_take(&host->net));
	tcp_check(&host->net);
	net_output_all(&host->net, now_ns);
	cr_assert_null(tcp_ready_take(&host->net));
	cr_assert_eq(tcp_conns_in_use(&host->net), 0);
}

Test(tcp_stack, aborted_connection_is_unknown_at_once)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	tcp_abort(&host->net, c);
	send(4001, TCP_ACK, 101, seq, SPAN_LIT("a"));
	cr_assert_eq(host->count.drop[DROP_tcp_no_connection], 1);
}

Test(tcp_stack, reset_connection_stays_until_its_user_releases_it)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	send(4001, TCP_RST, 101, 0, span_of(NULL, 0));
	cr_assert_eq(tcp_state(c), TCP_CLOSED);
	cr_assert_eq(tcp_tx_write(&host->net, c, SPAN_LIT("x")), 0);
	cr_assert_eq(tcp_tx_space(c), 0);
	tcp_shutdown(&host->net, c);
	net_output_all(&host->net, now_ns);
	/* Its tuple is free for the next one meanwhile. */
	send(4001, TCP_SYN, 100, 0, span_of(NULL, 0));
	cr_assert_eq(tcp_conns_in_use(&host->net), 2);
	tcp_abort(&host->net, c);
	cr_assert_eq(tcp_conns_in_use(&host->net), 1);
	cr_assert_null(tcp_ready_take(&host->net));
}

Test(tcp_stack, bytes_before_a_reset_stay_readable)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);
	char byte;

	send(4001, TCP_ACK, 101, seq, SPAN_LIT("answer"));
	send(4001, TCP_ACK, 110, seq, SPAN_LIT("ahead of a gap"));
	send(4001, TCP_RST, 107, 0, span_of(NULL, 0));
	cr_assert_eq(tcp_end(c), TCP_END_RESET);
	cr_assert_eq(tcp_rx_bytes(c), 6);
	cr_assert_eq(host->net.tcp.rx_held_mbufs, 1);
	cr_assert_eq(tcp_rx_copy(c, 5, &byte, 1), 1);
	cr_assert_eq(byte, 'r');
	tcp_rx_consume(&host->net, c, 6);
	cr_assert_not(tcp_rx_eof(c), "nobody said that this was all");
	tcp_check(&host->net);
	tcp_release(&host->net, c);
	cr_assert_eq(tcp_conns_in_use(&host->net), 0);
}

Test(tcp_stack, acknowledgement_is_sent_at_once_when_asked_for)
{
	struct tcp_peer_segment seg;
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	tcp_ack_now(&host->net, c);
	net_output_all(&host->net, now_ns);
	cr_assert_not(tcp_peer_take(host, &seg, now_ns), "nothing is owed");
	send(4001, TCP_ACK, 101, seq, SPAN_LIT("a"));
	net_output_all(&host->net, now_ns);
	cr_assert_not(tcp_peer_take(host, &seg, now_ns), "delayed");
	tcp_ack_now(&host->net, c);
	cr_assert_eq(take().h.ack, 102);
}

Test(tcp_stack, nothing_unread_waits_with_a_released_connection)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	tcp_shutdown(&host->net, c);
	take(); /* our FIN */
	send(4001, TCP_ACK | TCP_FIN, 101, seq + 1, SPAN_LIT("last words"));
	cr_assert_eq(tcp_state(c), TCP_TIME_WAIT);
	cr_assert_eq(host->net.tcp.rx_held_mbufs, 1);
	tcp_release(&host->net, c);
	cr_assert_eq(tcp_time_wait_count(&host->net), 1);
	cr_assert_eq(host->net.tcp.rx_held_mbufs, 0);
}

Test(tcp_stack, connection_reset_before_it_was_taken_vanishes)
{
	uint32_t seq;

	send(4001, TCP_SYN, 100, 0, span_of(NULL, 0));
	seq = take().h.seq + 1;
	send(4001, TCP_ACK, 101, seq, span_of(NULL, 0));
	send(4001, TCP_RST, 101, 0, span_of(NULL, 0));
	cr_assert_null(tcp_ready_take(&host->net));
	cr_assert_eq(tcp_conns_in_use(&host->net), 0);
}

Test(tcp_stack, challenges_and_resets_have_a_budget)
{
	uint32_t seq;

	established(4001, &seq);
	for (int i = 0; i < 3000; i++) {
		struct tcp_peer_segment seg;

		send(4001, TCP_SYN, 101, 0, span_of(NULL, 0));
		send(5000, TCP_ACK, 1, 1, span_of(NULL, 0));
		while (tcp_peer_take(host, &seg, now_ns))
			;
	}
	cr_assert_leq(host->count.event[COUNTER_tcp_challenge_acks], 1000);
	cr_assert_geq(host->count.event[COUNTER_tcp_challenge_acks], 500);
	cr_assert_leq(host->count.event[COUNTER_tcp_resets_sent], 1000);
	cr_assert_eq(host->count.event[COUNTER_tcp_resets_sent] +
			     host->count.event[COUNTER_tcp_resets_withheld],
		     3000);
	now_ns += 1000 * MS;
	send(5000, TCP_ACK, 1, 1, span_of(NULL, 0));
	cr_assert(take().h.flags & TCP_RST);
}

Test(tcp_stack, acknowledgement_of_what_was_never_sent_changes_nothing)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	tcp_tx_write(&host->net, c, SPAN_LIT("hello"));
	cr_assert_eq(take().payload.len, 5);
	send(4001, TCP_ACK, 101, seq + 6, SPAN_LIT("x"));
	cr_assert_eq(tcp_tx_unacked(c), 5);
	cr_assert_eq(tcp_rx_bytes(c), 0);
	cr_assert_eq(host->count.drop[DROP_tcp_bad_ack], 1);
}

Test(tcp_stack, handshake_is_finished_only_by_who_saw_our_number)
{
	uint32_t iss;

	send(4001, TCP_SYN, 100, 0, span_of(NULL, 0));
	iss = take().h.seq;
	send(4001, TCP_ACK, 101, iss, span_of(NULL, 0));
	send(4001, TCP_ACK, 101, iss + 2, span_of(NULL, 0));
	cr_assert_null(tcp_ready_take(&host->net));
	cr_assert_eq(host->count.drop[DROP_tcp_bad_ack], 2);
}

Test(tcp_stack, bytes_beyond_the_window_are_not_kept)
{
	static const uint8_t data[1000];
	struct tcp_peer_segment seg;
	uint32_t seq, rcv_nxt = 101;
	struct tcp_conn *c = established(4001, &seq);

	for (unsigned i = 0; i < 80; i++, rcv_nxt += sizeof(data)) {
		send(4001, TCP_ACK, rcv_nxt, seq, SPAN(data));
		net_output_all(&host->net, now_ns);
		while (tcp_peer_take(host, &seg, now_ns))
			;
	}
	cr_assert_eq(tcp_rx_bytes(c), UINT16_MAX, "as much as an unscaled window grants");
}

Test(tcp_stack, bytes_behind_a_fin_are_not_kept)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	send(4001, TCP_FIN | TCP_ACK, 111, seq, SPAN_LIT("0123456789"));
	send(4001, TCP_ACK, 115, seq, SPAN_LIT("456789abcdef"));
	send(4001, TCP_ACK, 101, seq, SPAN_LIT("0123456789"));
	cr_assert_eq(tcp_rx_bytes(c), 20);
	tcp_rx_consume(&host->net, c, 20);
	cr_assert(tcp_rx_eof(c));
}

Test(tcp_stack, fin_before_accepted_bytes_is_not_believed)
{
	uint32_t seq;
	struct tcp_conn *c = established(4001, &seq);

	send(4001, TCP_ACK, 111, seq, SPAN_LIT("0123456789"));
	send(4001, TCP_FIN | TCP_ACK, 105, seq, span_of(NULL, 0));
	send(4001, TCP_ACK, 101, seq, SPAN_LIT("0123456789"));
	cr_assert_eq(tcp_rx_bytes(c), 20);
	cr_assert_eq(tcp_state(c), TCP_ESTABLISHED);
}

Test(tcp_stack, local_ports_are_random_and_distinct)
{
	struct ip4_endpoint remote = {tcp_host_addr(9), 8080};
	uint16_t ports[60];
	unsigned neighbours = 0;

	for (unsigned i = 0; i < 60; i++) {
		struct tcp_conn *c = tcp_connect(&host->net, remote, now_ns);

		cr_assert_not_null(c);
		ports[i] = tcp_local(c).port;
		cr_assert_geq(ports[i], 1024);
		for (unsigned k = 0; k < i; k++) {
			cr_assert_neq(ports[i], ports[k]);
			neighbours += ports[i] == ports[k] + 1;
		}
	}
	cr_assert_lt(neighbours, 10);
}

Test(tcp_stack, connect_without_a_block_or_a_route_fails_counted)
{
	struct ip4_endpoint remote = {tcp_host_addr(9), 8080}, nowhere = {{0x0a000001}, 80};

	cr_assert_null(tcp_connect(&host->net, nowhere, now_ns));
	cr_assert_eq(host->count.drop[DROP_tcp_no_route], 1);
	for (unsigned i = 0; i < 64; i++)
		cr_assert_not_null(tcp_connect(&host->net, remote, now_ns));
	cr_assert_null(tcp_connect(&host->net, remote, now_ns));
	cr_assert_eq(host->count.drop[DROP_tcp_no_conns], 1);
}

Test(tcp_stack, sequence_numbers_grow_with_time_and_differ_by_peer)
{
	uint32_t first, later, other;

	send(4001, TCP_SYN, 100, 0, span_of(NULL, 0));
	first = take().h.seq;
	send(4001, TCP_RST, 101, 0, span_of(NULL, 0));
	now_ns += 100 * MS;
	send(4001, TCP_SYN, 100, 0, span_of(NULL, 0));
	later = take().h.seq;
	send(4002, TCP_SYN, 100, 0, span_of(NULL, 0));
	other = take().h.seq;
	cr_assert_eq(later - first, 25000, "RFC 6528: one every 4 us");
	cr_assert_neq(other, later);
}

Test(tcp_stack, unreachable_ends_only_a_connection_attempt_it_quotes)
{
	struct ip4_endpoint remote = {tcp_host_addr(9), 8080};
	struct tcp_conn *c = tcp_connect(&host->net, remote, now_ns);

	net_output_all(&host->net, now_ns);
	tcp_on_unreachable(&host->net, tcp_local(c), remote, c->iss + 1);
	cr_assert_eq(tcp_state(c), TCP_SYN_SENT);
	tcp_on_unreachable(&host->net, tcp_local(c), remote, c->iss);
	cr_assert_eq(tcp_end(c), TCP_END_UNREACHABLE);
}
