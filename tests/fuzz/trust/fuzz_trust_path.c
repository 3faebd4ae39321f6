/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of certificates (chain_from_input()) taken for a path, whoever issued them: the rules that only
 * a whole path can show.  They stop at their limits, say the same again, and refuse no less when a
 * limit is lower or when a CA says more. */
#include "base/assert.h"
#include "tests/support/trust_files.h"
#include "tls/trust/spiffe_id.h"
#include "tls/trust/trust_names.h"
#include "tls/trust/trust_policies.h"

#define NAMES_MAX 2000
#define POLICIES_MAX 500

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct x509 certs[TRUST_CHAIN_MAX];
static const struct x509 *path[TRUST_CHAIN_MAX];

/* How many of the row are certificates. */
static unsigned path_parse(const struct trust_chain *chain)
{
	unsigned count = 0;

	while (count < chain->count && x509_parse(chain->cert[count], &certs[count]) == AUTH_ok) {
		path[count] = &certs[count];
		count++;
	}
	return count;
}

static void check_names(unsigned count)
{
	unsigned compared = 0, again = 0, depth = count, depth_again = count;
	enum auth_reason reason = trust_names_check(path, count, NAMES_MAX, &compared, &depth);

	GW_ASSERT(compared <= NAMES_MAX);
	GW_ASSERT(reason == AUTH_ok || reason == AUTH_name_constraint ||
		  reason == AUTH_search_limit);
	GW_ASSERT((reason == AUTH_ok) == (depth == count));
	if (compared == 0)
		return;
	GW_ASSERT(trust_names_check(path, count, compared, &again, &depth_again) == reason ||
		  reason == AUTH_search_limit);
	again = 0;
	GW_ASSERT(trust_names_check(path, count, compared - 1, &again, &depth_again) ==
		  AUTH_search_limit);
}

static void check_policies(unsigned count)
{
	unsigned nodes = 0, again = 0, depth = count;
	enum auth_reason reason = trust_policies_check(path, count, POLICIES_MAX, &nodes, &depth);

	GW_ASSERT(nodes <= POLICIES_MAX);
	GW_ASSERT(reason == AUTH_ok || reason == AUTH_policy || reason == AUTH_search_limit);
	GW_ASSERT((reason == AUTH_ok) == (depth == count));
	if (reason == AUTH_search_limit)
		return;
	/* The anchor cannot ask for less by asking for a policy at once. */
	certs[count - 1].require_explicit_policy = (struct x509_skip){true, 0};
	if (reason == AUTH_policy)
		GW_ASSERT(trust_policies_check(path, count, POLICIES_MAX, &again, &depth) !=
			  AUTH_ok);
}

static void check_spiffe_id(const struct x509 *leaf)
{
	struct spiffe_id id;

	if (!spiffe_id_of_leaf(leaf, &id))
		return;
	GW_ASSERT(id.trust_domain.len > 0 && id.path.len > 1);
	GW_ASSERT(id.uri.len == 9 + id.trust_domain.len + id.path.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct trust_chain chain;
	unsigned count;

	chain_from_input(span_of(data, len), &chain);
	count = path_parse(&chain);
	if (count == 0)
		return 0;
	check_names(count);
	check_policies(count);
	check_spiffe_id(path[0]);
	return 0;
}
