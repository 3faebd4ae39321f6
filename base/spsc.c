/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/spsc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert(offsetof(struct spsc, write_pos) / SPSC_CACHE_LINE !=
		      offsetof(struct spsc, read_pos) / SPSC_CACHE_LINE,
	      "the two sides write to different cache lines");

#define COUNT_MAX (1u << 30)

enum gw_err spsc_init(struct spsc *q, size_t record_bytes, uint32_t count_min)
{
	struct spsc fresh = {.record_bytes = record_bytes, .size_count = 1};
	size_t bytes;

	GW_ASSERT(record_bytes > 0 && count_min > 0 && count_min <= COUNT_MAX);
	while (fresh.size_count < count_min)
		fresh.size_count *= 2;
	if (__builtin_mul_overflow(record_bytes, (size_t)fresh.size_count, &bytes) ||
	    bytes > SIZE_MAX - SPSC_CACHE_LINE)
		return GW_ERR_NO_MEMORY;
	bytes = (bytes + SPSC_CACHE_LINE - 1) / SPSC_CACHE_LINE * SPSC_CACHE_LINE;
	fresh.slots = aligned_alloc(SPSC_CACHE_LINE, bytes);
	if (fresh.slots == NULL)
		return GW_ERR_NO_MEMORY;
	/* Touching every page now keeps page faults out of the data path. */
	memset(fresh.slots, 0, bytes);
	*q = fresh;
	return GW_ERR_OK;
}

void spsc_fini(struct spsc *q)
{
	free(q->slots);
	*q = (struct spsc){0};
}

/* How many slots from pos on lie together before the end of the memory, at most count. */
static uint32_t run_count(const struct spsc *q, uint32_t pos, uint32_t count)
{
	uint32_t to_end = q->size_count - (pos & (q->size_count - 1));

	return count < to_end ? count : to_end;
}

static uint8_t *slot_at(const struct spsc *q, uint32_t pos)
{
	return q->slots + (size_t)(pos & (q->size_count - 1)) * q->record_bytes;
}

uint32_t spsc_push(struct spsc *q, const void *records, uint32_t count)
{
	uint32_t pos = q->write_pos, room = q->size_count - (pos - q->read_pos_seen), run;
	const uint8_t *from = records;

	if (room < count) {
		/* Pairs with the release in spsc_pop(): the reader has copied out what lay in the slots. */
		q->read_pos_seen = __atomic_load_n(&q->read_pos, __ATOMIC_ACQUIRE);
		room = q->size_count - (pos - q->read_pos_seen);
	}
	if (count > room)
		count = room;
	if (count == 0)
		return 0;
	run = run_count(q, pos, count);
	memcpy(slot_at(q, pos), from, run * q->record_bytes);
	memcpy(q->slots, from + run * q->record_bytes, (count - run) * q->record_bytes);
	__atomic_store_n(&q->write_pos, pos + count, __ATOMIC_RELEASE);
	return count;
}

uint32_t spsc_pop(struct spsc *q, void *ret_records, uint32_t count)
{
	uint32_t pos = q->read_pos, used = q->write_pos_seen - pos, run;
	uint8_t *to = ret_records;

	if (used < count) {
		/* Pairs with the release in spsc_push(): the slots, and what they point at, have been written. */
		q->write_pos_seen = __atomic_load_n(&q->write_pos, __ATOMIC_ACQUIRE);
		used = q->write_pos_seen - pos;
	}
	if (count > used)
		count = used;
	if (count == 0)
		return 0;
	run = run_count(q, pos, count);
	memcpy(to, slot_at(q, pos), run * q->record_bytes);
	memcpy(to + run * q->record_bytes, q->slots, (count - run) * q->record_bytes);
	__atomic_store_n(&q->read_pos, pos + count, __ATOMIC_RELEASE);
	return count;
}

uint32_t spsc_used_count(const struct spsc *q)
{
	/* In this order the difference is never negative: the reader never passes the writer. */
	uint32_t read_pos = __atomic_load_n(&q->read_pos, __ATOMIC_ACQUIRE);

	return __atomic_load_n(&q->write_pos, __ATOMIC_ACQUIRE) - read_pos;
}
