/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripts/deps/wolfssl-chain-not-read.patch: a server reads nothing of its client's chain but the key that its verify
 * callback hands over, and takes no CA of the chain for its own. */
#include "tests/deps/wolfssl_alloc.h"

#include <criterion/criterion.h>

#include <wolfssl/options.h>

#include <wolfssl/error-ssl.h>
#include <wolfssl/ssl.h>

#include <stdbool.h>
#include <stdint.h>
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

/* What the callback is to do, and what it saw. */
static struct {
	const char *
		key_file; /* DER of what it leaves in certs[0]; NULL: it leaves the certificate there */
	unsigned calls;
	int ok, error, total_certs;
} verify;

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

	verify.calls++;
	verify.ok = ok;
	verify.error = store->error;
	verify.total_certs = store->totalCerts;
	if (verify.key_file == NULL || store->totalCerts == 0)
		return 1;
	file = fopen(verify.key_file, "rb");
	cr_assert_not_null(file);
	store->certs[0].buffer = key;
	store->certs[0].length = (unsigned int)fread(key, 1, sizeof(key), file);
	fclose(file);
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

/* One handshake of a client that shows chain; the error that ends it for the server, or 0. */
static int handshake(WOLFSSL_CTX *server_ctx, WOLFSSL_METHOD *method, const char *chain)
{
	static struct pipe to_server, to_client;
	WOLFSSL_CTX *client_ctx = ctx_make(method, chain, PKI "/client.key");
	int accepted = 0, connected = 0, error;
	struct side server, client;

	to_server.len = to_client.len = 0;
	verify.calls = 0;
	wolfSSL_CTX_set_verify(client_ctx, WOLFSSL_VERIFY_NONE, NULL);
	side_open(&server, server_ctx, &to_server, &to_client);
	side_open(&client, client_ctx, &to_client, &to_server);
	for (int turn = 0; turn < 10 && (accepted != 1 || connected != 1); turn++) {
		connected = wolfSSL_connect(client.ssl);
		accepted = wolfSSL_accept(server.ssl);
		error = wolfSSL_get_error(server.ssl, accepted);
		if (accepted != 1 && error != WOLFSSL_ERROR_WANT_READ)
			break;
	}
	wolfSSL_free(client.ssl);
	wolfSSL_free(server.ssl);
	wolfSSL_CTX_free(client_ctx);
	return accepted == WOLFSSL_SUCCESS ? 0 : error;
}

static void init(void)
{
	cr_assert_eq(wolfSSL_Init(), WOLFSSL_SUCCESS);
	verify.key_file = PKI "/client-key.der";
}

typedef WOLFSSL_METHOD *method(void);
static method *const server_methods[] = {wolfTLSv1_2_server_method, wolfTLSv1_3_server_method};
static method *const client_methods[] = {wolfTLSv1_2_client_method, wolfTLSv1_3_client_method};

Test(chain_not_read, callback_is_asked_once_and_wolfssl_has_no_opinion, .init = init)
{
	static const struct {
		const char *chain;
		int count;
	} clients[] = {{PKI "/client-chain.pem", 2}, {PKI "/client-leaf.pem", 1}};

	for (size_t v = 0; v < 2; v++) {
		WOLFSSL_CTX *ctx = server_make(server_methods[v]());

		for (size_t i = 0; i < 2; i++) {
			cr_assert_eq(handshake(ctx, client_methods[v](), clients[i].chain), 0);
			cr_assert_eq(verify.calls, 1);
			cr_assert_eq(verify.ok, 1);
			cr_assert_eq(verify.error, 0);
			cr_assert_eq(verify.total_certs, clients[i].count);
		}
		wolfSSL_CTX_free(ctx);
	}
}

Test(chain_not_read, what_stands_behind_the_leaf_need_not_be_a_certificate, .init = init)
{
	for (size_t v = 0; v < 2; v++) {
		WOLFSSL_CTX *ctx = server_make(server_methods[v]());

		cr_assert_eq(handshake(ctx, client_methods[v](), PKI "/client-junk.pem"), 0);
		cr_assert_eq(verify.total_certs, 2);
		wolfSSL_CTX_free(ctx);
	}
}

Test(chain_not_read, key_that_was_handed_over_is_the_one_to_be_proved, .init = init)
{
	for (size_t v = 0; v < 2; v++) {
		WOLFSSL_CTX *ctx = server_make(server_methods[v]());
		int error;

		verify.key_file = PKI "/server-key.der";
		error = handshake(ctx, client_methods[v](), PKI "/client-leaf.pem");
		cr_assert(error == VERIFY_SIGN_ERROR || error == SIG_VERIFY_E, "error %d", error);
		wolfSSL_CTX_free(ctx);
	}
}

Test(chain_not_read, callback_that_hands_over_no_key_ends_the_handshake, .init = init)
{
	for (size_t v = 0; v < 2; v++) {
		WOLFSSL_CTX *ctx = server_make(server_methods[v]());

		verify.key_file = NULL;
		cr_assert_eq(handshake(ctx, client_methods[v](), PKI "/client-leaf.pem"),
			     PEER_KEY_ERROR);
		cr_assert_eq(verify.calls, 1);
		wolfSSL_CTX_free(ctx);
	}
}

Test(chain_not_read, ca_of_a_chain_is_not_adopted, .init = init)
{
	for (size_t v = 0; v < 2; v++) {
		WOLFSSL_CTX *ctx = server_make(server_methods[v]());

		cr_assert_eq(handshake(ctx, client_methods[v](), PKI "/client-chain.pem"), 0);
		cr_expect_neq(wolfSSL_CertManagerVerify(wolfSSL_CTX_GetCertManager(ctx),
							PKI "/client-leaf.pem",
							WOLFSSL_FILETYPE_PEM),
			      WOLFSSL_SUCCESS, "wolfSSL knows the attacker's CA now");
		wolfSSL_CTX_free(ctx);
	}
}

/* The first handshake may leave something behind once; nothing may be left by each. */
Test(chain_not_read, chains_leave_no_memory_behind, .init = init)
{
	WOLFSSL_CTX *ctx = server_make(wolfTLSv1_3_server_method());
	long before;

	cr_assert_eq(handshake(ctx, wolfTLSv1_3_client_method(), PKI "/client-leaf.pem"), 0);
	before = wolfssl_live_blocks();
	for (int i = 0; i < 5; i++)
		handshake(ctx, wolfTLSv1_3_client_method(), PKI "/client-chain.pem");
	cr_expect_eq(wolfssl_live_blocks(), before);
	wolfSSL_CTX_free(ctx);
}
