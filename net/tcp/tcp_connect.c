/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Active open. */
#include "net/tcp/tcp_priv.h"

/* RFC 6056 section 3.2: the whole range, so that a guess is worth little; nothing else uses the gateway's addresses. */
#define PORT_FIRST 1024u
#define PORTS_COUNT (65536u - PORT_FIRST)
/* How far the search for a free port goes: past a run of so many in use the connection is refused, counted. */
#define PORT_TRIES_MAX 512u

/* A random port, or the first free one behind it. */
static bool choose_port(struct tcp_stack *tcp, struct ip4 local, struct ip4_endpoint remote,
			uint16_t *ret_port)
{
	uint32_t start = (uint32_t)(tcp_random(tcp) % PORTS_COUNT);

	for (uint32_t i = 0; i < PORT_TRIES_MAX; i++) {
		uint16_t port = (uint16_t)(PORT_FIRST + (start + i) % PORTS_COUNT);
		struct ip4_endpoint candidate = {local, port};

		if (tcp_listener_find(tcp, candidate) != NULL)
			continue;
		if (tcp_table_find(tcp, candidate, remote) == NULL) {
			*ret_port = port;
			return true;
		}
	}
	return false;
}

struct tcp_conn *tcp_connect(struct net *net, struct ip4_endpoint remote, uint64_t now_ns)
{
	struct ip4_endpoint local;
	struct tcp_conn *c;

	if (!ip4_source_for(net, remote.addr, &local.addr)) {
		drop_count(net->count, DROP_tcp_no_route);
		return NULL;
	}
	if (!choose_port(&net->tcp, local.addr, remote, &local.port)) {
		drop_count(net->count, DROP_tcp_no_port);
		return NULL;
	}
	c = tcp_conn_open(net, local, remote, now_ns);
	if (c == NULL)
		return NULL;
	c->owner = TCP_OWNER_USER;
	tcp_handshake_prepare(net, c);
	tcp_cong_init(&c->cong, c->mss_bytes, c->iss);
	tcp_set_state(net, c, TCP_SYN_SENT);
	tcp_conn_dirty(net, c);
	return c;
}
