/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Active open. */
#include "net/tcp/tcp_priv.h"

/* RFC 6056 section 3.2: the whole range, so that a guess is worth little; nothing else uses the gateway's addresses. */
#define PORT_FIRST 1024u
#define PORTS_COUNT (65536u - PORT_FIRST)
/* How far the search for a free port goes: past a run of so many in use the source is given up. */
#define PORT_TRIES_MAX 512u

/* A random port, or the first free one behind it, with which the answers come to this worker. */
static bool choose_port(struct net *net, struct ip4 local, struct ip4_endpoint remote,
			uint16_t *ret_port)
{
	struct tcp_stack *tcp = &net->tcp;
	uint32_t start = (uint32_t)(tcp_random(tcp) % PORTS_COUNT), tries = 0;

	for (uint32_t i = 0; i < PORTS_COUNT && tries < PORT_TRIES_MAX; i++) {
		uint16_t port = (uint16_t)(PORT_FIRST + (start + i) % PORTS_COUNT);
		struct ip4_endpoint candidate = {local, port};

		if (!steer_is_ours(net, candidate, remote))
			continue;
		tries++;
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
	return tcp_connect_from(net, NULL, 0, remote, now_ns);
}

struct tcp_conn *tcp_connect_from(struct net *net, const struct ip4 *sources, size_t source_count,
				  struct ip4_endpoint remote, uint64_t now_ns)
{
	struct ip4_endpoint local;
	size_t first = 0, i;
	struct ip4 on_the_way;
	struct tcp_conn *c;

	if (!ip4_source_for(net, remote.addr, &on_the_way)) {
		drop_count(net->count, DROP_tcp_no_route);
		return NULL;
	}
	if (source_count == 0) {
		sources = &on_the_way;
		source_count = 1;
	}
	if (source_count > 1)
		first = tcp_random(&net->tcp) % source_count;
	for (i = 0; i < source_count; i++) {
		local.addr = sources[(first + i) % source_count];
		if (choose_port(net, local.addr, remote, &local.port))
			break;
	}
	if (i == source_count) {
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
