/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/mbuf_pool.h"

#include "base/assert.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define CACHE_LINE_BYTES 64
/* In front of each object stands what DPDK asks back when a clone is freed. */
#define HEADER_BYTES CACHE_LINE_BYTES

static_assert(sizeof(struct rte_mempool_objhdr) <= HEADER_BYTES, "the header fits");

/* What stands in pool_data. */
struct heap {
	uint32_t limit_count, outstanding_count;
};

static int heap_alloc(struct rte_mempool *pool)
{
	(void)pool;
	return 0;
}

static void heap_free(struct rte_mempool *pool)
{
	(void)pool;
}

static int heap_enqueue(struct rte_mempool *pool, void *const *objs, unsigned count)
{
	struct heap *heap = pool->pool_data;

	for (unsigned i = 0; i < count; i++)
		free((uint8_t *)objs[i] - HEADER_BYTES);
	heap->outstanding_count -= count;
	return 0;
}

static int heap_dequeue(struct rte_mempool *pool, void **objs, unsigned count)
{
	struct heap *heap = pool->pool_data;

	if (heap->outstanding_count + count > heap->limit_count)
		return -ENOBUFS;
	for (unsigned i = 0; i < count; i++) {
		uint8_t *mem = aligned_alloc(CACHE_LINE_BYTES, HEADER_BYTES + pool->elt_size);
		struct rte_mempool_objhdr *header;

		GW_ASSERT(mem != NULL);
		objs[i] = mem + HEADER_BYTES;
		header = (struct rte_mempool_objhdr *)objs[i] - 1;
		*header = (struct rte_mempool_objhdr){.mp = pool, .iova = (rte_iova_t)objs[i]};
		rte_pktmbuf_init(pool, NULL, objs[i], i);
	}
	heap->outstanding_count += count;
	return 0;
}

static unsigned heap_count(const struct rte_mempool *pool)
{
	const struct heap *heap = pool->pool_data;

	if (heap->outstanding_count > heap->limit_count)
		return 0;
	return heap->limit_count - heap->outstanding_count;
}

static const struct rte_mempool_ops heap_ops = {
	.name = "test_heap",
	.alloc = heap_alloc,
	.free = heap_free,
	.enqueue = heap_enqueue,
	.dequeue = heap_dequeue,
	.get_count = heap_count,
};

RTE_MEMPOOL_REGISTER_OPS(heap_ops)

static int32_t heap_ops_index(void)
{
	uint32_t i = 0;

	while (strcmp(rte_mempool_ops_table.ops[i].name, heap_ops.name) != 0) {
		i++;
		GW_ASSERT(i < rte_mempool_ops_table.num_ops);
	}
	return (int32_t)i;
}

struct rte_mempool *mbuf_pool_create(uint32_t count, uint16_t data_room_bytes)
{
	size_t elt_bytes = RTE_ALIGN(sizeof(struct rte_mbuf) + data_room_bytes, CACHE_LINE_BYTES);
	size_t private_bytes = RTE_ALIGN(sizeof(struct rte_pktmbuf_pool_private), CACHE_LINE_BYTES);
	struct rte_mempool *pool = aligned_alloc(CACHE_LINE_BYTES, sizeof(*pool) + private_bytes);
	struct rte_pktmbuf_pool_private *priv;
	struct heap *heap = calloc(1, sizeof(*heap));

	GW_ASSERT(pool != NULL && heap != NULL);
	memset(pool, 0, sizeof(*pool) + private_bytes);
	heap->limit_count = count;
	pool->pool_data = heap;
	pool->ops_index = heap_ops_index();
	pool->size = count;
	pool->populated_size = count;
	pool->header_size = HEADER_BYTES;
	pool->elt_size = (uint32_t)elt_bytes;
	pool->private_data_size = (unsigned)private_bytes;
	snprintf(pool->name, sizeof(pool->name), "test");
	priv = rte_mempool_get_priv(pool);
	priv->mbuf_data_room_size = data_room_bytes;
	return pool;
}

void mbuf_pool_destroy(struct rte_mempool *pool)
{
	GW_ASSERT(mbuf_pool_outstanding(pool) == 0);
	free(pool->pool_data);
	free(pool);
}

uint32_t mbuf_pool_outstanding(const struct rte_mempool *pool)
{
	const struct heap *heap = pool->pool_data;

	return heap->outstanding_count;
}

void mbuf_pool_limit(struct rte_mempool *pool, uint32_t count)
{
	struct heap *heap = pool->pool_data;

	heap->limit_count = count;
}
