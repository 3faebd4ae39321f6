/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/metrics.h"

#include "app/gateway/gateway.h"
#include "app/gateway/metrics_text.h"
#include "app/gateway/totals.h"

#include <stdlib.h>

#define READ(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define NAME_BYTES 96

/* "sallyport_" prefix name "_total" */
static const char *counter_name(char *buf, const char *prefix, const char *name)
{
	snprintf(buf, NAME_BYTES, "sallyport_%s%s_total", prefix, name);
	return buf;
}

static const char *number(char *buf, unsigned value)
{
	snprintf(buf, 16, "%u", value);
	return buf;
}

static const char *endpoint(char *buf, struct ip4_endpoint e)
{
	snprintf(buf, 32, "%u.%u.%u.%u:%u", e.addr.v >> 24, e.addr.v >> 16 & 255,
		 e.addr.v >> 8 & 255, e.addr.v & 255, e.port);
	return buf;
}

static void put_process(const struct gateway *gw, FILE *out)
{
	char digest[80];
	const struct metrics_label labels[] = {
		{"version", GW_VERSION}, {"config_digest", digest}, {0}};

	snprintf(digest, sizeof(digest), "sha256:%s", gw->snap->config->digest);
	metrics_family(out, "sallyport_info", "gauge", "always 1; what is running");
	metrics_sample(out, "sallyport_info", labels, 1);
	metrics_family(out, "sallyport_draining", "gauge", "1 from the first SIGTERM on");
	metrics_sample(out, "sallyport_draining", NULL, gw->draining);
}

static void put_counter(const struct gateway *gw, enum counter i, uint64_t total, FILE *out)
{
	char name[NAME_BYTES], id[16];

	counter_name(name, "", counter_infos[i].name);
	metrics_family(out, name, "counter", counter_infos[i].help);
	if (totals_is_control(i)) {
		metrics_sample(out, name, NULL, total);
		return;
	}
	for (unsigned n = 0; n < gw->worker_count; n++) {
		const struct metrics_label labels[] = {{"worker", number(id, n)}, {0}};

		metrics_sample(out, name, labels, READ(gw->workers[n]->count.event[i]));
	}
}

static void put_counters(const struct gateway *gw, FILE *out)
{
	struct counters totals;
	char name[NAME_BYTES], id[16];

	totals_read(gw, &totals);
	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		put_counter(gw, (enum counter)i, totals.event[i], out);
	for (unsigned i = DROP_none + 1; i < DROP_COUNT; i++) {
		counter_name(name, "drop_", drop_infos[i].name);
		metrics_family(out, name, "counter", drop_infos[i].help);
		for (unsigned n = 0; n < gw->worker_count; n++) {
			const struct metrics_label labels[] = {{"worker", number(id, n)}, {0}};

			metrics_sample(out, name, labels, READ(gw->workers[n]->count.drop[i]));
		}
	}
}

/* One family with a sample for each worker; value is an expression of w. */
#define WORKER_FAMILY(name, type, help, value)                                                     \
	do {                                                                                       \
		metrics_family(out, name, type, help);                                             \
		for (unsigned n = 0; n < gw->worker_count; n++) {                                  \
			const struct worker *w = gw->workers[n];                                   \
			const struct metrics_label labels[] = {{"worker", number(id, n)}, {0}};    \
			metrics_sample(out, name, labels, (uint64_t)(value));                      \
		}                                                                                  \
	} while (0)

static uint64_t pool_used(const struct pool *p)
{
	return p->size_count - READ(p->free_count);
}

struct pool_row {
	const char *name;
	uint64_t in_use, size;
};

#define POOL_ROWS 7

static void pool_rows(const struct gateway *gw, unsigned n, struct pool_row rows[POOL_ROWS])
{
	const struct worker *w = gw->workers[n];
	struct tls_arena_stats arena;

	tls_worker_arena_stats(w->tls, &arena);
	rows[0] = (struct pool_row){"sessions", pool_used(&w->sessions), w->sessions.size_count};
	rows[1] = (struct pool_row){"spills", pool_used(&w->spills), w->spills.size_count};
	rows[2] = (struct pool_row){"backend_conns", pool_used(&w->backend_conns),
				    w->backend_conns.size_count};
	rows[3] = (struct pool_row){"tcp_conns", pool_used(&w->net.tcp.conns),
				    w->net.tcp.conns.size_count};
	rows[4] = (struct pool_row){"access_records", pool_used(&w->access_records),
				    w->access_records.size_count};
	rows[5] = (struct pool_row){"tls_arena_bytes", arena.live_bytes, w->tls_arena_bytes_max};
	rows[6] = (struct pool_row){"mbuf", gateway_mbufs_in_use(gw, n), gateway_mbufs_size(gw, n)};
}

static void put_pools(const struct gateway *gw, FILE *out)
{
	static const char *const names[] = {"sallyport_pool_used", "sallyport_pool_size"};
	static const char *const helps[] = {"objects of a worker's pool in use",
					    "objects that the pool has"};
	struct pool_row rows[POOL_ROWS];
	char id[16];

	for (unsigned k = 0; k < 2; k++) {
		metrics_family(out, names[k], "gauge", helps[k]);
		for (unsigned n = 0; n < gw->worker_count; n++) {
			pool_rows(gw, n, rows);
			for (unsigned i = 0; i < POOL_ROWS; i++) {
				const struct metrics_label labels[] = {
					{"worker", number(id, n)}, {"pool", rows[i].name}, {0}};

				metrics_sample(out, names[k], labels,
					       k == 0 ? rows[i].in_use : rows[i].size);
			}
		}
	}
}

static void put_workers(const struct gateway *gw, FILE *out)
{
	char id[16];

	WORKER_FAMILY("sallyport_worker_core", "gauge", "processor core that the worker has",
		      w->core);
	WORKER_FAMILY("sallyport_worker_sessions", "gauge", "client sessions open",
		      pool_used(&w->sessions));
	WORKER_FAMILY("sallyport_worker_time_wait", "gauge", "connections in TIME-WAIT",
		      tcp_time_wait_count(&w->net));
	WORKER_FAMILY("sallyport_worker_busy_cycles_total", "counter",
		      "cycles of turns in which there was anything to do", READ(w->busy_cycles));
	WORKER_FAMILY("sallyport_worker_cycles_total", "counter", "cycles of all turns",
		      READ(w->total_cycles));
	put_pools(gw, out);
}

static void put_ports(const struct gateway *gw, FILE *out)
{
	static const struct {
		const char *name, *type, *help;
	} rows[] = {
		{"sallyport_port_up", "gauge", "1 while the port has a link"},
		{"sallyport_port_received_packets_total", "counter", "packets received"},
		{"sallyport_port_sent_packets_total", "counter", "packets sent"},
		{"sallyport_port_dropped_packets_total", "counter",
		 "packets the port received and nobody took"},
	};

	for (unsigned k = 0; k < 4; k++) {
		metrics_family(out, rows[k].name, rows[k].type, rows[k].help);
		for (unsigned i = 0; i < gw->port_count; i++) {
			struct pktio_info info;
			struct pktio_stats stats;

			pktio_info(gw->ports[i], &info);
			pktio_stats(gw->ports[i], &stats);

			const uint64_t values[] = {info.link_up, stats.rx_pkts, stats.tx_pkts,
						   stats.rx_dropped};
			const struct metrics_label labels[] = {
				{"port", info.name}, {"device", info.device}, {0}};

			metrics_sample(out, rows[k].name, labels, values[k]);
		}
	}
}

static const struct {
	const char *name, *type, *help;
	size_t offset;
} listener_rows[] = {
#define ROW(member, suffix, type, help)                                                            \
	{                                                                                          \
		"sallyport_listener_" suffix, type, help,                                          \
			offsetof(struct listener_counters, member)                                 \
	}
	ROW(sessions, "sessions", "gauge", "client sessions open"),
	ROW(handshakes_ok, "handshakes_ok_total", "counter", "TLS handshakes completed"),
	ROW(handshakes_failed, "handshakes_failed_total", "counter", "TLS handshakes that failed"),
	ROW(auth_ok, "clients_accepted_total", "counter", "client certificates accepted"),
	ROW(auth_failed, "clients_refused_total", "counter", "clients refused at the handshake"),
	ROW(requests, "requests_total", "counter", "requests with a whole, valid head"),
#undef ROW
};

static uint64_t listener_sum(const struct gateway *gw, size_t idx, size_t offset)
{
	uint64_t sum = 0;

	for (unsigned n = 0; n < gw->worker_count; n++) {
		const char *c = (const char *)&gw->workers[n]->listener_counts[idx];

		sum += __atomic_load_n((const uint64_t *)(const void *)(c + offset),
				       __ATOMIC_RELAXED);
	}
	return sum;
}

static void put_listeners(const struct gateway *gw, FILE *out)
{
	static const char responses[] = "sallyport_listener_responses_total";
	static const char *const classes[] = {NULL, "1xx", "2xx", "3xx", "4xx", "5xx"};

	for (size_t k = 0; k < sizeof(listener_rows) / sizeof(listener_rows[0]); k++) {
		metrics_family(out, listener_rows[k].name, listener_rows[k].type,
			       listener_rows[k].help);
		for (size_t i = 0; i < gw->snap->listener_count; i++) {
			const struct metrics_label labels[] = {
				{"listener", gw->snap->listeners[i].config->name}, {0}};

			metrics_sample(out, listener_rows[k].name, labels,
				       listener_sum(gw, i, listener_rows[k].offset));
		}
	}
	metrics_family(out, responses, "counter", "responses by the class of their status");
	for (size_t i = 0; i < gw->snap->listener_count; i++) {
		for (unsigned c = 1; c < 6; c++) {
			const struct metrics_label labels[] = {
				{"listener", gw->snap->listeners[i].config->name},
				{"class", classes[c]},
				{0}};

			metrics_sample(out, responses, labels,
				       listener_sum(gw, i,
						    offsetof(struct listener_counters, status) +
							    c * sizeof(uint64_t)));
		}
	}
}

static uint64_t server_sum(const struct gateway *gw, size_t pool, unsigned server, unsigned what)
{
	uint64_t sum = 0;

	for (unsigned n = 0; n < gw->worker_count; n++) {
		const struct backend_server *s =
			&gw->workers[n]->backend_pools[pool].servers[server];

		sum += what == 0   ? READ(s->conns)
		       : what == 1 ? READ(s->requests)
				   : READ(s->failures);
	}
	return sum;
}

static void put_backends(const struct gateway *gw, FILE *out)
{
	static const struct {
		const char *name, *type, *help;
	} rows[] = {
		{"sallyport_backend_connections", "gauge", "connections to the server"},
		{"sallyport_backend_requests_total", "counter", "requests sent to the server"},
		{"sallyport_backend_failures_total", "counter",
		 "exchanges that failed through the server's fault"},
	};
	const struct gateway_config *config = gw->snap->config;
	char address[32];

	for (unsigned k = 0; k < 3; k++) {
		metrics_family(out, rows[k].name, rows[k].type, rows[k].help);
		for (size_t i = 0; i < config->pool_count; i++) {
			const struct backend_pool *p = &gw->workers[0]->backend_pools[i];

			for (unsigned s = 0; s < p->server_count; s++) {
				const struct metrics_label labels[] = {
					{"pool", config->pools[i].name},
					{"server", endpoint(address, p->servers[s].address)},
					{0}};

				metrics_sample(out, rows[k].name, labels, server_sum(gw, i, s, k));
			}
		}
	}
}

char *metrics_page(const struct gateway *gw)
{
	char *page = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&page, &len);

	if (out == NULL)
		return NULL;
	put_process(gw, out);
	put_workers(gw, out);
	put_ports(gw, out);
	put_listeners(gw, out);
	put_backends(gw, out);
	put_counters(gw, out);
	if (fclose(out) == 0)
		return page;
	free(page);
	return NULL;
}
