/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_index.h"

#include <stdlib.h>

#include "tls/trust/x509_name.h"

struct entry {
	uint64_t hash;
	struct span name;
	uint32_t ca;
	bool is_listed;
};

static int entry_compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->ca > b->ca) - (a->ca < b->ca);
}

/* Moves the entries of each name into a list.  Names that share a hash stand side by side, each
 * with its own. */
static void lists_fill(struct trust_index *index, struct entry *entries, size_t count)
{
	uint32_t at = 0;

	for (size_t i = 0; i < count; i++) {
		struct trust_subject *subject = &index->subjects[index->subject_count];

		if (entries[i].is_listed)
			continue;
		*subject = (struct trust_subject){entries[i].hash, entries[i].name, at, 0};
		index->subject_count++;
		for (size_t j = i; j < count && entries[j].hash == entries[i].hash; j++) {
			if (entries[j].is_listed || !x509_name_eq(entries[j].name, subject->name))
				continue;
			entries[j].is_listed = true;
			index->cas[at++] = entries[j].ca;
			subject->count++;
		}
	}
}

enum gw_err trust_index_init(struct trust_index *index, const struct span *names, size_t count)
{
	struct entry *entries = calloc(count + 1, sizeof(*entries));

	*index = (struct trust_index){
		.subjects = calloc(count + 1, sizeof(*index->subjects)),
		.cas = calloc(count + 1, sizeof(*index->cas)),
	};
	if (entries == NULL || index->subjects == NULL || index->cas == NULL) {
		free(entries);
		trust_index_fini(index);
		return GW_ERR_NO_MEMORY;
	}
	for (size_t i = 0; i < count; i++)
		entries[i] = (struct entry){
			.hash = x509_name_hash(names[i]),
			.name = names[i],
			.ca = (uint32_t)i,
		};
	qsort(entries, count, sizeof(*entries), entry_compare);
	lists_fill(index, entries, count);
	free(entries);
	return GW_ERR_OK;
}

void trust_index_fini(struct trust_index *index)
{
	free(index->subjects);
	free(index->cas);
	*index = (struct trust_index){0};
}

/* The first subject whose hash is not less. */
static size_t lower_bound(const struct trust_index *index, uint64_t hash)
{
	size_t low = 0, high = index->subject_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (index->subjects[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct trust_ca_list trust_index_find(const struct trust_index *index, struct span name)
{
	uint64_t hash = x509_name_hash(name);

	for (size_t i = lower_bound(index, hash);
	     i < index->subject_count && index->subjects[i].hash == hash; i++) {
		const struct trust_subject *subject = &index->subjects[i];

		if (x509_name_eq(subject->name, name))
			return (struct trust_ca_list){index->cas + subject->begin, subject->count};
	}
	return (struct trust_ca_list){NULL, 0};
}
