/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/host_table.h"

#include "base/assert.h"
#include "base/siphash.h"

#include <stdlib.h>
#include <sys/random.h>

/* RFC 1035 section 2.3.4, written with dots.  A longer host is nobody's. */
#define HOST_BYTES_MAX 253

enum gw_err host_table_init(struct host_table *t, size_t count_max)
{
	size_t places = 2;

	while (places < 2 * count_max)
		places *= 2;
	*t = (struct host_table){.places = calloc(places, sizeof(*t->places)), .mask = places - 1};
	if (t->places == NULL)
		return GW_ERR_NO_MEMORY;
	if (getrandom(t->key, sizeof(t->key), 0) != sizeof(t->key)) {
		host_table_fini(t);
		return GW_ERR_MACHINE;
	}
	return GW_ERR_OK;
}

void host_table_fini(struct host_table *t)
{
	free(t->places);
	*t = (struct host_table){0};
}

/* The place of a name, or the free one where it would be: at least half are free, so the search ends. */
static struct host_entry *place_of(const struct host_table *t, struct span name)
{
	size_t at = siphash24(t->key, name) & t->mask;

	while (t->places[at].name.len > 0 && !span_eq(t->places[at].name, name))
		at = (at + 1) & t->mask;
	return &t->places[at];
}

bool host_table_add(struct host_table *t, struct span name, const void *owner)
{
	struct host_entry *place = place_of(t, name);

	GW_ASSERT(name.len > 0 && 2 * t->count <= t->mask);
	if (place->name.len > 0)
		return false;
	*place = (struct host_entry){name, owner};
	t->count++;
	return true;
}

const void *host_table_find(const struct host_table *t, struct span host)
{
	uint8_t folded[HOST_BYTES_MAX];
	const struct host_entry *place;
	const uint8_t *dot;

	if (t->count == 0 || host.len == 0 || host.len > sizeof(folded))
		return NULL;
	for (size_t i = 0; i < host.len; i++)
		folded[i] = ascii_lower(host.p[i]);
	place = place_of(t, span_of(folded, host.len));
	if (place->name.len > 0)
		return folded[0] == '*' ? NULL : place->owner;
	dot = memchr(folded, '.', host.len);
	if (dot == NULL || dot == folded)
		return NULL;
	/* "a.example" is looked for as "*.example": the label makes room for its star. */
	folded[dot - folded - 1] = '*';
	return place_of(t, span_of(dot - 1, host.len - (size_t)(dot - 1 - folded)))->owner;
}
