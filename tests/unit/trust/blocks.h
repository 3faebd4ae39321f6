/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/unit/trust/blocks.h: what a judgement may cost at most, counted in what every machine counts
 * alike: blocks of instructions between two branches that the code of tls/trust ran.  wolfCrypt is not
 * among them: its work is counted in signatures. */
#pragma once

#include "tests/support/forest_build.h"

#define BLOCKS_NOW_S 1893456000 /* 2030-01-01 */

/* Of a judgement over 64 KiB, however they were chosen.  Compilers differ by what they make one
 * block; the worst measured is a third, or two with sanitizers. */
#define BLOCKS_MAX 50000000u

/* Judges by this policy; fails the test when a count is over its limit. */
struct trust_verdict blocks_judge(const struct trust_store *store,
				  const struct trust_policy *policy,
				  const struct trust_chain *chain);
/* Blocks that the last judgement ran. */
uint64_t blocks_count(void);

/* A certificate as make_cert() writes it.  The rest is as cert_parts_plain() has it. */
struct shape {
	struct span subject, issuer; /* whole names; subject empty: CN=x */
	unsigned key, signer;
	struct span extensions;
};
/* Appends it to out, signed, each with a serial number of its own. */
struct span make_cert(const struct shape *shape, struct outbuf *out);
/* CN=Root, key 0, self-signed. */
struct span make_root(struct outbuf *out);
