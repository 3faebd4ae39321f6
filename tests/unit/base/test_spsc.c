/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/spsc.h"

#include <criterion/criterion.h>
#include <string.h>

static void spsc_make(struct spsc *q, size_t record_bytes, uint32_t count_min)
{
	cr_assert_eq(spsc_init(q, record_bytes, count_min), GW_ERR_OK);
}

Test(spsc, records_come_out_in_the_order_they_went_in)
{
	const uint32_t in[] = {1, 2, 3};
	uint32_t out[4] = {0};
	struct spsc q;

	spsc_make(&q, sizeof(in[0]), 4);
	cr_assert_eq(spsc_push(&q, in, 3), 3);
	cr_assert_eq(spsc_used_count(&q), 3);
	cr_assert_eq(spsc_pop(&q, out, 1), 1);
	cr_assert_eq(spsc_pop(&q, out + 1, 3), 2, "what there is");
	cr_assert_arr_eq(out, in, sizeof(in));
	cr_assert_eq(spsc_pop(&q, out, 4), 0);
	cr_assert_eq(spsc_used_count(&q), 0);
	spsc_fini(&q);
}

Test(spsc, a_full_ring_takes_no_more_and_recovers)
{
	const uint32_t in[] = {1, 2, 3, 4, 5, 6};
	uint32_t out[8] = {0};
	struct spsc q;

	spsc_make(&q, sizeof(in[0]), 4);
	cr_assert_eq(spsc_push(&q, in, 6), 4, "the first that fit");
	cr_assert_eq(spsc_push(&q, in + 4, 2), 0);
	cr_assert_eq(spsc_pop(&q, out, 1), 1);
	cr_assert_eq(spsc_push(&q, in + 4, 2), 1);
	cr_assert_eq(spsc_pop(&q, out + 1, 7), 4);
	cr_assert_arr_eq(out, in, 5 * sizeof(in[0]));
	spsc_fini(&q);
}

Test(spsc, the_size_is_rounded_up_to_a_power_of_two)
{
	uint8_t in[16] = {0};
	struct spsc q;

	spsc_make(&q, 1, 5);
	cr_assert_eq(spsc_push(&q, in, 16), 8);
	spsc_fini(&q);
	spsc_make(&q, 1, 1);
	cr_assert_eq(spsc_push(&q, in, 16), 1);
	spsc_fini(&q);
}

Test(spsc, more_than_memory_is_refused)
{
	struct spsc q = {.size_count = 7};

	cr_assert_eq(spsc_init(&q, SIZE_MAX / 2, 4), GW_ERR_NO_MEMORY);
	cr_assert_eq(spsc_init(&q, SIZE_MAX - 8, 1), GW_ERR_NO_MEMORY);
	cr_assert_eq(q.size_count, 7, "untouched on failure");
}

/* The positions are close to where 32 bits end. */
Test(spsc, random_pushes_and_pops_agree_with_a_count)
{
	enum { STEPS = 5000, BATCH_MAX = 24 };
	struct record {
		uint32_t seq;
		uint8_t rest[9];
	} batch[BATCH_MAX];
	uint32_t in = 0, out = 0, random = 7;
	struct spsc q;

	spsc_make(&q, sizeof(batch[0]), 16);
	q.write_pos = q.read_pos = q.write_pos_seen = q.read_pos_seen = UINT32_MAX - 100;
	for (unsigned step = 0; step < STEPS; step++) {
		uint32_t count, done;

		random = random * 1664525 + 1013904223;
		count = (random >> 8) % (BATCH_MAX + 1);
		if ((random >> 24 & 1) != 0) {
			for (uint32_t i = 0; i < count; i++) {
				batch[i].seq = in + i;
				memset(batch[i].rest, (int)(in + i), sizeof(batch[i].rest));
			}
			done = spsc_push(&q, batch, count);
			cr_assert_eq(done, count < 16 - (in - out) ? count : 16 - (in - out));
			in += done;
		} else {
			done = spsc_pop(&q, batch, count);
			cr_assert_eq(done, count < in - out ? count : in - out);
			for (uint32_t i = 0; i < done; i++) {
				cr_assert_eq(batch[i].seq, out + i);
				cr_assert_eq(batch[i].rest[8], (uint8_t)(out + i));
			}
			out += done;
		}
		cr_assert_eq(spsc_used_count(&q), in - out);
	}
	spsc_fini(&q);
}
