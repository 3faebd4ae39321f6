/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scripts/deps/wolfssl-ca-names.patch: a server's CertificateRequest lists the names that it was given, as they are. */
#include "tests/deps/wolfssl_alloc.h"
#include "tests/deps/wolfssl_pair.h"

#include <string.h>

/* As many octets as our sessions ever list; what stands in a name is not looked at. */
#define NAMES_OCTETS 10000
#define NAME_OCTETS 100
static uint8_t names[NAMES_OCTETS];

static void names_init(void)
{
	pair_init();
	for (size_t i = 0; i < NAMES_OCTETS; i++)
		names[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t i = 0; i < NAMES_OCTETS; i += NAME_OCTETS) {
		names[i] = 0;
		names[i + 1] = NAME_OCTETS - 2;
	}
}

static void list_names(WOLFSSL *server)
{
	wolfSSL_set_ca_names(server, names, NAMES_OCTETS);
}

static size_t flight_len(WOLFSSL_CTX *ctx, size_t version, void (*prepare)(WOLFSSL *server))
{
	size_t len;

	cr_assert_eq(pair_handshake(ctx, version, "client-leaf", "client", prepare), 0);
	pair_first_flight(&len);
	return len;
}

Test(ca_names, request_of_tls_1_2_ends_with_the_list, .init = names_init)
{
	WOLFSSL_CTX *ctx = pair_server_make(0);
	const uint8_t *flight, *at;
	size_t len;

	len = flight_len(ctx, 0, list_names);
	flight = pair_first_flight(&len);
	at = memmem(flight, len, names, NAMES_OCTETS);
	cr_assert_not_null(at);
	cr_expect_eq(at[-2] << 8 | at[-1], NAMES_OCTETS);
	cr_expect_eq(at[NAMES_OCTETS], 22, "the next record, of ServerHelloDone");
	wolfSSL_CTX_free(ctx);
}

/* The request is encrypted; the client understood it.  A record is as long as what is in it, and the signature of ECDSA varies
 * by some octets. */
Test(ca_names, request_of_tls_1_3_grows_by_the_extension, .init = names_init)
{
	WOLFSSL_CTX *ctx = pair_server_make(1);
	size_t without = flight_len(ctx, 1, NULL), with = flight_len(ctx, 1, list_names);

	cr_expect_lt(with - without, NAMES_OCTETS + 6 + 8);
	cr_expect_gt(with - without, NAMES_OCTETS + 6 - 8);
	wolfSSL_CTX_free(ctx);
}

Test(ca_names, list_is_not_copied_and_not_freed, .init = names_init)
{
	for (size_t v = 0; v < PAIR_VERSIONS; v++) {
		WOLFSSL_CTX *ctx = pair_server_make(v);
		long before;

		cr_assert_eq(pair_handshake(ctx, v, "client-leaf", "client", list_names), 0);
		before = wolfssl_live_blocks();
		for (int i = 0; i < 5; i++)
			cr_assert_eq(pair_handshake(ctx, v, "client-leaf", "client", list_names),
				     0);
		cr_expect_eq(wolfssl_live_blocks(), before);
		wolfSSL_CTX_free(ctx);
	}
}
