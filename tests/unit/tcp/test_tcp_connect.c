/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of our addresses and ports a connection of ours comes from. */
#include "tests/support/tcp_host.h"

#include <criterion/criterion.h>

static struct tcp_host *host;
static struct rss rss;
static const struct rss *each[] = {&rss};
static const uint64_t now_ns = 1000000000;
static const struct ip4_endpoint remote = {{0xc6120009}, 8080};

static void set_up(void)
{
	struct tcp_params params = tcp_host_params();

	params.conns_max = 600;
	host = tcp_host_open(1, 1500, &params, now_ns);
}

static void tear_down(void)
{
	tcp_host_close(host);
}

TestSuite(tcp_connect, .init = set_up, .fini = tear_down);

/* As if this were one worker of four; table says whose each hash is. */
static void workers_set(unsigned idx, const uint16_t *table, unsigned table_count)
{
	static const uint8_t key[] = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2,
				      0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0};

	rss_init(&rss, SPAN(key), table, table_count);
	host->net.steer = (struct steer_params){.worker_idx = idx, .worker_count = 4, .rss = each};
}

Test(tcp_connect, the_port_is_one_whose_answers_come_to_this_worker)
{
	const uint16_t table[] = {0, 1, 2, 3};

	workers_set(2, table, 4);
	for (unsigned i = 0; i < 200; i++) {
		struct tcp_conn *c = tcp_connect(&host->net, remote, now_ns);
		uint32_t hash;

		cr_assert_not_null(c);
		/* as the port sees the answer */
		hash = rss_hash_ports(&rss, remote, tcp_local(c));
		cr_assert_eq(rss_queue(&rss, hash), 2);
	}
}

Test(tcp_connect, without_a_port_of_its_own_a_worker_refuses_and_counts)
{
	const uint16_t table[] = {1};

	workers_set(0, table, 1);
	cr_assert_null(tcp_connect(&host->net, remote, now_ns));
	cr_assert_eq(host->count.drop[DROP_tcp_no_port], 1);
	cr_assert_eq(tcp_conns_in_use(&host->net), 0);
}

Test(tcp_connect, several_sources_share_the_connections)
{
	const struct ip4 sources[] = {tcp_host_addr(1), tcp_host_addr(5)};
	unsigned seen[2] = {0};

	host->net.netifs[0].params.addrs[host->net.netifs[0].params.addr_count++] =
		(struct ip4_prefix){tcp_host_addr(5), 24};
	for (unsigned i = 0; i < 200; i++) {
		struct tcp_conn *c = tcp_connect_from(&host->net, sources, 2, remote, now_ns);

		cr_assert_not_null(c);
		cr_assert(ip4_eq(tcp_local(c).addr, sources[0]) ||
			  ip4_eq(tcp_local(c).addr, sources[1]));
		seen[ip4_eq(tcp_local(c).addr, sources[1])]++;
	}
	cr_assert_gt(seen[0], 50);
	cr_assert_gt(seen[1], 50);
}

/* Answers to the first source never come here: its hash is all somebody else's. */
Test(tcp_connect, where_one_source_has_no_port_left_the_other_is_tried)
{
	const struct ip4 sources[] = {tcp_host_addr(77), tcp_host_addr(1)};
	const uint16_t table[] = {0, 1, 2, 3};

	workers_set(3, table, 4); /* 77 is no address of ours, so none of its ports is */
	for (unsigned i = 0; i < 20; i++) {
		struct tcp_conn *c = tcp_connect_from(&host->net, sources, 2, remote, now_ns);

		cr_assert_not_null(c);
		cr_assert(ip4_eq(tcp_local(c).addr, sources[1]));
	}
	cr_assert_eq(host->count.drop[DROP_tcp_no_port], 0);
}
