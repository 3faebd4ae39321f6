/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/eth_wire.h"

#include "net/wire/be.h"

#define TYPE_VLAN 0x8100
#define VLAN_ID_MASK 0x0fff

const uint8_t eth_broadcast[ETH_ADDR_BYTES] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

bool eth_addr_is_station(const uint8_t addr[ETH_ADDR_BYTES])
{
	static const uint8_t zero[ETH_ADDR_BYTES];

	return !eth_addr_is_group(addr) && !eth_addr_eq(addr, zero);
}

bool eth_addr_eq(const uint8_t a[ETH_ADDR_BYTES], const uint8_t b[ETH_ADDR_BYTES])
{
	return memcmp(a, b, ETH_ADDR_BYTES) == 0;
}

enum drop_reason eth_header_parse(struct span in, struct eth_header *ret_header)
{
	struct eth_header h = {.header_bytes = ETH_HEADER_BYTES};

	if (in.len < ETH_HEADER_BYTES)
		return DROP_eth_truncated;
	memcpy(h.dst, in.p, ETH_ADDR_BYTES);
	memcpy(h.src, in.p + ETH_ADDR_BYTES, ETH_ADDR_BYTES);
	h.type = be16_get(in.p + 12);
	if (h.type == TYPE_VLAN) {
		if (in.len < ETH_HEADER_BYTES + ETH_TAG_BYTES)
			return DROP_eth_truncated;
		h.vlan_id = be16_get(in.p + 14) & VLAN_ID_MASK;
		h.type = be16_get(in.p + 16);
		h.header_bytes = ETH_HEADER_BYTES + ETH_TAG_BYTES;
	}
	if (!eth_addr_is_station(h.src))
		return DROP_eth_bad_source;
	*ret_header = h;
	return DROP_none;
}

void eth_header_emit(const struct eth_header *h, uint8_t *out)
{
	memcpy(out, h->dst, ETH_ADDR_BYTES);
	memcpy(out + ETH_ADDR_BYTES, h->src, ETH_ADDR_BYTES);
	be16_put(out + 12, h->type);
}
