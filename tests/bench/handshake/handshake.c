/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handshakes go in groups, as they do when a worker has more than one waiting: each client's step, then each server's, and the
 * servers' steps are timed.  One JSON object on stdout: microseconds of the thread's CPU time for each handshake. */
#include "tests/bench/handshake/handshake.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GROUP 16
#define STEPS_MAX 10
#define HOST "api.example"

/* By what the server remembers of an earlier handshake. */
enum client {
	CLIENT_FIRST,     /* nothing: a new certificate of a new intermediate */
	CLIENT_KNOWN,     /* its intermediate */
	CLIENT_RETURNING, /* its certificate too */
	CLIENT_COUNT
};
static const char *const client_names[CLIENT_COUNT] = {"first", "known", "returning"};

#define SERVER_COUNT 3
static const struct shake_server *const servers[SERVER_COUNT] = {&shake_ours, &shake_ours_many,
								 &shake_openssl};

struct world {
	struct shake_options options;
	const char *server_root, *only_client;
	unsigned groups;
	bool only_ours;
	SSL_CTX *client;
	struct load_authority root, known;
	struct load_identity returning;
};

struct result {
	uint64_t *group_ns; /* of GROUP handshakes each */
	unsigned count;
	struct shake_work work; /* of all */
};

void shake_must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "handshake: %s\n", what);
	exit(2);
}

void shake_queue_put(struct shake_queue *q, const void *bytes, size_t len)
{
	shake_must(len <= sizeof(q->bytes) - q->end, "a queue is full");
	memcpy(q->bytes + q->end, bytes, len);
	q->end += len;
}

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void present(struct world *w, enum client who, SSL *ssl)
{
	struct load_authority issuer = w->known;
	struct load_identity identity;

	if (who == CLIENT_RETURNING) {
		load_identity_use(ssl, &w->returning);
		return;
	}
	if (who == CLIENT_FIRST)
		load_authority_make(&issuer, &w->root);
	load_identity_make(&identity, &issuer);
	load_identity_use(ssl, &identity);
	load_identity_free(&identity);
	if (who == CLIENT_FIRST)
		load_authority_free(&issuer);
}

static SSL *client_new(struct world *w, enum client who)
{
	SSL *ssl = shake_openssl_new(w->client);

	SSL_set_connect_state(ssl);
	shake_must(SSL_set_tlsext_host_name(ssl, HOST) == 1 && SSL_set1_host(ssl, HOST) == 1,
		   "out of memory");
	present(w, who, ssl);
	return ssl;
}

/* The CPU time of the server's side of a group. */
static uint64_t group_shake(const struct shake_server *server, SSL *clients[GROUP])
{
	static struct shake_link links[GROUP];
	bool all_done = false;
	uint64_t began, spent;

	for (unsigned i = 0; i < GROUP; i++)
		links[i].to_server.start = links[i].to_server.end = links[i].to_client.start =
			links[i].to_client.end = 0;
	began = cpu_ns();
	for (unsigned i = 0; i < GROUP; i++)
		server->begin(&links[i]);
	spent = cpu_ns() - began;
	for (unsigned n = 0; n < STEPS_MAX && !all_done; n++) {
		for (unsigned i = 0; i < GROUP; i++)
			shake_openssl_step(clients[i], &links[i].to_client, &links[i].to_server);
		all_done = true;
		began = cpu_ns();
		for (unsigned i = 0; i < GROUP; i++)
			all_done &= server->step(&links[i]);
		spent += cpu_ns() - began;
	}
	shake_must(all_done, "a good client was not let in");
	began = cpu_ns();
	for (unsigned i = 0; i < GROUP; i++)
		server->end(&links[i]);
	return spent + (cpu_ns() - began);
}

static void group_run(struct world *w, const struct shake_server *server, enum client who,
		      struct result *r)
{
	struct shake_work before, after;
	SSL *clients[GROUP];

	for (unsigned i = 0; i < GROUP; i++)
		clients[i] = client_new(w, who);
	shake_ours_work(&before);
	r->group_ns[r->count++] = group_shake(server, clients);
	shake_ours_work(&after);
	r->work.signatures += after.signatures - before.signatures;
	r->work.memo_hits += after.memo_hits - before.memo_hits;
	r->work.allocs += after.allocs - before.allocs;
	for (unsigned i = 0; i < GROUP; i++)
		SSL_free(clients[i]);
}

static int ns_order(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void result_print(struct result *r, const struct shake_server *server)
{
	double handshakes = (double)r->count * GROUP, us = 1e3 * GROUP;

	qsort(r->group_ns, r->count, sizeof(r->group_ns[0]), ns_order);
	printf("\"%s\":{\"least_us\":%.1f,\"median_us\":%.1f,\"most_us\":%.1f", server->name,
	       (double)r->group_ns[0] / us, (double)r->group_ns[r->count / 2] / us,
	       (double)r->group_ns[r->count - 1] / us);
	if (server != &shake_openssl)
		printf(",\"signatures\":%.3f,\"memo_hits\":%.3f,\"allocs\":%.1f",
		       (double)r->work.signatures / handshakes,
		       (double)r->work.memo_hits / handshakes, (double)r->work.allocs / handshakes);
	printf("}");
}

static bool is_wanted(const struct world *w, enum client who, const struct shake_server *server)
{
	return (w->only_client == NULL || strcmp(w->only_client, client_names[who]) == 0) &&
	       (!w->only_ours || server != &shake_openssl);
}

static void print_all(const struct world *w, struct result results[CLIENT_COUNT][SERVER_COUNT])
{
	printf("{\"group\":%u,\"store\":", GROUP);
	shake_ours_store_print();
	for (enum client c = 0; c < CLIENT_COUNT; c++) {
		const char *before = "";

		printf(",\"%s\":{", client_names[c]);
		for (unsigned s = 0; s < SERVER_COUNT; s++) {
			if (!is_wanted(w, c, servers[s]))
				continue;
			printf("%s", before);
			result_print(&results[c][s], servers[s]);
			before = ",";
		}
		printf("}");
	}
	printf("}\n");
}

/* All in turn.  The first group, which finds nothing in the caches, does not count. */
static void run(struct world *w)
{
	static struct result results[CLIENT_COUNT][SERVER_COUNT];

	for (unsigned n = 0; n <= w->groups; n++)
		for (enum client c = 0; c < CLIENT_COUNT; c++)
			for (unsigned s = 0; s < SERVER_COUNT; s++) {
				struct result *r = &results[c][s];

				if (n == 0)
					r->group_ns = calloc(w->groups + 1, sizeof(r->group_ns[0]));
				shake_must(r->group_ns != NULL, "out of memory");
				if (is_wanted(w, c, servers[s]))
					group_run(w, servers[s], c, r);
				if (n == 0)
					*r = (struct result){.group_ns = r->group_ns};
			}
	print_all(w, results);
	for (unsigned i = 0; i < CLIENT_COUNT * SERVER_COUNT; i++)
		free(results[i / SERVER_COUNT][i % SERVER_COUNT].group_ns);
}

static void clients_open(struct world *w)
{
	load_authority_make(&w->root, NULL);
	load_authority_make(&w->known, &w->root);
	load_identity_make(&w->returning, &w->known);
	w->client = SSL_CTX_new(TLS_client_method());
	shake_must(w->client != NULL &&
			   SSL_CTX_set_min_proto_version(w->client, TLS1_3_VERSION) == 1 &&
			   SSL_CTX_set_ciphersuites(w->client, "TLS_AES_128_GCM_SHA256") == 1 &&
			   SSL_CTX_set1_groups_list(w->client, "X25519") == 1 &&
			   SSL_CTX_load_verify_locations(w->client, w->server_root, NULL) == 1,
		   "no client");
	SSL_CTX_set_verify(w->client, SSL_VERIFY_PEER, NULL);
}

static const struct argp_option options[] = {
	{"groups", 'n', "N", 0, "of 16 handshakes, for each client and server (60)", 0},
	{"client", 'c', "WHO", 0, "first, known or returning alone", 0},
	{"ours", 'o', NULL, 0, "our server alone", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct world *w = state->input;

	switch (key) {
	case 'n':
		w->groups = (unsigned)strtoul(arg, NULL, 10);
		return 0;
	case 'c':
		w->only_client = arg;
		return 0;
	case 'o':
		w->only_ours = true;
		return 0;
	case ARGP_KEY_ARGS:
		if (state->argc - state->next != 3)
			argp_usage(state);
		w->options.certificate = state->argv[state->next];
		w->options.key = state->argv[state->next + 1];
		w->server_root = state->argv[state->next + 2];
		return 0;
	case ARGP_KEY_END:
		if (w->server_root == NULL || w->groups == 0)
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int main(int argc, char **argv)
{
	static const struct argp argp = {options,
					 parse_option,
					 "CERTIFICATE KEY ROOT",
					 "What a handshake costs the server, beside OpenSSL.",
					 0,
					 0,
					 0};
	struct world w = {.groups = 60};

	argp_parse(&argp, argc, argv, 0, NULL, &w);
	clients_open(&w);
	w.options.client_root = w.root.certificate;
	for (unsigned s = 0; s < SERVER_COUNT; s++)
		servers[s]->open(&w.options);
	run(&w);
	return 0;
}
