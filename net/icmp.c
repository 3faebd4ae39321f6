/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/net_priv.h"

static enum drop_reason error_input(struct net *net, struct rte_mbuf *m, enum icmp_kind kind)
{
	uint16_t mtu = icmp_next_hop_mtu(rte_pktmbuf_mtod(m, const uint8_t *));
	struct icmp_quote quote;
	enum drop_reason why = icmp_quote_parse(span_skip(pkt_head(m), ICMP_HEADER_BYTES), &quote);

	if (why != DROP_none)
		return why;
	if (kind == ICMP_TOO_BIG && !tcp_on_too_big(net, &quote, mtu))
		return DROP_icmp_not_believed;
	if (kind == ICMP_UNREACHABLE)
		tcp_on_unreachable(net, quote.local, quote.remote, quote.seq);
	rte_pktmbuf_free(m);
	return DROP_none;
}

/* Answers in the request's own buffer.  Consumes m. */
static void echo_reply(struct net *net, struct rte_mbuf *m, const struct ip4_header *ip,
		       uint64_t now_ns)
{
	uint8_t *message = rte_pktmbuf_mtod(m, uint8_t *);
	struct checksum c = {0};

	icmp_echo_to_reply(message);
	pkt_checksum_add(m, &c);
	checksum_put(message + ICMP_CHECKSUM_OFFSET, checksum_value(c));
	counter_add(net->count, COUNTER_icmp_echo_replies, 1);
	ip4_output(net, m, ip->dst, ip->src, IP4_PROTOCOL_ICMP, now_ns);
}

enum drop_reason icmp_input(struct net *net, struct rte_mbuf *m, const struct ip4_header *ip,
			    uint64_t now_ns)
{
	struct checksum c = {0};
	enum icmp_kind kind;
	enum drop_reason why = icmp_kind_parse(pkt_head(m), &kind);

	if (why != DROP_none)
		return why;
	pkt_checksum_add(m, &c);
	if (checksum_value(c) != 0)
		return DROP_icmp_bad_checksum;
	switch (kind) {
	case ICMP_ECHO:
		echo_reply(net, m, ip, now_ns);
		return DROP_none;
	case ICMP_UNREACHABLE:
	case ICMP_TOO_BIG:
		return error_input(net, m, kind);
	case ICMP_OTHER:
		return DROP_icmp_other;
	}
	return DROP_icmp_other;
}
