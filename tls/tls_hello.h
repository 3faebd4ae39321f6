/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_hello.h: reads the first flight of a client far enough to choose a listener: record layer, ClientHello,
 * server_name (RFC 6066 section 3), before any TLS state exists.  Handles a ClientHello that spans segments and records. */
#pragma once

#include "base/counters.h"
#include "base/span.h"

/* A longer ClientHello (handshake message, all records together) is refused. */
#define TLS_HELLO_MAX 16384

enum tls_hello_status {
	TLS_HELLO_OK,
	TLS_HELLO_MORE, /* needs at least ret_hello->need_bytes of input in all */
	TLS_HELLO_BAD,  /* ret_hello->drop says why */
};

struct tls_hello {
	size_t need_bytes;
	enum drop_reason drop;
	bool has_sni;
	char sni[256]; /* lower case, NUL-terminated, a valid host name without trailing dot */
};

/* raw: everything received so far, from the first byte.  scratch (TLS_HELLO_MAX bytes) joins fragments. */
enum tls_hello_status tls_hello_parse(struct span raw, uint8_t *scratch, struct tls_hello *ret_hello);
