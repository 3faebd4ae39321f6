/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripts/deps/wolfssl-chain-not-read.patch: a server reads nothing of its client's chain but the key that its verify
 * callback hands over, and takes no CA of the chain for its own. */
#include "tests/deps/wolfssl_alloc.h"
#include "tests/deps/wolfssl_pair.h"

Test(chain_not_read, callback_is_asked_once_and_wolfssl_has_no_opinion, .init = pair_init)
{
	static const struct {
		const char *chain;
		int count;
	} clients[] = {{"client-chain", 2}, {"client-leaf", 1}};

	for (size_t v = 0; v < PAIR_VERSIONS; v++) {
		WOLFSSL_CTX *ctx = pair_server_make(v);

		for (size_t i = 0; i < 2; i++) {
			cr_assert_eq(pair_handshake(ctx, v, clients[i].chain, "client", NULL), 0);
			cr_assert_eq(pair_verify.calls, 1);
			cr_assert_eq(pair_verify.ok, 1);
			cr_assert_eq(pair_verify.error, 0);
			cr_assert_eq(pair_verify.total_certs, clients[i].count);
		}
		wolfSSL_CTX_free(ctx);
	}
}

Test(chain_not_read, what_stands_behind_the_leaf_need_not_be_a_certificate, .init = pair_init)
{
	for (size_t v = 0; v < PAIR_VERSIONS; v++) {
		WOLFSSL_CTX *ctx = pair_server_make(v);

		cr_assert_eq(pair_handshake(ctx, v, "client-junk", "client", NULL), 0);
		cr_assert_eq(pair_verify.total_certs, 2);
		wolfSSL_CTX_free(ctx);
	}
}

Test(chain_not_read, key_that_was_handed_over_is_the_one_to_be_proved, .init = pair_init)
{
	for (size_t v = 0; v < PAIR_VERSIONS; v++) {
		WOLFSSL_CTX *ctx = pair_server_make(v);
		int error;

		pair_verify.key_file = PKI "/server-key.der";
		error = pair_handshake(ctx, v, "client-leaf", "client", NULL);
		cr_assert(error == VERIFY_SIGN_ERROR || error == SIG_VERIFY_E, "error %d", error);
		wolfSSL_CTX_free(ctx);
	}
}

Test(chain_not_read, callback_that_hands_over_no_key_ends_the_handshake, .init = pair_init)
{
	for (size_t v = 0; v < PAIR_VERSIONS; v++) {
		WOLFSSL_CTX *ctx = pair_server_make(v);

		pair_verify.key_file = NULL;
		cr_assert_eq(pair_handshake(ctx, v, "client-leaf", "client", NULL), PEER_KEY_ERROR);
		cr_assert_eq(pair_verify.calls, 1);
		wolfSSL_CTX_free(ctx);
	}
}

Test(chain_not_read, ca_of_a_chain_is_not_adopted, .init = pair_init)
{
	for (size_t v = 0; v < PAIR_VERSIONS; v++) {
		WOLFSSL_CTX *ctx = pair_server_make(v);

		cr_assert_eq(pair_handshake(ctx, v, "client-chain", "client", NULL), 0);
		cr_expect_neq(wolfSSL_CertManagerVerify(wolfSSL_CTX_GetCertManager(ctx),
							PKI "/client-leaf.pem",
							WOLFSSL_FILETYPE_PEM),
			      WOLFSSL_SUCCESS, "wolfSSL knows the attacker's CA now");
		wolfSSL_CTX_free(ctx);
	}
}

/* The first handshake may leave something behind once; nothing may be left by each. */
Test(chain_not_read, chains_leave_no_memory_behind, .init = pair_init)
{
	WOLFSSL_CTX *ctx = pair_server_make(1);
	long before;

	cr_assert_eq(pair_handshake(ctx, 1, "client-leaf", "client", NULL), 0);
	before = wolfssl_live_blocks();
	for (int i = 0; i < 5; i++)
		pair_handshake(ctx, 1, "client-chain", "client", NULL);
	cr_expect_eq(wolfssl_live_blocks(), before);
	wolfSSL_CTX_free(ctx);
}
