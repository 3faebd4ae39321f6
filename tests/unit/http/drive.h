/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/http/drive.h: drives one exchange the way a session does, with input that arrives in pieces and sinks
 * that are drained when full, and keeps all that came out. */
#pragma once

#include "http/exchange.h"
#include "http/http_page.h"

#define DRIVE_BYTES_MAX 65536

struct drive {
	struct http_exchange x;
	struct http_limits limits;
	struct http_forward fwd;
	size_t piece_bytes; /* input becomes visible in steps of so many bytes; 0: at once */
	size_t sink_bytes;  /* of space offered per call; 0: plenty */
	size_t request_consumed, response_consumed;
	struct outbuf to_backend, to_client;
	uint8_t to_backend_mem[DRIVE_BYTES_MAX], to_client_mem[DRIVE_BYTES_MAX];
};

/* Limits 8 KiB, 64 headers, no others; client 192.0.2.7, port 443, scheme https, backend kept alive, no identity. */
void drive_init(struct drive *d);
/* Feeds the client's bytes until the exchange is done, refuses, or wants more than there is; forwards the head. */
enum http_step drive_request(struct drive *d, struct span in);
/* The same for the backend's. */
enum http_step drive_response(struct drive *d, struct span in, bool eof);
struct span drive_to_backend(const struct drive *d);
struct span drive_to_client(const struct drive *d);
