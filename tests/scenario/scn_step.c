/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/scenario/scn.h"
#include "tests/support/mbuf_pool.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_MAX 65536

struct verb {
	const char *name;
	unsigned args_count;
	bool (*run)(struct scn *s, char **args);
};

bool scn_fail(struct scn *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(s->why, sizeof(s->why), format, args);
	va_end(args);
	return false;
}

static bool accept_filter(void *ctx, struct ip4 client)
{
	const struct scn *s = ctx;

	(void)client;
	return !s->deny;
}

void scn_open(struct scn *s)
{
	if (s->host == NULL)
		s->host = tcp_host_open(1, s->mtu, &s->params, s->now_ns);
}

void scn_turn(struct scn *s)
{
	net_output_all(&s->host->net, s->now_ns);
	tcp_check(&s->host->net);
	if (s->out_pending || !tcp_peer_take(s->host, &s->out, s->now_ns))
		return;
	s->out_pending = true;
	s->out_ns = s->now_ns;
}

bool scn_advance(struct scn *s, uint64_t by_ns)
{
	uint64_t end_ns = s->now_ns + by_ns;

	while (s->now_ns < end_ns) {
		s->now_ns += end_ns - s->now_ns < SCN_MS ? end_ns - s->now_ns : SCN_MS;
		net_timers_run(&s->host->net, s->now_ns);
		scn_turn(s);
		if (s->out_pending && s->out_ns + SCN_SLACK_NS < end_ns)
			return scn_fail(
				s, "flags %#x seq %u len %zu sent at %.3f, %.1f ms before the step",
				s->out.h.flags, s->out.h.seq - s->our_iss, s->out.payload.len,
				(double)(s->out_ns - s->start_ns) / 1e9,
				(double)(end_ns - s->out_ns) / 1e6);
	}
	return true;
}

static bool equal(struct scn *s, const char *what, uint64_t got, const char *wanted)
{
	if (got == strtoull(wanted, NULL, 0))
		return true;
	return scn_fail(s, "%s is %llu, not %s", what, (unsigned long long)got, wanted);
}

static bool do_set(struct scn *s, char **args)
{
	uint32_t v = (uint32_t)strtoul(args[1], NULL, 0);

	if (strcmp(args[0], "deny") == 0)
		s->deny = v != 0;
	else if (strcmp(args[0], "mtu") == 0)
		s->mtu = (uint16_t)v;
	else if (strcmp(args[0], "conns_max") == 0)
		s->params.conns_max = v;
	else if (strcmp(args[0], "rx_buf") == 0)
		s->params.rx_buf_bytes = v;
	else if (strcmp(args[0], "tx_buf") == 0)
		s->params.tx_buf_bytes = v;
	else if (strcmp(args[0], "rto_min") == 0)
		s->params.rto_min_ms = v;
	else if (strcmp(args[0], "time_wait") == 0)
		s->params.time_wait_ms = v;
	else if (strcmp(args[0], "time_wait_max") == 0)
		s->params.time_wait_max = v;
	else if (strcmp(args[0], "rx_mbufs_max") == 0)
		s->params.rx_mbufs_max = v;
	else
		return scn_fail(s, "no such parameter: %s", args[0]);
	return true;
}

static bool do_listen(struct scn *s, char **args)
{
	struct ip4_endpoint local = {tcp_host_addr(1), (uint16_t)strtoul(args[0], NULL, 10)};

	scn_open(s);
	s->our_port = local.port;
	s->peer_port = 40000;
	return tcp_listen(&s->host->net, local, 7, accept_filter, s) == GW_ERR_OK;
}

static bool do_connect(struct scn *s, char **args)
{
	struct ip4_endpoint remote = {tcp_host_addr(2), (uint16_t)strtoul(args[0], NULL, 10)};

	scn_open(s);
	s->peer_port = remote.port;
	s->conn = tcp_connect(&s->host->net, remote, s->now_ns);
	if (s->conn == NULL)
		return scn_fail(s, "tcp_connect() gave nothing");
	tcp_user_set(s->conn, s);
	return true;
}

/* Our next numbers are those of another connection. */
static bool do_newiss(struct scn *s, char **args)
{
	(void)args;
	s->our_iss_known = false;
	s->written_bytes = 0;
	return true;
}

static bool do_ourport(struct scn *s, char **args)
{
	s->our_port = (uint16_t)strtoul(args[0], NULL, 10);
	return true;
}

static bool do_pool(struct scn *s, char **args)
{
	mbuf_pool_limit(s->host->tx_pool, (uint32_t)strtoul(args[0], NULL, 0));
	return true;
}

/* A router says that the segment at SEQ, in a packet of LEN bytes, is too big for a network of MTU. */
static bool do_toobig(struct scn *s, char **args)
{
	struct ip4_endpoint local = {tcp_host_addr(1), s->our_port};
	struct ip4_endpoint remote = {tcp_host_addr(2), s->peer_port};

	tcp_peer_too_big(s->host, 9, local, remote,
			 s->our_iss + (uint32_t)strtoul(args[1], NULL, 0),
			 (uint16_t)strtoul(args[2], NULL, 0), (uint16_t)strtoul(args[0], NULL, 0),
			 s->now_ns);
	scn_turn(s);
	return true;
}

static bool do_accept(struct scn *s, char **args)
{
	struct tcp_conn *c = tcp_ready_take(&s->host->net);

	(void)args;
	if (c == NULL || tcp_user(c) != NULL)
		return scn_fail(s, "no new connection is ready");
	if (tcp_listener_idx(c) != 7)
		return scn_fail(s, "wrong listener");
	tcp_user_set(c, s);
	s->conn = c;
	return true;
}

static bool do_ready(struct scn *s, char **args)
{
	struct tcp_conn *c = tcp_ready_take(&s->host->net);

	(void)args;
	return c == s->conn ? true : scn_fail(s, "the connection is not ready");
}

static bool do_notready(struct scn *s, char **args)
{
	(void)args;
	return tcp_ready_take(&s->host->net) == NULL ? true : scn_fail(s, "a connection is ready");
}

static bool do_write(struct scn *s, char **args)
{
	static uint8_t buf[BYTES_MAX];
	size_t want = strtoul(args[0], NULL, 0);

	for (size_t i = 0; i < want && i < BYTES_MAX; i++)
		buf[i] = scn_byte(s->written_bytes + (uint32_t)i);
	if (tcp_tx_write(&s->host->net, s->conn, span_of(buf, want)) != want)
		return scn_fail(s, "not all was taken");
	s->written_bytes += (uint32_t)want;
	return true;
}

static bool do_nowrite(struct scn *s, char **args)
{
	(void)args;
	return equal(s, "taken", tcp_tx_write(&s->host->net, s->conn, SPAN_LIT("x")), "0");
}

static bool do_read(struct scn *s, char **args)
{
	static uint8_t buf[BYTES_MAX];
	size_t want = strtoul(args[0], NULL, 0);

	if (tcp_rx_copy(s->conn, 0, buf, want) != want)
		return scn_fail(s, "only %zu bytes are there", tcp_rx_bytes(s->conn));
	for (size_t i = 0; i < want; i++) {
		if (buf[i] != scn_byte(s->read_bytes + (uint32_t)i))
			return scn_fail(s, "byte %zu is wrong", s->read_bytes + i);
	}
	tcp_rx_consume(&s->host->net, s->conn, want);
	s->read_bytes += (uint32_t)want;
	return true;
}

static bool do_shutdown(struct scn *s, char **args)
{
	(void)args;
	tcp_shutdown(&s->host->net, s->conn);
	return true;
}

static bool do_release(struct scn *s, char **args)
{
	(void)args;
	tcp_release(&s->host->net, s->conn);
	s->conn = NULL;
	return true;
}

static bool do_abort(struct scn *s, char **args)
{
	(void)args;
	tcp_abort(&s->host->net, s->conn);
	s->conn = NULL;
	return true;
}

static bool do_rx(struct scn *s, char **args)
{
	return equal(s, "received", tcp_rx_bytes(s->conn), args[0]);
}

static bool do_unacked(struct scn *s, char **args)
{
	return equal(s, "unacknowledged", tcp_tx_unacked(s->conn), args[0]);
}

static bool do_space(struct scn *s, char **args)
{
	return equal(s, "space", tcp_tx_space(s->conn), args[0]);
}

static bool do_held(struct scn *s, char **args)
{
	return equal(s, "mbufs held", s->host->net.tcp.rx_held_mbufs, args[0]);
}

static bool do_eof(struct scn *s, char **args)
{
	(void)args;
	return tcp_rx_eof(s->conn) ? true : scn_fail(s, "no end of the peer's bytes");
}

static bool do_noeof(struct scn *s, char **args)
{
	(void)args;
	return !tcp_rx_eof(s->conn) ? true : scn_fail(s, "end of the peer's bytes");
}

static bool do_conns(struct scn *s, char **args)
{
	return equal(s, "connections", tcp_conns_in_use(&s->host->net), args[0]);
}

static bool do_time_wait(struct scn *s, char **args)
{
	return equal(s, "TIME-WAIT", tcp_time_wait_count(&s->host->net), args[0]);
}

static bool do_state(struct scn *s, char **args)
{
	static const char *const names[] = {
		"CLOSED",     "SYN-SENT",   "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
		"FIN-WAIT-2", "CLOSE-WAIT", "CLOSING",      "LAST-ACK",    "TIME-WAIT"};
	const char *is = names[tcp_state(s->conn)];

	return strcmp(is, args[0]) == 0 ? true : scn_fail(s, "state is %s", is);
}

static bool do_end(struct scn *s, char **args)
{
	static const char *const names[] = {"none",    "normal",      "reset",  "timeout",
					    "refused", "unreachable", "aborted"};
	const char *is = names[tcp_end(s->conn)];

	return strcmp(is, args[0]) == 0 ? true : scn_fail(s, "end is %s", is);
}

static bool do_drop(struct scn *s, char **args)
{
	for (unsigned i = 0; i < DROP_COUNT; i++) {
		if (strcmp(drop_infos[i].name, args[0]) == 0)
			return equal(s, args[0], s->host->count.drop[i], args[1]);
	}
	return scn_fail(s, "no such drop: %s", args[0]);
}

static bool do_count(struct scn *s, char **args)
{
	for (unsigned i = 0; i < COUNTER_COUNT; i++) {
		if (strcmp(counter_infos[i].name, args[0]) == 0)
			return equal(s, args[0], s->host->count.event[i], args[1]);
	}
	return scn_fail(s, "no such counter: %s", args[0]);
}

static const struct verb verbs[] = {
	{"set", 2, do_set},         {"listen", 1, do_listen},
	{"connect", 1, do_connect}, {"accept", 0, do_accept},
	{"ready", 0, do_ready},     {"notready", 0, do_notready},
	{"write", 1, do_write},     {"nowrite", 0, do_nowrite},
	{"read", 1, do_read},       {"shutdown", 0, do_shutdown},
	{"release", 0, do_release}, {"abort", 0, do_abort},
	{"rx", 1, do_rx},           {"unacked", 1, do_unacked},
	{"space", 1, do_space},     {"held", 1, do_held},
	{"eof", 0, do_eof},         {"noeof", 0, do_noeof},
	{"conns", 1, do_conns},     {"time_wait", 1, do_time_wait},
	{"state", 1, do_state},     {"end", 1, do_end},
	{"drop", 2, do_drop},       {"count", 2, do_count},
	{"newiss", 0, do_newiss},   {"ourport", 1, do_ourport},
	{"pool", 1, do_pool},       {"toobig", 3, do_toobig},
};

bool scn_step(struct scn *s, char **words, unsigned count)
{
	if (strcmp(words[0], "in") == 0)
		return scn_in(s, words + 1, count - 1);
	if (strcmp(words[0], "out") == 0)
		return scn_out(s, words + 1, count - 1);
	if (strcmp(words[0], "none") == 0)
		return scn_none(s);
	for (unsigned i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(words[0], verbs[i].name) != 0)
			continue;
		if (count - 1 != verbs[i].args_count)
			return scn_fail(s, "%s takes %u words", words[0], verbs[i].args_count);
		return verbs[i].run(s, words + 1);
	}
	return scn_fail(s, "no such step: %s", words[0]);
}
