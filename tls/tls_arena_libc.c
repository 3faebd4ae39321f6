/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/tls_arena_backend.h"

#include <stdlib.h>

enum gw_err tls_arena_backend_open(int *ret_backend, struct err_note *note)
{
	(void)note;
	*ret_backend = TLS_ARENA_BACKEND_SHARED;
	return GW_ERR_OK;
}

void tls_arena_backend_close(int backend)
{
	(void)backend;
}

void *tls_arena_backend_alloc(int backend, size_t bytes)
{
	(void)backend;
	return malloc(bytes);
}

void tls_arena_backend_free(int backend, void *p, size_t bytes)
{
	(void)backend;
	(void)bytes;
	free(p);
}
