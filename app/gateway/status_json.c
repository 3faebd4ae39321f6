/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/status_json.h"

#include "app/gateway/fault.h"
#include "app/gateway/gateway.h"
#include "app/gateway/port_report.h"
#include "app/gateway/totals.h"
#include "base/clock.h"
#include "tls/tls_arena.h"

#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

/* Values the worker is writing meanwhile: each is whole, together they are of about the same moment. */
#define READ(field) ((json_int_t)__atomic_load_n(&(field), __ATOMIC_RELAXED))

static void set_int(json_t *object, const char *key, json_int_t value)
{
	json_object_set_new(object, key, json_integer(value));
}

static void set_str(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, json_string(value));
}

static json_t *endpoint_json(struct ip4_endpoint e)
{
	char text[32];

	snprintf(text, sizeof(text), "%u.%u.%u.%u:%u", e.addr.v >> 24, e.addr.v >> 16 & 255,
		 e.addr.v >> 8 & 255, e.addr.v & 255, e.port);
	return json_string(text);
}

static void set_pool(json_t *pools, const char *name, json_int_t in_use, json_int_t size)
{
	json_t *pool = json_object();

	set_int(pool, "in_use", in_use);
	set_int(pool, "size", size);
	json_object_set_new(pools, name, pool);
}

static void set_object_pool(json_t *pools, const char *name, const struct pool *p)
{
	set_pool(pools, name, (json_int_t)p->size_count - READ(p->free_count), p->size_count);
}

/* The sum of one counter over all workers; member is an expression of w. */
#define SUM(gw, member)                                                                            \
	({                                                                                         \
		json_int_t sum = 0;                                                                \
		for (unsigned n = 0; n < (gw)->worker_count; n++) {                                \
			const struct worker *w = (gw)->workers[n];                                 \
			sum += READ(member);                                                       \
		}                                                                                  \
		sum;                                                                               \
	})

static json_t *pools_json(const struct gateway *gw, const struct worker *w,
			  const struct tls_arena_stats *arena)
{
	json_t *pools = json_object();

	set_object_pool(pools, "sessions", &w->sessions);
	set_object_pool(pools, "spills", &w->spills);
	set_object_pool(pools, "access_records", &w->access_records);
	set_object_pool(pools, "backend_conns", &w->backend_conns);
	set_object_pool(pools, "tcp_conns", &w->net.tcp.conns);
	set_pool(pools, "tls_sessions", tls_worker_sessions_in_use(w->tls), w->sessions.size_count);
	set_pool(pools, "tls_arena_bytes", (json_int_t)arena->live_bytes,
		 (json_int_t)w->tls_arena_bytes_max);
	set_pool(pools, "mbuf", (json_int_t)gateway_mbufs_in_use(gw, w->idx),
		 (json_int_t)gateway_mbufs_size(gw, w->idx));
	return pools;
}

/* What the memory behind the pool tls_arena_bytes lies on. */
static json_t *arena_json(const struct worker *w)
{
	struct tls_arena_memory memory;
	json_t *o = json_object();

	tls_worker_arena_memory(w->tls, &memory);
	set_str(o, "pages", memory.pages);
	set_int(o, "bytes", (json_int_t)memory.bytes);
	set_int(o, "hugepages_bytes", (json_int_t)memory.huge_bytes);
	set_int(o, "taken_bytes", (json_int_t)memory.taken_bytes);
	return o;
}

static json_t *worker_json(const struct gateway *gw, const struct worker *w)
{
	struct tls_arena_stats arena;
	json_t *o = json_object();
	json_int_t conns = 0;

	tls_worker_arena_stats(w->tls, &arena);
	for (size_t i = 0; i < gw->snap->config->pool_count; i++)
		for (unsigned k = 0; k < w->backend_pools[i].server_count; k++)
			conns += READ(w->backend_pools[i].servers[k].conns);
	set_int(o, "id", w->idx);
	set_int(o, "core", w->core);
	set_int(o, "sessions", (json_int_t)w->sessions.size_count - READ(w->sessions.free_count));
	set_int(o, "time_wait", tcp_time_wait_count(&w->net));
	set_int(o, "backend_conns", conns);
	set_int(o, "steer_in", READ(w->count.event[COUNTER_steer_in]));
	set_int(o, "steer_out", READ(w->count.event[COUNTER_steer_out]));
	set_int(o, "allocs", (json_int_t)arena.allocs);
	set_int(o, "busy_cycles", READ(w->busy_cycles));
	set_int(o, "total_cycles", READ(w->total_cycles));
	json_object_set_new(o, "pools", pools_json(gw, w, &arena));
	json_object_set_new(o, "tls_arena", arena_json(w));
	return o;
}

static json_t *ports_json(const struct gateway *gw)
{
	json_t *ports = json_array();

	for (unsigned i = 0; i < gw->port_count; i++) {
		json_t *o = json_object();
		struct pktio_info info;
		struct pktio_stats stats;
		char mac[18], offloads[PORT_OFFLOADS_BYTES];

		pktio_info(gw->ports[i], &info);
		pktio_stats(gw->ports[i], &stats);
		snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", info.mac[0],
			 info.mac[1], info.mac[2], info.mac[3], info.mac[4], info.mac[5]);
		set_str(o, "name", info.name);
		set_str(o, "device", info.device);
		set_str(o, "driver", info.driver);
		set_str(o, "mac", mac);
		set_str(o, "link", info.link_up ? "up" : "down");
		set_int(o, "mtu", info.mtu);
		set_int(o, "queues", info.queue_count);
		set_str(o, "offloads", port_offloads_write(&info.caps, offloads));
		set_int(o, "rx_pkts", (json_int_t)stats.rx_pkts);
		set_int(o, "tx_pkts", (json_int_t)stats.tx_pkts);
		set_int(o, "rx_dropped", (json_int_t)stats.rx_dropped);
		fault_status(gw->ports[i], o);
		json_array_append_new(ports, o);
	}
	return ports;
}

static json_t *listeners_json(const struct gateway *gw)
{
	static const char *const classes[] = {NULL, "1xx", "2xx", "3xx", "4xx", "5xx"};
	json_t *listeners = json_array();

	for (size_t i = 0; i < gw->snap->listener_count; i++) {
		const struct listener_config *config = gw->snap->listeners[i].config;
		json_t *o = json_object(), *status = json_object();

		set_str(o, "name", config->name);
		json_object_set_new(o, "address", endpoint_json(config->address));
		set_int(o, "sessions", SUM(gw, w->listener_counts[i].sessions));
		set_int(o, "handshakes_ok", SUM(gw, w->listener_counts[i].handshakes_ok));
		set_int(o, "handshakes_failed", SUM(gw, w->listener_counts[i].handshakes_failed));
		set_int(o, "auth_ok", SUM(gw, w->listener_counts[i].auth_ok));
		set_int(o, "auth_failed", SUM(gw, w->listener_counts[i].auth_failed));
		set_int(o, "requests", SUM(gw, w->listener_counts[i].requests));
		for (size_t k = 1; k < 6; k++)
			set_int(status, classes[k], SUM(gw, w->listener_counts[i].status[k]));
		json_object_set_new(o, "status", status);
		json_array_append_new(listeners, o);
	}
	return listeners;
}

/* Each worker judges servers for itself; shown is the best that any of them knows. */
static const char *server_state(const struct gateway *gw, size_t pool_idx, unsigned server_idx)
{
	static const char *const states[] = {
		[SERVER_UP] = "up", [SERVER_DOWN] = "down", [SERVER_PROBED] = "probed"};
	enum server_state best = SERVER_DOWN;

	for (unsigned i = 0; i < gw->worker_count; i++) {
		const struct backend_pool *p = &gw->workers[i]->backend_pools[pool_idx];
		enum server_state state = (enum server_state)READ(
			p->servers[server_idx].health.state);

		if (state == SERVER_UP || best == SERVER_DOWN)
			best = state;
	}
	return states[best];
}

static json_t *server_json(const struct gateway *gw, size_t i, unsigned k)
{
	json_t *o = json_object();

	json_object_set_new(o, "address",
			    endpoint_json(gw->workers[0]->backend_pools[i].servers[k].address));
	set_str(o, "state", server_state(gw, i, k));
	set_int(o, "conns", SUM(gw, w->backend_pools[i].servers[k].conns));
	set_int(o, "requests", SUM(gw, w->backend_pools[i].servers[k].requests));
	set_int(o, "failures", SUM(gw, w->backend_pools[i].servers[k].failures));
	return o;
}

static json_t *backend_pools_json(const struct gateway *gw)
{
	json_t *pools = json_array();

	for (size_t i = 0; i < gw->snap->config->pool_count; i++) {
		const struct backend_pool *p = &gw->workers[0]->backend_pools[i];
		json_t *o = json_object(), *servers = json_array();

		for (unsigned k = 0; k < p->server_count; k++)
			json_array_append_new(servers, server_json(gw, i, k));
		set_str(o, "name", gw->snap->config->pools[i].name);
		json_object_set_new(o, "servers", servers);
		json_array_append_new(pools, o);
	}
	return pools;
}

static void counters_set(json_t *root, const struct gateway *gw)
{
	json_t *events = json_object(), *drops = json_object();
	struct counters totals;

	totals_read(gw, &totals);
	for (unsigned i = 0; i < COUNTER_COUNT; i++)
		set_int(events, counter_infos[i].name, (json_int_t)totals.event[i]);
	for (unsigned i = DROP_none + 1; i < DROP_COUNT; i++)
		set_int(drops, drop_infos[i].name, (json_int_t)totals.drop[i]);
	json_object_set_new(root, "counters", events);
	json_object_set_new(root, "drops", drops);
}

char *status_json(const struct gateway *gw)
{
	json_t *root = json_object(), *workers = json_array();
	char digest[80], *text;

	snprintf(digest, sizeof(digest), "sha256:%s", gw->snap->config->digest);
	set_int(root, "schema", 1);
	set_str(root, "version", GW_VERSION);
	set_int(root, "pid", getpid());
	set_int(root, "uptime_s",
		(json_int_t)((clock_ns(CLOCK_MONOTONIC) - gw->started_ns) / 1000000000ull));
	set_str(root, "state", gw->draining ? "draining" : "running");
	set_int(root, "generation", 1);
	set_str(root, "config_digest", digest);
	for (unsigned i = 0; i < gw->worker_count; i++)
		json_array_append_new(workers, worker_json(gw, gw->workers[i]));
	json_object_set_new(root, "workers", workers);
	json_object_set_new(root, "ports", ports_json(gw));
	json_object_set_new(root, "listeners", listeners_json(gw));
	json_object_set_new(root, "backend_pools", backend_pools_json(gw));
	counters_set(root, gw);
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}
