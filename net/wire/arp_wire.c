/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/arp_wire.h"

#include "net/wire/be.h"

#define HARDWARE_ETHERNET 1
#define IP4_ADDR_BYTES 4

enum drop_reason arp_packet_parse(struct span in, struct arp_packet *ret_packet)
{
	struct arp_packet a = {0};
	uint16_t op;

	if (in.len < ARP_PACKET_BYTES)
		return DROP_arp_malformed;
	if (be16_get(in.p) != HARDWARE_ETHERNET || be16_get(in.p + 2) != ETH_TYPE_IP4)
		return DROP_arp_malformed;
	if (in.p[4] != ETH_ADDR_BYTES || in.p[5] != IP4_ADDR_BYTES)
		return DROP_arp_malformed;
	op = be16_get(in.p + 6);
	if (op != ARP_REQUEST && op != ARP_REPLY)
		return DROP_arp_malformed;
	a.op = (enum arp_op)op;
	memcpy(a.sender_mac, in.p + 8, ETH_ADDR_BYTES);
	a.sender.v = be32_get(in.p + 14);
	memcpy(a.target_mac, in.p + 18, ETH_ADDR_BYTES);
	a.target.v = be32_get(in.p + 24);
	*ret_packet = a;
	return DROP_none;
}

void arp_packet_emit(const struct arp_packet *packet, uint8_t *out)
{
	out = be16_put(out, HARDWARE_ETHERNET);
	out = be16_put(out, ETH_TYPE_IP4);
	*out++ = ETH_ADDR_BYTES;
	*out++ = IP4_ADDR_BYTES;
	out = be16_put(out, (uint16_t)packet->op);
	memcpy(out, packet->sender_mac, ETH_ADDR_BYTES);
	out = be32_put(out + ETH_ADDR_BYTES, packet->sender.v);
	memcpy(out, packet->target_mac, ETH_ADDR_BYTES);
	be32_put(out + ETH_ADDR_BYTES, packet->target.v);
}
