/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tls/tls_pair.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void pipe_put(struct pipe *pipe, const void *bytes, size_t len)
{
	cr_assert_leq(len, sizeof(pipe->bytes) - pipe->len, "the test's pipe is full");
	memcpy(pipe->bytes + pipe->len, bytes, len);
	pipe->len += len;
}

static void pipe_consume(struct pipe *pipe, size_t len)
{
	pipe->len -= len;
	memmove(pipe->bytes, pipe->bytes + len, pipe->len);
}

/* the session's side */

static size_t server_rx_bytes(void *ctx)
{
	struct tls_pair *p = ctx;

	return p->to_server.len < p->rx_shown ? p->to_server.len : p->rx_shown;
}

static size_t server_rx_copy(void *ctx, size_t offset, void *dst, size_t len)
{
	struct tls_pair *p = ctx;
	size_t have = server_rx_bytes(p);

	have = offset < have ? have - offset : 0;
	len = len < have ? len : have;
	memcpy(dst, p->to_server.bytes + offset, len);
	return len;
}

static void server_rx_consume(void *ctx, size_t len)
{
	struct tls_pair *p = ctx;

	cr_assert_leq(len, server_rx_bytes(p));
	pipe_consume(&p->to_server, len);
	if (p->rx_shown != SIZE_MAX)
		p->rx_shown -= len;
}

static size_t server_tx(void *ctx, struct span bytes)
{
	struct tls_pair *p = ctx;
	size_t len = bytes.len < p->tx_room ? bytes.len : p->tx_room;

	pipe_put(&p->to_client, bytes.p, len);
	if (p->tx_room != SIZE_MAX)
		p->tx_room -= len;
	return len;
}

static const struct tls_io_ops server_ops = {.rx_bytes = server_rx_bytes,
					     .rx_copy = server_rx_copy,
					     .rx_consume = server_rx_consume,
					     .tx = server_tx};

/* the client's side */

static int client_recv(WOLFSSL *ssl, char *buf, int cap, void *ctx)
{
	struct tls_pair *p = ctx;
	size_t len = p->to_client.len < (size_t)cap ? p->to_client.len : (size_t)cap;

	(void)ssl;
	if (len == 0 || p->to_client_kept)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	memcpy(buf, p->to_client.bytes, len);
	pipe_consume(&p->to_client, len);
	return (int)len;
}

static int client_send(WOLFSSL *ssl, char *buf, int len, void *ctx)
{
	struct tls_pair *p = ctx;

	(void)ssl;
	pipe_put(&p->to_server, buf, (size_t)len);
	return len;
}

static WOLFSSL_METHOD *client_method(int wolfssl_version)
{
	switch (wolfssl_version) {
	case WOLFSSL_TLSV1_2:
		return wolfTLSv1_2_client_method();
	case WOLFSSL_TLSV1_3:
		return wolfTLSv1_3_client_method();
	default:
		return wolfSSLv23_client_method();
	}
}

static void client_ctx_renew(struct tls_pair *p)
{
	wolfSSL_CTX_free(p->client_ctx);
	p->client_ctx = wolfSSL_CTX_new(client_method(p->client_version));
	cr_assert_not_null(p->client_ctx);
	wolfSSL_CTX_set_verify(p->client_ctx, WOLFSSL_VERIFY_NONE, NULL);
	wolfSSL_CTX_SetIORecv(p->client_ctx, client_recv);
	wolfSSL_CTX_SetIOSend(p->client_ctx, client_send);
}

const char *pki_path(const char *name)
{
	static char paths[8][512];
	static unsigned turn;

	turn = (turn + 1) % 8;
	snprintf(paths[turn], sizeof(paths[turn]), TEST_PKI "/%s", name);
	return paths[turn];
}

void pair_open(struct tls_pair *p, enum client_auth_mode client_auth)
{
	const struct tls_certificate_params certificates[] = {
		{pki_path("server.pem"), pki_path("server.key")},
		{pki_path("server-rsa.pem"), pki_path("server-rsa.key")}};
	const struct tls_worker_params params = {.certificates = certificates,
						 .certificate_count = 2,
						 .sessions_max = 4,
						 .arena_bytes_max = PAIR_ARENA_BYTES};
	struct err_note note = {""};

	memset(p, 0, sizeof(*p));
	p->rx_shown = p->tx_room = SIZE_MAX;
	p->profile.client_auth = client_auth;
	p->profile.policy = trust_policy_default();
	cr_assert_eq(tls_process_init(&note), GW_ERR_OK, "%s", note.text);
	cr_assert_eq(tls_worker_create(&params, &p->count, &note, &p->tw), GW_ERR_OK, "%s",
		     note.text);
	client_ctx_renew(p);
}

void pair_close(struct tls_pair *p)
{
	pair_disconnect(p);
	cr_assert_eq(tls_worker_sessions_in_use(p->tw), 0);
	tls_worker_destroy(p->tw);
	wolfSSL_CTX_free(p->client_ctx);
}

void pair_client_certificate(struct tls_pair *p, const char *certificates, const char *key)
{
	char chain_file[100], key_file[100];

	snprintf(chain_file, sizeof(chain_file), "%s.pem", certificates);
	snprintf(key_file, sizeof(key_file), "%s.key", key);
	pair_client_files(p, pki_path(chain_file), pki_path(key_file));
}

void pair_client_files(struct tls_pair *p, const char *chain_path, const char *key_path)
{
	client_ctx_renew(p); /* or the new chain would join the old one */
	cr_assert_eq(wolfSSL_CTX_use_certificate_chain_file(p->client_ctx, chain_path),
		     WOLFSSL_SUCCESS, "%s", chain_path);
	cr_assert_eq(wolfSSL_CTX_use_PrivateKey_file(p->client_ctx, key_path, WOLFSSL_FILETYPE_PEM),
		     WOLFSSL_SUCCESS, "%s", key_path);
}

void pair_client_version(struct tls_pair *p, int wolfssl_version)
{
	p->client_version = wolfssl_version;
	client_ctx_renew(p);
}

bool pair_try_connect(struct tls_pair *p, unsigned certificate_idx)
{
	pair_disconnect(p);
	p->server = tls_session_create(p->tw, certificate_idx, &p->profile, &server_ops, p);
	if (p->server == NULL)
		return false;
	p->client = wolfSSL_new(p->client_ctx);
	cr_assert_not_null(p->client);
	wolfSSL_SetIOReadCtx(p->client, p);
	wolfSSL_SetIOWriteCtx(p->client, p);
	return true;
}

void pair_connect(struct tls_pair *p, unsigned certificate_idx)
{
	cr_assert(pair_try_connect(p, certificate_idx));
}

void pair_disconnect(struct tls_pair *p)
{
	if (p->server != NULL)
		tls_session_destroy(p->server);
	wolfSSL_free(p->client);
	p->server = NULL;
	p->client = NULL;
	p->to_server.len = p->to_client.len = 0;
}

bool pair_client_step(struct tls_pair *p)
{
	return wolfSSL_connect(p->client) == WOLFSSL_SUCCESS;
}

enum tls_step pair_server_step(struct tls_pair *p)
{
	return tls_session_handshake(p->server, PAIR_NOW_S);
}

enum tls_step pair_handshake(struct tls_pair *p)
{
	enum tls_step step = TLS_WANT_READ;
	bool client_done = false;

	for (unsigned turn = 0; turn < 10; turn++) {
		client_done = pair_client_step(p);
		step = pair_server_step(p);
		if (step == TLS_FAILED || (step == TLS_DONE && client_done))
			break;
	}
	return step;
}

void pair_assert_request(struct tls_pair *p, const char *text)
{
	int len = (int)strlen(text);
	uint8_t buf[1000];
	size_t got;

	cr_assert_eq(wolfSSL_write(p->client, text, len), len);
	cr_assert_eq(tls_session_read(p->server, buf, sizeof(buf), &got), TLS_DONE);
	cr_assert_eq(got, (size_t)len);
	cr_assert_arr_eq(buf, text, got);
}

void pair_assert_response(struct tls_pair *p, const char *text)
{
	struct span plain = span_str(text);
	char buf[1000];
	size_t got;

	cr_assert_eq(tls_session_write(p->server, plain, 20000, &got), TLS_DONE);
	cr_assert_eq(got, plain.len);
	cr_assert_eq(wolfSSL_read(p->client, buf, sizeof(buf)), (int)plain.len);
	cr_assert_arr_eq(buf, text, got);
}
