/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripts/deps/wolfssl-rsa-schemes.patch: with which RSASSA-PSS schemes a client's key may sign is said by the verify callback. */
#include "tests/deps/wolfssl_pair.h"

#define RSAE (1 << 4 | 1 << 5 | 1 << 6)
#define PSS (1 << 9 | 1 << 10 | 1 << 11)

static void allow_rsae(WOLFSSL *server)
{
	wolfSSL_set_peer_rsa_schemes(server, RSAE);
}

static void allow_pss(WOLFSSL *server)
{
	wolfSSL_set_peer_rsa_schemes(server, PSS);
}

static int of_rsa_client(size_t version, void (*prepare)(WOLFSSL *server))
{
	WOLFSSL_CTX *ctx = pair_server_make(version);
	int error;

	pair_verify.key_file = PKI "/client-rsa-key.der";
	error = pair_handshake(ctx, version, "client-rsa", "client-rsa", prepare);
	wolfSSL_CTX_free(ctx);
	return error;
}

Test(rsa_schemes, schemes_that_were_allowed_are_accepted, .init = pair_init)
{
	cr_expect_eq(of_rsa_client(1, allow_rsae), 0);
}

Test(rsa_schemes, schemes_of_the_other_kind_of_key_are_refused, .init = pair_init)
{
	cr_expect_eq(of_rsa_client(1, allow_pss), INVALID_PARAMETER);
}

Test(rsa_schemes, without_a_word_none_is_accepted, .init = pair_init)
{
	cr_expect_eq(of_rsa_client(1, NULL), INVALID_PARAMETER);
}

Test(rsa_schemes, tls_1_2_and_keys_of_other_kinds_are_as_before, .init = pair_init)
{
	WOLFSSL_CTX *ctx = pair_server_make(1);

	cr_expect_eq(of_rsa_client(0, NULL), 0);
	pair_verify.key_file = PKI "/client-key.der";
	cr_expect_eq(pair_handshake(ctx, 1, "client-leaf", "client", NULL), 0);
	wolfSSL_CTX_free(ctx);
}
