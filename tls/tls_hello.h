/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_hello.h: reads the first flight of a client far enough to choose a listener: record layer
 * (RFC 8446 section 5.1), ClientHello (section 4.1.2), server_name (RFC 6066 section 3), before any
 * TLS state exists. Handles a ClientHello that spans segments and records. Keeps nothing between
 * calls. */
#pragma once

#include "base/counters.h"
#include "base/span.h"
#include "tls/tls_params.h"

/* A longer ClientHello (handshake message with its header, all records together) is refused. */
#define TLS_HELLO_MAX 16384
/* A ClientHello in more records than this is refused: each costs a header to us and nothing to the
 * sender. */
#define TLS_HELLO_RECORDS_MAX 64
/* More extensions than this make a ClientHello malformed; clients in use send about twenty. */
#define TLS_HELLO_EXTENSIONS_MAX 64
/* need_bytes never exceeds this: who can hold so much of a connection's first bytes never stalls.
 * */
#define TLS_HELLO_RAW_MAX (TLS_HELLO_MAX + 5 * (TLS_HELLO_RECORDS_MAX + 1))

enum tls_hello_status {
	TLS_HELLO_OK,
	TLS_HELLO_MORE, /* needs at least ret_hello->need_bytes of input in all */
	TLS_HELLO_BAD,  /* ret_hello->drop says why */
};

struct tls_hello {
	size_t need_bytes;     /* MORE: no smaller input than this can change the answer to OK */
	enum drop_reason drop; /* BAD: not counted yet, that is the caller's part */
	bool has_sni;
	bool offers_13;                  /* supported_versions names TLS 1.3 */
	bool suites_ecdsa, suites_rsa;   /* of TLS 1.2, among those we use */
	unsigned schemes_12, schemes_13; /* enum tls_signer bits that signature_algorithms allow */
	unsigned curves;                 /* the same, of supported_groups; all when there is none */
	char sni[256]; /* lower case, NUL-terminated, a valid host name without trailing dot */
};

/* Can this client verify a server that signs so, in the version that will be chosen? */
bool tls_hello_suits(const struct tls_hello *h, enum tls_signer signer);

/* raw: everything received so far, from the first byte. scratch (TLS_HELLO_MAX bytes) joins
 * fragments. *ret_hello is written on every path. Called again only once need_bytes are there, a
 * ClientHello that trickles in is parsed a bounded number of times (with one fragment per byte:
 * some 50), each linear in raw.len. */
enum tls_hello_status tls_hello_parse(struct span raw, uint8_t *scratch,
				      struct tls_hello *ret_hello);
