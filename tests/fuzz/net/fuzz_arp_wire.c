/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/assert.h"
#include "net/wire/arp_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t wire[ARP_PACKET_BYTES];
	struct arp_packet a;
	enum drop_reason why = arp_packet_parse(span_of(data, size), &a);

	if (why != DROP_none) {
		GW_ASSERT(why == DROP_arp_malformed);
		return 0;
	}
	/* Every bit of an accepted packet is known: it can be written again. */
	arp_packet_emit(&a, wire);
	GW_ASSERT(memcmp(wire, data, sizeof(wire)) == 0);
	return 0;
}
