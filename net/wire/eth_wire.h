/* SPDX-License-Identifier: GPL-3.0-or-later */
/* net/wire/eth_wire.h: the Ethernet II header with at most one 802.1Q tag, bytes to host-order values and back.
 * No state. */
#pragma once

#include "base/counters.h"
#include "base/span.h"

#define ETH_ADDR_BYTES 6
#define ETH_HEADER_BYTES 14
#define ETH_TAG_BYTES 4

#define ETH_TYPE_IP4 0x0800
#define ETH_TYPE_ARP 0x0806

struct eth_header {
	uint8_t dst[ETH_ADDR_BYTES], src[ETH_ADDR_BYTES];
	uint16_t type;        /* behind the tag, if there is one */
	uint16_t vlan_id;     /* 0: untagged, or tagged with a priority only (802.1Q section 9.6) */
	uint8_t header_bytes; /* where the payload begins */
};

extern const uint8_t eth_broadcast[ETH_ADDR_BYTES];

/* Multicast addresses, the broadcast address among them. */
static inline bool eth_addr_is_group(const uint8_t addr[ETH_ADDR_BYTES])
{
	return addr[0] & 1;
}

/* An address one station can have: no group, not all zeros. */
bool eth_addr_is_station(const uint8_t addr[ETH_ADDR_BYTES]);
bool eth_addr_eq(const uint8_t a[ETH_ADDR_BYTES], const uint8_t b[ETH_ADDR_BYTES]);

/* in begins with the header.  DROP_eth_truncated when it does not hold all of it, DROP_eth_bad_source when the
 * sender's address is none. */
enum drop_reason eth_header_parse(struct span in, struct eth_header *ret_header);
/* Writes an untagged header of ETH_HEADER_BYTES. */
void eth_header_emit(const struct eth_header *h, uint8_t *out);
