/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_worker.h: what one worker needs for TLS: its allocation arena, a wolfSSL context per
 * server certificate, the pool of sessions. */
#pragma once

#include "base/counters.h"
#include "base/err.h"
#include "base/span.h"
#include "tls/tls_params.h"
#include "tls/trust/trust_params.h"

#include <stddef.h>
#include <stdint.h>

/* What a worker's memo of signatures takes: 32,768 of clients and their issuers; then old ones are forgotten. */
#define TLS_WORKER_MEMO_BYTES ((size_t)1 << 20)

struct trust_store;

/* A profile ready for use: shared by all workers, immutable. */
struct tls_profile {
	enum client_auth_mode client_auth;
	enum client_refusal on_failure;
	const struct trust_store *store; /* NULL for CLIENT_AUTH_OFF and _PASSTHROUGH */
	struct trust_policy policy;
	/* What the CertificateRequest says of the store's CAs (trust_store_ca_names()); empty: nothing. */
	struct span ca_names;
};

struct tls_worker;

struct tls_worker_params {
	const struct tls_certificate_params *certificates;
	size_t certificate_count;
	uint32_t sessions_max;
	size_t arena_bytes_max; /* wolfSSL may hold this much; then new handshakes fail, counted */
	uint64_t memo_seed[2];  /* secret and random: of the memo of signatures */
	size_t arena_hugepages_bytes; /* of the machine's, for the arena, if they can be had */
};

struct tls_arena_memory; /* tls/tls_arena.h */

struct tls_arena_stats {
	uint64_t allocs, frees, refused, live_bytes;
};

/* Once per process, before any other call: wolfSSL_Init and our hooks. */
MUST_CHECK enum gw_err tls_process_init(struct err_note *note);
/* Loads every certificate and key. GW_ERR_CONFIG with a note that names the file when one is
 * unusable. */
MUST_CHECK enum gw_err tls_worker_create(const struct tls_worker_params *params,
					 struct counters *count, struct err_note *note,
					 struct tls_worker **ret_worker);
/* Loads a pair as tls_worker_create() does, and throws it away. */
MUST_CHECK enum gw_err tls_worker_try(struct tls_worker *tw,
				      const struct tls_certificate_params *pair,
				      struct tls_certificate_facts *ret_facts,
				      struct err_note *note);
struct tls_hello;
/* Which of these certificates (indexes, at least one) to show to the client: the first that it can verify, else the
 * first, and the handshake says what is wrong. */
unsigned tls_worker_choose(const struct tls_worker *tw, const unsigned *certificate_idx,
			   size_t count, const struct tls_hello *hello);
/* Every session must have been destroyed. */
void tls_worker_destroy(struct tls_worker *tw);
void tls_worker_arena_stats(const struct tls_worker *tw, struct tls_arena_stats *ret_stats);
void tls_worker_arena_memory(const struct tls_worker *tw, struct tls_arena_memory *ret_memory);
uint32_t tls_worker_sessions_in_use(const struct tls_worker *tw);

/* Memory of the worker's arena for per-session data beside wolfSSL's own (identity headers). NULL
 * when the arena is exhausted. */
void *tls_worker_alloc(struct tls_worker *tw, size_t bytes);
void tls_worker_free(struct tls_worker *tw, void *p);
