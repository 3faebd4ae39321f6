/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/tcp_peer.h"

#include "net/wire/arp_wire.h"
#include "net/wire/be.h"
#include "net/wire/checksum.h"
#include "net/wire/eth_wire.h"
#include "net/wire/icmp_wire.h"
#include "net/wire/ip4_wire.h"

#include <string.h>

#define L4_OFFSET (ETH_HEADER_BYTES + IP4_HEADER_BYTES)

static uint16_t tcp_checksum(const uint8_t *tcp, size_t len, struct ip4 src, struct ip4 dst)
{
	struct checksum sum = {0};

	checksum_add_pseudo(&sum, src, dst, IP4_PROTOCOL_TCP, (uint16_t)len);
	checksum_add(&sum, span_of(tcp, len));
	return checksum_value(sum);
}

/* Header with the options given, or with its own; returns its bytes. */
static size_t put_header(uint8_t *tcp, const struct tcp_header *h, struct span raw_opts)
{
	struct tcp_header plain = *h;
	size_t padded = (raw_opts.len + 3) / 4 * 4;

	if (raw_opts.len == 0) {
		tcp_header_emit(h, tcp);
		return tcp_header_size(h);
	}
	plain.opts = (struct tcp_opts){0};
	tcp_header_emit(&plain, tcp);
	memset(tcp + TCP_HEADER_BYTES, 0, padded);
	memcpy(tcp + TCP_HEADER_BYTES, raw_opts.p, raw_opts.len);
	tcp[12] = (uint8_t)((TCP_HEADER_BYTES + padded) / 4 << 4);
	return TCP_HEADER_BYTES + padded;
}

/* frame has len bytes behind the headers, which are put in front. */
static void send(struct tcp_host *host, uint8_t from, uint8_t to, uint8_t protocol, uint8_t *frame,
		 size_t len, uint64_t now_ns)
{
	struct eth_header eth = {.type = ETH_TYPE_IP4};
	struct ip4_header ip = {
		.src = tcp_host_addr(from),
		.dst = tcp_host_addr(to),
		.protocol = protocol,
		.ttl = 64,
		.total_bytes = (uint16_t)(IP4_HEADER_BYTES + len),
	};

	ip4_header_emit(&ip, true, frame + ETH_HEADER_BYTES);
	tcp_host_mac(to, eth.dst);
	tcp_host_mac(from, eth.src);
	eth_header_emit(&eth, frame);
	tcp_host_rx(host, span_of(frame, L4_OFFSET + len), now_ns);
}

void tcp_peer_send(struct tcp_host *host, uint8_t from, uint8_t to, const struct tcp_header *h,
		   struct span raw_opts, struct span payload, enum tcp_peer_fault fault,
		   uint64_t now_ns)
{
	uint8_t frame[TCP_HOST_FRAME_BYTES_MAX] = {0}, *tcp = frame + L4_OFFSET;
	size_t len = put_header(tcp, h, raw_opts);
	uint16_t checksum;

	GW_ASSERT(L4_OFFSET + len + payload.len <= sizeof(frame));
	if (payload.len > 0)
		memcpy(tcp + len, payload.p, payload.len);
	len += payload.len;
	if (fault == TCP_PEER_FAULT_SHORT)
		tcp[12] = 0xf0;
	checksum = tcp_checksum(tcp, len, tcp_host_addr(from), tcp_host_addr(to));
	if (fault == TCP_PEER_FAULT_CHECKSUM)
		checksum ^= 0x0100;
	tcp[16] = (uint8_t)(checksum >> 8);
	tcp[17] = (uint8_t)checksum;
	send(host, from, to, IP4_PROTOCOL_TCP, frame, len, now_ns);
}

void tcp_peer_too_big(struct tcp_host *host, uint8_t from, struct ip4_endpoint local,
		      struct ip4_endpoint remote, uint32_t seq, uint16_t packet_bytes,
		      uint16_t mtu_bytes, uint64_t now_ns)
{
	uint8_t frame[L4_OFFSET + ICMP_HEADER_BYTES + IP4_HEADER_BYTES + 8] = {0};
	uint8_t *icmp = frame + L4_OFFSET, *quoted = icmp + ICMP_HEADER_BYTES;
	struct ip4_header ip = {
		.src = local.addr,
		.dst = remote.addr,
		.protocol = IP4_PROTOCOL_TCP,
		.ttl = 1,
		.total_bytes = packet_bytes,
	};
	struct checksum sum = {0};

	icmp[0] = 3;
	icmp[1] = 4;
	be16_put(icmp + 6, mtu_bytes);
	ip4_header_emit(&ip, true, quoted);
	be16_put(quoted + IP4_HEADER_BYTES, local.port);
	be16_put(quoted + IP4_HEADER_BYTES + 2, remote.port);
	be32_put(quoted + IP4_HEADER_BYTES + 4, seq);
	checksum_add(&sum, span_of(icmp, sizeof(frame) - L4_OFFSET));
	checksum_put(icmp + ICMP_CHECKSUM_OFFSET, checksum_value(sum));
	send(host, from, 1, IP4_PROTOCOL_ICMP, frame, sizeof(frame) - L4_OFFSET, now_ns);
}

/* Every address of the network answers for itself. */
static void answer_arp(struct tcp_host *host, struct span packet, uint64_t now_ns)
{
	uint8_t frame[ETH_HEADER_BYTES + ARP_PACKET_BYTES];
	struct eth_header eth = {.type = ETH_TYPE_ARP};
	struct arp_packet arp, reply = {.op = ARP_REPLY};

	if (arp_packet_parse(packet, &arp) != DROP_none || arp.op != ARP_REQUEST)
		return;
	reply.sender = arp.target;
	reply.target = arp.sender;
	tcp_host_mac((uint8_t)arp.target.v, reply.sender_mac);
	memcpy(reply.target_mac, arp.sender_mac, ETH_ADDR_BYTES);
	memcpy(eth.dst, arp.sender_mac, ETH_ADDR_BYTES);
	memcpy(eth.src, reply.sender_mac, ETH_ADDR_BYTES);
	eth_header_emit(&eth, frame);
	arp_packet_emit(&reply, frame + ETH_HEADER_BYTES);
	tcp_host_rx(host, SPAN(frame), now_ns);
}

static bool take_apart(struct tcp_peer_segment *seg, struct span packet)
{
	struct ip4_header ip;
	struct span l4;

	GW_ASSERT(ip4_header_parse(packet, packet.len, &ip) == DROP_none);
	l4 = span_skip(span_head(packet, ip.total_bytes), IP4_HEADER_BYTES);
	if (ip.protocol != IP4_PROTOCOL_TCP)
		return false;
	GW_ASSERT(tcp_header_parse(l4, &seg->h) == DROP_none);
	seg->src = ip.src;
	seg->dst = ip.dst;
	seg->payload = span_skip(l4, seg->h.header_bytes);
	seg->checksum_good = tcp_checksum(l4.p, l4.len, ip.src, ip.dst) == 0;
	return true;
}

bool tcp_peer_take(struct tcp_host *host, struct tcp_peer_segment *ret, uint64_t now_ns)
{
	size_t len;

	while ((len = tcp_host_tx(host, ret->frame)) > 0) {
		struct span frame = span_of(ret->frame, len);
		struct eth_header eth;

		GW_ASSERT(eth_header_parse(frame, &eth) == DROP_none);
		if (eth.type == ETH_TYPE_ARP)
			answer_arp(host, span_skip(frame, eth.header_bytes), now_ns);
		else if (take_apart(ret, span_skip(frame, eth.header_bytes)))
			return true;
	}
	return false;
}
