/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/access_sum.h"

#include <criterion/criterion.h>

static struct access_sum *sum;

static void open_sum(void)
{
	cr_assert_eq(access_sum_create(&sum), GW_ERR_OK);
}

static void close_sum(void)
{
	access_sum_destroy(sum);
}

TestSuite(access_sum, .init = open_sum, .fini = close_sum);

static struct access_record refusal(uint32_t client, enum drop_reason error)
{
	struct access_record r = {0};

	access_record_init(&r);
	r.client_ip = client;
	r.listener_idx = 3;
	r.error = error;
	return r;
}

static enum access_sum_step add(const struct access_record *r, uint64_t now_ns)
{
	return access_sum_add(sum, r, now_ns);
}

Test(access_sum, what_went_well_is_always_written)
{
	struct access_record r = refusal(1, DROP_none);

	for (int i = 0; i < 5; i++)
		cr_assert_eq(add(&r, 0), ACCESS_SUM_WRITE);
}

Test(access_sum, a_failing_backend_is_always_written)
{
	struct access_record r = refusal(1, DROP_http_backend_closed);

	r.pool_idx = 0;
	for (int i = 0; i < 5; i++)
		cr_assert_eq(add(&r, 0), ACCESS_SUM_WRITE);
}

Test(access_sum, the_first_is_written_and_the_rest_is_summed_when_its_time_is_over)
{
	struct access_record r = refusal(1, DROP_http_host_mismatch), out;
	uint64_t repeated;

	cr_assert_eq(add(&r, 0), ACCESS_SUM_WRITE);
	for (int i = 1; i <= 4; i++) {
		r.end_ns = (uint64_t)i;
		cr_assert_eq(add(&r, 1), ACCESS_SUM_HELD);
	}
	cr_assert(!access_sum_take(sum, ACCESS_SUM_NS - 1, &out, &repeated));
	cr_assert(access_sum_take(sum, ACCESS_SUM_NS, &out, &repeated));
	cr_assert_eq(repeated, 4);
	cr_assert_eq(out.end_ns, 4, "the facts of the last");
	cr_assert(!access_sum_take(sum, ACCESS_SUM_NS, &out, &repeated));
	cr_assert_eq(add(&r, ACCESS_SUM_NS), ACCESS_SUM_WRITE, "a new time begins");
}

Test(access_sum, another_client_listener_or_reason_is_another_refusal)
{
	struct access_record a = refusal(1, DROP_http_host_mismatch);
	struct access_record b = refusal(2, DROP_http_host_mismatch);
	struct access_record c = refusal(1, DROP_http_bad_host);
	struct access_record d = a, e = a;

	d.listener_idx = 4;
	e.verify = ACCESS_VERIFY_JUDGED;
	e.reason = AUTH_expired;
	cr_assert_eq(add(&a, 0), ACCESS_SUM_WRITE);
	cr_assert_eq(add(&b, 0), ACCESS_SUM_WRITE);
	cr_assert_eq(add(&c, 0), ACCESS_SUM_WRITE);
	cr_assert_eq(add(&d, 0), ACCESS_SUM_WRITE);
	cr_assert_eq(add(&e, 0), ACCESS_SUM_WRITE);
	cr_assert_eq(add(&a, 0), ACCESS_SUM_HELD);
}

Test(access_sum, a_single_refusal_gets_no_second_line)
{
	struct access_record r = refusal(1, DROP_http_bad_host), out;
	uint64_t repeated;

	add(&r, 0);
	cr_assert(!access_sum_take(sum, UINT64_MAX, &out, &repeated));
}

Test(access_sum, the_end_takes_what_is_left)
{
	struct access_record r = refusal(1, DROP_http_bad_host), out;
	uint64_t repeated;

	add(&r, 0);
	add(&r, 0);
	cr_assert(access_sum_take(sum, UINT64_MAX, &out, &repeated));
	cr_assert_eq(repeated, 1);
}

Test(access_sum, a_crowd_pushes_the_oldest_out_early)
{
	struct access_record r, out;
	uint64_t repeated;

	for (uint32_t i = 0; i < ACCESS_SUM_PLACES; i++) {
		r = refusal(i, DROP_http_bad_host);
		cr_assert_eq(add(&r, i), ACCESS_SUM_WRITE);
	}
	r = refusal(0, DROP_http_bad_host);
	cr_assert_eq(add(&r, 5000), ACCESS_SUM_HELD);
	cr_assert(access_sum_take(sum, 5000, &out, &repeated), "no place is free");
	cr_assert_eq(out.client_ip, 0);
	cr_assert_eq(repeated, 1);
	cr_assert(!access_sum_take(sum, 5000, &out, &repeated));
	r = refusal(77777, DROP_http_bad_host);
	cr_assert_eq(add(&r, 5000), ACCESS_SUM_WRITE);
	cr_assert_eq(add(&r, 5000), ACCESS_SUM_HELD);
}

Test(access_sum, the_books_agree_whatever_comes)
{
	uint64_t written = 0, held = 0, summed = 0, repeated;
	struct access_record out;

	for (uint32_t i = 0; i < 100000; i++) {
		struct access_record r = refusal((i * 2654435761u >> 16) % 500, DROP_http_bad_host);
		uint64_t now_ns = i * 1000000ull;

		while (access_sum_take(sum, now_ns, &out, &repeated))
			summed += repeated;
		if (add(&r, now_ns) == ACCESS_SUM_WRITE)
			written++;
		else
			held++;
	}
	while (access_sum_take(sum, UINT64_MAX, &out, &repeated))
		summed += repeated;
	cr_assert_eq(written + held, 100000);
	cr_assert_eq(summed, held);
	cr_assert_gt(held, 0);
}
