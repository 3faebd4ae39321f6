/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripts/deps/wolfssl-context-generator.patch and wolfssl-one-transcript.patch: what a handshake does not do.  The linker puts
 * the counters below before the functions they are named after. */
#include "tests/deps/wolfssl_alloc.h"

#include <criterion/criterion.h>

#include <wolfssl/options.h>

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/sha512.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

/* More than a ClientHello and a ServerHello of ours, less than both with a certificate. */
#define HELLOS_BYTES_MAX 700

static bool is_server_step;
static unsigned seeds, digested_384, digested_512; /* bytes, by the server */

ssize_t __real_getrandom(void *buf, size_t len, unsigned flags);
ssize_t __wrap_getrandom(void *buf, size_t len, unsigned flags);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_wc_Sha384Update(wc_Sha384 *sha, const byte *data, word32 len);
int __wrap_wc_Sha384Update(wc_Sha384 *sha, const byte *data, word32 len);
int __real_wc_Sha512Update(wc_Sha512 *sha, const byte *data, word32 len);
int __wrap_wc_Sha512Update(wc_Sha512 *sha, const byte *data, word32 len);

ssize_t __wrap_getrandom(void *buf, size_t len, unsigned flags)
{
	seeds++;
	return __real_getrandom(buf, len, flags);
}

/* wolfSSL 5.7.2 knows no getrandom(): it opens /dev/urandom for each seed, and nothing else for writing or making. */
int __wrap_open(const char *path, int flags, ...)
{
	seeds++;
	return __real_open(path, flags);
}

int __wrap_wc_Sha384Update(wc_Sha384 *sha, const byte *data, word32 len)
{
	digested_384 += is_server_step ? len : 0;
	return __real_wc_Sha384Update(sha, data, len);
}

int __wrap_wc_Sha512Update(wc_Sha512 *sha, const byte *data, word32 len)
{
	digested_512 += is_server_step ? len : 0;
	return __real_wc_Sha512Update(sha, data, len);
}

struct pipe {
	uint8_t buf[32768];
	size_t len;
};

static struct pipe to_server, to_client;

static int on_recv(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	struct pipe *in = wolfSSL_is_server(ssl) ? &to_server : &to_client;
	size_t n = in->len < (size_t)size ? in->len : (size_t)size;

	(void)ctx;
	if (n == 0)
		return WOLFSSL_CBIO_ERR_WANT_READ;
	memcpy(buf, in->buf, n);
	memmove(in->buf, in->buf + n, in->len - n);
	in->len -= n;
	return (int)n;
}

static int on_send(WOLFSSL *ssl, char *buf, int size, void *ctx)
{
	struct pipe *out = wolfSSL_is_server(ssl) ? &to_client : &to_server;

	(void)ctx;
	cr_assert_leq((size_t)size, sizeof(out->buf) - out->len);
	memcpy(out->buf + out->len, buf, (size_t)size);
	out->len += (size_t)size;
	return size;
}

static WOLFSSL_CTX *ctx_make(WOLFSSL_METHOD *method, const char *suites)
{
	WOLFSSL_CTX *ctx = wolfSSL_CTX_new(method);
	int groups[] = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1}; /* hellos are small */

	cr_assert_not_null(ctx);
	wolfSSL_CTX_set_verify(ctx, WOLFSSL_VERIFY_NONE, NULL);
	wolfSSL_CTX_SetIORecv(ctx, on_recv);
	wolfSSL_CTX_SetIOSend(ctx, on_send);
	cr_assert_eq(wolfSSL_CTX_set_groups(ctx, groups, 2), WOLFSSL_SUCCESS);
	cr_assert_eq(wolfSSL_CTX_set_cipher_list(ctx, suites), WOLFSSL_SUCCESS);
	return ctx;
}

static WOLFSSL_CTX *server_make(WOLFSSL_METHOD *method, const char *suites)
{
	WOLFSSL_CTX *ctx = ctx_make(method, suites);

	cr_assert_eq(wolfSSL_CTX_use_certificate_chain_file(ctx, PKI "/server.pem"),
		     WOLFSSL_SUCCESS);
	cr_assert_eq(wolfSSL_CTX_use_PrivateKey_file(ctx, PKI "/server.key", WOLFSSL_FILETYPE_PEM),
		     WOLFSSL_SUCCESS);
	return ctx;
}

/* A whole handshake; what the server did is in the counters. */
static void handshake(WOLFSSL_METHOD *server_method, WOLFSSL_METHOD *client_method,
		      const char *suite)
{
	WOLFSSL_CTX *server_ctx = server_make(server_method, suite);
	WOLFSSL_CTX *client_ctx = ctx_make(client_method, suite);
	WOLFSSL *server = wolfSSL_new(server_ctx), *client = wolfSSL_new(client_ctx);
	int accepted = 0, connected = 0;

	digested_384 = digested_512 = 0;
	for (int turn = 0; turn < 10 && (accepted != 1 || connected != 1); turn++) {
		connected = wolfSSL_connect(client);
		is_server_step = true;
		accepted = wolfSSL_accept(server);
		is_server_step = false;
	}
	cr_assert_eq(accepted, 1, "error %d", wolfSSL_get_error(server, accepted));
	cr_assert_eq(connected, 1);
	wolfSSL_free(client);
	wolfSSL_free(server);
	wolfSSL_CTX_free(client_ctx);
	wolfSSL_CTX_free(server_ctx);
}

static void init(void)
{
	cr_assert_eq(wolfSSL_Init(), WOLFSSL_SUCCESS);
}

Test(lean_handshake, tls_13_digests_with_the_suites_hash_alone_once_it_is_known, .init = init)
{
	handshake(wolfTLSv1_3_server_method(), wolfTLSv1_3_client_method(),
		  "TLS13-AES128-GCM-SHA256");
	cr_assert_leq(digested_384, HELLOS_BYTES_MAX, "%u bytes", digested_384);
	cr_assert_leq(digested_512, HELLOS_BYTES_MAX);
	handshake(wolfTLSv1_3_server_method(), wolfTLSv1_3_client_method(),
		  "TLS13-AES256-GCM-SHA384");
	cr_assert_gt(digested_384, HELLOS_BYTES_MAX);
	cr_assert_leq(digested_512, HELLOS_BYTES_MAX);
}

/* There the client's signature may be over any of them. */
Test(lean_handshake, tls_12_digests_with_all, .init = init)
{
	handshake(wolfTLSv1_2_server_method(), wolfTLSv1_2_client_method(),
		  "ECDHE-ECDSA-AES128-GCM-SHA256");
	cr_assert_gt(digested_384, HELLOS_BYTES_MAX);
	cr_assert_gt(digested_512, HELLOS_BYTES_MAX);
}

static unsigned seeds_of_a_session(WOLFSSL_CTX *ctx)
{
	unsigned before = seeds;
	WOLFSSL *ssl = wolfSSL_new(ctx);

	cr_assert_not_null(ssl);
	wolfSSL_free(ssl);
	return seeds - before;
}

Test(lean_handshake, sessions_of_a_context_with_a_generator_seed_none, .init = init)
{
	WOLFSSL_CTX *ctx = server_make(wolfTLSv1_3_server_method(), "TLS13-AES128-GCM-SHA256");

	cr_assert_gt(seeds_of_a_session(ctx), 0);
	cr_assert_eq(wolfSSL_CTX_new_rng(ctx), WOLFSSL_SUCCESS);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(seeds_of_a_session(ctx), 0);
	wolfSSL_CTX_free(ctx);
	cr_assert_eq(wolfssl_live_blocks(), 0);
}
