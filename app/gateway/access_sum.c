/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/access_sum.h"

#include "base/list.h"

#include <stdlib.h>

#define BUCKETS 1024

struct place {
	struct list age;    /* oldest first: each lives for the same time */
	struct place *next; /* in its bucket */
	uint64_t until_ns;
	uint64_t held; /* since the line that was written */
	struct access_record last;
};

struct access_sum {
	struct list live;
	struct place *free;
	struct place *buckets[BUCKETS];
	struct place places[ACCESS_SUM_PLACES];
};

enum gw_err access_sum_create(struct access_sum **ret_sum)
{
	struct access_sum *sum = calloc(1, sizeof(*sum));

	if (sum == NULL)
		return GW_ERR_NO_MEMORY;
	list_init(&sum->live);
	for (size_t i = 0; i < ACCESS_SUM_PLACES; i++) {
		sum->places[i].next = sum->free;
		sum->free = &sum->places[i];
	}
	*ret_sum = sum;
	return GW_ERR_OK;
}

void access_sum_destroy(struct access_sum *sum)
{
	free(sum);
}

/* What the gateway refuses by itself; that a backend failed is worth a line each. */
static bool is_refusal(const struct access_record *r)
{
	return r->error != DROP_none && r->pool_idx == ACCESS_IDX_NONE;
}

static bool is_same(const struct access_record *a, const struct access_record *b)
{
	return a->client_ip == b->client_ip && a->listener_idx == b->listener_idx &&
	       a->error == b->error && a->verify == b->verify && a->reason == b->reason;
}

/* Clients choose their addresses, but nobody gains by a long chain: there are ACCESS_SUM_PLACES in all. */
static struct place **bucket_of(struct access_sum *sum, const struct access_record *r)
{
	uint32_t h = r->client_ip * 2654435761u + (uint32_t)r->error * 40503u + r->listener_idx;

	return &sum->buckets[(h ^ h >> 16) % BUCKETS];
}

static void leave(struct access_sum *sum, struct place *p)
{
	struct place **link = bucket_of(sum, &p->last);

	while (*link != p)
		link = &(*link)->next;
	*link = p->next;
	list_unlink(&p->age);
	p->next = sum->free;
	sum->free = p;
}

enum access_sum_step access_sum_add(struct access_sum *sum, const struct access_record *r,
				    uint64_t now_ns)
{
	struct place **bucket, *p;

	if (!is_refusal(r))
		return ACCESS_SUM_WRITE;
	bucket = bucket_of(sum, r);
	for (p = *bucket; p != NULL; p = p->next) {
		if (!is_same(&p->last, r))
			continue;
		p->last = *r;
		p->held++;
		return ACCESS_SUM_HELD;
	}
	p = sum->free;
	if (p == NULL)
		return ACCESS_SUM_WRITE; /* access_sum_take() makes room */
	sum->free = p->next;
	p->next = *bucket;
	*bucket = p;
	p->until_ns = now_ns + ACCESS_SUM_NS;
	p->held = 0;
	p->last = *r;
	list_push(&sum->live, &p->age);
	return ACCESS_SUM_WRITE;
}

bool access_sum_take(struct access_sum *sum, uint64_t now_ns, struct access_record *ret_record,
		     uint64_t *ret_repeated)
{
	while (!list_is_empty(&sum->live)) {
		struct place *p = CONTAINER_OF(sum->live.next, struct place, age);

		if (now_ns < p->until_ns && sum->free != NULL)
			return false;
		leave(sum, p);
		if (p->held == 0)
			continue;
		*ret_record = p->last;
		*ret_repeated = p->held;
		return true;
	}
	return false;
}
