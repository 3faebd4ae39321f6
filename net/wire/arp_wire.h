/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/wire/arp_wire.h: ARP for IPv4 over Ethernet (RFC 826), bytes to host-order values and back.  No state. */
#pragma once

#include "base/counters.h"
#include "base/span.h"
#include "net/ip4.h"
#include "net/wire/eth_wire.h"

#define ARP_PACKET_BYTES 28

enum arp_op {
	ARP_REQUEST = 1,
	ARP_REPLY = 2,
};

struct arp_packet {
	enum arp_op op;
	uint8_t sender_mac[ETH_ADDR_BYTES], target_mac[ETH_ADDR_BYTES];
	struct ip4 sender, target;
};

/* in begins with the packet; padding behind it is not looked at.  DROP_arp_malformed when it is short, not IPv4 over
 * Ethernet, or neither request nor reply. */
enum drop_reason arp_packet_parse(struct span in, struct arp_packet *ret_packet);
/* Writes ARP_PACKET_BYTES. */
void arp_packet_emit(const struct arp_packet *packet, uint8_t *out);
