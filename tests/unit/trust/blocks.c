/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/trust/blocks.h"

#include <criterion/criterion.h>

static uint64_t blocks, last_blocks;

/* What -fsanitize-coverage=trace-pc calls at the beginning of each block. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	blocks++;
}

struct trust_verdict blocks_judge(const struct trust_store *store,
				  const struct trust_policy *policy,
				  const struct trust_chain *chain)
{
	const struct trust_request rq = {
		.store = store, .policy = policy, .chain = chain, .now_s = BLOCKS_NOW_S};
	struct trust_verdict verdict;

	blocks = 0;
	trust_judge(&rq, &verdict);
	last_blocks = blocks;
	cr_assert_leq(verdict.work.candidates, policy->limits.candidates);
	cr_assert_leq(verdict.work.signatures, policy->limits.signatures);
	cr_assert_leq(verdict.work.names, policy->limits.names);
	cr_assert_leq(verdict.work.policies, policy->limits.policies);
	cr_assert_leq(verdict.work.bytes, policy->limits.bytes);
	cr_assert_gt(last_blocks, 0, "nothing is counted");
	cr_expect_leq(last_blocks, BLOCKS_MAX, "%lu blocks", (unsigned long)last_blocks);
	return verdict;
}

uint64_t blocks_count(void)
{
	return last_blocks;
}

struct span make_cert(const struct shape *shape, struct outbuf *out)
{
	static uint32_t count;
	struct cert_parts parts = cert_parts_plain();
	uint8_t serial[] = {0x02, 0x04, 0x01, 0, (uint8_t)(count >> 8), (uint8_t)count};

	count++;
	parts.serial = SPAN(serial);
	parts.key = forest_key(shape->key);
	parts.issuer = shape->issuer;
	if (shape->subject.len > 0)
		parts.subject = shape->subject;
	parts.extensions = shape->extensions;
	return forest_cert(parts, shape->signer, out);
}

struct span make_root(struct outbuf *out)
{
	uint8_t name_bytes[64], exts_bytes[64];
	struct outbuf name = outbuf_of(name_bytes, sizeof(name_bytes));
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct span root = forest_name(&name, "Root");

	return make_cert(&(struct shape){root, root, 0, 0, forest_ca_exts(&exts, -1)}, out);
}
