/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of any content into a whole net with a TCP listener, by a peer that is let past the checksums.
 *
 * Input: steps, each a byte of flags, a big-endian length and as many bytes of frame (the rest, if there are not so
 * many).  Bit 0 of flags: put right the checksums of IPv4, ICMP and TCP.  Bits 1-3: so many times 300 ms pass first. */
#include "base/assert.h"
#include "net/net_priv.h"
#include "tests/support/mbuf_pool.h"
#include "tests/support/tcp_host.h"

#define LISTEN_PORT 80
#define STEP_NS 300000000ull
#define IP4_AT ETH_HEADER_BYTES
#define L4_AT (IP4_AT + IP4_HEADER_BYTES)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Offset of the checksum in the transport header; 0 when we do not know it. */
static size_t l4_checksum_offset(uint8_t protocol)
{
	return protocol == IP4_PROTOCOL_TCP ? 16 : protocol == IP4_PROTOCOL_ICMP ? 2 : 0;
}

static void checksums_repair(uint8_t *frame, size_t len)
{
	struct ip4_header ip;
	struct checksum c = {0};
	size_t at;

	if (len < L4_AT || frame[12] != 0x08 || frame[13] != 0)
		return;
	checksum_put(frame + IP4_AT + 10, 0);
	checksum_add(&c, span_of(frame + IP4_AT, IP4_HEADER_BYTES));
	checksum_put(frame + IP4_AT + 10, checksum_value(c));
	if (ip4_header_parse(span_of(frame + IP4_AT, len - IP4_AT), len - IP4_AT, &ip) != DROP_none)
		return;
	at = l4_checksum_offset(ip.protocol);
	if (at == 0 || ip.total_bytes < IP4_HEADER_BYTES + at + 2)
		return;
	c = (struct checksum){0};
	checksum_put(frame + L4_AT + at, 0);
	if (ip.protocol == IP4_PROTOCOL_TCP)
		checksum_add_pseudo(&c, ip.src, ip.dst, ip.protocol,
				    (uint16_t)(ip.total_bytes - IP4_HEADER_BYTES));
	checksum_add(&c, span_of(frame + L4_AT, ip.total_bytes - (size_t)IP4_HEADER_BYTES));
	checksum_put(frame + L4_AT + at, checksum_value(c));
}

/* Refusals of received frames below TCP. */
static uint64_t refused_count(const struct tcp_host *host)
{
	uint64_t count = 0;

	for (unsigned i = DROP_eth_truncated; i <= DROP_icmp_other; i++)
		count += host->count.drop[i];
	return count;
}

static void check_all(struct tcp_host *host)
{
	neigh_table_check(&host->net.netifs[0].neigh);
	timer_wheel_check(&host->net.timers);
	tcp_check(&host->net);
}

static void frame_deliver(struct tcp_host *host, uint8_t flags, struct span bytes, uint64_t now_ns)
{
	static uint8_t frame[TCP_HOST_FRAME_BYTES_MAX];
	uint32_t held = mbuf_pool_outstanding(host->rx_pool);
	uint64_t refused = refused_count(host);
	unsigned queued = host->net.netifs[0].txq_count;

	bytes = span_head(bytes, sizeof(frame));
	if (bytes.len > 0)
		memcpy(frame, bytes.p, bytes.len);
	if (flags & 1)
		checksums_repair(frame, bytes.len);
	tcp_host_rx(host, span_of(frame, bytes.len), now_ns);
	refused = refused_count(host) - refused;
	GW_ASSERT(refused <= 1);
	if (refused == 1) {
		GW_ASSERT(mbuf_pool_outstanding(host->rx_pool) == held);
		/* Only a neighbour in doubt is asked. */
		GW_ASSERT(host->net.netifs[0].txq_count == queued ||
			  host->count.drop[DROP_arp_contested] > 0);
	}
	check_all(host);
}

/* Every connection's user takes what came and returns it. */
static void turn(struct tcp_host *host, uint64_t now_ns)
{
	static uint8_t sent[TCP_HOST_FRAME_BYTES_MAX];
	struct tcp_conn *c;
	struct span in;

	net_timers_run(&host->net, now_ns);
	while ((c = tcp_ready_take(&host->net)) != NULL) {
		tcp_user_set(c, host);
		while ((in = tcp_rx_peek(c, 0)).len > 0) {
			tcp_tx_write(&host->net, c, in);
			tcp_rx_consume(&host->net, c, in.len);
		}
		if (tcp_end(c) != TCP_END_NONE || tcp_rx_eof(c))
			tcp_release(&host->net, c);
	}
	net_output_all(&host->net, now_ns);
	while (tcp_host_tx(host, sent) > 0)
		continue;
	check_all(host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tcp_params params = tcp_host_params();
	uint64_t now_ns = 1000000000;
	struct span in = span_of(data, size);
	struct tcp_host *host;
	enum gw_err err;

	params.conns_max = 8;
	host = tcp_host_open(1, 1500, &params, now_ns);
	err = tcp_listen(&host->net, (struct ip4_endpoint){tcp_host_addr(1), LISTEN_PORT}, 0, NULL,
			 NULL);
	GW_ASSERT(err == GW_ERR_OK);
	while (in.len >= 3) {
		uint8_t flags = in.p[0];
		size_t len = (size_t)in.p[1] << 8 | in.p[2];

		in = span_skip(in, 3);
		now_ns += (flags >> 1 & 7) * STEP_NS;
		frame_deliver(host, flags, span_head(in, len), now_ns);
		turn(host, now_ns);
		in = span_skip(in, len);
	}
	turn(host, now_ns + 120000000000ull);
	tcp_host_close(host);
	return 0;
}
