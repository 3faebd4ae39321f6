/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_index.h: from a subject to the certificates that have it.  One for each store, made
 * when it is loaded, immutable afterwards. */
#pragma once

#include "base/err.h"
#include "base/span.h"

/* Numbers of certificates, a view. */
struct trust_ca_list {
	const uint32_t *idx;
	size_t count;
};

struct trust_subject {
	uint64_t hash; /* x509_name_hash() */
	struct span name;
	uint32_t begin, count; /* in trust_index.cas */
};

struct trust_index {
	struct trust_subject *subjects; /* by hash */
	size_t subject_count;
	uint32_t *cas;
};

/* names[i] is the subject of certificate i; well-formed views that outlive the index.  Only memory can
 * be short. */
MUST_CHECK enum gw_err trust_index_init(struct trust_index *index, const struct span *names,
					size_t count);
/* An index of zeros has nothing to free. */
void trust_index_fini(struct trust_index *index);
/* The certificates of this subject (x509_name_eq()), in ascending order. */
struct trust_ca_list trust_index_find(const struct trust_index *index, struct span name);
