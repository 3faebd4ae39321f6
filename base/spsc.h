/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base/spsc.h: a bounded ring of records of one size between one thread that writes and one that reads.  Neither waits for
 * the other and neither takes a lock: a full ring takes nothing and says so, and what that means (a counted drop) is
 * the writer's business.  A record is copied in and out; a pointer is a record too, and whoever reads it owns what it
 * points at and may read all that the writer wrote there before.  All memory is taken at spsc_init(). */
#pragma once

#include "base/assert.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define SPSC_CACHE_LINE 64

/* Positions count up for ever and wrap; a record's slot is its position modulo the size.  Each side keeps its own copy
 * of where the other was last seen and reads the real one only when that is not enough, so that in a steady stream
 * the two cores seldom touch each other's cache lines. */
struct spsc {
	/* fixed after spsc_init() */
	uint8_t *slots;
	size_t record_bytes;
	uint32_t size_count; /* a power of two */
	/* the writer's */
	uint32_t write_pos __attribute__((aligned(SPSC_CACHE_LINE)));
	uint32_t read_pos_seen;
	/* the reader's */
	uint32_t read_pos __attribute__((aligned(SPSC_CACHE_LINE)));
	uint32_t write_pos_seen;
};

/* Room for at least count_min records of record_bytes each; count_min is at most 2^30.  q is still one thread's. */
MUST_CHECK enum gw_err spsc_init(struct spsc *q, size_t record_bytes, uint32_t count_min);
/* Both threads are done with it.  What still lies in it is forgotten: a ring of pointers is emptied first. */
void spsc_fini(struct spsc *q);
/* Writer only.  Copies the first N of count records in, as many as there is room for, and returns N.  The reader sees
 * all N or none of them. */
uint32_t spsc_push(struct spsc *q, const void *records, uint32_t count);
/* Reader only.  Copies the N oldest records out, at most count, and returns N. */
uint32_t spsc_pop(struct spsc *q, void *ret_records, uint32_t count);
/* How many records lie in it; callable from any thread, and out of date at once on any but an idle ring. */
uint32_t spsc_used_count(const struct spsc *q);
