/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/load/load.h"

#include <inttypes.h>
#include <stdio.h>

static unsigned bucket_of(uint64_t us)
{
	unsigned power;

	if (us < 16)
		return (unsigned)us;
	power = 63 - (unsigned)__builtin_clzll(us);
	return (power - 3) * 16 + (unsigned)(us >> (power - 4) & 15);
}

static uint64_t value_of(unsigned bucket)
{
	unsigned power = bucket / 16 + 3;

	if (bucket < 16)
		return bucket;
	return (16ull + bucket % 16) << (power - 4);
}

void load_histogram_add(struct load_histogram *h, uint64_t us)
{
	h->count++;
	h->sum_us += us;
	h->bucket[bucket_of(us)]++;
}

uint64_t load_histogram_at(const struct load_histogram *h, double share)
{
	uint64_t want = (uint64_t)((double)h->count * share), seen = 0;

	for (unsigned i = 0; i < LOAD_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen > want)
			return value_of(i);
	}
	return 0;
}

uint64_t load_errors(const struct load_stats *s)
{
	return s->connect_failed + s->handshake_failed + s->cut_off + s->bad_response +
	       s->wrong_status + s->wrong_echo;
}

static void print_histogram(const char *name, const struct load_histogram *h)
{
	printf(",\"%s\":{\"mean\":%" PRIu64 ",\"p50\":%" PRIu64 ",\"p99\":%" PRIu64
	       ",\"p999\":%" PRIu64 "}",
	       name, h->count > 0 ? h->sum_us / h->count : 0, load_histogram_at(h, 0.5),
	       load_histogram_at(h, 0.99), load_histogram_at(h, 0.999));
}

static void print_number(const char *name, uint64_t value)
{
	printf("\"%s\":%" PRIu64 ",", name, value);
}

void load_stats_print(const struct load_stats *s)
{
	printf("{");
	print_number("connections", s->connections);
	print_number("handshakes", s->handshakes);
	print_number("requests", s->requests);
	print_number("body_bytes", s->body_bytes);
	print_number("sent_bytes", s->sent_bytes);
	print_number("closed_by_peer", s->closed_by_peer);
	for (unsigned i = 1; i < 6; i++)
		printf("\"%uxx\":%" PRIu64 ",", i, s->status[i]);
	print_number("errors", load_errors(s));
	print_number("connect_failed", s->connect_failed);
	print_number("handshake_failed", s->handshake_failed);
	print_number("cut_off", s->cut_off);
	print_number("bad_response", s->bad_response);
	print_number("wrong_status", s->wrong_status);
	print_number("wrong_echo", s->wrong_echo);
	printf("\"seconds\":%.3f", s->seconds);
	print_histogram("handshake_us", &s->handshake_us);
	print_histogram("request_us", &s->request_us);
	printf("}\n");
	fflush(stdout);
}
