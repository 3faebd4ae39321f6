/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/assert.h"
#include "net/wire/icmp_wire.h"

#define MESSAGE_BYTES_MAX 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_reply(const uint8_t *data, size_t size)
{
	uint8_t message[MESSAGE_BYTES_MAX];

	memcpy(message, data, size);
	icmp_echo_to_reply(message);
	GW_ASSERT(message[0] == 0 && message[1] == data[1]);
	GW_ASSERT(message[2] == 0 && message[3] == 0);
	GW_ASSERT(memcmp(message + 4, data + 4, size - 4) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);
	struct icmp_quote quote;
	enum icmp_kind kind;

	if (size > MESSAGE_BYTES_MAX)
		return 0;
	if (icmp_kind_parse(in, &kind) != DROP_none) {
		GW_ASSERT(size < ICMP_HEADER_BYTES);
		return 0;
	}
	if (kind == ICMP_ECHO)
		check_reply(data, size);
	if (kind == ICMP_TOO_BIG)
		GW_ASSERT(icmp_next_hop_mtu(data) == (data[6] << 8 | data[7]));
	if (icmp_quote_parse(span_skip(in, ICMP_HEADER_BYTES), &quote) == DROP_none)
		GW_ASSERT(size >= ICMP_HEADER_BYTES + 28);
	return 0;
}
