/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_region.h"

#include <errno.h>
#include <linux/mman.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>

/* Addresses, not memory: more than this no bound of an arena means. */
#define REGION_BYTES_MAX ((size_t)1 << 40)

static size_t round_up(size_t n, size_t alignment)
{
	return (n + alignment - 1) & ~(alignment - 1);
}

/* Nothing of it is in a child of the process: no key, and no state of a generator that would give both the same numbers. */
static void *map(size_t bytes, int flags)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1,
		       0);

	if (p == MAP_FAILED)
		return NULL;
	if (madvise(p, bytes, MADV_DONTFORK) != 0) {
		munmap(p, bytes);
		return NULL;
	}
	return p;
}

/* Touched at once: a page that a limit of the machine denies us after all is a fault at the first touch. */
static void huge_part_map(struct tls_region_part *part, size_t bytes)
{
	void *p = bytes > 0 ? map(bytes, MAP_HUGETLB | MAP_HUGE_2MB) : NULL;

	if (p == NULL)
		return;
	/* EINVAL: a kernel before 5.14, which takes the page when it is touched */
	if (madvise(p, bytes, MADV_POPULATE_WRITE) != 0 && errno != EINVAL) {
		munmap(p, bytes);
		return;
	}
	*part = (struct tls_region_part){.start = p, .bytes = bytes};
}

static bool rest_part_map(struct tls_region_part *part, size_t bytes)
{
	uint8_t *p = map(bytes + TLS_HUGEPAGE_BYTES, MAP_NORESERVE);
	size_t before;

	if (p == NULL)
		return false;
	before = round_up((uintptr_t)p, TLS_HUGEPAGE_BYTES) - (uintptr_t)p;
	if (before > 0)
		munmap(p, before);
	if (before < TLS_HUGEPAGE_BYTES)
		munmap(p + before + bytes, TLS_HUGEPAGE_BYTES - before);
	*part = (struct tls_region_part){.start = p + before, .bytes = bytes};
	return true;
}

/* The kernel takes the advice even where the administrator has said never; then it is not followed. */
static bool transparent_pages_are_on(void)
{
	bool is_process_without = prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1;
	FILE *f = fopen("/sys/kernel/mm/transparent_hugepage/enabled", "re");
	char line[64] = "";
	bool on = f != NULL && fgets(line, sizeof(line), f) != NULL &&
		  strstr(line, "[never]") == NULL;

	if (f != NULL)
		fclose(f);
	return on && !is_process_without;
}

enum gw_err tls_region_open(struct tls_region *region, size_t bytes, size_t hugepages_bytes,
			    struct err_note *note)
{
	struct tls_region r = {0};

	bytes = round_up(bytes < REGION_BYTES_MAX ? bytes : REGION_BYTES_MAX, TLS_HUGEPAGE_BYTES);
	if (hugepages_bytes > bytes)
		hugepages_bytes = bytes;
	huge_part_map(&r.huge, hugepages_bytes / TLS_HUGEPAGE_BYTES * TLS_HUGEPAGE_BYTES);
	if (bytes > r.huge.bytes && !rest_part_map(&r.rest, bytes - r.huge.bytes)) {
		tls_region_close(&r);
		err_note_set(note,
			     "no addresses for %zu bytes of TLS memory; lower memory.sessions",
			     bytes);
		return GW_ERR_NO_MEMORY;
	}
	r.is_rest_transparent = r.rest.bytes > 0 && transparent_pages_are_on() &&
				madvise(r.rest.start, r.rest.bytes, MADV_HUGEPAGE) == 0;
	*region = r;
	return GW_ERR_OK;
}

static void part_unmap(struct tls_region_part *part)
{
	if (part->start != NULL)
		munmap(part->start, part->bytes);
	*part = (struct tls_region_part){0};
}

void tls_region_close(struct tls_region *region)
{
	part_unmap(&region->huge);
	part_unmap(&region->rest);
}

static void *part_take(struct tls_region_part *part, size_t bytes, size_t alignment)
{
	uintptr_t start = (uintptr_t)part->start;
	size_t offset = round_up(start + part->used_bytes, alignment) - start;

	if (offset > part->bytes || bytes > part->bytes - offset)
		return NULL;
	__atomic_store_n(&part->used_bytes, offset + bytes, __ATOMIC_RELAXED);
	return part->start + offset;
}

void *tls_region_take(struct tls_region *region, size_t bytes, size_t alignment)
{
	void *p = part_take(&region->huge, bytes, alignment);

	return p != NULL ? p : part_take(&region->rest, bytes, alignment);
}

enum tls_pages tls_region_pages(const struct tls_region *region)
{
	if (region->huge.bytes > 0)
		return TLS_PAGES_HUGE;
	return region->is_rest_transparent ? TLS_PAGES_TRANSPARENT : TLS_PAGES_PLAIN;
}

const char *tls_pages_name(enum tls_pages pages)
{
	static const char *const names[] = {
		[TLS_PAGES_PLAIN] = "plain",
		[TLS_PAGES_TRANSPARENT] = "transparent",
		[TLS_PAGES_HUGE] = "huge",
	};

	return names[pages];
}
