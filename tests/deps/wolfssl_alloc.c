/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/deps/wolfssl_alloc.h"

#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/types.h>

#include <stdlib.h>

static long live_blocks;

long wolfssl_live_blocks(void)
{
	return live_blocks;
}

void *XMALLOC(size_t n, void *heap, int type)
{
	void *p = malloc(n);

	(void)heap;
	(void)type;
	live_blocks += p != NULL;
	return p;
}

void *XREALLOC(void *old, size_t n, void *heap, int type)
{
	void *p = realloc(old, n);

	(void)heap;
	(void)type;
	live_blocks += old == NULL && p != NULL;
	return p;
}

void XFREE(void *p, void *heap, int type)
{
	(void)heap;
	(void)type;
	live_blocks -= p != NULL;
	free(p);
}
