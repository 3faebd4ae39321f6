/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection: connect, handshake, request, response, and again. */
#include "tests/bench/load/load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define BODY_CHUNK_BYTES 16384

uint64_t load_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static uint64_t since_us(uint64_t began_ns)
{
	return (load_now_ns() - began_ns) / 1000;
}

static void head_release(struct load_conn *c)
{
	free(c->head);
	c->head = NULL;
}

static void forget(struct load *l, struct load_conn *c)
{
	if (c->state == LOAD_AWAIT_CONNECT || c->state == LOAD_AWAIT_HANDSHAKE)
		l->handshaking--;
	if (c->ssl != NULL)
		SSL_free(c->ssl);
	c->ssl = NULL;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	head_release(c);
	c->state = LOAD_CLOSED;
}

/* A request that was begun and will not be answered counts as done, or the run would not end. */
static void fail(struct load *l, struct load_conn *c, uint64_t *count)
{
	(*count)++;
	if (c->state >= LOAD_AWAIT_WRITE)
		l->done++;
	forget(l, c);
}

void load_conn_close(struct load *l, struct load_conn *c)
{
	SSL_shutdown(c->ssl);
	forget(l, c);
}

static void watch(struct load *l, struct load_conn *c, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.u32 = c->idx};

	if (c->events == events)
		return;
	epoll_ctl(l->epoll, c->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, c->fd, &event);
	c->events = events;
}

/* After a call of OpenSSL that did not succeed: true when it only has to wait. */
static bool has_to_wait(struct load *l, struct load_conn *c, int ret)
{
	switch (SSL_get_error(c->ssl, ret)) {
	case SSL_ERROR_WANT_READ:
		watch(l, c, EPOLLIN);
		return true;
	case SSL_ERROR_WANT_WRITE:
		watch(l, c, EPOLLIN | EPOLLOUT);
		return true;
	default:
		ERR_clear_error();
		return false;
	}
}

static int socket_open(const struct load *l, const struct load_conn *c)
{
	const struct load_options *o = l->options;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(o->port)};
	struct sockaddr_in from = {.sin_family = AF_INET};

	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	inet_pton(AF_INET, o->address, &to.sin_addr);
	if (o->source_count > 0) {
		/* The port is chosen at connect(), so that each address has all of them for itself. */
		setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
		from.sin_addr.s_addr = htonl(
			o->sources[(l->stats.connections + c->idx) % o->source_count]);
		if (bind(fd, (struct sockaddr *)&from, sizeof(from)) < 0) {
			close(fd);
			return -1;
		}
	}
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EINPROGRESS) {
		close(fd);
		return -1;
	}
	return fd;
}

void load_conn_open(struct load *l, struct load_conn *c)
{
	*c = (struct load_conn){.idx = c->idx, .fd = -1, .is_answered = c->is_answered};
	c->began_ns = load_now_ns();
	c->fd = socket_open(l, c);
	l->stats.connections++;
	if (c->fd < 0) {
		l->stats.connect_failed++;
		return;
	}
	c->state = LOAD_AWAIT_CONNECT;
	l->handshaking++;
	watch(l, c, EPOLLOUT);
}

static void handshake(struct load *l, struct load_conn *c)
{
	int ret = SSL_connect(c->ssl);

	if (ret != 1) {
		if (!has_to_wait(l, c, ret))
			fail(l, c, &l->stats.handshake_failed);
		return;
	}
	l->stats.handshakes++;
	load_histogram_add(&l->stats.handshake_us, since_us(c->began_ns));
	l->handshaking--;
	l->opened++;
	c->state = LOAD_IDLE;
	watch(l, c, EPOLLIN);
	load_conn_ask(l, c);
}

/* Somebody whom the server cannot have seen before. */
static void present_new(const struct load *l, SSL *ssl)
{
	struct load_authority issuer = l->issuer;
	struct load_identity identity;

	if (l->options->new_issuers)
		load_authority_make(&issuer, &l->issuer);
	load_identity_make(&identity, &issuer);
	load_identity_use(ssl, &identity);
	load_identity_free(&identity);
	if (l->options->new_issuers)
		load_authority_free(&issuer);
}

static void connected(struct load *l, struct load_conn *c)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error != 0) {
		fail(l, c, &l->stats.connect_failed);
		return;
	}
	c->ssl = SSL_new(l->tls);
	if (c->ssl == NULL || SSL_set_fd(c->ssl, c->fd) != 1 ||
	    SSL_set_tlsext_host_name(c->ssl, l->options->host) != 1 ||
	    SSL_set1_host(c->ssl, l->options->host) != 1) {
		fail(l, c, &l->stats.handshake_failed);
		return;
	}
	if (l->options->issuer != NULL)
		present_new(l, c->ssl);
	c->state = LOAD_AWAIT_HANDSHAKE;
	handshake(l, c);
}

/* True when all of the request has gone out. */
static bool write_request(struct load *l, struct load_conn *c)
{
	static const uint8_t body[BODY_CHUNK_BYTES];
	int ret;

	while (c->head_bytes > 0 || c->post_left > 0) {
		uint64_t n = c->post_left < sizeof(body) ? c->post_left : sizeof(body);

		if (c->head_bytes > 0)
			ret = SSL_write(c->ssl, c->head, c->head_bytes);
		else
			ret = SSL_write(c->ssl, body, (int)n);
		if (ret <= 0) {
			if (!has_to_wait(l, c, ret))
				fail(l, c, &l->stats.cut_off);
			return false;
		}
		l->stats.sent_bytes += (uint64_t)ret;
		if (c->head_bytes > 0)
			c->head_bytes = 0;
		else
			c->post_left -= (uint64_t)ret;
	}
	c->state = LOAD_AWAIT_HEAD;
	watch(l, c, EPOLLIN);
	return true;
}

void load_conn_ask(struct load *l, struct load_conn *c)
{
	const struct load_options *o = l->options;
	char echo[LOAD_ECHO_CHARS_MAX] = "", length[64] = "";

	if (!l->may_request || l->is_over || c->is_answered ||
	    (o->requests > 0 && l->started == l->requests_due))
		return;
	c->number = ++l->started;
	c->head = malloc(LOAD_HEAD_BYTES_MAX);
	c->began_ns = load_now_ns();
	c->post_left = o->post_bytes;
	c->closes = false;
	if (o->echo)
		snprintf(echo, sizeof(echo), "?n=%lu", (unsigned long)c->number);
	if (o->post_bytes > 0)
		snprintf(length, sizeof(length), "Content-Length: %lu\r\n",
			 (unsigned long)o->post_bytes);
	c->head_bytes = (uint16_t)snprintf(
		c->head, LOAD_HEAD_BYTES_MAX,
		"%s %s%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: load\r\nAccept: */*\r\n%s\r\n",
		o->post_bytes > 0 ? "POST" : "GET", o->path, echo, o->host, length);
	c->state = LOAD_AWAIT_WRITE;
	write_request(l, c);
}

/* The value of a header in the NUL-terminated head, or NULL. */
static const char *header_find(const char *head, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':')
			return line + len + 1 + strspn(line + len + 1, " ");
	}
	return NULL;
}

static bool parse_head(struct load_conn *c)
{
	const char *length = header_find(c->head, "Content-Length");
	const char *connection = header_find(c->head, "Connection");

	if (sscanf(c->head, "HTTP/1.1 %3hu", &c->status) != 1 || c->status < 200 ||
	    c->status > 599 || length == NULL)
		return false;
	c->body_left = strtoull(length, NULL, 10);
	c->closes = connection != NULL && strncasecmp(connection, "close", 5) == 0;
	return true;
}

static void answered(struct load *l, struct load_conn *c)
{
	const struct load_options *o = l->options;

	l->stats.requests++;
	l->stats.status[c->status / 100]++;
	if (c->status != o->expect_status && !o->tolerate)
		l->stats.wrong_status++;
	load_histogram_add(&l->stats.request_us, since_us(c->began_ns));
	l->done++;
	c->requests_done++;
	head_release(c);
	c->state = LOAD_IDLE;
	if (o->hold) {
		c->is_answered = true;
		l->answered++;
	}
	if (c->closes ||
	    (o->requests_a_connection > 0 && c->requests_done == o->requests_a_connection))
		load_conn_close(l, c);
	else
		load_conn_ask(l, c);
}

static bool is_echoed(const struct load_conn *c, const char *body, size_t len)
{
	char want[LOAD_ECHO_CHARS_MAX];
	size_t n = (size_t)snprintf(want, sizeof(want), "%lu\n", (unsigned long)c->number);

	return len >= n && memcmp(body, want, n) == 0;
}

/* Bytes of the body; more than were announced are no part of any response. */
static void take_body(struct load *l, struct load_conn *c, const char *bytes, size_t len)
{
	if (len > c->body_left) {
		fail(l, c, &l->stats.bad_response);
		return;
	}
	c->body_left -= len;
	l->stats.body_bytes += len;
	if (c->body_left == 0)
		answered(l, c);
	(void)bytes;
}

/* The head is in c->head with what came behind it; a small body has come with it. */
static void take_head(struct load *l, struct load_conn *c)
{
	const char *end;
	size_t behind;

	c->head[c->head_bytes] = '\0';
	end = strstr(c->head, "\r\n\r\n");
	if (end == NULL) {
		if (c->head_bytes == LOAD_HEAD_BYTES_MAX - 1)
			fail(l, c, &l->stats.bad_response);
		return;
	}
	if (!parse_head(c)) {
		fail(l, c, &l->stats.bad_response);
		return;
	}
	end += 4;
	behind = c->head_bytes - (size_t)(end - c->head);
	if (l->options->echo && c->status == l->options->expect_status &&
	    !is_echoed(c, end, behind))
		l->stats.wrong_echo++;
	c->state = LOAD_AWAIT_BODY;
	take_body(l, c, end, behind);
}

/* False: nothing is there now, or nothing will be. */
static bool read_some(struct load *l, struct load_conn *c)
{
	static char body[BODY_CHUNK_BYTES];
	bool is_head = c->state == LOAD_AWAIT_HEAD;
	int ret = SSL_read(c->ssl, is_head ? c->head + c->head_bytes : body,
			   is_head ? LOAD_HEAD_BYTES_MAX - 1 - c->head_bytes : (int)sizeof(body));

	if (ret > 0) {
		if (is_head) {
			c->head_bytes = (uint16_t)(c->head_bytes + ret);
			take_head(l, c);
		} else {
			take_body(l, c, body, (size_t)ret);
		}
		return true;
	}
	if (has_to_wait(l, c, ret))
		return false;
	fail(l, c, &l->stats.cut_off);
	return false;
}

/* Nothing is due: session tickets perhaps, or the peer has had enough. */
static void idle_event(struct load *l, struct load_conn *c)
{
	char byte;
	int ret = SSL_read(c->ssl, &byte, 1);

	if (ret > 0) {
		fail(l, c, &l->stats.bad_response);
	} else if (!has_to_wait(l, c, ret)) {
		l->stats.closed_by_peer++;
		forget(l, c);
	}
}

void load_conn_event(struct load *l, struct load_conn *c)
{
	switch (c->state) {
	case LOAD_CLOSED:
		return;
	case LOAD_AWAIT_CONNECT:
		connected(l, c);
		return;
	case LOAD_AWAIT_HANDSHAKE:
		handshake(l, c);
		return;
	case LOAD_IDLE:
		idle_event(l, c);
		return;
	case LOAD_AWAIT_WRITE:
		if (!write_request(l, c))
			return;
		break;
	case LOAD_AWAIT_HEAD:
	case LOAD_AWAIT_BODY:
		break;
	}
	while (c->state == LOAD_AWAIT_HEAD || c->state == LOAD_AWAIT_BODY) {
		if (!read_some(l, c))
			return;
	}
}
