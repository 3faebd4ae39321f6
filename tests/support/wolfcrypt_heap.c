/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/support/wolfcrypt_heap.c: what wolfCrypt allocates with, for tests that link it without
 * the gateway's arena: malloc(), so that a sanitizer sees each block. */
#include <stdlib.h>

#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/types.h>

void *XMALLOC(size_t n, void *heap, int type)
{
	(void)heap;
	(void)type;
	return malloc(n);
}

void *XREALLOC(void *p, size_t n, void *heap, int type)
{
	(void)heap;
	(void)type;
	return realloc(p, n);
}

void XFREE(void *p, void *heap, int type)
{
	(void)heap;
	(void)type;
	free(p);
}
