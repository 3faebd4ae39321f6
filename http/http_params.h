/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http/http_params.h: what the start-up file says about HTTP, as plain data.  Strings belong to the configuration. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_limits {
	uint32_t header_bytes;            /* a whole head; more: 431, from a backend 502 */
	uint32_t header_count;            /* of a head; more: the same */
	uint64_t body_bytes;              /* 0: no limit; more: 413 */
	uint32_t requests_per_connection; /* 0: no limit; after it Connection: close */
};

/* Which forms the verified identity takes on its way to the backend; a set of bits. */
enum http_identity_dialect {
	HTTP_IDENTITY_AZURE = 1,   /* X-Client-Certificate and its seven companions */
	HTTP_IDENTITY_RFC9440 = 2, /* Client-Cert */
};
