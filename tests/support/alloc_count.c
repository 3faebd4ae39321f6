/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into the gateway (LD_PRELOAD), counts each thread's calls of the allocators, so that a test need not believe what
 * the gateway says of itself.  The counts lie in the file $ALLOC_COUNT_FILE, one row a thread. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROWS_MAX 64
#define EARLY_BYTES 65536

/* As tests/e2e/gateway/steady_state.py reads it. */
struct row {
	uint64_t tid;
	uint64_t heap;  /* malloc() and its like, DPDK's rte_malloc() and its like */
	uint64_t arena; /* jemalloc's mallocx() and rallocx(), which only the TLS arena calls */
};

static struct row *rows;
static unsigned row_count;
static __thread struct row *mine __attribute__((tls_model("initial-exec")));

/* What dlsym() itself may ask for, before there is anybody to ask. */
static uint8_t early[EARLY_BYTES] __attribute__((aligned(16)));
static size_t early_used;

#define REAL(ret, name, ...)                                                                       \
	static ret (*real_##name)(__VA_ARGS__);                                                    \
	ret name(__VA_ARGS__)

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static void rows_open(void)
{
	const char *path = getenv("ALLOC_COUNT_FILE");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *p;

	if (fd < 0)
		return;
	p = mmap(NULL, ROWS_MAX * sizeof(struct row), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (p != MAP_FAILED)
		rows = p;
}

static struct row *my_row(void)
{
	static struct row nobody;
	unsigned n;

	if (mine != NULL)
		return mine;
	if (rows == NULL)
		return &nobody;
	n = __atomic_fetch_add(&row_count, 1, __ATOMIC_RELAXED);
	mine = n < ROWS_MAX ? &rows[n] : &nobody;
	mine->tid = (uint64_t)gettid();
	return mine;
}

static void *early_alloc(size_t bytes)
{
	void *p = early + early_used;

	early_used += (bytes + 15) & ~(size_t)15;
	if (early_used > EARLY_BYTES)
		abort();
	return p;
}

/* Other libraries' constructors run before ours: the first to ask finds the way. */
static bool find_all(void);

static int is_early(const void *p)
{
	return (const uint8_t *)p >= early && (const uint8_t *)p < early + EARLY_BYTES;
}

REAL(void *, malloc, size_t bytes)
{
	if (real_malloc == NULL && !find_all())
		return early_alloc(bytes);
	my_row()->heap++;
	return real_malloc(bytes);
}

REAL(void *, calloc, size_t count, size_t bytes)
{
	if (real_calloc == NULL && !find_all())
		return early_alloc(count * bytes); /* zero already */
	my_row()->heap++;
	return real_calloc(count, bytes);
}

REAL(void, free, void *p)
{
	if (!is_early(p) && real_free != NULL)
		real_free(p);
}

REAL(void *, realloc, void *p, size_t bytes)
{
	void *moved;

	if (!is_early(p) && (real_realloc != NULL || find_all())) {
		my_row()->heap++;
		return real_realloc(p, bytes);
	}
	moved = malloc(bytes);
	if (moved != NULL && p != NULL)
		memcpy(moved, p,
		       (size_t)(early + EARLY_BYTES - (uint8_t *)p) < bytes
			       ? (size_t)(early + EARLY_BYTES - (uint8_t *)p)
			       : bytes);
	return moved;
}

REAL(void *, aligned_alloc, size_t alignment, size_t bytes)
{
	my_row()->heap++;
	return real_aligned_alloc(alignment, bytes);
}

REAL(int, posix_memalign, void **ret_p, size_t alignment, size_t bytes)
{
	my_row()->heap++;
	return real_posix_memalign(ret_p, alignment, bytes);
}

void *mallocx(size_t bytes, int flags);
REAL(void *, mallocx, size_t bytes, int flags)
{
	my_row()->arena++;
	return real_mallocx(bytes, flags);
}

void *rallocx(void *p, size_t bytes, int flags);
REAL(void *, rallocx, void *p, size_t bytes, int flags)
{
	my_row()->arena++;
	return real_rallocx(p, bytes, flags);
}

#define DPDK(name)                                                                                 \
	void *name(const char *type, size_t bytes, unsigned align);                                \
	REAL(void *, name, const char *type, size_t bytes, unsigned align)                         \
	{                                                                                          \
		my_row()->heap++;                                                                  \
		return real_##name(type, bytes, align);                                            \
	}
DPDK(rte_malloc)
DPDK(rte_zmalloc)

#define DPDK_SOCKET(name)                                                                          \
	void *name(const char *type, size_t bytes, unsigned align, int node);                      \
	REAL(void *, name, const char *type, size_t bytes, unsigned align, int node)               \
	{                                                                                          \
		my_row()->heap++;                                                                  \
		return real_##name(type, bytes, align, node);                                      \
	}
DPDK_SOCKET(rte_malloc_socket)
DPDK_SOCKET(rte_zmalloc_socket)

static bool find_all(void)
{
	static bool is_busy;

	if (is_busy)
		return false;
	is_busy = true;
#define FIND(name) real_##name = next(#name)
	FIND(calloc);
	FIND(realloc);
	FIND(free);
	FIND(aligned_alloc);
	FIND(posix_memalign);
	FIND(mallocx);
	FIND(rallocx);
	FIND(rte_malloc);
	FIND(rte_zmalloc);
	FIND(rte_malloc_socket);
	FIND(rte_zmalloc_socket);
	FIND(malloc);
	rows_open();
	is_busy = false;
	return true;
}
