/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_worker.h"

#include "tls/tls_context.h"
#include "tls/tls_hello.h"
#include "tls/tls_session_priv.h"
#include "tls/trust/trust_memo.h"

#include <stdlib.h>
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

enum gw_err tls_process_init(struct err_note *note)
{
	if (wolfSSL_Init() == WOLFSSL_SUCCESS)
		return GW_ERR_OK;
	err_note_set(note, "wolfSSL does not start; run scripts/setup");
	return GW_ERR_INTERNAL;
}

static void contexts_destroy(struct tls_worker *tw)
{
	for (size_t i = 0; i < tw->context_count; i++)
		tls_context_destroy(tw->contexts[i].wolfssl);
	free(tw->contexts);
}

static enum gw_err contexts_create(struct tls_worker *tw, const struct tls_worker_params *params,
				   struct err_note *note)
{
	enum gw_err err = GW_ERR_OK;

	tw->contexts = calloc(params->certificate_count + 1, sizeof(*tw->contexts));
	if (tw->contexts == NULL) {
		err_note_set(note, "no memory for TLS contexts; free some");
		return GW_ERR_NO_MEMORY;
	}
	for (size_t i = 0; i < params->certificate_count && err == GW_ERR_OK; i++) {
		err = tls_context_create(&params->certificates[i], &tw->arena, note,
					 &tw->contexts[i].facts, &tw->contexts[i].wolfssl);
		if (err == GW_ERR_OK)
			tw->context_count++;
	}
	if (err != GW_ERR_OK)
		contexts_destroy(tw);
	return err;
}

enum gw_err tls_worker_create(const struct tls_worker_params *params, struct counters *count,
			      struct err_note *note, struct tls_worker **ret_worker)
{
	struct tls_worker *tw = calloc(1, sizeof(*tw));
	enum gw_err err;

	if (tw == NULL) {
		err_note_set(note, "no memory for a TLS worker; free some");
		return GW_ERR_NO_MEMORY;
	}
	tw->count = count;
	err = tls_arena_init(&tw->arena, params->arena_bytes_max, params->arena_hugepages_bytes,
			     note);
	if (err != GW_ERR_OK)
		goto free_worker;
	err = pool_init(&tw->sessions, sizeof(struct tls_session), params->sessions_max);
	if (err != GW_ERR_OK) {
		err_note_set(note, "no memory for %u TLS sessions; allow fewer",
			     params->sessions_max);
		goto fini_arena;
	}
	tw->memo = trust_memo_create(TLS_WORKER_MEMO_BYTES, params->memo_seed);
	if (tw->memo == NULL) {
		err_note_set(note, "no memory for the memo of signatures; free some");
		err = GW_ERR_NO_MEMORY;
		goto fini_sessions;
	}
	err = contexts_create(tw, params, note);
	if (err != GW_ERR_OK)
		goto destroy_memo;
	*ret_worker = tw;
	return GW_ERR_OK;

destroy_memo:
	trust_memo_destroy(tw->memo);
fini_sessions:
	pool_fini(&tw->sessions);
fini_arena:
	tls_arena_fini(&tw->arena);
free_worker:
	free(tw);
	return err;
}

enum gw_err tls_worker_try(struct tls_worker *tw, const struct tls_certificate_params *pair,
			   struct tls_certificate_facts *ret_facts, struct err_note *note)
{
	struct WOLFSSL_CTX *context;
	enum gw_err err = tls_context_create(pair, &tw->arena, note, ret_facts, &context);

	if (err == GW_ERR_OK)
		tls_context_destroy(context);
	return err;
}

unsigned tls_worker_choose(const struct tls_worker *tw, const unsigned *certificate_idx,
			   size_t count, const struct tls_hello *hello)
{
	for (size_t i = 0; i < count; i++)
		if (tls_hello_suits(hello, tw->contexts[certificate_idx[i]].facts.signer))
			return certificate_idx[i];
	return certificate_idx[0];
}

void tls_worker_destroy(struct tls_worker *tw)
{
	contexts_destroy(tw);
	trust_memo_destroy(tw->memo);
	pool_fini(&tw->sessions);
	tls_arena_fini(&tw->arena);
	free(tw);
}

void tls_worker_arena_stats(const struct tls_worker *tw, struct tls_arena_stats *ret_stats)
{
	const struct tls_arena *arena = &tw->arena;

	*ret_stats = (struct tls_arena_stats){
		.allocs = __atomic_load_n(&arena->allocs, __ATOMIC_RELAXED),
		.frees = __atomic_load_n(&arena->frees, __ATOMIC_RELAXED),
		.refused = __atomic_load_n(&arena->refused, __ATOMIC_RELAXED),
		.live_bytes = __atomic_load_n(&arena->live_bytes, __ATOMIC_RELAXED),
	};
}

void tls_worker_arena_memory(const struct tls_worker *tw, struct tls_arena_memory *ret_memory)
{
	tls_arena_memory(&tw->arena, ret_memory);
}

uint32_t tls_worker_sessions_in_use(const struct tls_worker *tw)
{
	return pool_in_use(&tw->sessions);
}

void *tls_worker_alloc(struct tls_worker *tw, size_t bytes)
{
	return tls_arena_alloc(&tw->arena, bytes);
}

void tls_worker_free(struct tls_worker *tw, void *p)
{
	(void)tw;
	tls_arena_free(p);
}
