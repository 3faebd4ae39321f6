/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/assert.h"
#include "net/wire/eth_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t wire[ETH_HEADER_BYTES];
	struct eth_header h, again;
	enum drop_reason why = eth_header_parse(span_of(data, size), &h);

	if (why != DROP_none) {
		GW_ASSERT(why == DROP_eth_bad_source || size < ETH_HEADER_BYTES + ETH_TAG_BYTES);
		return 0;
	}
	GW_ASSERT(h.header_bytes <= size);
	GW_ASSERT(h.header_bytes == ETH_HEADER_BYTES ||
		  h.header_bytes == ETH_HEADER_BYTES + ETH_TAG_BYTES);
	GW_ASSERT(h.vlan_id < 4096);
	GW_ASSERT(eth_addr_is_station(h.src));
	/* A tag inside a tag reads as one when it stands alone. */
	if (h.type == 0x8100)
		return 0;
	eth_header_emit(&h, wire);
	GW_ASSERT(eth_header_parse(SPAN(wire), &again) == DROP_none);
	GW_ASSERT(eth_addr_eq(h.src, again.src) && eth_addr_eq(h.dst, again.dst));
	GW_ASSERT(h.type == again.type);
	return 0;
}
