/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `openssl s_client` against a session of ours over a Unix socket: a client that wolfSSL did not
 * write. */
#include "tls/tls_leaf_key.h"
#include "tls/tls_session.h"
#include "tls/trust/trust_store.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wolfssl/options.h>
#include <wolfssl/version.h>

#define NOW_S 1800000000
#define PATIENCE_MS 60000 /* a busy machine is slow to start a process */

static const struct trust_store_options store_options = {.max_chains = 1, .now_s = NOW_S};
static struct tls_worker *tw;
static struct counters count;
static struct tls_profile profile = {.client_auth = CLIENT_AUTH_REQUIRE};
static char folder[] = "/tmp/test_tls_openssl.XXXXXX";
static int listener;

/* What the client sent and is not read yet. */
struct wire {
	int fd;
	uint8_t bytes[65536];
	size_t len;
};

struct outcome {
	enum auth_reason verdict;
	enum drop_reason drop;
	bool may_forward;
	char request[200];
	char client_says[40000];
};

static size_t wire_rx_bytes(void *ctx)
{
	return ((struct wire *)ctx)->len;
}

static size_t wire_rx_copy(void *ctx, size_t offset, void *dst, size_t len)
{
	struct wire *w = ctx;

	len = len < w->len - offset ? len : w->len - offset;
	memcpy(dst, w->bytes + offset, len);
	return len;
}

static void wire_rx_consume(void *ctx, size_t len)
{
	struct wire *w = ctx;

	w->len -= len;
	memmove(w->bytes, w->bytes + len, w->len);
}

static size_t wire_tx(void *ctx, struct span bytes)
{
	ssize_t sent = send(((struct wire *)ctx)->fd, bytes.p, bytes.len, MSG_NOSIGNAL);

	return sent > 0 ? (size_t)sent : 0;
}

static const struct tls_io_ops wire_ops = {.rx_bytes = wire_rx_bytes,
					   .rx_copy = wire_rx_copy,
					   .rx_consume = wire_rx_consume,
					   .tx = wire_tx};

static bool wire_receive(struct wire *w)
{
	struct pollfd ready = {.fd = w->fd, .events = POLLIN};
	ssize_t got;

	if (poll(&ready, 1, PATIENCE_MS) != 1)
		return false;
	got = recv(w->fd, w->bytes + w->len, sizeof(w->bytes) - w->len, 0);
	if (got > 0)
		w->len += (size_t)got;
	return got > 0;
}

/* Until something was read, or nothing more will be. */
static enum tls_step read_some(struct tls_session *s, struct wire *w, struct outcome *o)
{
	uint8_t *buf = (uint8_t *)o->request;
	enum tls_step step;
	size_t got;

	do {
		step = tls_session_read(s, buf, sizeof(o->request) - 1, &got);
	} while (step == TLS_WANT_READ && wire_receive(w));
	buf[got] = '\0';
	return step;
}

static void serve(struct tls_session *s, struct wire *w, struct outcome *o)
{
	const struct span page = SPAN_LIT("HTTP/1.1 503 Service Unavailable\r\n\r\nno backend\n");
	enum tls_step step;
	size_t sent;

	do {
		step = tls_session_handshake(s, NOW_S);
	} while (step == TLS_WANT_READ && wire_receive(w));
	if (step == TLS_DONE)
		step = read_some(s, w, o);
	if (step == TLS_DONE)
		tls_session_write(s, page, 100000, &sent);
	tls_session_close(s);
	o->verdict = tls_session_verdict(s);
	o->may_forward = tls_session_may_forward(s);
	o->drop = tls_session_drop(s);
}

static void serve_one(unsigned certificate_idx, struct outcome *o)
{
	struct pollfd ready = {.fd = listener, .events = POLLIN};
	static struct wire w;
	struct tls_session *s;

	cr_assert_eq(poll(&ready, 1, PATIENCE_MS), 1);
	w = (struct wire){.fd = accept(listener, NULL, NULL)};
	cr_assert_geq(w.fd, 0);
	s = tls_session_create(tw, certificate_idx, &profile, &wire_ops, &w);
	cr_assert_not_null(s);
	serve(s, &w, o);
	tls_session_destroy(s);
	close(w.fd);
}

static void file_read(const char *path, char *buf, size_t cap)
{
	FILE *file = fopen(path, "re");

	cr_assert_not_null(file);
	buf[fread(buf, 1, cap - 1, file)] = '\0';
	fclose(file);
}

/* Runs `INPUT | openssl s_client OPTIONS` in the folder, and serves it. */
static struct outcome client(unsigned certificate_idx, const char *input, const char *options)
{
	static struct outcome o;
	char line[2000], said[200];
	char *const argv[] = {"sh", "-c", line, NULL};
	pid_t pid;

	snprintf(line, sizeof(line), "cd %s && (%s) | openssl s_client -unix socket %s >said 2>&1",
		 folder, input, options);
	memset(&o, 0, sizeof(o));
	/* Not fork(): in a child the worker's arena is not there. */
	cr_assert_eq(posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ), 0);
	serve_one(certificate_idx, &o);
	cr_assert_eq(waitpid(pid, NULL, 0), pid);
	snprintf(said, sizeof(said), "%s/said", folder);
	file_read(said, o.client_says, sizeof(o.client_says));
	return o;
}

static void open_all(void)
{
	const struct tls_certificate_params certificates[] = {
		{TEST_PKI "/server.pem", TEST_PKI "/server.key"},
		{TEST_PKI "/server-rsa.pem", TEST_PKI "/server-rsa.key"}};
	const struct tls_worker_params params = {.certificates = certificates,
						 .certificate_count = 2,
						 .sessions_max = 2,
						 .arena_bytes_max = 4 << 20};
	const char *file = TEST_PKI "/partners.pem";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct trust_store *store;
	struct err_note note;

	cr_assert_eq(tls_process_init(&note), GW_ERR_OK);
	cr_assert_eq(tls_worker_create(&params, &count, &note, &tw), GW_ERR_OK, "%s", note.text);
	cr_assert_eq(trust_store_load(&file, 1, &store_options, NULL, &store), GW_ERR_OK);
	profile.store = store;
	profile.policy = trust_policy_default();
	cr_assert_not_null(mkdtemp(folder));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	cr_assert_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(listener, 8), 0);
}

static void close_all(void)
{
	char line[100];

	tls_worker_destroy(tw);
	trust_store_destroy((struct trust_store *)profile.store);
	close(listener);
	snprintf(line, sizeof(line), "rm -r %s", folder);
	cr_assert_eq(system(line), 0);
}

TestSuite(tls_openssl, .init = open_all, .fini = close_all);

#define REQUEST "printf 'GET / HTTP/1.1\\r\\n\\r\\n'"
#define SERVER_CHECKED                                                                             \
	"-quiet -CAfile " TEST_PKI                                                                 \
	"/server-root.pem -verify_return_error -servername api.example "                           \
	"-verify_hostname api.example "
#define CLIENT_OF(name)                                                                            \
	"-cert " TEST_PKI "/" name ".pem -key " TEST_PKI "/" name ".key -cert_chain " TEST_PKI     \
	"/partner-int.pem "
#define CLIENT_GOOD CLIENT_OF("client-good")

static void assert_page(const struct outcome *o)
{
	cr_assert_str_eq(o->request, "GET / HTTP/1.1\r\n\r\n");
	cr_assert(strstr(o->client_says, "503 Service Unavailable"), "%s", o->client_says);
	cr_assert_eq(o->drop, DROP_none);
}

Test(tls_openssl, good_client_is_accepted_and_gets_the_page)
{
	for (unsigned certificate_idx = 0; certificate_idx < 2; certificate_idx++) {
		struct outcome o = client(certificate_idx, REQUEST,
					  SERVER_CHECKED CLIENT_GOOD "-tls1_3");

		assert_page(&o);
		cr_assert(o.may_forward, "%s", auth_reason_name(o.verdict));
		o = client(certificate_idx, REQUEST, SERVER_CHECKED CLIENT_GOOD "-tls1_2");
		assert_page(&o);
		cr_assert(o.may_forward, "%s", auth_reason_name(o.verdict));
	}
	cr_assert_eq(count.event[COUNTER_client_ok], 4);
}

/* Of id-RSASSA-PSS; OpenSSL signs with rsa_pss_pss_sha256 if the key does not say otherwise. */
Test(tls_openssl, client_with_a_key_for_pss_alone_is_accepted_where_tls_verifies_it)
{
	static const char *const clients[] = {
		SERVER_CHECKED CLIENT_OF("client-pss-key") "-tls1_3",
		SERVER_CHECKED CLIENT_OF("client-pss-key-sha384") "-tls1_3",
		SERVER_CHECKED CLIENT_OF("client-pss-key") "-tls1_2"};

	for (size_t i = 0; i < 3; i++) {
		struct outcome o = client(0, REQUEST, clients[i]);

		if (TLS_VERIFIES_PSS_KEYS && i < 2) {
			cr_assert_eq(o.drop, DROP_none, "drop %d: %s", o.drop, o.client_says);
			cr_assert(o.may_forward, "%s", auth_reason_name(o.verdict));
			continue;
		}
		cr_assert_eq(o.drop, DROP_tls_client_refused, "drop %d: %s", o.drop, o.client_says);
		cr_assert_eq(o.verdict, AUTH_unsupported_algorithm);
		cr_assert(strstr(o.client_says, "unsupported certificate"), "%s", o.client_says);
	}
}

/* The subject of partner-root as `openssl s_client` prints it. */
#define PARTNER_ROOT                                                                               \
	"Acceptable client certificate CA names\nC = SE, O = Partner, CN = Partner Root\n"

Test(tls_openssl, client_is_told_the_names_that_its_profile_lists)
{
	static const char *const versions[] = {CLIENT_GOOD "-ign_eof -tls1_3",
					       CLIENT_GOOD "-ign_eof -tls1_2"};

	for (size_t i = 0; i < 2; i++) {
		struct outcome o;

		profile.ca_names = trust_store_ca_names(profile.store);
		cr_assert_gt(profile.ca_names.len, 0);
		o = client(0, REQUEST, versions[i]);
		assert_page(&o);
		cr_assert(strstr(o.client_says, PARTNER_ROOT), "%s", o.client_says);
		profile.ca_names = span_of(NULL, 0);
		o = client(0, REQUEST, versions[i]);
		assert_page(&o);
		cr_assert(strstr(o.client_says, "No client certificate CA names sent"), "%s",
			  o.client_says);
	}
}

/* As many as a profile may list: the flight no longer fits one record. */
Test(tls_openssl, longest_list_of_names_is_understood)
{
	static uint8_t names[TRUST_CA_NAMES_BYTES_MAX];
	static const uint8_t name[] =
		"\x00\x62\x30\x60\x31\x5e\x30\x5c\x06\x03\x55\x04\x03\x0c\x55";
	unsigned seen = 0;

	for (size_t i = 0; i < sizeof(names); i += 100) {
		memset(names + i, 'x', 100);
		memcpy(names + i, name, sizeof(name) - 1);
	}
	profile.ca_names = SPAN(names);
	for (int version = 2; version <= 3; version++) {
		char options[1000];
		struct outcome o;

		snprintf(options, sizeof(options), CLIENT_GOOD "-ign_eof -tls1_%d", version);
		o = client(1, REQUEST, options);
		assert_page(&o);
		seen = 0;
		for (const char *at = o.client_says; (at = strstr(at, "\nCN = xxx")) != NULL; at++)
			seen++;
		cr_assert_eq(seen, sizeof(names) / 100);
	}
}

Test(tls_openssl, client_without_certificate_gets_the_page_and_cannot_forward)
{
	struct outcome o = client(0, REQUEST, SERVER_CHECKED "-tls1_3");

	assert_page(&o);
	cr_assert_not(o.may_forward);
	cr_assert_eq(o.verdict, AUTH_no_certificate);
	o = client(0, REQUEST, SERVER_CHECKED "-tls1_2");
	assert_page(&o);
	cr_assert_not(o.may_forward);
}

/* Without a session ID the client has nothing to keep, let alone to offer. */
Test(tls_openssl, tls_12_server_names_no_session)
{
	struct outcome o = client(0, REQUEST, CLIENT_GOOD "-tls1_2 -ign_eof -sess_out session.pem");
	char path[100];

	assert_page(&o);
	cr_assert(strstr(o.client_says, "Session-ID: \n"), "%s", o.client_says);
	cr_assert_null(strstr(o.client_says, "session ticket"));
	snprintf(path, sizeof(path), "%s/session.pem", folder);
	cr_assert_neq(access(path, F_OK), 0);
}

Test(tls_openssl, tls_13_server_sends_no_ticket)
{
	struct outcome o = client(0, REQUEST, CLIENT_GOOD "-tls1_3 -ign_eof -msg");

	assert_page(&o);
	cr_assert(strstr(o.client_says, "Handshake [length"), "%s", o.client_says);
	cr_assert_null(strstr(o.client_says, "NewSessionTicket"));
}

Test(tls_openssl, renegotiation_is_refused)
{
	struct outcome o = client(0, "sleep 1; echo R; sleep 1", CLIENT_GOOD "-tls1_2");

	cr_assert_eq(o.drop, DROP_tls_renegotiation, "drop %d: %s", o.drop, o.client_says);
	cr_assert_not(o.may_forward);
}

Test(tls_openssl, key_update_with_a_request_for_ours_is_followed)
{
	struct outcome o = client(0, "sleep 1; echo K; sleep 1; echo hello; sleep 2",
				  CLIENT_GOOD "-tls1_3");

	cr_assert_eq(o.drop, DROP_none);
	cr_assert_str_eq(o.request, "hello\n");
	cr_assert(strstr(o.client_says, "KEYUPDATE"), "%s", o.client_says);
	cr_assert(strstr(o.client_says, "503 Service Unavailable"), "%s", o.client_says);
}

Test(tls_openssl, older_versions_and_weaker_suites_are_refused)
{
	struct outcome o = client(0, REQUEST, "-quiet -tls1_1 -cipher ALL:@SECLEVEL=0");

	cr_assert_eq(o.drop, DROP_tls_handshake_protocol_version, "drop %d: %s", o.drop,
		     o.client_says);
	o = client(1, REQUEST, "-quiet -tls1_2 -cipher AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256");
	cr_assert_eq(o.drop, DROP_tls_handshake_no_shared_cipher, "drop %d: %s", o.drop,
		     o.client_says);
}

Test(tls_openssl, alpn_without_http11_gets_its_alert)
{
	struct outcome o = client(0, REQUEST, "-quiet -tls1_3 -alpn h2");

	cr_assert_eq(o.drop, DROP_tls_handshake_no_shared_protocol);
	cr_assert(strstr(o.client_says, "no application protocol"), "%s", o.client_says);
	o = client(0, REQUEST, "-tls1_3 -ign_eof -alpn h2,http/1.1");
	assert_page(&o);
	cr_assert(strstr(o.client_says, "ALPN protocol: http/1.1"), "%s", o.client_says);
}
