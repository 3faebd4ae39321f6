/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire/icmp_wire.h"

#include "net/wire/be.h"
#include "net/wire/ip4_wire.h"

#define TYPE_ECHO_REPLY 0
#define TYPE_UNREACHABLE 3
#define TYPE_ECHO 8
#define TYPE_TIME_EXCEEDED 11
#define CODE_FRAGMENTATION_NEEDED 4

/* RFC 792: at least this much of the quoted packet's payload is there. */
#define QUOTED_BYTES 8

enum drop_reason icmp_kind_parse(struct span in, enum icmp_kind *ret_kind)
{
	if (in.len < ICMP_HEADER_BYTES)
		return DROP_icmp_truncated;
	if (in.p[0] == TYPE_ECHO && in.p[1] == 0)
		*ret_kind = ICMP_ECHO;
	else if (in.p[0] == TYPE_UNREACHABLE)
		*ret_kind = in.p[1] == CODE_FRAGMENTATION_NEEDED ? ICMP_TOO_BIG : ICMP_UNREACHABLE;
	else if (in.p[0] == TYPE_TIME_EXCEEDED)
		*ret_kind = ICMP_UNREACHABLE;
	else
		*ret_kind = ICMP_OTHER;
	return DROP_none;
}

enum drop_reason icmp_quote_parse(struct span packet, struct icmp_quote *ret_quote)
{
	struct ip4_header ip;
	struct span tcp = span_skip(packet, IP4_HEADER_BYTES);

	if (ip4_header_parse_quoted(packet, &ip) != DROP_none)
		return DROP_icmp_bad_quote;
	if (ip.protocol != IP4_PROTOCOL_TCP || ip4_is_fragment(&ip) || tcp.len < QUOTED_BYTES)
		return DROP_icmp_bad_quote;
	*ret_quote = (struct icmp_quote){
		.local = {.addr = ip.src, .port = be16_get(tcp.p)},
		.remote = {.addr = ip.dst, .port = be16_get(tcp.p + 2)},
		.seq = be32_get(tcp.p + 4),
		.total_bytes = ip.total_bytes,
	};
	return DROP_none;
}

uint16_t icmp_next_hop_mtu(const uint8_t *message)
{
	return be16_get(message + 6);
}

void icmp_echo_to_reply(uint8_t *message)
{
	message[0] = TYPE_ECHO_REPLY;
	be16_put(message + ICMP_CHECKSUM_OFFSET, 0);
}
