/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A received segment: checksum, header, connection, and the steps of its state. */
#include "net/tcp/tcp_priv.h"
#include "net/wire/checksum.h"
#include "net/wire/ip4_wire.h"

static bool checksum_is_good(const struct rte_mbuf *m, const struct ip4_header *ip)
{
	uint64_t word = m->ol_flags & RTE_MBUF_F_RX_L4_CKSUM_MASK;
	struct checksum sum = {0};

	/* NONE: the field is not filled in, for the segment never was on a wire that could harm it: a virtual machine's
	 * neighbour leaves that to a card that is not there. */
	if (word == RTE_MBUF_F_RX_L4_CKSUM_GOOD || word == RTE_MBUF_F_RX_L4_CKSUM_NONE)
		return true;
	checksum_add_pseudo(&sum, ip->src, ip->dst, IP4_PROTOCOL_TCP, (uint16_t)m->pkt_len);
	for (const struct rte_mbuf *part = m; part != NULL; part = part->next)
		checksum_add(&sum,
			     span_of(rte_pktmbuf_mtod(part, const uint8_t *), part->data_len));
	return checksum_value(sum) == 0;
}

/* Takes m apart; afterwards its data is the payload alone. */
static enum drop_reason segment_parse(struct rte_mbuf *m, const struct ip4_header *ip,
				      struct tcp_segment *ret_seg)
{
	struct span first = span_of(rte_pktmbuf_mtod(m, const uint8_t *), m->data_len);
	struct tcp_segment seg = {.m = m};
	enum drop_reason why;

	if (m->pkt_len > UINT16_MAX || !checksum_is_good(m, ip))
		return DROP_tcp_bad_checksum;
	why = tcp_header_parse(first, &seg.h);
	if (why != DROP_none)
		return why;
	seg.src = (struct ip4_endpoint){ip->src, seg.h.src_port};
	seg.dst = (struct ip4_endpoint){ip->dst, seg.h.dst_port};
	rte_pktmbuf_adj(m, seg.h.header_bytes);
	seg.payload_bytes = m->pkt_len;
	*ret_seg = seg;
	return DROP_none;
}

enum drop_reason tcp_synchronised_input(struct net *net, struct tcp_conn *c,
					struct tcp_segment *seg, uint64_t now_ns)
{
	bool gone = false;
	enum drop_reason why = tcp_validate(net, c, seg, now_ns, &gone);

	if (why != DROP_none || gone)
		return why;
	if (!tcp_ack_input(net, c, seg, now_ns))
		return DROP_none;
	return tcp_data_input(net, c, seg, now_ns);
}

/* RFC 9293 section 3.10.7.4 and RFC 6191: a client may use its port again when its new SYN is provably newer than
 * everything of the old connection. */
static bool syn_may_reopen(const struct tcp_conn *c, const struct tcp_segment *seg)
{
	if ((seg->h.flags & (TCP_SYN | TCP_ACK)) != TCP_SYN || c->owner != TCP_OWNER_RELEASED)
		return false;
	if (c->has_timestamps && seg->h.opts.has_timestamps && seg->h.opts.ts_val != c->ts_recent)
		return seq_lt(c->ts_recent, seg->h.opts.ts_val);
	return seq_lt(c->rcv_nxt, seg->h.seq);
}

static enum drop_reason time_wait_input(struct net *net, struct tcp_conn *c,
					struct tcp_segment *seg, uint64_t now_ns)
{
	if (syn_may_reopen(c, seg)) {
		tcp_conn_free(net, c);
		return tcp_listen_input(net, seg, now_ns);
	}
	/* Their FIN again: our last acknowledgement was lost, and the wait begins anew. */
	if ((seg->h.flags & (TCP_FIN | TCP_RST)) == TCP_FIN &&
	    seg->h.seq + tcp_segment_len(seg) == c->rcv_nxt)
		tcp_timer_on_time_wait(net, c, now_ns);
	return tcp_synchronised_input(net, c, seg, now_ns);
}

static enum drop_reason conn_input(struct net *net, struct tcp_conn *c, struct tcp_segment *seg,
				   uint64_t now_ns)
{
	switch (c->state) {
	case TCP_SYN_SENT:
		return tcp_syn_sent_input(net, c, seg, now_ns);
	case TCP_TIME_WAIT:
		return time_wait_input(net, c, seg, now_ns);
	case TCP_SYN_RECEIVED:
	case TCP_ESTABLISHED:
	case TCP_FIN_WAIT_1:
	case TCP_FIN_WAIT_2:
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		return tcp_synchronised_input(net, c, seg, now_ns);
	case TCP_CLOSED:
		break;
	}
	GW_ASSERT(false); /* a closed connection stands in no bucket */
	return DROP_none;
}

void tcp_input(struct net *net, struct rte_mbuf *m, const struct ip4_header *ip, uint64_t now_ns)
{
	struct tcp_segment seg;
	struct tcp_conn *c;
	enum drop_reason why;

	counter_add(net->count, COUNTER_tcp_segments_received, 1);
	why = segment_parse(m, ip, &seg);
	if (why != DROP_none) {
		drop_count(net->count, why);
		rte_pktmbuf_free(m);
		return;
	}
	c = tcp_table_find(&net->tcp, seg.dst, seg.src);
	if (c != NULL)
		why = conn_input(net, c, &seg, now_ns);
	else
		why = tcp_listen_input(net, &seg, now_ns);
	if (why != DROP_none)
		drop_count(net->count, why);
	rte_pktmbuf_free(seg.m);
}

void tcp_on_unreachable(struct net *net, struct ip4_endpoint local, struct ip4_endpoint remote,
			uint32_t seq)
{
	struct tcp_conn *c = tcp_table_find(&net->tcp, local, remote);

	if (c == NULL || c->state != TCP_SYN_SENT || seq != c->iss)
		return;
	tcp_conn_end(net, c, TCP_END_UNREACHABLE);
}
