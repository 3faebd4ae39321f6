/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of any content into the two workers of a machine with a TCP listener, by a peer that is let past the checksums.
 *
 * Input: steps, each a byte of flags, a big-endian length and as many bytes of frame (the rest, if there are not so
 * many).  Bit 0 of flags: put right the checksums of IPv4, ICMP and TCP.  Bits 1-3: so many times 300 ms pass first.  Bit 4: the
 * frame comes by worker 1's queue, not worker 0's.  Bits 5-6: an IPv4 packet comes in so many more fragments, each by the
 * other worker's queue than the one before. */
#include "base/assert.h"
#include "net/net_priv.h"
#include "net/wire/be.h"
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
	struct span packet = span_skip(span_of(frame, len), IP4_AT);
	struct ip4_header ip;
	struct checksum c = {0};
	size_t at;

	if (len < L4_AT || frame[12] != 0x08 || frame[13] != 0)
		return;
	checksum_put(frame + IP4_AT + 10, 0);
	checksum_add(&c, span_of(frame + IP4_AT, IP4_HEADER_BYTES));
	checksum_put(frame + IP4_AT + 10, checksum_value(c));
	if (ip4_header_parse(packet, packet.len, &ip) != DROP_none || ip4_is_fragment(&ip))
		return; /* the checksum in a fragment is the whole packet's */
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

/* One machine: the same addresses, and rings between. */
struct machine {
	struct tcp_host *workers[2];
	struct rss rss;
	const struct rss *each[1];
	struct spsc rings[2]; /* rings[i] leads to worker i */
};

static void machine_open(struct machine *m, uint64_t now_ns)
{
	static const uint8_t key[RSS_KEY_BYTES_MIN] = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b,
						       0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d,
						       0x43, 0xa3, 0x8f, 0xb0};
	struct tcp_params params = tcp_host_params();

	params.conns_max = 8;
	rss_init_even(&m->rss, SPAN(key), 2);
	m->each[0] = &m->rss;
	for (unsigned i = 0; i < 2; i++)
		GW_ASSERT(steer_ring_init(&m->rings[i]) == GW_ERR_OK);
	for (unsigned i = 0; i < 2; i++) {
		struct tcp_host *host = tcp_host_open(1, 1500, &params, now_ns);
		enum gw_err err = tcp_listen(&host->net,
					     (struct ip4_endpoint){tcp_host_addr(1), LISTEN_PORT},
					     0, NULL, NULL);

		GW_ASSERT(err == GW_ERR_OK);
		host->net.steer = (struct steer_params){
			.worker_idx = i, .worker_count = 2, .rss = m->each};
		host->net.steer.in[1 - i] = &m->rings[i];
		host->net.steer.out[1 - i] = &m->rings[1 - i];
		m->workers[i] = host;
	}
}

static void machine_close(struct machine *m)
{
	for (unsigned i = 0; i < 2; i++)
		steer_ring_fini(&m->rings[i]);
	/* What one worker received the other may hold. */
	for (unsigned i = 0; i < 2; i++)
		net_fini(&m->workers[i]->net);
	for (unsigned i = 0; i < 2; i++)
		tcp_host_close(m->workers[i]);
}

/* Refusals of received frames below TCP. */
static uint64_t refused_count(const struct machine *m)
{
	uint64_t count = 0;

	for (unsigned i = DROP_eth_truncated; i <= DROP_icmp_other; i++)
		count += m->workers[0]->count.drop[i] + m->workers[1]->count.drop[i];
	return count;
}

static uint32_t held_count(const struct machine *m)
{
	return mbuf_pool_outstanding(m->workers[0]->rx_pool) +
	       mbuf_pool_outstanding(m->workers[1]->rx_pool);
}

static unsigned queued_count(const struct machine *m)
{
	return m->workers[0]->net.netifs[0].txq_count + m->workers[1]->net.netifs[0].txq_count;
}

static unsigned fragments_held(const struct machine *m)
{
	unsigned count = 0;

	for (unsigned w = 0; w < 2; w++) {
		const struct ip4_datagram *all = &m->workers[w]->net.reassembly.groups[0][0];

		for (unsigned i = 0; i < IP4_REASSEMBLY_GROUPS * IP4_REASSEMBLY_GROUP_SIZE; i++)
			count += all[i].fragment_count;
	}
	return count;
}

static void check_all(struct machine *m)
{
	for (unsigned i = 0; i < 2; i++) {
		struct net *net = &m->workers[i]->net;

		neigh_table_check(&net->netifs[0].neigh);
		ip4_reassembly_check(&net->reassembly);
		timer_wheel_check(&net->timers);
		tcp_check(net);
	}
}

/* Until nothing is on the way: news of neighbours may be answered. */
static void steer_all(struct machine *m, uint64_t now_ns)
{
	while (net_steered_run(&m->workers[0]->net, now_ns) +
		       net_steered_run(&m->workers[1]->net, now_ns) >
	       0)
		continue;
	GW_ASSERT(m->workers[0]->count.event[COUNTER_steer_out] ==
		  m->workers[1]->count.event[COUNTER_steer_in]);
	GW_ASSERT(m->workers[1]->count.event[COUNTER_steer_out] ==
		  m->workers[0]->count.event[COUNTER_steer_in]);
}

static void frame_deliver(struct machine *m, unsigned worker, struct span frame, uint64_t now_ns)
{
	uint32_t held = held_count(m);
	uint64_t refused = refused_count(m);
	unsigned queued = queued_count(m), fragments = fragments_held(m), fragments_now;

	tcp_host_rx(m->workers[worker], frame, now_ns);
	steer_all(m, now_ns);
	refused = refused_count(m) - refused;
	fragments_now = fragments_held(m);
	/* A fragment may take those of its packet with it, or those of one whose place it needs. */
	GW_ASSERT(refused <= 1 || fragments_now < fragments ||
		  (fragments_now == fragments && refused <= IP4_FRAGMENTS_MAX));
	if (refused > 0) {
		GW_ASSERT(held_count(m) - fragments_now == held - fragments);
		/* Only a neighbour in doubt is asked. */
		GW_ASSERT(queued_count(m) == queued ||
			  m->workers[0]->count.drop[DROP_arp_contested] > 0);
	}
	check_all(m);
}

/* The whole of frame, or the bytes from offset to end of its packet, as a fragment. */
static void piece_deliver(struct machine *m, unsigned worker, struct span frame, size_t offset,
			  size_t end, uint64_t now_ns)
{
	static uint8_t piece[TCP_HOST_FRAME_BYTES_MAX];
	bool more = L4_AT + end < frame.len;
	struct checksum c = {0};

	memcpy(piece, frame.p, L4_AT);
	memcpy(piece + L4_AT, frame.p + L4_AT + offset, end - offset);
	be16_put(piece + IP4_AT + 2, (uint16_t)(IP4_HEADER_BYTES + end - offset));
	be16_put(piece + IP4_AT + 6, (uint16_t)((more ? 0x2000 : 0) | offset >> 3));
	checksum_put(piece + IP4_AT + 10, 0);
	checksum_add(&c, span_of(piece + IP4_AT, IP4_HEADER_BYTES));
	checksum_put(piece + IP4_AT + 10, checksum_value(c));
	frame_deliver(m, worker, span_of(piece, L4_AT + end - offset), now_ns);
}

static void bytes_deliver(struct machine *m, uint8_t flags, struct span bytes, uint64_t now_ns)
{
	static uint8_t frame[TCP_HOST_FRAME_BYTES_MAX];
	unsigned worker = flags >> 4 & 1, pieces = 1 + (flags >> 5 & 3);
	size_t len, step;

	bytes = span_head(bytes, sizeof(frame));
	if (bytes.len > 0)
		memcpy(frame, bytes.p, bytes.len);
	if (flags & 1)
		checksums_repair(frame, bytes.len);
	bytes.p = frame;
	if (pieces == 1 || bytes.len < L4_AT || frame[12] != 0x08 || frame[13] != 0) {
		frame_deliver(m, worker, bytes, now_ns);
		return;
	}
	len = bytes.len - L4_AT;
	step = (len / pieces + 8) & ~(size_t)7;
	for (size_t at = 0; at < len; at += step)
		piece_deliver(m, worker ^= 1, bytes, at, RTE_MIN(at + step, len), now_ns);
}

/* Every connection's user takes what came and returns it. */
static void turn(struct machine *m, uint64_t now_ns)
{
	static uint8_t sent[TCP_HOST_FRAME_BYTES_MAX];

	for (unsigned i = 0; i < 2; i++) {
		struct tcp_host *host = m->workers[i];
		struct tcp_conn *c;
		struct span in;

		net_timers_run(&host->net, now_ns);
		while ((c = tcp_ready_take(&host->net)) != NULL) {
			tcp_user_set(c, host);
			/* Each connection is where its tuple says. */
			GW_ASSERT(steer_is_ours(&host->net, tcp_local(c), tcp_remote(c)));
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
	}
	steer_all(m, now_ns);
	check_all(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct machine machine;
	uint64_t now_ns = 1000000000;
	struct span in = span_of(data, size);

	machine_open(&machine, now_ns);
	while (in.len >= 3) {
		uint8_t flags = in.p[0];
		size_t len = (size_t)in.p[1] << 8 | in.p[2];

		in = span_skip(in, 3);
		now_ns += (flags >> 1 & 7) * STEP_NS;
		bytes_deliver(&machine, flags, span_head(in, len), now_ns);
		turn(&machine, now_ns);
		in = span_skip(in, len);
	}
	turn(&machine, now_ns + 120000000000ull);
	machine_close(&machine);
	return 0;
}
