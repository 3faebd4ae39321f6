/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_hello.h"

#include <stdint.h>

#define RECORD_HEADER_BYTES 5
#define RECORD_HANDSHAKE 22
#define HANDSHAKE_HEADER_BYTES 4
#define HANDSHAKE_CLIENT_HELLO 1
#define EXTENSION_SERVER_NAME 0
#define EXTENSION_SUPPORTED_GROUPS 10
#define EXTENSION_SIGNATURE_ALGORITHMS 13
#define EXTENSION_SUPPORTED_VERSIONS 43
#define VERSION_TLS_1_3 0x0304
#define NAME_TYPE_HOST_NAME 0
#define HOST_NAME_MAX_BYTES 253 /* RFC 1035 section 3.1, written with dots */
#define LABEL_MAX_BYTES 63

static size_t get_u16(const uint8_t *p)
{
	return (size_t)p[0] << 8 | p[1];
}

/* Takes n bytes off the front of in; false, with nothing taken, when there are fewer. */
static bool take(struct span *in, size_t n, struct span *ret)
{
	if (in->len < n)
		return false;
	*ret = span_head(*in, n);
	*in = span_skip(*in, n);
	return true;
}

/* Takes a vector with a length field of length_bytes (1 or 2), RFC 8446 section 3.4. */
static bool take_vector(struct span *in, size_t length_bytes, struct span *ret)
{
	struct span length;

	if (!take(in, length_bytes, &length))
		return false;
	return take(in, length_bytes == 1 ? length.p[0] : get_u16(length.p), ret);
}

static bool is_let_dig(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_digits(const char *s)
{
	while (*s >= '0' && *s <= '9')
		s++;
	return *s == '\0';
}

/* Copies name in lower case; false unless it is a host name (RFC 1123 section 2.1: letters, digits,
 * inner hyphens, and a last label that is no number, or it would be an address, which RFC 6066
 * forbids here). */
static bool host_name_copy(struct span name, char *ret_name)
{
	const char *last_label = ret_name;
	size_t label_bytes = 0;
	uint8_t prev = '.';

	if (name.len == 0 || name.len > HOST_NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		uint8_t c = ascii_lower(name.p[i]);

		if (c == '.') {
			if (!is_let_dig(prev))
				return false;
			label_bytes = 0;
			last_label = ret_name + i + 1;
		} else {
			if (!is_let_dig(c) && (c != '-' || prev == '.'))
				return false;
			if (++label_bytes > LABEL_MAX_BYTES)
				return false;
		}
		ret_name[i] = (char)c;
		prev = c;
	}
	ret_name[name.len] = '\0';
	return is_let_dig(prev) && !is_digits(last_label);
}

/* RFC 6066 section 3. One host_name, and since no other type was ever defined, nothing beside it.
 * */
static enum drop_reason server_name_parse(struct span in, struct tls_hello *h)
{
	struct span list, type, name;

	if (!take_vector(&in, 2, &list) || in.len != 0)
		return DROP_tls_hello_bad_sni;
	if (!take(&list, 1, &type) || type.p[0] != NAME_TYPE_HOST_NAME)
		return DROP_tls_hello_bad_sni;
	if (!take_vector(&list, 2, &name) || list.len != 0)
		return DROP_tls_hello_bad_sni;
	if (!host_name_copy(name, h->sni))
		return DROP_tls_hello_bad_sni;
	h->has_sni = true;
	return DROP_none;
}

#define SIGNER(name) (1u << TLS_SIGNER_##name)
#define SIGNERS_ECDSA (SIGNER(P256) | SIGNER(P384) | SIGNER(P521))

/* SignatureScheme of RFC 8446 section 4.2.3.  In TLS 1.2 the two bytes are a hash and a key, and the hash says nothing
 * about the curve (RFC 5246 section 7.4.1.4.1); PKCS #1 v1.5 is of 1.2 alone. */
static void scheme_read(uint16_t scheme, struct tls_hello *h)
{
	switch (scheme) {
	case 0x0403:
		h->schemes_13 |= SIGNER(P256);
		break;
	case 0x0503:
		h->schemes_13 |= SIGNER(P384);
		break;
	case 0x0603:
		h->schemes_13 |= SIGNER(P521);
		break;
	case 0x0804: /* rsa_pss_rsae_sha256, 384, 512 */
	case 0x0805:
	case 0x0806:
		h->schemes_13 |= SIGNER(RSA);
		h->schemes_12 |= SIGNER(RSA);
		return;
	case 0x0401: /* rsa_pkcs1_sha256, 384, 512 */
	case 0x0501:
	case 0x0601:
		h->schemes_12 |= SIGNER(RSA);
		return;
	default:
		return;
	}
	h->schemes_12 |= SIGNERS_ECDSA;
}

static void suite_read(uint16_t suite, struct tls_hello *h)
{
	switch (suite) {
	case 0xc02b: /* ECDHE-ECDSA with AES-128-GCM, AES-256-GCM, ChaCha20-Poly1305 */
	case 0xc02c:
	case 0xcca9:
		h->suites_ecdsa = true;
		break;
	case 0xc02f:
	case 0xc030:
	case 0xcca8:
		h->suites_rsa = true;
		break;
	default:
		break;
	}
}

static void group_read(uint16_t group, struct tls_hello *h)
{
	if (group >= 23 && group <= 25) /* secp256r1, secp384r1, secp521r1 */
		h->curves |= 1u << (TLS_SIGNER_P256 + group - 23);
}

static void version_read(uint16_t version, struct tls_hello *h)
{
	h->offers_13 |= version == VERSION_TLS_1_3;
}

/* A vector of two-byte values, with its length field, and nothing behind it. */
static enum drop_reason values_read(struct span in, size_t length_bytes,
				    void (*read)(uint16_t value, struct tls_hello *h),
				    struct tls_hello *h)
{
	struct span list, value;

	if (!take_vector(&in, length_bytes, &list) || in.len != 0 || list.len == 0 ||
	    list.len % 2 != 0)
		return DROP_tls_hello_malformed;
	while (take(&list, 2, &value))
		read((uint16_t)get_u16(value.p), h);
	return DROP_none;
}

bool tls_hello_suits(const struct tls_hello *h, enum tls_signer signer)
{
	unsigned bit = 1u << signer;

	if (h->offers_13)
		return h->schemes_13 & bit;
	if (signer == TLS_SIGNER_RSA)
		return h->suites_rsa && (h->schemes_12 & bit);
	return h->suites_ecdsa && (h->schemes_12 & bit) && (h->curves & bit);
}

static enum drop_reason extension_read(uint16_t type, struct span data, struct tls_hello *h)
{
	switch (type) {
	case EXTENSION_SERVER_NAME:
		return server_name_parse(data, h);
	case EXTENSION_SUPPORTED_GROUPS:
		h->curves = 0;
		return values_read(data, 2, group_read, h);
	case EXTENSION_SIGNATURE_ALGORITHMS:
		return values_read(data, 2, scheme_read, h);
	case EXTENSION_SUPPORTED_VERSIONS:
		return values_read(data, 1, version_read, h);
	default:
		return DROP_none;
	}
}

static bool contains_u16(const uint16_t *values, size_t count, uint16_t value)
{
	for (size_t i = 0; i < count; i++) {
		if (values[i] == value)
			return true;
	}
	return false;
}

static enum drop_reason extensions_parse(struct span in, struct tls_hello *h)
{
	uint16_t seen[TLS_HELLO_EXTENSIONS_MAX];
	size_t seen_count = 0;
	struct span type_field, data;

	while (in.len > 0) {
		enum drop_reason why;
		uint16_t type;

		if (!take(&in, 2, &type_field) || !take_vector(&in, 2, &data))
			return DROP_tls_hello_malformed;
		type = (uint16_t)get_u16(type_field.p);
		/* RFC 8446 section 4.2: no extension twice. */
		if (contains_u16(seen, seen_count, type))
			return DROP_tls_hello_malformed;
		if (seen_count == TLS_HELLO_EXTENSIONS_MAX)
			return DROP_tls_hello_malformed;
		seen[seen_count++] = type;
		why = extension_read(type, data, h);
		if (why != DROP_none)
			return why;
	}
	return DROP_none;
}

/* The body of the handshake message, RFC 8446 section 4.1.2. Which version and suites are on offer
 * is wolfSSL's business: it answers with the right alert. */
static enum drop_reason client_hello_parse(struct span in, struct tls_hello *h)
{
	struct span version, random, session_id, suites, compression, extensions, suite;

	if (!take(&in, 2, &version) || version.p[0] != 3 || !take(&in, 32, &random))
		return DROP_tls_hello_malformed;
	if (!take_vector(&in, 1, &session_id) || session_id.len > 32)
		return DROP_tls_hello_malformed;
	if (!take_vector(&in, 2, &suites) || suites.len == 0 || suites.len % 2 != 0)
		return DROP_tls_hello_malformed;
	if (!take_vector(&in, 1, &compression) || compression.len == 0 ||
	    memchr(compression.p, 0, compression.len) == NULL)
		return DROP_tls_hello_malformed;
	h->curves = SIGNERS_ECDSA; /* unless supported_groups says otherwise, RFC 8422 section 4 */
	while (take(&suites, 2, &suite))
		suite_read((uint16_t)get_u16(suite.p), h);
	if (in.len == 0)
		return DROP_none; /* no extensions at all: RFC 5246 section 7.4.1.2 */
	if (!take_vector(&in, 2, &extensions) || in.len != 0)
		return DROP_tls_hello_malformed;
	return extensions_parse(extensions, h);
}

/* What came instead of a handshake record. */
static enum drop_reason stranger(const uint8_t *p)
{
	static const char methods[][5] = {"GET ", "HEAD", "POST", "PUT ", "DELE",
					  "CONN", "OPTI", "TRAC", "PATC", "PRI "};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (memcmp(p, methods[i], 4) == 0)
			return DROP_tls_plain_http;
	}
	/* A two-byte length with the top bit set, then CLIENT-HELLO (1). */
	if ((p[0] & 0x80) != 0 && p[2] == 1)
		return DROP_tls_sslv2_hello;
	if (p[0] >= 20 && p[0] <= 24 && p[1] == 3)
		return DROP_tls_hello_unexpected;
	return DROP_tls_not_a_record;
}

/* The message as it is gathered from records. */
struct joined {
	struct span first; /* what the first record holds of it: parsed in place when it is all */
	uint8_t *scratch;
	size_t bytes;   /* so far */
	size_t message; /* in all, with its header; 0 until the header is there */
};

static enum tls_hello_status bad(struct tls_hello *h, enum drop_reason why)
{
	h->drop = why;
	return TLS_HELLO_BAD;
}

static enum tls_hello_status more(struct tls_hello *h, size_t need_bytes)
{
	h->need_bytes = need_bytes;
	return TLS_HELLO_MORE;
}

/* How many bytes of the message are still to come, at the least. */
static size_t joined_missing(const struct joined *j)
{
	return (j->message > 0 ? j->message : HANDSHAKE_HEADER_BYTES) - j->bytes;
}

static const uint8_t *joined_start(const struct joined *j)
{
	return j->bytes == j->first.len ? j->first.p : j->scratch;
}

/* Adds what is there of a record's fragment.  Reads the message's header as soon as it can. */
static enum drop_reason joined_add(struct joined *j, struct span fragment)
{
	const uint8_t *p;

	if (fragment.len == 0)
		return DROP_none;
	if (j->bytes == 0)
		j->first = fragment;
	else if (j->bytes == j->first.len)
		memcpy(j->scratch, j->first.p, j->first.len);
	if (j->bytes > 0)
		memcpy(j->scratch + j->bytes, fragment.p, fragment.len);
	j->bytes += fragment.len;
	if (j->message > 0 || j->bytes < HANDSHAKE_HEADER_BYTES)
		return DROP_none;
	p = joined_start(j);
	if (p[0] != HANDSHAKE_CLIENT_HELLO)
		return DROP_tls_hello_unexpected;
	j->message = HANDSHAKE_HEADER_BYTES + ((size_t)p[1] << 16 | get_u16(p + 2));
	return j->message > TLS_HELLO_MAX ? DROP_tls_hello_too_large : DROP_none;
}

/* The header of the next record, which may hold at most room bytes. */
static enum drop_reason record_check(const uint8_t *header, bool is_first, size_t room)
{
	if (header[0] != RECORD_HANDSHAKE || header[1] != 3)
		return is_first ? stranger(header) : DROP_tls_hello_unexpected;
	if (get_u16(header + 3) == 0) /* RFC 8446 section 5.1 */
		return DROP_tls_hello_malformed;
	return get_u16(header + 3) > room ? DROP_tls_hello_too_large : DROP_none;
}

/* Adds the record at *pos.  TLS_HELLO_OK: it was there whole, and *pos stands behind it. */
static enum tls_hello_status record_add(struct joined *j, struct span raw, size_t *pos,
					struct tls_hello *h)
{
	struct span in = span_skip(raw, *pos), fragment;
	size_t fragment_bytes, rest, missing;
	enum drop_reason why;

	if (raw.len < RECORD_HEADER_BYTES)
		return more(h, RECORD_HEADER_BYTES); /* enough to turn a stranger away */
	if (in.len < RECORD_HEADER_BYTES)
		return more(h, *pos + RECORD_HEADER_BYTES + joined_missing(j));
	why = record_check(in.p, *pos == 0, TLS_HELLO_MAX - j->bytes);
	if (why != DROP_none)
		return bad(h, why);
	fragment_bytes = get_u16(in.p + 3);
	fragment = span_head(span_skip(in, RECORD_HEADER_BYTES), fragment_bytes);
	why = joined_add(j, fragment);
	if (why != DROP_none)
		return bad(h, why);
	rest = fragment_bytes - fragment.len;
	/* Nothing may follow in the same record: the next message is ours (RFC 8446 section 5.1).
	 * */
	if (j->message > 0 && j->bytes + rest > j->message)
		return bad(h, DROP_tls_hello_malformed);
	*pos += RECORD_HEADER_BYTES + fragment.len;
	if (rest == 0)
		return TLS_HELLO_OK;
	missing = joined_missing(j);
	return more(h, raw.len + (missing > rest ? missing + RECORD_HEADER_BYTES : rest));
}

enum tls_hello_status tls_hello_parse(struct span raw, uint8_t *scratch,
				      struct tls_hello *ret_hello)
{
	struct joined j = {.scratch = scratch};
	enum tls_hello_status status;
	enum drop_reason why;
	size_t pos = 0;

	*ret_hello = (struct tls_hello){0};
	for (unsigned record = 0; j.message == 0 || j.bytes < j.message; record++) {
		if (record == TLS_HELLO_RECORDS_MAX)
			return bad(ret_hello, DROP_tls_hello_too_fragmented);
		status = record_add(&j, raw, &pos, ret_hello);
		if (status != TLS_HELLO_OK)
			return status;
	}
	why = client_hello_parse(span_of(joined_start(&j) + HANDSHAKE_HEADER_BYTES,
					 j.message - HANDSHAKE_HEADER_BYTES),
				 ret_hello);
	if (why == DROP_none)
		return TLS_HELLO_OK;
	*ret_hello = (struct tls_hello){.drop = why};
	return TLS_HELLO_BAD;
}
