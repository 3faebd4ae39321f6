/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tls/tls_region.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static struct tls_region region;

static void open_region(size_t bytes, size_t hugepages_bytes)
{
	cr_assert_eq(tls_region_open(&region, bytes, hugepages_bytes, NULL), GW_ERR_OK);
}

/* More huge pages than any machine has. */
static const size_t too_many_bytes = (size_t)1 << 39;

Test(tls_region, without_huge_pages_all_of_it_is_the_rest)
{
	open_region(1, 0);
	cr_assert_eq(region.huge.bytes, 0);
	cr_assert_eq(region.rest.bytes, TLS_HUGEPAGE_BYTES);
	cr_assert_eq((uintptr_t)region.rest.start % TLS_HUGEPAGE_BYTES, 0);
	cr_assert_neq(tls_region_pages(&region), TLS_PAGES_HUGE);
	tls_region_close(&region);
}

Test(tls_region, huge_pages_that_the_machine_has_not_are_no_failure)
{
	open_region(too_many_bytes, too_many_bytes);
	cr_assert_eq(region.huge.bytes, 0);
	cr_assert_eq(region.rest.bytes, too_many_bytes);
	cr_assert_not_null(tls_region_take(&region, PAGE, PAGE));
	tls_region_close(&region);
}

Test(tls_region, less_than_a_huge_page_is_none)
{
	open_region(8 * TLS_HUGEPAGE_BYTES, TLS_HUGEPAGE_BYTES - 1);
	cr_assert_eq(region.huge.bytes, 0);
	tls_region_close(&region);
}

/* Where the machine has a huge page free; tests/e2e/gateway/arena.py makes sure of one. */
Test(tls_region, a_huge_page_is_used_first)
{
	uint8_t *first, *second;

	open_region(2 * TLS_HUGEPAGE_BYTES, TLS_HUGEPAGE_BYTES);
	first = tls_region_take(&region, TLS_HUGEPAGE_BYTES, PAGE);
	second = tls_region_take(&region, PAGE, PAGE);
	cr_assert_not_null(first);
	cr_assert_not_null(second);
	if (region.huge.bytes > 0) {
		cr_assert_eq(tls_region_pages(&region), TLS_PAGES_HUGE);
		cr_assert_eq(first, region.huge.start);
		cr_assert_eq(second, region.rest.start);
	}
	memset(first, 1, TLS_HUGEPAGE_BYTES);
	tls_region_close(&region);
	cr_assert_eq(region.huge.bytes, 0);
}

Test(tls_region, what_is_taken_is_aligned_zeroed_and_never_taken_twice)
{
	static const size_t alignments[] = {PAGE, 4 * PAGE, PAGE, TLS_HUGEPAGE_BYTES, PAGE};
	uint8_t *end = NULL;

	open_region(4 * TLS_HUGEPAGE_BYTES, 0);
	for (size_t i = 0; i < sizeof(alignments) / sizeof(alignments[0]); i++) {
		uint8_t *p = tls_region_take(&region, 3 * PAGE, alignments[i]);

		cr_assert_not_null(p);
		cr_assert_eq((uintptr_t)p % alignments[i], 0);
		cr_assert(end == NULL || p >= end);
		for (size_t k = 0; k < 3 * PAGE; k++)
			cr_assert_eq(p[k], 0);
		memset(p, 0xff, 3 * PAGE);
		end = p + 3 * PAGE;
	}
	tls_region_close(&region);
}

Test(tls_region, no_more_is_taken_than_there_is)
{
	open_region(TLS_HUGEPAGE_BYTES, 0);
	cr_assert_null(tls_region_take(&region, TLS_HUGEPAGE_BYTES + 1, PAGE));
	cr_assert_null(tls_region_take(&region, SIZE_MAX, PAGE));
	cr_assert_not_null(tls_region_take(&region, TLS_HUGEPAGE_BYTES - PAGE, PAGE));
	cr_assert_null(tls_region_take(&region, PAGE + 1, PAGE));
	cr_assert_not_null(tls_region_take(&region, PAGE, PAGE));
	cr_assert_null(tls_region_take(&region, 1, 1));
	cr_assert_eq(region.rest.used_bytes, TLS_HUGEPAGE_BYTES);
	tls_region_close(&region);
}

static bool is_mapped(void *page)
{
	unsigned char is_resident;

	return mincore(page, PAGE, &is_resident) == 0 || errno != ENOMEM;
}

Test(tls_region, child_process_has_none_of_it)
{
	void *p;
	int status;
	pid_t child;

	open_region(TLS_HUGEPAGE_BYTES, 0);
	p = tls_region_take(&region, PAGE, PAGE);
	cr_assert_not_null(p);
	cr_assert(is_mapped(p));
	child = fork();
	cr_assert_geq(child, 0);
	if (child == 0)
		_exit(is_mapped(p) ? 1 : 0);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	tls_region_close(&region);
}
