/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resolution, refresh and answers (RFC 826, RFC 1122 section 2.3.2, RFC 5227).  ARP has no proof of anything; what
 * limits the harm: entries exist only for addresses we sent to, none can claim an address of ours or of another
 * network, and a neighbour that still answers where it was is not replaced by somebody else's word. */
#include "net/net_priv.h"

#define NS_PER_SECOND 1000000000ull
/* RFC 1122 section 2.3.2.1: at most one request a second for one address. */
#define RETRY_NS NS_PER_SECOND
/* Unanswered requests after which a neighbour counts as gone. */
#define REQUESTS_MAX 3
/* After that packets to it are dropped at once for so long; then it is asked again. */
#define FAILED_HOLD_NS NS_PER_SECOND
/* A neighbour in use that has not spoken for so long is asked again, at the address it had. */
#define CONFIRM_NS (30 * NS_PER_SECOND)
/* A neighbour that has spoken is not asked again for so long, whoever else claims its address: a forger can make us
 * ask once a second, no more. */
#define LOCK_NS NS_PER_SECOND
/* Requests for new neighbours in one second; beyond it their packets are dropped. */
#define NEW_PER_S 256

static void packet_send(struct net *net, struct netif *nif, struct arp_packet *packet,
			const uint8_t dst[ETH_ADDR_BYTES])
{
	struct rte_mbuf *m = rte_pktmbuf_alloc(net->tx_pool);

	if (m == NULL) {
		drop_count(net->count, DROP_tx_no_mbuf);
		return;
	}
	memcpy(packet->sender_mac, nif->params.mac, ETH_ADDR_BYTES);
	arp_packet_emit(packet, (uint8_t *)rte_pktmbuf_append(m, ARP_PACKET_BYTES));
	netif_output(nif, m, dst, ETH_TYPE_ARP);
}

static void request_send(struct net *net, struct netif *nif, struct ip4 sender, struct ip4 target,
			 const uint8_t dst[ETH_ADDR_BYTES])
{
	struct arp_packet request = {.op = ARP_REQUEST, .sender = sender, .target = target};

	counter_add(net->count, COUNTER_arp_requests_sent, 1);
	packet_send(net, nif, &request, dst);
}

static void want_tell(struct net *net, const struct netif *nif, struct ip4 addr)
{
	const struct steer_msg msg = {
		.kind = STEER_NEIGH_WANT,
		.netif_idx = nif->idx,
		.addr = addr,
	};

	steer_tell_leader(net, &msg);
}

/* Tells the other workers where the neighbour is. */
static void news_tell(struct net *net, const struct netif *nif, struct neigh *n, uint64_t now_ns)
{
	struct steer_msg msg = {.kind = STEER_NEIGH_IS, .netif_idx = nif->idx, .addr = n->addr};

	memcpy(msg.mac, n->mac, ETH_ADDR_BYTES);
	n->told_ns = now_ns;
	steer_tell_all(net, &msg);
}

static void lost_tell(struct net *net, const struct netif *nif, struct ip4 addr)
{
	const struct steer_msg msg = {
		.kind = STEER_NEIGH_LOST,
		.netif_idx = nif->idx,
		.addr = addr,
	};

	if (!steer_is_leader(net))
		return;
	counter_add(net->count, COUNTER_neigh_lost, 1);
	steer_tell_all(net, &msg);
}

/* Asks once more, by name while the neighbour has one, and sets the time by which it should have answered.  Only the
 * leader asks the network; the others ask the leader. */
static void neigh_ask(struct net *net, struct netif *nif, struct neigh *n, uint64_t now_ns)
{
	const struct ip4_prefix *network = netif_network_of(nif, n->addr);

	GW_ASSERT(network != NULL);
	if (steer_is_leader(net))
		request_send(net, nif, network->addr, n->addr,
			     n->state == NEIGH_PROBING ? n->mac : eth_broadcast);
	else
		want_tell(net, nif, n->addr);
	n->requests_count++;
	timer_arm(&net->timers, &n->timer, now_ns + RETRY_NS);
}

static void neigh_probe(struct net *net, struct netif *nif, struct neigh *n, uint64_t now_ns)
{
	neigh_set_state(&nif->neigh, n, NEIGH_PROBING);
	neigh_ask(net, nif, n, now_ns);
}

/* What waited can go now. */
static void neigh_resolved(struct net *net, struct netif *nif, struct neigh *n)
{
	unsigned count = n->waiting_count;

	timer_disarm(&net->timers, &n->timer);
	n->waiting_count = 0;
	neigh_set_state(&nif->neigh, n, NEIGH_REACHABLE);
	for (unsigned i = 0; i < count; i++)
		netif_output(nif, n->waiting[i], n->mac, ETH_TYPE_IP4);
}

/* The neighbour does not answer: connections being opened through it need not wait for their own time limits. */
static void neigh_unreachable(struct net *net, struct netif *nif, struct neigh *n, uint64_t now_ns)
{
	unsigned count = n->waiting_count;

	lost_tell(net, nif, n->addr);
	n->waiting_count = 0;
	neigh_set_state(&nif->neigh, n, NEIGH_FAILED);
	timer_arm(&net->timers, &n->timer, now_ns + FAILED_HOLD_NS);
	for (unsigned i = 0; i < count; i++) {
		struct icmp_quote quote;

		if (icmp_quote_parse(pkt_head(n->waiting[i]), &quote) == DROP_none)
			tcp_on_unreachable(net, quote.local, quote.remote, quote.seq);
		drop_count(net->count, DROP_neigh_unreachable);
		rte_pktmbuf_free(n->waiting[i]);
	}
}

void arp_timer_expired(struct timer_entry *t, void *ctx, uint64_t now_ns)
{
	struct neigh *n = CONTAINER_OF(t, struct neigh, timer);
	struct net *net = ctx;
	struct netif *nif = &net->netifs[n->netif_idx];

	switch (n->state) {
	case NEIGH_RESOLVING:
		if (n->requests_count < REQUESTS_MAX)
			neigh_ask(net, nif, n, now_ns);
		else
			neigh_unreachable(net, nif, n, now_ns);
		return;
	case NEIGH_PROBING:
		if (n->requests_count < REQUESTS_MAX) {
			neigh_ask(net, nif, n, now_ns);
		} else {
			lost_tell(net, nif, n->addr);
			neigh_remove(&nif->neigh, n, DROP_neigh_unreachable);
		}
		return;
	case NEIGH_FAILED:
		neigh_remove(&nif->neigh, n, DROP_neigh_unreachable);
		return;
	case NEIGH_FREE:
	case NEIGH_REACHABLE:
		return;
	}
}

/* Takes one from this second's requests for new neighbours. */
static bool budget_take(struct netif *nif, uint64_t now_ns)
{
	if (now_ns - nif->budget_start_ns >= NS_PER_SECOND) {
		nif->budget_start_ns = now_ns;
		nif->budget_left_count = NEW_PER_S;
	}
	if (nif->budget_left_count == 0)
		return false;
	nif->budget_left_count--;
	return true;
}

static enum drop_reason refuse(struct net *net, struct rte_mbuf *m, enum drop_reason why)
{
	rte_pktmbuf_free(m);
	return drop_count(net->count, why);
}

enum drop_reason arp_output(struct net *net, struct netif *nif, struct rte_mbuf *m,
			    struct ip4 next_hop, uint64_t now_ns)
{
	struct neigh *n = neigh_find(&nif->neigh, next_hop);

	if (n == NULL) {
		if (netif_network_of(nif, next_hop) == NULL)
			return refuse(net, m, DROP_ip4_no_route);
		if (!budget_take(nif, now_ns))
			return refuse(net, m, DROP_neigh_budget);
		n = neigh_add(&nif->neigh, next_hop, now_ns);
		neigh_ask(net, nif, n, now_ns);
	}
	n->used_ns = now_ns;
	switch (n->state) {
	case NEIGH_REACHABLE:
		if (now_ns - n->confirmed_ns >= CONFIRM_NS)
			neigh_probe(net, nif, n, now_ns);
		return netif_output(nif, m, n->mac, ETH_TYPE_IP4);
	case NEIGH_PROBING:
		return netif_output(nif, m, n->mac, ETH_TYPE_IP4);
	case NEIGH_RESOLVING:
		neigh_wait(&nif->neigh, n, m);
		return DROP_none;
	case NEIGH_FAILED:
	case NEIGH_FREE:
		break;
	}
	return refuse(net, m, DROP_neigh_unreachable);
}

/* Whether a station may speak for this address here. */
static enum drop_reason sender_judge(const struct netif *nif, const struct arp_packet *a)
{
	if (!eth_addr_is_station(a->sender_mac))
		return DROP_arp_bad_sender;
	/* RFC 5227 section 1.1: a probe asks before it has an address. */
	if (a->sender.v == 0)
		return a->op == ARP_REQUEST ? DROP_none : DROP_arp_bad_sender;
	if (netif_owns(nif, a->sender))
		return DROP_arp_conflict;
	return netif_network_of(nif, a->sender) != NULL ? DROP_none : DROP_arp_bad_sender;
}

/* A known neighbour, or somebody in its name, has said where it is.  A new place is not believed while the old one
 * may still answer: that is asked, and only when it stays silent is the neighbour resolved anew, by broadcast. */
static enum drop_reason sender_learn(struct net *net, struct netif *nif, struct neigh *n,
				     const uint8_t mac[ETH_ADDR_BYTES], uint64_t now_ns)
{
	bool had_mac = n->state == NEIGH_REACHABLE || n->state == NEIGH_PROBING;

	if (had_mac && !eth_addr_eq(n->mac, mac)) {
		if (n->state == NEIGH_REACHABLE && now_ns - n->confirmed_ns >= LOCK_NS)
			neigh_probe(net, nif, n, now_ns);
		return DROP_arp_contested;
	}
	memcpy(n->mac, mac, ETH_ADDR_BYTES);
	n->confirmed_ns = now_ns;
	/* Whoever talks all the time is passed on once a second: his word must not fill the rings. */
	if (n->state != NEIGH_REACHABLE || now_ns - n->told_ns >= LOCK_NS)
		news_tell(net, nif, n, now_ns);
	neigh_resolved(net, nif, n);
	return DROP_none;
}

static void reply_send(struct net *net, struct netif *nif, const struct arp_packet *request)
{
	struct arp_packet reply = {
		.op = ARP_REPLY, .sender = request->target, .target = request->sender};

	memcpy(reply.target_mac, request->sender_mac, ETH_ADDR_BYTES);
	counter_add(net->count, COUNTER_arp_replies_sent, 1);
	packet_send(net, nif, &reply, request->sender_mac);
}

enum drop_reason arp_input(struct net *net, struct netif *nif, struct rte_mbuf *m, uint64_t now_ns)
{
	struct arp_packet a;
	enum drop_reason why = arp_packet_parse(pkt_head(m), &a);
	bool is_for_us;
	struct neigh *n;

	if (why == DROP_none)
		why = sender_judge(nif, &a);
	if (why != DROP_none)
		return why;
	is_for_us = a.op == ARP_REQUEST && netif_owns(nif, a.target);
	n = neigh_find(&nif->neigh, a.sender);
	if (n != NULL)
		why = sender_learn(net, nif, n, a.sender_mac, now_ns);
	if (why != DROP_none)
		return why;
	if (is_for_us)
		reply_send(net, nif, &a);
	else if (n == NULL)
		return a.op == ARP_REQUEST ? DROP_arp_not_ours : DROP_arp_unsolicited;
	rte_pktmbuf_free(m);
	return DROP_none;
}

void arp_on_want(struct net *net, struct netif *nif, struct ip4 addr, uint64_t now_ns)
{
	struct neigh *n = neigh_find(&nif->neigh, addr);

	if (n == NULL) {
		if (!budget_take(nif, now_ns)) {
			drop_count(net->count, DROP_neigh_budget);
			return;
		}
		n = neigh_add(&nif->neigh, addr, now_ns);
		neigh_ask(net, nif, n, now_ns);
	}
	n->used_ns = now_ns;
	switch (n->state) {
	case NEIGH_REACHABLE:
		/* Confirmed of late, it is confirmed for whoever asks; else the neighbour's answer will be the news. */
		if (now_ns - n->confirmed_ns < CONFIRM_NS)
			news_tell(net, nif, n, now_ns);
		else
			neigh_probe(net, nif, n, now_ns);
		return;
	case NEIGH_PROBING:
	case NEIGH_RESOLVING:
	case NEIGH_FAILED:
	case NEIGH_FREE:
		return;
	}
}

void arp_on_news(struct net *net, struct netif *nif, struct ip4 addr,
		 const uint8_t mac[ETH_ADDR_BYTES], uint64_t now_ns)
{
	struct neigh *n = neigh_find(&nif->neigh, addr);

	/* An entry is made only because we want to send. */
	if (n == NULL)
		return;
	memcpy(n->mac, mac, ETH_ADDR_BYTES);
	n->confirmed_ns = now_ns;
	neigh_resolved(net, nif, n);
}

void arp_on_lost(struct net *net, struct netif *nif, struct ip4 addr, uint64_t now_ns)
{
	struct neigh *n = neigh_find(&nif->neigh, addr);

	if (n == NULL)
		return;
	if (n->state == NEIGH_RESOLVING)
		neigh_unreachable(net, nif, n, now_ns);
	else
		neigh_remove(&nif->neigh, n, DROP_neigh_unreachable);
}

void arp_announce(struct net *net, struct netif *nif, struct ip4 addr)
{
	request_send(net, nif, addr, addr, eth_broadcast);
}
