/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/access_sum.h: keeps a client that is refused again and again from filling the access log.  The first refusal of
 * a kind (listener, client address, reason) is written at once; those that follow within ACCESS_SUM_NS are counted, and then
 * one line with the facts of the last says how many they were.  Owned by the log's thread; bounded: when all places are taken
 * the one that has waited longest is written early. */
#pragma once

#include "app/gateway/access_record.h"
#include "base/err.h"

#define ACCESS_SUM_NS 10000000000ull
#define ACCESS_SUM_PLACES 1024

struct access_sum;

enum access_sum_step {
	ACCESS_SUM_WRITE, /* write the record itself */
	ACCESS_SUM_HELD,  /* it was counted; nothing is to be written now */
};

MUST_CHECK enum gw_err access_sum_create(struct access_sum **ret_sum);
void access_sum_destroy(struct access_sum *sum);
/* What to do with a record at now_ns (CLOCK_MONOTONIC).  Whoever calls it has emptied access_sum_take() before. */
enum access_sum_step access_sum_add(struct access_sum *sum, const struct access_record *r,
				    uint64_t now_ns);
/* The next sum that is due; all that are left when now_ns is UINT64_MAX.  False when there is none. */
bool access_sum_take(struct access_sum *sum, uint64_t now_ns, struct access_record *ret_record,
		     uint64_t *ret_repeated);
