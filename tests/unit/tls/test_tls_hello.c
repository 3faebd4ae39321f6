/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/tls/hello_maker.h"

#include "tls/tls_hello.h"

static uint8_t scratch[TLS_HELLO_MAX];
static uint8_t wire_storage[200000];
static struct tls_hello hello;

static enum tls_hello_status parse(struct span raw)
{
	return tls_hello_parse(raw, scratch, &hello);
}

static struct span records(struct span message, size_t fragment_bytes)
{
	struct outbuf out = outbuf_of(wire_storage, sizeof(wire_storage));

	put_records(&out, message, fragment_bytes);
	return outbuf_span(&out);
}

/* A ClientHello in one record with exactly these extensions. */
static struct span with_extensions(struct span extensions)
{
	struct hello_maker m = hello_maker_default();

	m.extensions = extensions;
	return records(hello_message(&m), 16384);
}

static struct span with_sni(struct span name)
{
	uint8_t storage[1000];
	struct outbuf ext = outbuf_of(storage, sizeof(storage));

	put_sni(&ext, name);
	return with_extensions(outbuf_span(&ext));
}

static void assert_bad(struct span raw, enum drop_reason why)
{
	enum tls_hello_status status = parse(raw);

	cr_assert_eq(status, TLS_HELLO_BAD, "status is %d", status);
	cr_assert_eq(hello.drop, why, "drop is %d, not %d", hello.drop, why);
	cr_assert_not(hello.has_sni);
}

static void assert_sni(struct span raw, const char *name)
{
	cr_assert_eq(parse(raw), TLS_HELLO_OK, "drop is %d", hello.drop);
	cr_assert(hello.has_sni);
	cr_assert_str_eq(hello.sni, name);
}

Test(tls_hello, server_name_is_found_and_lower_cased)
{
	assert_sni(with_sni(SPAN_LIT("API.Example")), "api.example");
	assert_sni(with_sni(SPAN_LIT("x")), "x");
	assert_sni(with_sni(SPAN_LIT("3-a.b1")), "3-a.b1");
}

Test(tls_hello, server_name_may_be_absent)
{
	struct hello_maker m = hello_maker_default();

	cr_assert_eq(parse(with_extensions(SPAN_LIT("\x00\x17\x00\x00"))), TLS_HELLO_OK);
	cr_assert_not(hello.has_sni);
	m.without_extensions = true;
	cr_assert_eq(parse(records(hello_message(&m), 16384)), TLS_HELLO_OK);
	cr_assert_not(hello.has_sni);
}

Test(tls_hello, server_name_that_is_no_host_name_is_refused)
{
	static const char label_64[] =
		"a123456789012345678901234567890123456789012345678901234567890123";
	const struct span names[] = {
		SPAN_LIT(""),
		SPAN_LIT("."),
		SPAN_LIT("a."),
		SPAN_LIT(".a"),
		SPAN_LIT("a..b"),
		SPAN_LIT("-a"),
		SPAN_LIT("a-"),
		SPAN_LIT("a-.b"),
		SPAN_LIT("a.-b"),
		SPAN_LIT("a b"),
		SPAN_LIT("a_b"),
		SPAN_LIT("*.a"),
		SPAN_LIT("api\0.ex"),
		SPAN_LIT("api.ex\0"),
		SPAN_LIT("a\xc3\xa9.b"),
		SPAN_LIT("a/b"),
		SPAN_LIT("a:443"),
		SPAN_LIT("198.18.0.1"),
		SPAN_LIT("::1"),
		SPAN_LIT("a\r\nHost: b"),
		span_str(label_64),
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_bad(with_sni(names[i]), DROP_tls_hello_bad_sni);
	cr_assert_eq(parse(with_sni(span_head(span_str(label_64), 63))), TLS_HELLO_OK);
}

Test(tls_hello, server_name_longer_than_dns_allows_is_refused)
{
	char name[300];

	for (size_t i = 0; i < sizeof(name); i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	cr_assert_eq(parse(with_sni(span_of(name, 253))), TLS_HELLO_OK);
	cr_assert_eq(strlen(hello.sni), 253);
	assert_bad(with_sni(span_of(name, 255)), DROP_tls_hello_bad_sni);
	assert_bad(with_sni(span_of(name, 299)), DROP_tls_hello_bad_sni);
}

Test(tls_hello, server_name_list_holds_exactly_one_host_name)
{
	/* two names */
	assert_bad(with_extensions(SPAN_LIT("\0\0\0\x0a\0\x08\0\0\x01"
					    "a\0\0\x01"
					    "b")),
		   DROP_tls_hello_bad_sni);
	/* another name type */
	assert_bad(with_extensions(SPAN_LIT("\0\0\0\x06\0\x04\x01\0\x01"
					    "a")),
		   DROP_tls_hello_bad_sni);
	/* an empty list, and none */
	assert_bad(with_extensions(SPAN_LIT("\0\0\0\x02\0\0")), DROP_tls_hello_bad_sni);
	assert_bad(with_extensions(SPAN_LIT("\0\0\0\0")), DROP_tls_hello_bad_sni);
	/* bytes after the list */
	assert_bad(with_extensions(SPAN_LIT("\0\0\0\x07\0\x04\0\0\x01"
					    "aa")),
		   DROP_tls_hello_bad_sni);
	/* a name that says it is longer than the list */
	assert_bad(with_extensions(SPAN_LIT("\0\0\0\x06\0\x04\0\0\x02"
					    "a")),
		   DROP_tls_hello_bad_sni);
}

Test(tls_hello, extension_twice_is_refused)
{
	assert_bad(with_extensions(SPAN_LIT("\0\x17\0\0\0\x17\0\0")), DROP_tls_hello_malformed);
	assert_bad(with_extensions(SPAN_LIT("\0\0\0\x06\0\x04\0\0\x01"
					    "a\0\0\0\x06\0\x04\0\0\x01"
					    "a")),
		   DROP_tls_hello_malformed);
}

Test(tls_hello, extension_count_is_bounded)
{
	uint8_t storage[1000];
	struct outbuf ext = outbuf_of(storage, sizeof(storage));

	for (unsigned i = 0; i < TLS_HELLO_EXTENSIONS_MAX; i++)
		put_extension(&ext, 1000 + i, SPAN_LIT(""));
	cr_assert_eq(parse(with_extensions(outbuf_span(&ext))), TLS_HELLO_OK);
	put_extension(&ext, 9, SPAN_LIT(""));
	assert_bad(with_extensions(outbuf_span(&ext)), DROP_tls_hello_malformed);
}

Test(tls_hello, extension_past_the_end_is_refused)
{
	assert_bad(with_extensions(SPAN_LIT("\0\x17\0\x01")), DROP_tls_hello_malformed);
	assert_bad(with_extensions(SPAN_LIT("\0\x17\0")), DROP_tls_hello_malformed);
	assert_bad(with_extensions(SPAN_LIT("\0")), DROP_tls_hello_malformed);
}

Test(tls_hello, bad_cipher_suites_and_compression_are_refused)
{
	const struct span suites[] = {SPAN_LIT("\0\0"), SPAN_LIT("\0\x03\x13\x01\xc0"),
				      SPAN_LIT("\x40\0\x13\x01")};
	const struct span compressions[] = {SPAN_LIT("\0"), SPAN_LIT("\x01\x01"),
					    SPAN_LIT("\xff\0")};
	struct hello_maker m;

	for (size_t i = 0; i < 3; i++) {
		m = hello_maker_default();
		m.suites = suites[i];
		assert_bad(records(hello_message(&m), 16384), DROP_tls_hello_malformed);
		m = hello_maker_default();
		m.compression = compressions[i];
		assert_bad(records(hello_message(&m), 16384), DROP_tls_hello_malformed);
	}
}

/* Changes one byte of a good ClientHello. */
static struct span tampered(size_t idx, uint8_t value)
{
	struct span raw = with_sni(SPAN_LIT("a"));

	wire_storage[idx] = value;
	return raw;
}

Test(tls_hello, wrong_versions_and_lengths_are_refused)
{
	/* legacy_version 2.3 */
	assert_bad(tampered(9, 2), DROP_tls_hello_malformed);
	/* session_id past its maximum, and past the message */
	assert_bad(tampered(43, 33), DROP_tls_hello_malformed);
	assert_bad(tampered(43, 255), DROP_tls_hello_malformed);
	/* extensions past the end, and bytes behind them */
	assert_bad(tampered(53, 15), DROP_tls_hello_malformed);
	assert_bad(tampered(53, 0), DROP_tls_hello_malformed);
	/* a message shorter than its record; a record of nothing */
	assert_bad(tampered(8, 44), DROP_tls_hello_malformed);
	assert_bad(tampered(4, 0), DROP_tls_hello_malformed);
	/* a message and a record that are too long */
	assert_bad(tampered(6, 1), DROP_tls_hello_too_large);
	assert_bad(tampered(3, 0x41), DROP_tls_hello_too_large);
}

Test(tls_hello, session_id_longer_than_32_bytes_is_refused)
{
	struct span message = SPAN_LIT("\x01\0\0\x4a\x03\x03"
				       "01234567890123456789012345678901\x21"
				       "012345678901234567890123456789012"
				       "\0\x02\x13\x01\x01\0");

	cr_assert_eq(message.len, 4 + 0x4a);
	assert_bad(records(message, 16384), DROP_tls_hello_malformed);
}

Test(tls_hello, other_protocols_have_their_own_reasons)
{
	assert_bad(SPAN_LIT("GET / HTTP/1.1\r\n"), DROP_tls_plain_http);
	assert_bad(SPAN_LIT("PRI * HTTP/2.0\r\n"), DROP_tls_plain_http);
	assert_bad(SPAN_LIT("OPTIO"), DROP_tls_plain_http);
	assert_bad(SPAN_LIT("\x80\x2e\x01\0\x02"), DROP_tls_sslv2_hello);
	assert_bad(SPAN_LIT("SSH-2.0-x\r\n"), DROP_tls_not_a_record);
	assert_bad(SPAN_LIT("\0\0\0\0\0"), DROP_tls_not_a_record);
	assert_bad(SPAN_LIT("\x16\x02\x01\0\x10"), DROP_tls_not_a_record);
}

Test(tls_hello, records_that_are_no_client_hello_are_refused)
{
	assert_bad(SPAN_LIT("\x15\x03\x01\0\x02\x01\0"), DROP_tls_hello_unexpected);
	assert_bad(SPAN_LIT("\x17\x03\x03\0\x10"), DROP_tls_hello_unexpected);
	assert_bad(SPAN_LIT("\x16\x03\x01\0\x04\x02\0\0\0"), DROP_tls_hello_unexpected);
	/* another type between the fragments, or another protocol */
	assert_bad(SPAN_LIT("\x16\x03\x01\0\x01\x01\x15\x03\x01\0\x02"), DROP_tls_hello_unexpected);
	assert_bad(SPAN_LIT("\x16\x03\x01\0\x01\x01\x16\x02\x01\0\x02"), DROP_tls_hello_unexpected);
}

Test(tls_hello, bytes_behind_the_message_in_its_record_are_refused)
{
	struct hello_maker m = hello_maker_default();
	struct span message = hello_message(&m);

	assert_bad(records(span_of(message.p, message.len + 1), 16384), DROP_tls_hello_malformed);
	assert_bad(span_head(records(span_of(message.p, message.len + 1), 16384), 20),
		   DROP_tls_hello_malformed);
}

Test(tls_hello, bytes_in_a_later_record_are_not_looked_at)
{
	struct span raw = with_sni(SPAN_LIT("a"));

	wire_storage[raw.len] = 0x14;
	assert_sni(span_of(raw.p, raw.len + 1), "a");
}

Test(tls_hello, fragments_are_joined_whatever_their_size)
{
	struct hello_maker m = hello_maker_default();
	uint8_t storage[100];
	struct outbuf ext = outbuf_of(storage, sizeof(storage));

	put_sni(&ext, SPAN_LIT("fragmented.example"));
	m.extensions = outbuf_span(&ext);
	for (size_t size = 2; size < 90; size++)
		assert_sni(records(hello_message(&m), size), "fragmented.example");
}

Test(tls_hello, more_records_than_allowed_are_refused)
{
	struct hello_maker m = hello_maker_default();

	m.without_extensions = true; /* 47 bytes */
	cr_assert_eq(parse(records(hello_message(&m), 1)), TLS_HELLO_OK);
	m.without_extensions = false;
	m.extensions = SPAN_LIT("\0\x17\0\0\0\x18\0\0\0\x19\0\0\0\x1a\0\0"); /* 65 */
	assert_bad(records(hello_message(&m), 1), DROP_tls_hello_too_fragmented);
}

Test(tls_hello, largest_is_accepted_and_one_byte_more_refused)
{
	static uint8_t storage[20000];
	static struct hello_maker m;
	const size_t largest_data_bytes = TLS_HELLO_MAX - 49 - 4;
	struct outbuf ext = outbuf_of(storage, sizeof(storage));

	m = hello_maker_default();
	put_extension(&ext, 21, span_of(wire_storage, largest_data_bytes));
	m.extensions = outbuf_span(&ext);
	cr_assert_eq(hello_message(&m).len, TLS_HELLO_MAX);
	cr_assert_eq(parse(records(hello_message(&m), 16384)), TLS_HELLO_OK);
	cr_assert_eq(parse(records(hello_message(&m), 1000)), TLS_HELLO_OK);
	ext = outbuf_of(storage, sizeof(storage));
	put_extension(&ext, 21, span_of(wire_storage, largest_data_bytes + 1));
	m.extensions = outbuf_span(&ext);
	assert_bad(records(hello_message(&m), 16384), DROP_tls_hello_too_large);
	assert_bad(records(hello_message(&m), 1000), DROP_tls_hello_too_large);
}

/* Every prefix asks for more, never for more than there is, and following need_bytes leads to the
 * end. */
static unsigned parses_when_following(struct span raw)
{
	unsigned parses = 0;
	size_t have = 0;

	for (size_t i = 0; i < raw.len; i++) {
		cr_assert_eq(parse(span_head(raw, i)), TLS_HELLO_MORE, "at %zu: drop %d", i,
			     hello.drop);
		cr_assert_gt(hello.need_bytes, i);
		cr_assert_leq(hello.need_bytes, raw.len);
		cr_assert_leq(hello.need_bytes, TLS_HELLO_RAW_MAX);
	}
	while (parse(span_head(raw, have)) == TLS_HELLO_MORE) {
		have = hello.need_bytes;
		parses++;
	}
	cr_assert_eq(have, raw.len);
	return parses;
}

Test(tls_hello, need_bytes_is_never_too_much_and_is_reached_in_few_parses)
{
	struct hello_maker m = hello_maker_default();

	m.extensions = SPAN_LIT("\0\x17\0\x02xy");
	cr_assert_leq(parses_when_following(records(hello_message(&m), 16384)), 3);
	cr_assert_leq(parses_when_following(records(hello_message(&m), 30)), 5);
	cr_assert_leq(parses_when_following(records(hello_message(&m), 1)), 25);
}

/* A client's offer: TLS 1.2 suites, and lists as they stand in the extensions, empty for none. */
static void offer(struct span suites, struct span schemes, struct span groups, bool offers_13)
{
	struct hello_maker m = hello_maker_default();
	uint8_t storage[1000];
	struct outbuf ext = outbuf_of(storage, sizeof(storage));

	m.suites = suites;
	if (offers_13)
		put_extension(&ext, 43, SPAN_LIT("\x04\x03\x04\x03\x03"));
	if (schemes.len > 0)
		put_extension(&ext, 13, schemes);
	if (groups.len > 0)
		put_extension(&ext, 10, groups);
	m.extensions = outbuf_span(&ext);
	cr_assert_eq(parse(records(hello_message(&m), 16384)), TLS_HELLO_OK);
}

/* Of the four ways to sign, in the order of enum tls_signer. */
static void assert_suits(const char *yes)
{
	for (unsigned i = 0; i <= TLS_SIGNER_RSA; i++)
		cr_assert_eq(tls_hello_suits(&hello, (enum tls_signer)i), yes[i] == 'y', "%u", i);
}

#define SUITES_BOTH SPAN_LIT("\x00\x06\x13\x01\xc0\x2b\xc0\x2f")
#define NO_LIST SPAN_LIT("")

Test(tls_hello, signature_algorithms_say_which_certificate_suits_in_tls_1_3)
{
	offer(SUITES_BOTH, SPAN_LIT("\x00\x02\x04\x03"), NO_LIST, true);
	assert_suits("ynnn");
	offer(SUITES_BOTH, SPAN_LIT("\x00\x04\x05\x03\x06\x03"), NO_LIST, true);
	assert_suits("nyyn");
	offer(SUITES_BOTH, SPAN_LIT("\x00\x02\x08\x04"), NO_LIST, true);
	assert_suits("nnny");
	/* PKCS #1 v1.5 signs certificates there, not handshakes. */
	offer(SUITES_BOTH, SPAN_LIT("\x00\x02\x04\x01"), NO_LIST, true);
	assert_suits("nnnn");
	offer(SUITES_BOTH, NO_LIST, NO_LIST, true);
	assert_suits("nnnn");
}

Test(tls_hello, suites_algorithms_and_curves_say_which_certificate_suits_in_tls_1_2)
{
	offer(SUITES_BOTH, SPAN_LIT("\x00\x04\x04\x03\x04\x01"), NO_LIST, false);
	assert_suits("yyyy");
	offer(SUITES_BOTH, SPAN_LIT("\x00\x02\x04\x03"), SPAN_LIT("\x00\x02\x00\x18"), false);
	assert_suits("nynn");
	offer(SUITES_BOTH, SPAN_LIT("\x00\x02\x06\x01"), NO_LIST, false);
	assert_suits("nnny");
	offer(SPAN_LIT("\x00\x02\xc0\x2f"), SPAN_LIT("\x00\x04\x04\x03\x08\x04"), NO_LIST, false);
	assert_suits("nnny");
	offer(SPAN_LIT("\x00\x02\xcc\xa9"), SPAN_LIT("\x00\x04\x04\x03\x08\x04"), NO_LIST, false);
	assert_suits("yyyn");
	offer(SPAN_LIT("\x00\x02\x00\x2f"), SPAN_LIT("\x00\x04\x04\x03\x08\x04"), NO_LIST, false);
	assert_suits("nnnn");
}

Test(tls_hello, lists_of_what_a_client_takes_are_whole)
{
	static const unsigned types[] = {10, 13};
	uint8_t storage[100];

	for (size_t i = 0; i < 2; i++) {
		struct span bad[] = {SPAN_LIT(""), SPAN_LIT("\x00\x00"), SPAN_LIT("\x00\x01\x04"),
				     SPAN_LIT("\x00\x04\x04\x03"),
				     SPAN_LIT("\x00\x02\x04\x03\x00")};

		for (size_t j = 0; j < sizeof(bad) / sizeof(bad[0]); j++) {
			struct outbuf ext = outbuf_of(storage, sizeof(storage));

			put_extension(&ext, types[i], bad[j]);
			assert_bad(with_extensions(outbuf_span(&ext)), DROP_tls_hello_malformed);
		}
	}
	assert_bad(with_extensions(SPAN_LIT("\x00\x2b\x00\x02\x01\x03")), DROP_tls_hello_malformed);
}
