/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/status_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static int64_t int_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "?";
}

/* Text from the gateway, padded to width; a control character must not reach the terminal. */
static void put_text(const char *text, int width, FILE *out)
{
	for (; *text != '\0'; text++, width--)
		fputc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, out);
	fprintf(out, "%*s", width > 0 ? width : 0, "");
}

static void put_duration(int64_t seconds, FILE *out)
{
	if (seconds >= 86400)
		fprintf(out, "%" PRId64 "d ", seconds / 86400);
	fprintf(out, "%02d:%02d:%02d", (int)(seconds / 3600 % 24), (int)(seconds / 60 % 60),
		(int)(seconds % 60));
}

static void put_head(const json_t *status, FILE *out)
{
	fputs("sallyport ", out);
	put_text(text_of(status, "version"), 0, out);
	fputs(", ", out);
	put_text(text_of(status, "state"), 0, out);
	fprintf(out, ", pid %" PRId64 ", up ", int_of(status, "pid"));
	put_duration(int_of(status, "uptime_s"), out);
	fprintf(out, "\nconfiguration %" PRId64 ", digest ", int_of(status, "generation"));
	put_text(text_of(status, "config_digest"), 0, out);
	fputc('\n', out);
}

/* A worker a line, so that dozens stay readable. */
static void put_workers(const json_t *workers, FILE *out)
{
	const json_t *worker;
	int64_t total;
	size_t i;

	fprintf(out, "\n%-8s%6s%8s%10s%10s%11s%14s%14s%14s\n", "worker", "core", "busy", "sessions",
		"backends", "TIME-WAIT", "steered in", "steered out", "allocations");
	json_array_foreach(workers, i, worker)
	{
		total = int_of(worker, "total_cycles");
		fprintf(out,
			"%-8" PRId64 "%6" PRId64 "%7.1f%%%10" PRId64 "%10" PRId64 "%11" PRId64
			"%14" PRId64 "%14" PRId64 "%14" PRId64 "\n",
			int_of(worker, "id"), int_of(worker, "core"),
			total > 0 ? 100.0 * (double)int_of(worker, "busy_cycles") / (double)total
				  : 0.0,
			int_of(worker, "sessions"), int_of(worker, "backend_conns"),
			int_of(worker, "time_wait"), int_of(worker, "steer_in"),
			int_of(worker, "steer_out"), int_of(worker, "allocs"));
	}
}

/* What all workers have of a pool together, and how full the fullest one's is: that one turns clients away first. */
static void put_pool(const json_t *workers, const char *name, FILE *out)
{
	int64_t in_use = 0, size = 0;
	const json_t *worker, *pool;
	double fullest = 0;
	size_t i;

	json_array_foreach(workers, i, worker)
	{
		pool = json_object_get(json_object_get(worker, "pools"), name);
		in_use += int_of(pool, "in_use");
		size += int_of(pool, "size");
		if (int_of(pool, "size") > 0 &&
		    (double)int_of(pool, "in_use") / (double)int_of(pool, "size") > fullest)
			fullest = (double)int_of(pool, "in_use") / (double)int_of(pool, "size");
	}
	put_text(name, 22, out);
	fprintf(out, "%16" PRId64 "%16" PRId64 "%9.1f%%\n", in_use, size, 100 * fullest);
}

static void put_pools(const json_t *workers, FILE *out)
{
	json_t *pools = json_object_get(json_array_get(workers, 0), "pools"), *pool;
	const char *name;

	if (json_object_size(pools) > 0)
		fprintf(out, "\n%-22s%16s%16s%10s\n", "pool", "in use", "of", "fullest");
	json_object_foreach(pools, name, pool)
	{
		(void)pool;
		put_pool(workers, name, out);
	}
}

static void put_ports(const json_t *ports, FILE *out)
{
	const json_t *port;
	size_t i;

	json_array_foreach(ports, i, port)
	{
		fputs("\nport ", out);
		put_text(text_of(port, "name"), 0, out);
		fputs(": ", out);
		put_text(text_of(port, "device"), 0, out);
		fputs(" (", out);
		put_text(text_of(port, "driver"), 0, out);
		fputs("), ", out);
		put_text(text_of(port, "mac"), 0, out);
		fputs(", link ", out);
		put_text(text_of(port, "link"), 0, out);
		fprintf(out,
			", MTU %" PRId64 "\n  received %" PRId64 ", dropped by the port %" PRId64
			", sent %" PRId64 "\n",
			int_of(port, "mtu"), int_of(port, "rx_pkts"), int_of(port, "rx_dropped"),
			int_of(port, "tx_pkts"));
	}
}

/* A name that is longer than its column pushes the rest to the right rather than being cut. */
static void put_column(const char *text, int width, FILE *out)
{
	put_text(text, width, out);
	if ((int)strlen(text) >= width)
		fputc(' ', out);
}

static void put_listeners(const json_t *listeners, FILE *out)
{
	static const char *const classes[] = {"2xx", "3xx", "4xx", "5xx"};
	const json_t *listener;
	size_t i;

	if (json_array_size(listeners) > 0)
		fprintf(out, "\n%-20s%-22s%9s%11s%8s%10s%9s%11s", "listener", "address", "sessions",
			"handshakes", "failed", "accepted", "refused", "requests");
	for (size_t k = 0; json_array_size(listeners) > 0 && k < 4; k++)
		fprintf(out, "%10s", classes[k]);
	if (json_array_size(listeners) > 0)
		fputc('\n', out);
	json_array_foreach(listeners, i, listener)
	{
		put_column(text_of(listener, "name"), 20, out);
		put_column(text_of(listener, "address"), 22, out);
		fprintf(out,
			"%9" PRId64 "%11" PRId64 "%8" PRId64 "%10" PRId64 "%9" PRId64 "%11" PRId64,
			int_of(listener, "sessions"), int_of(listener, "handshakes_ok"),
			int_of(listener, "handshakes_failed"), int_of(listener, "auth_ok"),
			int_of(listener, "auth_failed"), int_of(listener, "requests"));
		for (size_t k = 0; k < 4; k++)
			fprintf(out, "%10" PRId64,
				int_of(json_object_get(listener, "status"), classes[k]));
		fputc('\n', out);
	}
}

static void put_servers(const json_t *pool, FILE *out)
{
	const json_t *server;
	size_t i;

	json_array_foreach(json_object_get(pool, "servers"), i, server)
	{
		put_column(text_of(pool, "name"), 20, out);
		put_column(text_of(server, "address"), 22, out);
		put_column(text_of(server, "state"), 10, out);
		fprintf(out, "%12" PRId64 "%12" PRId64 "%10" PRId64 "\n", int_of(server, "conns"),
			int_of(server, "requests"), int_of(server, "failures"));
	}
}

static void put_backend_pools(const json_t *pools, FILE *out)
{
	const json_t *pool;
	size_t i;

	if (json_array_size(pools) > 0)
		fprintf(out, "\n%-20s%-22s%-10s%12s%12s%10s\n", "backend pool", "server", "state",
			"connections", "requests", "failures");
	json_array_foreach(pools, i, pool) put_servers(pool, out);
}

static void put_counts(const char *title, json_t *counts, FILE *out)
{
	bool is_first = true;
	const char *name;
	json_t *count;

	json_object_foreach(counts, name, count)
	{
		if (json_integer_value(count) == 0)
			continue;
		if (is_first)
			fprintf(out, "\n%s\n", title);
		is_first = false;
		fputs("  ", out);
		put_text(name, 40, out);
		fprintf(out, "%14" PRId64 "\n", (int64_t)json_integer_value(count));
	}
}

void status_text_write(const json_t *status, FILE *out)
{
	put_head(status, out);
	put_workers(json_object_get(status, "workers"), out);
	put_pools(json_object_get(status, "workers"), out);
	put_ports(json_object_get(status, "ports"), out);
	put_listeners(json_object_get(status, "listeners"), out);
	put_backend_pools(json_object_get(status, "backend_pools"), out);
	put_counts("counters", json_object_get(status, "counters"), out);
	put_counts("drops", json_object_get(status, "drops"), out);
}
