/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No session of ours is resumed, in either version, by session ID or by ticket: a client that was
 * accepted is asked for its certificate again, and one that has none is not taken for another that
 * had. */
#include "tests/unit/tls/fake_trust.h"
#include "tests/unit/tls/tls_pair.h"

#include <criterion/criterion.h>

#define HANDSHAKE_NEW_SESSION_TICKET 4
#define EXTENSION_SESSION_TICKET 35

static struct tls_pair pair;

static void open_version(int version)
{
	fake_trust = (struct fake_trust){.answer = AUTH_ok};
	pair_open(&pair, CLIENT_AUTH_REQUIRE);
	pair_client_version(&pair, version);
	pair_client_certificate(&pair, "client-good-chain", "client-good");
	wolfSSL_CTX_UseSessionTicket(pair.client_ctx);
}

/* A complete connection of an accepted client; the session as the client remembers it. */
static WOLFSSL_SESSION *first_session(void)
{
	WOLFSSL_SESSION *session;

	pair_connect(&pair, 0);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE);
	cr_assert(tls_session_may_forward(pair.server));
	pair_assert_request(&pair, "x");
	pair_assert_response(&pair, "y");
	session = wolfSSL_get1_session(pair.client);
	wolfSSL_shutdown(pair.client);
	tls_session_close(pair.server);
	return session;
}

/* Connects again, offering session, without a certificate. */
static void assert_not_resumed(WOLFSSL_SESSION *session)
{
	pair_client_version(&pair, pair.client_version);
	wolfSSL_CTX_UseSessionTicket(pair.client_ctx);
	pair_connect(&pair, 0);
	if (session != NULL)
		wolfSSL_set_session(pair.client, session);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE);
	cr_assert_not(wolfSSL_session_reused(pair.client));
	cr_assert_eq(tls_session_verdict(pair.server), AUTH_no_certificate);
	cr_assert_not(tls_session_may_forward(pair.server));
}

Test(tls_resumption, session_id_does_not_resume_in_tls_12)
{
	WOLFSSL_SESSION *session;

	open_version(WOLFSSL_TLSV1_2);
	session = first_session();
	assert_not_resumed(session);
	wolfSSL_SESSION_free(session);
	pair_close(&pair);
}

Test(tls_resumption, session_does_not_resume_in_tls_13)
{
	WOLFSSL_SESSION *session;

	open_version(WOLFSSL_TLSV1_3);
	session = first_session();
	assert_not_resumed(session);
	wolfSSL_SESSION_free(session);
	pair_close(&pair);
}

Test(tls_resumption, full_handshake_judges_again)
{
	WOLFSSL_SESSION *session;

	open_version(WOLFSSL_TLSV1_2);
	session = first_session();
	cr_assert_eq(fake_trust.call_count, 1);
	fake_trust.answer = AUTH_expired;
	pair_connect(&pair, 0);
	wolfSSL_set_session(pair.client, session);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE);
	cr_assert_eq(fake_trust.call_count, 2);
	cr_assert_not(tls_session_may_forward(pair.server));
	wolfSSL_SESSION_free(session);
	pair_close(&pair);
}

/* In TLS 1.2 the server's flights are in the clear up to its Finished. */
Test(tls_resumption, no_ticket_is_sent_in_tls_12)
{
	const struct pipe *pipe = &pair.to_client;
	size_t pos = 0;

	open_version(WOLFSSL_TLSV1_2);
	pair_connect(&pair, 0);
	pair_client_step(&pair);
	pair_server_step(&pair);
	/* ServerHello: version, random, session_id, suite, compression, extensions */
	cr_assert_eq(pipe->bytes[5], 2);
	pos = 9 + 2 + 32;
	pos += 1 + pipe->bytes[pos] + 2 + 1 + 2;
	while (pos < 5 + 256u * pipe->bytes[3] + pipe->bytes[4]) {
		cr_assert_neq(pipe->bytes[pos] * 256 + pipe->bytes[pos + 1],
			      EXTENSION_SESSION_TICKET);
		pos += 4 + 256u * pipe->bytes[pos + 2] + pipe->bytes[pos + 3];
	}
	pair_client_step(&pair);
	cr_assert_eq(pipe->len, 0);
	cr_assert_eq(pair_server_step(&pair), TLS_DONE);
	/* ChangeCipherSpec and Finished, and nothing before them */
	cr_assert_eq(pipe->bytes[0], 20);
	cr_assert_eq(pipe->bytes[6], 22);
	cr_assert_eq(6 + 5 + 256u * pipe->bytes[9] + pipe->bytes[10], pipe->len);
	pair_close(&pair);
}

Test(tls_resumption, no_ticket_is_sent_in_tls_13)
{
	open_version(WOLFSSL_TLSV1_3);
	pair_connect(&pair, 0);
	pair_client_step(&pair);
	pair_server_step(&pair);
	pair_client_step(&pair);
	cr_assert_eq(pair.to_client.len, 0);
	/* the client's Finished is the end of the handshake: a ticket would follow it */
	cr_assert_eq(pair_server_step(&pair), TLS_DONE);
	cr_assert_eq(pair.to_client.len, 0);
	pair_close(&pair);
}
