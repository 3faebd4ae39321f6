/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_region.h: the addresses of one worker's arena, taken from the kernel once: a first part on huge pages as far
 * as they were promised, the rest on transparent huge pages or, where the kernel has none, plain ones.  Hands
 * out from the beginning and takes nothing back: that is the allocator's business.  One thread at a time.
 * A child process has none of it, so a program that has a region must not go on in one: posix_spawn(), not fork(). */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of the only size that is asked for; parts begin and end at one. */
#define TLS_HUGEPAGE_BYTES ((size_t)2 << 20)

/* What pages the beginning of a region, and so the first that is used, lies on. */
enum tls_pages { TLS_PAGES_PLAIN, TLS_PAGES_TRANSPARENT, TLS_PAGES_HUGE };

struct tls_region {
	/* used_bytes: read by the control plane, relaxed */
	struct tls_region_part {
		uint8_t *start;
		size_t bytes, used_bytes;
	} huge, rest;
	bool is_rest_transparent;
};

/* At least bytes of addresses.  hugepages_bytes of them, in whole pages, are on huge pages, or none when the machine does
 * not have so many free: that is no failure.  Those are taken at once; the rest costs memory when it is first
 * touched. */
MUST_CHECK enum gw_err tls_region_open(struct tls_region *region, size_t bytes,
				       size_t hugepages_bytes, struct err_note *note);
/* Gives everything back to the kernel. */
void tls_region_close(struct tls_region *region);
/* Zeroed memory that was never handed out before; alignment is a power of two.  NULL when no part has that much left. */
void *tls_region_take(struct tls_region *region, size_t bytes, size_t alignment);
enum tls_pages tls_region_pages(const struct tls_region *region);
/* "huge", "transparent" or "plain". */
const char *tls_pages_name(enum tls_pages pages);
