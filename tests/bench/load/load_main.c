/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/load/load.h"

#include <argp.h>
#include <arpa/inet.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define FILES_BESIDES 64
#define STALL_LIMIT_NS 60000000000ull

enum {
	OPT_HOST = 256,
	OPT_PATH,
	OPT_CERT,
	OPT_KEY,
	OPT_CA,
	OPT_PER_CONNECTION,
	OPT_HANDSHAKES,
	OPT_EXPECT,
	OPT_POST,
	OPT_ECHO,
	OPT_WAIT,
	OPT_HOLD,
	OPT_TOLERATE,
	OPT_AGAIN,
	OPT_ISSUER,
	OPT_ISSUER_KEY,
	OPT_NEW_ISSUERS,
	OPT_SOURCES
};

static const struct argp_option options[] = {
	{"connections", 'c', "N", 0, "at a time (1)", 0},
	{"requests", 'n', "N", 0, "in all", 0},
	{"seconds", 's', "S", 0, "how long", 0},
	{"host", OPT_HOST, "NAME", 0, "server name and Host", 0},
	{"path", OPT_PATH, "PATH", 0, "(/)", 0},
	{"cert", OPT_CERT, "PEM", 0, "the client's chain, leaf first", 0},
	{"key", OPT_KEY, "PEM", 0, "its key", 0},
	{"issuer", OPT_ISSUER, "PEM", 0, "instead: each connection is of a new client of that CA",
	 0},
	{"issuer-key", OPT_ISSUER_KEY, "PEM", 0, "its key", 0},
	{"new-issuers", OPT_NEW_ISSUERS, NULL, 0, "or of a new CA below it", 0},
	{"ca", OPT_CA, "PEM", 0, "what the server's certificate must lead to", 0},
	{"per-connection", OPT_PER_CONNECTION, "N", 0, "requests, then it is closed (never)", 0},
	{"handshakes", OPT_HANDSHAKES, "N", 0, "at a time (64)", 0},
	{"expect", OPT_EXPECT, "STATUS", 0, "(200)", 0},
	{"post", OPT_POST, "BYTES", 0, "POST a body of that size", 0},
	{"echo", OPT_ECHO, NULL, 0, "number the requests; each response must begin with its number",
	 0},
	{"wait", OPT_WAIT, NULL, 0, "when all are connected print `ready` and wait for a line", 0},
	{"hold", OPT_HOLD, NULL, 0,
	 "one request each, print `holding`, wait for a line, another request each", 0},
	{"again", OPT_AGAIN, NULL, 0,
	 "at half of the requests, and before closing, print `again` and wait for a line", 0},
	{"tolerate", OPT_TOLERATE, NULL, 0, "any status will do, and failures do not end the run",
	 0},
	{"sources", OPT_SOURCES, "FIRST-LAST", 0, "addresses of the clients", 0},
	{0},
};

static error_t parse_sources(struct load_options *o, const char *arg)
{
	char first[32], last[32];
	struct in_addr a, b;

	if (sscanf(arg, "%31[0-9.]-%31[0-9.]", first, last) != 2 ||
	    inet_pton(AF_INET, first, &a) != 1 || inet_pton(AF_INET, last, &b) != 1 ||
	    ntohl(b.s_addr) - ntohl(a.s_addr) >= LOAD_SOURCES_MAX)
		return EINVAL;
	for (uint32_t v = ntohl(a.s_addr); v <= ntohl(b.s_addr); v++)
		o->sources[o->source_count++] = v;
	return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct load_options *o = state->input;
	char *colon;

	switch (key) {
	case 'c':
		o->connections = (uint32_t)strtoul(arg, NULL, 10);
		return 0;
	case 'n':
		o->requests = strtoull(arg, NULL, 10);
		return 0;
	case 's':
		o->seconds = strtod(arg, NULL);
		return 0;
	case OPT_HOST:
		o->host = arg;
		return 0;
	case OPT_PATH:
		o->path = arg;
		return 0;
	case OPT_CERT:
		o->certificate = arg;
		return 0;
	case OPT_KEY:
		o->key = arg;
		return 0;
	case OPT_ISSUER:
		o->issuer = arg;
		return 0;
	case OPT_ISSUER_KEY:
		o->issuer_key = arg;
		return 0;
	case OPT_NEW_ISSUERS:
		o->new_issuers = true;
		return 0;
	case OPT_CA:
		o->ca = arg;
		return 0;
	case OPT_PER_CONNECTION:
		o->requests_a_connection = (uint32_t)strtoul(arg, NULL, 10);
		return 0;
	case OPT_HANDSHAKES:
		o->handshakes_max = (uint32_t)strtoul(arg, NULL, 10);
		return 0;
	case OPT_EXPECT:
		o->expect_status = (uint16_t)strtoul(arg, NULL, 10);
		return 0;
	case OPT_POST:
		o->post_bytes = strtoull(arg, NULL, 10);
		return 0;
	case OPT_ECHO:
		o->echo = true;
		return 0;
	case OPT_WAIT:
		o->wait = true;
		return 0;
	case OPT_HOLD:
		o->hold = true;
		return 0;
	case OPT_AGAIN:
		o->again = true;
		return 0;
	case OPT_TOLERATE:
		o->tolerate = true;
		return 0;
	case OPT_SOURCES:
		return parse_sources(o, arg);
	case ARGP_KEY_ARG:
		colon = strchr(arg, ':');
		if (colon == NULL || o->address != NULL)
			argp_usage(state);
		*colon = '\0';
		o->address = arg;
		o->port = (uint16_t)strtoul(colon + 1, NULL, 10);
		return 0;
	case ARGP_KEY_END:
		if (o->address == NULL || o->ca == NULL || o->connections == 0 ||
		    (o->issuer == NULL) != (o->issuer_key == NULL))
			argp_usage(state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The one policy that everybody under test is measured with. */
static SSL_CTX *tls_open(const struct load_options *o)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());

	if (tls == NULL || SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) != 1 ||
	    SSL_CTX_set_ciphersuites(tls, "TLS_AES_128_GCM_SHA256") != 1 ||
	    SSL_CTX_set1_groups_list(tls, "X25519") != 1 ||
	    SSL_CTX_load_verify_locations(tls, o->ca, NULL) != 1 ||
	    (o->certificate != NULL &&
	     (SSL_CTX_use_certificate_chain_file(tls, o->certificate) != 1 ||
	      SSL_CTX_use_PrivateKey_file(tls, o->key, SSL_FILETYPE_PEM) != 1))) {
		ERR_print_errors_fp(stderr);
		return NULL;
	}
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return tls;
}

static bool all_begun(const struct load *l)
{
	const struct load_options *o = l->options;

	return l->is_over || (o->requests > 0 && l->started == l->requests_due);
}

/* Opens what is to be open, a bounded number of handshakes at a time. */
static void open_more(struct load *l, uint32_t *cursor)
{
	const struct load_options *o = l->options;

	for (uint32_t n = 0; n < o->connections && l->handshaking < o->handshakes_max; n++) {
		struct load_conn *c = &l->conns[*cursor];

		*cursor = *cursor + 1 == o->connections ? 0 : *cursor + 1;
		if (c->state != LOAD_CLOSED || c->is_answered)
			continue;
		/* Those that are shaking hands will take requests too. */
		if (l->may_request && o->requests > 0 &&
		    l->started + l->handshaking >= l->requests_due)
			return;
		load_conn_open(l, c);
	}
}

static void poll_once(struct load *l)
{
	struct epoll_event events[EVENTS_MAX];
	int n = epoll_wait(l->epoll, events, EVENTS_MAX, 10);

	for (int i = 0; i < n; i++)
		load_conn_event(l, &l->conns[events[i].data.u32]);
}

/* Says what has been reached, and goes on when told. */
static void pause_for(const char *word)
{
	char line[16];

	printf("%s\n", word);
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) == NULL)
		exit(1);
}

static bool phase_is_done(const struct load *l)
{
	const struct load_options *o = l->options;

	if (!l->may_request)
		return l->opened >= o->connections;
	if (o->hold)
		return l->answered >= o->connections;
	return all_begun(l) && l->done >= l->started && l->handshaking == 0;
}

/* All may ask again, some at a time: that they are many is one question, that they ask at once another. */
static void hold_ends(struct load *l)
{
	for (uint32_t i = 0; i < l->options->connections; i++)
		l->conns[i].is_answered = false;
	l->answered = 0;
	l->ask_idx = 0;
}

static void ask_more(struct load *l)
{
	while (l->ask_idx < l->options->connections &&
	       l->started - l->done < l->options->handshakes_max) {
		struct load_conn *c = &l->conns[l->ask_idx++];

		if (c->state == LOAD_IDLE)
			load_conn_ask(l, c);
	}
}

/* Runs until the phase's aim is reached; false: nothing has moved for too long. */
static bool run_phase(struct load *l)
{
	uint64_t begin = load_now_ns(), moved_ns = begin, moved = 0;
	uint64_t end = begin + (uint64_t)(l->options->seconds * 1e9);
	uint32_t cursor = 0;

	while (!phase_is_done(l)) {
		uint64_t now = load_now_ns();

		if (l->may_request && l->options->seconds > 0 && now >= end)
			l->is_over = true;
		if (!l->is_over)
			open_more(l, &cursor);
		ask_more(l);
		poll_once(l);
		if (l->done + l->stats.handshakes + l->stats.body_bytes + l->stats.sent_bytes !=
		    moved)
			moved_ns = now;
		moved = l->done + l->stats.handshakes + l->stats.body_bytes + l->stats.sent_bytes;
		if (now - moved_ns > STALL_LIMIT_NS)
			return false;
		if (!l->options->tolerate && load_errors(&l->stats) > 1000)
			return false;
	}
	return true;
}

/* Every connection gets another request: at once. */
static void ask_all(struct load *l)
{
	for (uint32_t i = 0; i < l->options->connections; i++) {
		if (l->conns[i].state == LOAD_IDLE)
			load_conn_ask(l, &l->conns[i]);
	}
}

static bool run(struct load *l)
{
	uint64_t begin;
	bool ok = true;

	if (l->options->wait) {
		ok = run_phase(l);
		pause_for("ready");
	}
	l->may_request = true;
	begin = load_now_ns();
	l->requests_due = l->options->again ? l->options->requests / 2 : l->options->requests;
	ask_all(l);
	ok = ok && run_phase(l);
	if (ok && l->options->again) {
		pause_for("again");
		l->requests_due = l->options->requests;
		ask_all(l);
		ok = run_phase(l);
		pause_for("again");
	}
	if (ok && l->options->hold) {
		pause_for("holding");
		hold_ends(l);
		ok = run_phase(l);
		pause_for("held");
	}
	l->stats.seconds = (double)(load_now_ns() - begin) / 1e9;
	for (uint32_t i = 0; i < l->options->connections; i++) {
		if (l->conns[i].state != LOAD_CLOSED)
			load_conn_close(l, &l->conns[i]);
	}
	return ok && load_errors(&l->stats) == 0;
}

int main(int argc, char **argv)
{
	static const struct argp argp = {options,
					 parse_option,
					 "ADDRESS:PORT",
					 "Loads a TLS server; one JSON object on stdout.",
					 0,
					 0,
					 0};
	struct load_options o = {.host = "localhost",
				 .path = "/",
				 .connections = 1,
				 .handshakes_max = 64,
				 .expect_status = 200};
	struct rlimit files;
	struct load l = {.options = &o, .ask_idx = UINT32_MAX};
	bool ok;

	argp_parse(&argp, argc, argv, 0, NULL, &o);
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = o.connections + FILES_BESIDES;
	if (files.rlim_max < files.rlim_cur) /* root may, unless the machine forbids */
		files.rlim_max = files.rlim_cur;
	setrlimit(RLIMIT_NOFILE, &files);
	l.tls = tls_open(&o);
	if (o.issuer != NULL)
		load_authority_read(&l.issuer, o.issuer, o.issuer_key);
	l.epoll = epoll_create1(EPOLL_CLOEXEC);
	l.conns = calloc(o.connections, sizeof(l.conns[0]));
	if (l.tls == NULL || l.epoll < 0 || l.conns == NULL)
		return 2;
	for (uint32_t i = 0; i < o.connections; i++) {
		l.conns[i].idx = i;
		l.conns[i].fd = -1;
	}
	ok = run(&l);
	load_stats_print(&l.stats);
	free(l.conns);
	load_authority_free(&l.issuer);
	SSL_CTX_free(l.tls);
	return ok || o.tolerate ? 0 : 1;
}
