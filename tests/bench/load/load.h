/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/bench/load/load.h: a load generator for TLS with client certificates.  One thread, N connections, one
 * request at a time on each; OpenSSL does TLS, so that what answers is checked by somebody else's code.  What it
 * cannot account for is an error, counted under its name. */
#pragma once

#include "tests/bench/load/load_identity.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#define LOAD_HEAD_BYTES_MAX 4096
#define LOAD_ECHO_CHARS_MAX 24
#define LOAD_SOURCES_MAX 256

struct load_options {
	const char *address, *host, *path, *certificate, *key, *ca;
	const char *issuer, *issuer_key; /* each connection is a new client of that CA */
	bool new_issuers;                /* or of a new CA below it */
	uint16_t port;
	uint32_t connections;           /* at a time */
	uint64_t requests;              /* in all; 0: until seconds have passed */
	double seconds;                 /* 0: until requests are done */
	uint32_t requests_a_connection; /* then it is closed; 0: never */
	uint32_t handshakes_max;        /* at a time */
	uint16_t expect_status;
	uint64_t post_bytes; /* POST with a body of that size instead of GET */
	bool echo;           /* path?n=NUMBER, and the body must begin with NUMBER */
	bool wait;           /* all connected: print "ready", begin with the next line on stdin */
	bool hold;           /* all answered: print "holding", go on with the next line on stdin */
	bool again; /* half of the requests, print "again", the other half with the next line on stdin, "again" */
	bool tolerate;                      /* requests may fail: count them and go on */
	uint32_t sources[LOAD_SOURCES_MAX]; /* host order */
	unsigned source_count;
};

/* Powers of two in sixteenths: 6% wide, and nothing to allocate. */
#define LOAD_BUCKETS (64 * 16)
struct load_histogram {
	uint64_t count, sum_us, bucket[LOAD_BUCKETS];
};

struct load_stats {
	uint64_t connections, handshakes, requests, body_bytes, sent_bytes, closed_by_peer;
	uint64_t status[6]; /* [2] is 2xx */
	/* errors */
	uint64_t connect_failed, handshake_failed, cut_off, bad_response, wrong_status, wrong_echo;
	struct load_histogram handshake_us, request_us;
	double seconds;
};

void load_histogram_add(struct load_histogram *h, uint64_t us);
/* The value below which `share` of what was added lies, at the resolution of a bucket. */
uint64_t load_histogram_at(const struct load_histogram *h, double share);
uint64_t load_errors(const struct load_stats *stats);
/* One JSON object and a newline on stdout. */
void load_stats_print(const struct load_stats *stats);

enum load_state { /* named by what is awaited */
		  LOAD_CLOSED,
		  LOAD_AWAIT_CONNECT,
		  LOAD_AWAIT_HANDSHAKE,
		  LOAD_IDLE,
		  LOAD_AWAIT_WRITE,
		  LOAD_AWAIT_HEAD,
		  LOAD_AWAIT_BODY,
};

struct load_conn {
	enum load_state state;
	int fd;
	uint32_t idx, requests_done, events;
	SSL *ssl;
	uint64_t began_ns, number;     /* of the handshake, then of the request */
	uint64_t body_left, post_left; /* bytes */
	bool closes;                   /* the response said so */
	bool is_answered;              /* since the last hold */
	uint16_t status, head_bytes;
	char *head; /* a request on its way out, then a response's head; only while a request is under way */
};

/* What one thread works with. */
struct load {
	const struct load_options *options;
	struct load_stats stats;
	SSL_CTX *tls;
	struct load_authority issuer; /* if options say so */
	int epoll;
	struct load_conn *conns;
	uint64_t started, done, requests_due; /* requests */
	uint32_t handshaking, answered, opened;
	uint32_t ask_idx;          /* the next to be asked again after a hold */
	bool may_request, is_over; /* nothing new is begun */
};

uint64_t load_now_ns(void);
/* Opens a connection and goes on as far as it gets without waiting. */
void load_conn_open(struct load *l, struct load_conn *c);
/* Begins a request on an idle connection. */
void load_conn_ask(struct load *l, struct load_conn *c);
/* Something happened on its socket. */
void load_conn_event(struct load *l, struct load_conn *c);
/* In good order: close_notify and FIN. */
void load_conn_close(struct load *l, struct load_conn *c);
