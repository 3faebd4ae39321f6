/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_arena_backend.h"

#include <stdlib.h>

enum gw_err tls_arena_backend_open(size_t bytes_max, size_t hugepages_bytes, struct err_note *note,
				   struct tls_arena_backend **ret_backend)
{
	(void)bytes_max;
	(void)hugepages_bytes;
	(void)note;
	*ret_backend = NULL;
	return GW_ERR_OK;
}

void tls_arena_backend_close(struct tls_arena_backend *backend)
{
	(void)backend;
}

void *tls_arena_backend_alloc(struct tls_arena_backend *backend, size_t bytes)
{
	(void)backend;
	return malloc(bytes);
}

void tls_arena_backend_free(struct tls_arena_backend *backend, void *p, size_t bytes)
{
	(void)backend;
	(void)bytes;
	free(p);
}

const struct tls_region *tls_arena_backend_region(const struct tls_arena_backend *backend)
{
	(void)backend;
	return NULL;
}
