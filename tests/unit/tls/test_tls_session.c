/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handshake, records and closing, with no client certificate in play. */
#include "tests/unit/tls/tls_pair.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

static struct tls_pair pair;
static const int versions[] = {WOLFSSL_TLSV1_2, WOLFSSL_TLSV1_3};

static void open_version(int version)
{
	pair_open(&pair, CLIENT_AUTH_OFF);
	pair_client_version(&pair, version);
	pair_connect(&pair, 0);
}

static void open_established(int version)
{
	open_version(version);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE, "drop %d", tls_session_drop(pair.server));
}

Test(tls_session, handshake_completes_in_both_versions)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		bool is_13 = version == WOLFSSL_TLSV1_3;

		open_established(version);
		cr_assert_str_eq(tls_session_version(pair.server), is_13 ? "TLSv1.3" : "TLSv1.2");
		cr_assert_str_eq(tls_session_cipher(pair.server),
				 is_13 ? "TLS_AES_128_GCM_SHA256"
				       : "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
		cr_assert_eq(pair.count.event[is_13 ? COUNTER_tls_handshakes_13
						    : COUNTER_tls_handshakes_12],
			     1);
		pair_assert_request(&pair, "GET / HTTP/1.1\r\n\r\n");
		pair_assert_response(&pair, "HTTP/1.1 200 OK\r\n\r\n");
		pair_close(&pair);
	}
}

Test(tls_session, client_without_certificate_may_forward_where_none_is_asked)
{
	open_version(WOLFSSL_TLSV1_3);
	cr_assert_not(tls_session_may_forward(pair.server));
	cr_assert_eq(pair_handshake(&pair), TLS_DONE);
	cr_assert(tls_session_may_forward(pair.server));
	cr_assert_eq(tls_session_verdict(pair.server), AUTH_no_certificate);
	pair_close(&pair);
}

Test(tls_session, rsa_certificate_serves_too)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		pair_connect(&pair, 1);
		cr_assert_eq(pair_handshake(&pair), TLS_DONE);
		pair_assert_request(&pair, "x");
		pair_close(&pair);
	}
}

/* Shows the session one byte more a step. */
static enum tls_step trickle_handshake(void)
{
	enum tls_step step = TLS_WANT_READ;

	for (unsigned turn = 0; turn < 10 && step != TLS_DONE; turn++) {
		pair_client_step(&pair);
		pair.rx_shown = 0;
		while (pair.rx_shown < pair.to_server.len) {
			pair.rx_shown++;
			step = pair_server_step(&pair);
			cr_assert_neq(step, TLS_FAILED);
		}
	}
	pair.rx_shown = SIZE_MAX;
	pair_client_step(&pair);
	return step;
}

Test(tls_session, input_byte_by_byte_is_the_same)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		cr_assert_eq(trickle_handshake(), TLS_DONE);
		pair_assert_request(&pair, "hello");
		pair_close(&pair);
	}
}

Test(tls_session, half_a_record_stays_outside)
{
	struct tls_arena_stats before, after;
	uint8_t buf[100];
	size_t got, record_bytes;

	open_established(WOLFSSL_TLSV1_3);
	tls_worker_arena_stats(pair.tw, &before);
	cr_assert_eq(wolfSSL_write(pair.client, "hello", 5), 5);
	record_bytes = pair.to_server.len;
	for (size_t shown = 0; shown < record_bytes; shown++) {
		pair.rx_shown = shown;
		cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_WANT_READ);
	}
	cr_assert_eq(pair.to_server.len, record_bytes);
	tls_worker_arena_stats(pair.tw, &after);
	cr_assert_eq(after.live_bytes, before.live_bytes);
	pair_close(&pair);
}

/* A sink that takes little at a time. */
Test(tls_session, full_sink_is_waited_for)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		enum tls_step step = TLS_WANT_READ;
		unsigned waits = 0;

		open_version(version);
		for (unsigned turn = 0; turn < 100 && step != TLS_DONE; turn++) {
			pair_client_step(&pair);
			pair.tx_room = 100;
			step = pair_server_step(&pair);
			waits += step == TLS_WANT_WRITE;
			cr_assert_neq(step, TLS_FAILED);
		}
		cr_assert_eq(step, TLS_DONE);
		cr_assert_gt(waits, 2);
		pair.tx_room = SIZE_MAX;
		pair_client_step(&pair);
		pair_assert_request(&pair, "hello");
		pair_client_step(&pair);
		pair_assert_response(&pair, "hello");
		pair_close(&pair);
	}
}

Test(tls_session, write_takes_only_what_the_sink_can_take_whole)
{
	static uint8_t plain[40000], buf[40000];
	size_t got;

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_established(version);
		cr_assert_eq(tls_session_write(pair.server, span_of(plain, 100), 20, &got),
			     TLS_WANT_WRITE);
		cr_assert_eq(got, 0);
		for (size_t space = 65; space < 40000; space = space * 5 / 4) {
			pair.tx_room = space;
			cr_assert_eq(tls_session_write(pair.server, span_of(plain, sizeof(plain)),
						       space, &got),
				     TLS_DONE);
			cr_assert_gt(got, 0);
			cr_assert_leq(got, 16384);
			/* one whole record */
			cr_assert_eq(wolfSSL_read(pair.client, buf, sizeof(buf)), (int)got);
			cr_assert_eq(pair.to_client.len, 0);
		}
		pair_close(&pair);
	}
}

Test(tls_session, largest_records_pass_both_ways)
{
	static uint8_t plain[16384], buf[20000];
	size_t got;

	memset(plain, 'x', sizeof(plain));
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_established(version);
		cr_assert_eq(wolfSSL_write(pair.client, plain, 16384), 16384);
		cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_DONE);
		cr_assert_eq(got, 16384);
		cr_assert_arr_eq(buf, plain, got);
		cr_assert_eq(tls_session_write(pair.server, SPAN(plain), 20000, &got), TLS_DONE);
		cr_assert_eq(got, 16384);
		cr_assert_eq(wolfSSL_read(pair.client, buf, sizeof(buf)), 16384);
		pair_close(&pair);
	}
}

Test(tls_session, record_is_read_in_pieces)
{
	uint8_t buf[4];
	size_t got;

	open_established(WOLFSSL_TLSV1_3);
	cr_assert_eq(wolfSSL_write(pair.client, "123456", 6), 6);
	cr_assert_eq(tls_session_read(pair.server, buf, 4, &got), TLS_DONE);
	cr_assert_eq(got, 4);
	cr_assert_eq(tls_session_pending(pair.server), 2);
	cr_assert_eq(tls_session_read(pair.server, buf, 4, &got), TLS_DONE);
	cr_assert_eq(got, 2);
	cr_assert_eq(tls_session_pending(pair.server), 0);
	cr_assert_eq(tls_session_read(pair.server, buf, 4, &got), TLS_WANT_READ);
	pair_close(&pair);
}

Test(tls_session, close_notify_is_understood_and_the_answer_still_goes_out)
{
	uint8_t buf[100];
	size_t got;

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_established(version);
		cr_assert_eq(wolfSSL_write(pair.client, "last", 4), 4);
		wolfSSL_shutdown(pair.client);
		cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_DONE);
		cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_CLOSED);
		cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_CLOSED);
		cr_assert_eq(tls_session_drop(pair.server), DROP_none);
		cr_assert_eq(tls_session_write(pair.server, SPAN_LIT("answer"), 1000, &got),
			     TLS_DONE);
		cr_assert_eq(wolfSSL_read(pair.client, buf, sizeof(buf)), 6);
		pair_close(&pair);
	}
}

Test(tls_session, close_notify_is_sent_once)
{
	char buf[10];

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_established(version);
		cr_assert_eq(tls_session_close(pair.server), TLS_DONE);
		cr_assert_gt(pair.to_client.len, 0);
		cr_assert_leq(wolfSSL_read(pair.client, buf, sizeof(buf)), 0);
		cr_assert_eq(wolfSSL_get_error(pair.client, 0), WOLFSSL_ERROR_ZERO_RETURN);
		cr_assert_eq(tls_session_close(pair.server), TLS_DONE);
		cr_assert_eq(pair.to_client.len, 0);
		pair_close(&pair);
	}
}

Test(tls_session, close_notify_waits_for_a_full_sink)
{
	open_established(WOLFSSL_TLSV1_3);
	pair.tx_room = 5;
	cr_assert_eq(tls_session_close(pair.server), TLS_WANT_WRITE);
	cr_assert_eq(tls_session_close(pair.server), TLS_WANT_WRITE);
	pair.tx_room = SIZE_MAX;
	cr_assert_eq(tls_session_close(pair.server), TLS_DONE);
	cr_assert_eq(pair.to_client.len, 5 + 2 + 1 + 16);
	pair_close(&pair);
}

Test(tls_session, key_update_of_the_client_is_followed_and_answered)
{
	uint8_t buf[10];
	size_t got;

	open_established(WOLFSSL_TLSV1_3);
	cr_assert_eq(wolfSSL_update_keys(pair.client), WOLFSSL_SUCCESS);
	cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_WANT_READ);
	cr_assert_gt(pair.to_client.len, 0);
	pair_assert_request(&pair, "after");
	pair_assert_response(&pair, "after");
	pair_close(&pair);
}

/* A client that asks for answers and does not read them must not make us keep them all. */
Test(tls_session, answers_to_key_updates_do_not_pile_up)
{
	struct tls_arena_stats before, after;
	uint8_t buf[10];
	size_t got;

	open_established(WOLFSSL_TLSV1_3);
	pair.to_client_kept = true;
	pair.tx_room = 0;
	tls_worker_arena_stats(pair.tw, &before);
	for (unsigned i = 0; i < 1000; i++) {
		wolfSSL_update_keys(pair.client);
		cr_assert_eq(wolfSSL_write(pair.client, "x", 1), 1);
		tls_session_read(pair.server, buf, sizeof(buf), &got);
	}
	tls_worker_arena_stats(pair.tw, &after);
	cr_assert_lt(after.live_bytes, before.live_bytes + 1000);
	cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_WANT_WRITE);
	pair_close(&pair);
}

Test(tls_session, records_without_data_end_the_session)
{
	uint8_t buf[10];
	size_t got;

	open_established(WOLFSSL_TLSV1_3);
	for (unsigned i = 0; i < 200; i++)
		wolfSSL_update_keys(pair.client);
	cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_FAILED);
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_record_flood);
	cr_assert_gt(pair.to_server.len, 1000, "the rest is not even read");
	pair_close(&pair);
}

Test(tls_session, tampered_record_ends_the_session)
{
	uint8_t buf[10];
	size_t got;

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_established(version);
		cr_assert_eq(wolfSSL_write(pair.client, "hello", 5), 5);
		pair.to_server.bytes[pair.to_server.len - 1] ^= 1;
		cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_FAILED);
		cr_assert_eq(tls_session_drop(pair.server), DROP_tls_record_bad_mac);
		cr_assert_eq(pair.count.drop[DROP_tls_record_bad_mac], 1);
		cr_assert_not(tls_session_may_forward(pair.server));
		cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_FAILED);
		cr_assert_eq(tls_session_write(pair.server, SPAN_LIT("x"), 1000, &got), TLS_FAILED);
		cr_assert_eq(tls_session_close(pair.server), TLS_FAILED);
		cr_assert_eq(pair.count.drop[DROP_tls_record_bad_mac], 1);
		pair_close(&pair);
	}
}

Test(tls_session, record_longer_than_tls_allows_ends_the_session_at_once)
{
	static const uint8_t header[] = {0x17, 3, 3, 0x41, 1};
	uint8_t buf[10];
	size_t got;

	open_established(WOLFSSL_TLSV1_3);
	memcpy(pair.to_server.bytes, header, sizeof(header));
	pair.to_server.len = sizeof(header);
	cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_FAILED);
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_record_too_large);
	pair_close(&pair);
}

Test(tls_session, alert_of_the_client_ends_the_handshake)
{
	static const uint8_t alert[] = {0x15, 3, 3, 0, 2, 2, 48};

	open_version(WOLFSSL_TLSV1_2);
	pair_client_step(&pair);
	pair_server_step(&pair);
	memcpy(pair.to_server.bytes, alert, sizeof(alert));
	pair.to_server.len = sizeof(alert);
	cr_assert_eq(pair_server_step(&pair), TLS_FAILED);
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_alert_received);
	cr_assert_eq(pair.count.event[COUNTER_tls_handshakes_failed], 1);
	pair_close(&pair);
}

Test(tls_session, alpn_is_http11_or_refused_or_absent)
{
	static char h2[] = "h2", both[] = "h2,http/1.1";

	pair_open(&pair, CLIENT_AUTH_OFF);
	pair_connect(&pair, 0);
	wolfSSL_UseALPN(pair.client, both, sizeof(both) - 1, WOLFSSL_ALPN_CONTINUE_ON_MISMATCH);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE);
	pair_connect(&pair, 0);
	wolfSSL_UseALPN(pair.client, h2, sizeof(h2) - 1, WOLFSSL_ALPN_CONTINUE_ON_MISMATCH);
	cr_assert_eq(pair_handshake(&pair), TLS_FAILED);
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_handshake_no_shared_protocol);
	cr_assert_eq(pair.count.drop[DROP_tls_handshake_no_shared_protocol], 1);
	pair_close(&pair);
}

Test(tls_session, client_without_a_shared_suite_is_refused)
{
	pair_open(&pair, CLIENT_AUTH_OFF);
	pair_client_version(&pair, WOLFSSL_TLSV1_2);
	cr_assert_eq(wolfSSL_CTX_set_cipher_list(pair.client_ctx, "ECDHE-RSA-AES128-GCM-SHA256"),
		     WOLFSSL_SUCCESS);
	pair_connect(&pair, 0); /* ECDSA */
	cr_assert_eq(pair_handshake(&pair), TLS_FAILED);
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_handshake_no_shared_cipher);
	pair_close(&pair);
}

/* The ClientHello with its versions lowered to TLS 1.1. */
Test(tls_session, older_versions_are_refused)
{
	open_version(WOLFSSL_TLSV1_2);
	pair_client_step(&pair);
	pair.to_server.bytes[10] = 2;
	cr_assert_eq(pair_server_step(&pair), TLS_FAILED);
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_handshake_protocol_version);
	pair_close(&pair);
}

static void assert_group(int *group, const char *name)
{
	pair_connect(&pair, 0);
	cr_assert_eq(wolfSSL_set_groups(pair.client, group, 1), WOLFSSL_SUCCESS);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE, "%s: drop %d", name,
		     tls_session_drop(pair.server));
}

Test(tls_session, groups_we_promise_work_in_both_versions)
{
	int groups[] = {WOLFSSL_ECC_X25519, WOLFSSL_ECC_SECP256R1, WOLFSSL_ECC_SECP384R1};
	int p521 = WOLFSSL_ECC_SECP521R1;

	pair_open(&pair, CLIENT_AUTH_OFF);
	for (unsigned i = 0; i < 3; i++)
		assert_group(&groups[i], "1.3");
#ifdef WOLFSSL_HAVE_MLKEM
	groups[0] = WOLFSSL_X25519MLKEM768;
	assert_group(&groups[0], "X25519MLKEM768");
#endif
	pair_connect(&pair, 0);
	wolfSSL_set_groups(pair.client, &p521, 1);
	cr_assert_eq(pair_handshake(&pair), TLS_FAILED);
	pair_close(&pair);
}

Test(tls_session, hello_retry_request_is_followed)
{
	int groups[] = {WOLFSSL_ECC_SECP521R1, WOLFSSL_ECC_SECP384R1};

	open_version(WOLFSSL_TLSV1_3);
	cr_assert_eq(wolfSSL_set_groups(pair.client, groups, 2), WOLFSSL_SUCCESS);
	cr_assert_eq(wolfSSL_UseKeyShare(pair.client, WOLFSSL_ECC_SECP521R1), WOLFSSL_SUCCESS);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE, "drop %d", tls_session_drop(pair.server));
	pair_assert_request(&pair, "x");
	pair_close(&pair);
}

/* Puts what the client sent, one record, into records of fragment_bytes. */
static void refragment(size_t fragment_bytes)
{
	static uint8_t message[20000];
	size_t left = pair.to_server.len - 5;
	struct pipe *pipe = &pair.to_server;

	memcpy(message, pipe->bytes + 5, left);
	pipe->len = 0;
	for (const uint8_t *p = message; left > 0; p += fragment_bytes) {
		size_t len = left < fragment_bytes ? left : fragment_bytes;
		const uint8_t header[] = {0x16, 3, 3, (uint8_t)(len >> 8), (uint8_t)len};

		memcpy(pipe->bytes + pipe->len, header, sizeof(header));
		memcpy(pipe->bytes + pipe->len + sizeof(header), p, len);
		pipe->len += sizeof(header) + len;
		left -= len;
	}
}

Test(tls_session, client_hello_may_span_records)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		for (size_t size = 16; size < 1000; size *= 3) {
			open_version(version);
			pair_client_step(&pair);
			refragment(size);
			cr_assert_eq(pair_handshake(&pair), TLS_DONE);
			pair_close(&pair);
		}
	}
}

Test(tls_session, handshake_in_too_many_records_is_refused)
{
	/* a ClientHello of 1000 bytes, and of its body one byte a record */
	static const uint8_t start[] = {0x16, 3, 3, 0, 4, 1, 0, 3, 0xe8};
	static const uint8_t byte[] = {0x16, 3, 3, 0, 1, 3};
	struct pipe *pipe = &pair.to_server;

	open_version(WOLFSSL_TLSV1_2);
	memcpy(pipe->bytes, start, sizeof(start));
	pipe->len = sizeof(start);
	for (unsigned i = 0; i < 300; i++) {
		memcpy(pipe->bytes + pipe->len, byte, sizeof(byte));
		pipe->len += sizeof(byte);
	}
	cr_assert_eq(pair_server_step(&pair), TLS_FAILED);
	cr_assert_eq(tls_session_drop(pair.server), DROP_tls_handshake_too_many_records);
	pair_close(&pair);
}

Test(tls_session, nothing_is_read_or_written_before_the_handshake)
{
	uint8_t buf[10];
	size_t got;

	open_version(WOLFSSL_TLSV1_3);
	pair_client_step(&pair);
	cr_assert_eq(tls_session_read(pair.server, buf, sizeof(buf), &got), TLS_FAILED);
	cr_assert_eq(tls_session_write(pair.server, SPAN_LIT("x"), 1000, &got), TLS_FAILED);
	cr_assert_eq(pair_handshake(&pair), TLS_DONE);
	pair_close(&pair);
}

Test(tls_session, pool_and_arena_are_bounded_and_counted)
{
	struct tls_session *all[4];
	void *filler;

	pair_open(&pair, CLIENT_AUTH_OFF);
	for (unsigned i = 0; i < 4; i++) {
		all[i] = tls_session_create(pair.tw, 0, &pair.profile, &(struct tls_io_ops){0},
					    NULL);
		cr_assert_not_null(all[i]);
	}
	cr_assert_null(
		tls_session_create(pair.tw, 0, &pair.profile, &(struct tls_io_ops){0}, NULL));
	cr_assert_eq(pair.count.drop[DROP_tls_sessions_full], 1);
	for (unsigned i = 0; i < 4; i++)
		tls_session_destroy(all[i]);
	filler = tls_worker_alloc(pair.tw, 3 << 20);
	cr_assert_not_null(filler);
	cr_assert_null(tls_worker_alloc(pair.tw, 1 << 20));
	tls_worker_free(pair.tw, filler);
	pair_close(&pair);
}

/* Leaves room bytes in the arena. */
static void *arena_fill(size_t room)
{
	struct tls_arena_stats now;

	tls_worker_arena_stats(pair.tw, &now);
	return tls_worker_alloc(pair.tw, PAIR_ARENA_BYTES - now.live_bytes - 16 - room);
}

/* The arena is full at one place after the other: a handshake fails for one reason, or completes,
 * and no more. */
static enum drop_reason handshake_within(size_t room)
{
	void *filler = arena_fill(room);
	uint64_t full_before = pair.count.drop[DROP_tls_arena_full];
	enum drop_reason why = DROP_tls_arena_full;

	cr_assert_not_null(filler);
	if (pair_try_connect(&pair, 0)) {
		pair_handshake(&pair);
		why = tls_session_drop(pair.server);
	}
	cr_assert_eq(pair.count.drop[DROP_tls_arena_full] - full_before,
		     why == DROP_tls_arena_full);
	pair_disconnect(&pair);
	tls_worker_free(pair.tw, filler);
	return why;
}

Test(tls_session, full_arena_fails_the_handshake_and_nothing_else)
{
	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		struct tls_arena_stats before, after;
		unsigned refused_count = 0;
		size_t room;

		pair_open(&pair, CLIENT_AUTH_OFF);
		pair_client_version(&pair, version);
		tls_worker_arena_stats(pair.tw, &before);
		for (room = 0; room < 40000; room += 150)
			refused_count += handshake_within(room) != DROP_none;
		cr_assert_gt(refused_count, 20);
		cr_assert_eq(handshake_within(room), DROP_none);
		tls_worker_arena_stats(pair.tw, &after);
		cr_assert_eq(before.live_bytes, after.live_bytes);
		pair_close(&pair);
	}
}

Test(tls_session, handshakes_leave_no_memory_behind)
{
	struct tls_arena_stats before, after;

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		open_version(version);
		cr_assert_eq(pair_handshake(&pair), TLS_DONE);
		pair_disconnect(&pair);
		tls_worker_arena_stats(pair.tw, &before);
		for (unsigned i = 0; i < 100; i++) {
			pair_connect(&pair, i % 2);
			cr_assert_eq(pair_handshake(&pair), TLS_DONE);
			pair_disconnect(&pair);
		}
		tls_worker_arena_stats(pair.tw, &after);
		cr_assert_eq(after.live_bytes, before.live_bytes);
		pair_close(&pair);
	}
}

Test(tls_session, idle_session_is_small_and_holds_no_record)
{
	struct tls_arena_stats empty, idle;

	for (size_t v = 0; v < 2; v++) {
		int version = versions[v];
		pair_open(&pair, CLIENT_AUTH_OFF);
		pair_client_version(&pair, version);
		tls_worker_arena_stats(pair.tw, &empty);
		pair_connect(&pair, 0);
		cr_assert_eq(pair_handshake(&pair), TLS_DONE);
		pair_assert_request(&pair, "hello");
		pair_assert_response(&pair, "hello");
		tls_worker_arena_stats(pair.tw, &idle);
		cr_assert_leq(idle.live_bytes - empty.live_bytes, 6000, "%lu bytes",
			      (unsigned long)(idle.live_bytes - empty.live_bytes));
		pair_close(&pair);
	}
}
