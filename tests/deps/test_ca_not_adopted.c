/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripts/deps/wolfssl-ca-not-adopted.patch: a server whose verify callback overrides wolfSSL must not thereby
 * take the client's intermediates for its own CAs. */
#include "tests/deps/wolfssl_alloc.h"

#include <criterion/criterion.h>

#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>

#include <stdbool.h>
#include <stdint.h>
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

/* wolfSSL itself refused the client's chain, before it was overruled: in one of its calls, never in the last. */
static bool refused;

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

static int overrule(int ok, WOLFSSL_X509_STORE_CTX *store)
{
	refused |= ok == 0 && store->error != 0;
	return 1;
}

static WOLFSSL_CTX *ctx_make(WOLFSSL_METHOD *method, const char *chain, const char *key)
{
	WOLFSSL_CTX *ctx = wolfSSL_CTX_new(method);

	cr_assert_not_null(ctx);
	cr_assert_eq(wolfSSL_CTX_use_certificate_chain_file(ctx, chain), WOLFSSL_SUCCESS);
	cr_assert_eq(wolfSSL_CTX_use_PrivateKey_file(ctx, key, WOLFSSL_FILETYPE_PEM),
		     WOLFSSL_SUCCESS);
	wolfSSL_CTX_SetIORecv(ctx, on_recv);
	wolfSSL_CTX_SetIOSend(ctx, on_send);
	return ctx;
}

static WOLFSSL_CTX *server_make(WOLFSSL_METHOD *method)
{
	WOLFSSL_CTX *ctx = ctx_make(method, PKI "/server.pem", PKI "/server.key");

	wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_PEER, overrule);
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

/* One whole handshake of a client that shows chain; sets refused. */
static void handshake(WOLFSSL_CTX *server_ctx, WOLFSSL_METHOD *method, const char *chain)
{
	static struct pipe to_server, to_client;
	WOLFSSL_CTX *client_ctx = ctx_make(method, chain, PKI "/client.key");
	struct side server, client;
	int accepted = 0, connected = 0;

	to_server.len = to_client.len = 0;
	refused = false;
	wolfSSL_CTX_set_verify(client_ctx, WOLFSSL_VERIFY_NONE, NULL);
	side_open(&server, server_ctx, &to_server, &to_client);
	side_open(&client, client_ctx, &to_client, &to_server);
	for (int turn = 0; turn < 10 && (accepted != 1 || connected != 1); turn++) {
		connected = wolfSSL_connect(client.ssl);
		accepted = wolfSSL_accept(server.ssl);
	}
	cr_assert_eq(connected, WOLFSSL_SUCCESS, "client: %d", wolfSSL_get_error(client.ssl, -1));
	cr_assert_eq(accepted, WOLFSSL_SUCCESS, "server: %d", wolfSSL_get_error(server.ssl, -1));
	wolfSSL_free(client.ssl);
	wolfSSL_free(server.ssl);
	wolfSSL_CTX_free(client_ctx);
}

static void init(void)
{
	cr_assert_eq(wolfSSL_Init(), WOLFSSL_SUCCESS);
}

static void leaf_alone_stays_unknown(WOLFSSL_METHOD *server, WOLFSSL_METHOD *full,
				     WOLFSSL_METHOD *alone)
{
	WOLFSSL_CTX *ctx = server_make(server);
	WOLFSSL_CERT_MANAGER *cas = wolfSSL_CTX_GetCertManager(ctx);

	handshake(ctx, full, PKI "/client-chain.pem");
	cr_expect(refused);
	cr_expect_neq(wolfSSL_CertManagerVerify(cas, PKI "/client-leaf.pem", WOLFSSL_FILETYPE_PEM),
		      WOLFSSL_SUCCESS);
	handshake(ctx, alone, PKI "/client-leaf.pem");
	cr_expect(refused, "wolfSSL knows the attacker's CA now");
	wolfSSL_CTX_free(ctx);
}

Test(ca_not_adopted, leaf_alone_stays_unknown_after_its_chain_was_overruled_tls13, .init = init)
{
	leaf_alone_stays_unknown(wolfTLSv1_3_server_method(), wolfTLSv1_3_client_method(),
				 wolfTLSv1_3_client_method());
}

Test(ca_not_adopted, leaf_alone_stays_unknown_after_its_chain_was_overruled_tls12, .init = init)
{
	leaf_alone_stays_unknown(wolfTLSv1_2_server_method(), wolfTLSv1_2_client_method(),
				 wolfTLSv1_2_client_method());
}

/* The first handshake may leave something behind once; nothing may be left by each. */
Test(ca_not_adopted, overruled_chains_leave_no_memory_behind, .init = init)
{
	WOLFSSL_CTX *ctx = server_make(wolfTLSv1_3_server_method());
	long before;

	handshake(ctx, wolfTLSv1_3_client_method(), PKI "/client-leaf.pem");
	before = wolfssl_live_blocks();
	for (int i = 0; i < 5; i++)
		handshake(ctx, wolfTLSv1_3_client_method(), PKI "/client-chain.pem");
	cr_expect_eq(wolfssl_live_blocks(), before);
	wolfSSL_CTX_free(ctx);
}
