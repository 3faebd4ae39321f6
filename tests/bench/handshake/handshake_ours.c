/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/handshake/handshake.h"
#include "tests/bench/handshake/handshake_store.h"
#include "tls/tls_session.h"

#include <stdio.h>
#include <time.h>

#define ARENA_BYTES ((size_t)16 << 20)
#define SESSIONS_MAX 64
#define MANY_CAS 500

/* A worker without its port. */
static struct {
	struct tls_worker *tls;
	struct tls_profile single, many; /* by their trust stores */
	struct shake_store_cost cost;    /* of many's */
	struct counters count;
	int64_t now_s;
} worker;

static size_t rx_bytes(void *ctx)
{
	struct shake_link *link = ctx;

	return link->to_server.end - link->to_server.start;
}

static size_t rx_copy(void *ctx, size_t offset, void *dst, size_t len)
{
	struct shake_link *link = ctx;
	size_t have = rx_bytes(ctx) - offset;

	len = len < have ? len : have;
	memcpy(dst, link->to_server.bytes + link->to_server.start + offset, len);
	return len;
}

static void rx_consume(void *ctx, size_t len)
{
	((struct shake_link *)ctx)->to_server.start += len;
}

static size_t tx(void *ctx, struct span bytes)
{
	shake_queue_put(&((struct shake_link *)ctx)->to_client, bytes.p, bytes.len);
	return bytes.len;
}

static const struct tls_io_ops ops = {
	.rx_bytes = rx_bytes, .rx_copy = rx_copy, .rx_consume = rx_consume, .tx = tx};

static void ours_open(const struct shake_options *options)
{
	const struct tls_certificate_params certificate = {options->certificate, options->key};
	const struct tls_worker_params params = {.certificates = &certificate,
						 .certificate_count = 1,
						 .sessions_max = SESSIONS_MAX,
						 .arena_bytes_max = ARENA_BYTES};
	struct err_note note = {""};

	worker.now_s = time(NULL);
	shake_must(tls_process_init(&note) == GW_ERR_OK, note.text);
	shake_must(tls_worker_create(&params, &worker.count, &note, &worker.tls) == GW_ERR_OK,
		   note.text);
	worker.single = (struct tls_profile){
		.client_auth = CLIENT_AUTH_REQUIRE,
		.store = shake_store_single(options->client_root, worker.now_s),
		.policy = trust_policy_default()};
}

/* Of the same worker, which is open. */
static void many_open(const struct shake_options *options)
{
	worker.many = worker.single;
	worker.many.store = shake_store_many(options->client_root, MANY_CAS, worker.now_s,
					     &worker.cost);
}

static void begin(struct shake_link *link, const struct tls_profile *profile)
{
	link->server = tls_session_create(worker.tls, 0, profile, &ops, link);
	shake_must(link->server != NULL, "no session");
}

static void ours_begin(struct shake_link *link)
{
	begin(link, &worker.single);
}

static void many_begin(struct shake_link *link)
{
	begin(link, &worker.many);
}

static bool ours_step(struct shake_link *link)
{
	enum tls_step step = tls_session_handshake(link->server, worker.now_s);

	shake_must(step != TLS_FAILED, "a handshake of ours failed");
	return step == TLS_DONE && tls_session_may_forward(link->server);
}

static void ours_end(struct shake_link *link)
{
	tls_session_destroy(link->server);
}

void shake_ours_store_print(void)
{
	printf("{\"cas\":%u,\"blob_bytes\":%zu,\"load_us\":%.1f}", worker.cost.cas,
	       worker.cost.blob_bytes, worker.cost.load_us);
}

void shake_ours_work(struct shake_work *ret_work)
{
	struct tls_arena_stats arena;

	tls_worker_arena_stats(worker.tls, &arena);
	*ret_work = (struct shake_work){
		.signatures = worker.count.event[COUNTER_trust_signatures],
		.memo_hits = worker.count.event[COUNTER_trust_memo_hits],
		.allocs = arena.allocs,
	};
}

const struct shake_server shake_ours = {.name = "sallyport",
					.open = ours_open,
					.begin = ours_begin,
					.step = ours_step,
					.end = ours_end};
const struct shake_server shake_ours_many = {.name = "sallyport_many_cas",
					     .open = many_open,
					     .begin = many_begin,
					     .step = ours_step,
					     .end = ours_end};
