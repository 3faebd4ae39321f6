/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/deps/wolfssl_pair.h"

#include <stdio.h>
#include <string.h>

/* What one side wrote and the other has not read yet. */
struct pipe {
	uint8_t buf[32768];
	size_t len;
};

struct side {
	WOLFSSL *ssl;
	struct pipe *in, *out;
};

struct pair_verify pair_verify;
static struct pipe first_flight;

static int on_recv(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	struct pipe *in = ((struct side *)ctx)->in;
	size_t n = in->len < (size_t)size ? in->len : (size_t)size;

	(void)ssl;
	if (n == 0)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	memcpy(buf, in->buf, n);
	memmove(in->buf, in->buf + n, in->len - n);
	in->len -= n;
	return (int)n;
}

static int on_send(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	struct pipe *out = ((struct side *)ctx)->out;

	(void)ssl;
	cr_assert_leq((size_t)size, sizeof(out->buf) - out->len);
	memcpy(out->buf + out->len, buf, (size_t)size);
	out->len += (size_t)size;
	return size;
}

static int accept_all(int ok, WOLFSSL_X509_STORE_CTX *store)
{
	static unsigned char key[1024];
	FILE *file;

	pair_verify.calls++;
	pair_verify.ok = ok;
	pair_verify.error = store->error;
	pair_verify.total_certs = store->totalCerts;
	if (pair_verify.key_file == NULL || store->totalCerts == 0)
		return 1;
	file = fopen(pair_verify.key_file, "rb");
	cr_assert_not_null(file);
	store->certs[0].buffer = key;
	store->certs[0].length = (unsigned int)fread(key, 1, sizeof(key), file);
	fclose(file);
	return 1;
}

static WOLFSSL_CTX *ctx_make(WOLFSSL_METHOD *method, const char *chain, const char *key)
{
	WOLFSSL_CTX *ctx = wolfSSL_CTX_new(method);
	char chain_path[512], key_path[512];

	cr_assert_not_null(ctx);
	snprintf(chain_path, sizeof(chain_path), PKI "/%s.pem", chain);
	snprintf(key_path, sizeof(key_path), PKI "/%s.key", key);
	cr_assert_eq(wolfSSL_CTX_use_certificate_chain_file(ctx, chain_path), WOLFSSL_SUCCESS);
	cr_assert_eq(wolfSSL_CTX_use_PrivateKey_file(ctx, key_path, WOLFSSL_FILETYPE_PEM),
		     WOLFSSL_SUCCESS);
	wolfSSL_CTX_SetIORecv(ctx, on_recv);
	wolfSSL_CTX_SetIOSend(ctx, on_send);
	return ctx;
}

void pair_init(void)
{
	cr_assert_eq(wolfSSL_Init(), WOLFSSL_SUCCESS);
	pair_verify.key_file = PKI "/client-key.der";
}

WOLFSSL_CTX *pair_server_make(size_t version)
{
	WOLFSSL_CTX *ctx = ctx_make(version == 0 ? wolfTLSv1_2_server_method()
						 : wolfTLSv1_3_server_method(),
				    "server", "server");

	wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_PEER, accept_all);
	wolfSSL_CTX_set_session_cache_mode(ctx, WOLFSSL_SESS_CACHE_OFF);
	return ctx;
}

static void side_open(struct side *side, WOLFSSL_CTX *ctx, struct pipe *in, struct pipe *out)
{
	*side = (struct side){.ssl = wolfSSL_new(ctx), .in = in, .out = out};
	cr_assert_not_null(side->ssl);
	wolfSSL_SetIOReadCtx(side->ssl, side);
	wolfSSL_SetIOWriteCtx(side->ssl, side);
}

int pair_handshake(WOLFSSL_CTX *server_ctx, size_t version, const char *chain, const char *key,
		   void (*prepare)(WOLFSSL *server))
{
	static struct pipe to_server, to_client;
	WOLFSSL_CTX *client_ctx = ctx_make(version == 0 ? wolfTLSv1_2_client_method()
							: wolfTLSv1_3_client_method(),
					   chain, key);
	int accepted = 0, connected = 0, error;
	struct side server, client;

	to_server.len = to_client.len = 0;
	pair_verify.calls = 0;
	wolfSSL_CTX_set_verify(client_ctx, WOLFSSL_VERIFY_NONE, NULL);
	side_open(&server, server_ctx, &to_server, &to_client);
	side_open(&client, client_ctx, &to_client, &to_server);
	if (prepare != NULL)
		prepare(server.ssl);
	for (int turn = 0; turn < 10 && (accepted != 1 || connected != 1); turn++) {
		connected = wolfSSL_connect(client.ssl);
		accepted = wolfSSL_accept(server.ssl);
		error = wolfSSL_get_error(server.ssl, accepted);
		if (turn == 0)
			first_flight = to_client;
		if (accepted != 1 && error != WOLFSSL_ERROR_WANT_READ)
			break;
	}
	wolfSSL_free(client.ssl);
	wolfSSL_free(server.ssl);
	wolfSSL_CTX_free(client_ctx);
	return accepted == WOLFSSL_SUCCESS ? 0 : error;
}

const uint8_t *pair_first_flight(size_t *ret_len)
{
	*ret_len = first_flight.len;
	return first_flight.buf;
}
