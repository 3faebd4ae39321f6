/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/host_table.h: from host names, exact and wildcard, to whoever owns them.  Filled once, then only read, by every
 * worker.  A look-up costs two keyed hashes however many names there are. */
#pragma once

#include "base/err.h"
#include "base/span.h"

struct host_entry {
	struct span name; /* lower case, the caller's; empty: a free place */
	const void *owner;
};

struct host_table {
	struct host_entry *places; /* a power of two of them, at most half in use */
	size_t mask;
	size_t count;
	uint64_t key[2]; /* so that nobody outside can choose names that collide */
};

/* Room for count_max names. */
MUST_CHECK enum gw_err host_table_init(struct host_table *t, size_t count_max);
/* Safe on a zeroed table. */
void host_table_fini(struct host_table *t);
/* name: "api.example" or "*.api.example".  False: somebody owns it already. */
bool host_table_add(struct host_table *t, struct span name, const void *owner);
/* The owner of a host in any case: of the exact name, else of the wildcard for its first label; NULL: nobody. */
const void *host_table_find(const struct host_table *t, struct span host);
