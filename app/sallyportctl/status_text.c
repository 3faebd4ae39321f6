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

static void put_pools(json_t *pools, FILE *out)
{
	const char *name;
	json_t *pool;

	json_object_foreach(pools, name, pool)
	{
		fputs("  pool ", out);
		put_text(name, 22, out);
		fprintf(out, "%12" PRId64 " of %" PRId64 "\n", int_of(pool, "in_use"),
			int_of(pool, "size"));
	}
}

static void put_workers(const json_t *workers, FILE *out)
{
	const json_t *worker;
	int64_t total;
	size_t i;

	json_array_foreach(workers, i, worker)
	{
		total = int_of(worker, "total_cycles");
		fprintf(out,
			"\nworker %" PRId64 ": core %" PRId64 ", busy %.1f%%, %" PRId64
			" sessions, %" PRId64 " backend connections, %" PRId64 " in TIME-WAIT\n",
			int_of(worker, "id"), int_of(worker, "core"),
			total > 0 ? 100.0 * (double)int_of(worker, "busy_cycles") / (double)total
				  : 0.0,
			int_of(worker, "sessions"), int_of(worker, "backend_conns"),
			int_of(worker, "time_wait"));
		fprintf(out, "  steered in %" PRId64 ", out %" PRId64 "; allocations %" PRId64 "\n",
			int_of(worker, "steer_in"), int_of(worker, "steer_out"),
			int_of(worker, "allocs"));
		put_pools(json_object_get(worker, "pools"), out);
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

static void put_listeners(const json_t *listeners, FILE *out)
{
	const json_t *listener;
	const char *class;
	json_t *count;
	size_t i;

	json_array_foreach(listeners, i, listener)
	{
		fputs("\nlistener ", out);
		put_text(text_of(listener, "name"), 0, out);
		fputs(": ", out);
		put_text(text_of(listener, "address"), 0, out);
		fprintf(out,
			", %" PRId64 " sessions\n  handshakes %" PRId64 " ok, %" PRId64
			" failed; clients %" PRId64 " accepted, %" PRId64
			" refused\n  requests %" PRId64,
			int_of(listener, "sessions"), int_of(listener, "handshakes_ok"),
			int_of(listener, "handshakes_failed"), int_of(listener, "auth_ok"),
			int_of(listener, "auth_failed"), int_of(listener, "requests"));
		json_object_foreach(json_object_get(listener, "status"), class, count)
		{
			fputs(", ", out);
			put_text(class, 0, out);
			fprintf(out, " %" PRId64, (int64_t)json_integer_value(count));
		}
		fputc('\n', out);
	}
}

static void put_backend_pools(const json_t *pools, FILE *out)
{
	const json_t *pool, *server;
	size_t i, j;

	json_array_foreach(pools, i, pool)
	{
		fputs("\nbackend pool ", out);
		put_text(text_of(pool, "name"), 0, out);
		fputc('\n', out);
		json_array_foreach(json_object_get(pool, "servers"), j, server)
		{
			fputs("  server ", out);
			put_text(text_of(server, "address"), 0, out);
			fputs(" ", out);
			put_text(text_of(server, "state"), 0, out);
			fprintf(out,
				", %" PRId64 " connections, %" PRId64 " requests, %" PRId64
				" failures\n",
				int_of(server, "conns"), int_of(server, "requests"),
				int_of(server, "failures"));
		}
	}
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
	put_ports(json_object_get(status, "ports"), out);
	put_listeners(json_object_get(status, "listeners"), out);
	put_backend_pools(json_object_get(status, "backend_pools"), out);
	put_counts("counters", json_object_get(status, "counters"), out);
	put_counts("drops", json_object_get(status, "drops"), out);
}
