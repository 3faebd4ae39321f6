/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_presented.h"

/* Parses within the limits. */
static enum auth_reason chain_parse(struct trust_presented *presented,
				    const struct trust_chain *chain,
				    const struct trust_limits *limits, unsigned *bytes,
				    unsigned *ret_idx)
{
	for (unsigned i = 0; i < chain->count; i++) {
		enum auth_reason reason;

		*ret_idx = i;
		if (i == limits->certificates)
			return AUTH_chain_too_long;
		if (chain->cert[i].len > limits->bytes - *bytes)
			return AUTH_too_large;
		*bytes += (unsigned)chain->cert[i].len;
		reason = x509_parse(chain->cert[i], &presented->cert[i]);
		if (reason != AUTH_ok)
			return reason;
		presented->count++;
	}
	return chain->too_long ? AUTH_chain_too_long : AUTH_ok;
}

static bool is_presented_before(const struct trust_presented *presented, unsigned i)
{
	for (unsigned j = 0; j < i; j++) {
		if (span_eq(presented->cert[i].der, presented->cert[j].der))
			return true;
	}
	return false;
}

static bool is_sound_issuer(const struct x509 *cert, const struct trust_request *rq)
{
	const struct trust_place place = {.cert = cert, .depth = 1};

	for (enum trust_rule rule = TRUST_RULES_FIRST; rule <= TRUST_RULES_LAST; rule++) {
		if (trust_rules_apply(rule, &place, rq->policy, rq->now_s) != AUTH_ok)
			return false;
	}
	return true;
}

static uint32_t issuers_of(const struct trust_presented *presented, unsigned child, uint32_t usable)
{
	uint32_t issuers = 0;

	for (unsigned i = 1; i < presented->count; i++) {
		if (i != child && (usable & 1u << i) != 0 &&
		    x509_name_eq(presented->cert[child].issuer, presented->cert[i].subject))
			issuers |= 1u << i;
	}
	return issuers;
}

enum auth_reason trust_presented_init(struct trust_presented *presented,
				      const struct trust_request *rq, unsigned *bytes,
				      unsigned *ret_idx)
{
	enum auth_reason reason;
	uint32_t usable = 0;

	presented->count = 0;
	presented->sound = 0;
	reason = chain_parse(presented, rq->chain, &rq->policy->limits, bytes, ret_idx);
	if (reason != AUTH_ok)
		return reason;
	for (unsigned i = 1; i < presented->count; i++) {
		const struct x509 *cert = &presented->cert[i];

		if (is_presented_before(presented, i))
			continue;
		usable |= 1u << i;
		if (is_sound_issuer(cert, rq))
			presented->sound |= 1u << i;
	}
	for (unsigned i = 0; i < presented->count; i++) {
		presented->issuers[i] = issuers_of(presented, i, usable);
		presented->store_issuers[i] = trust_store_find_subject(rq->store,
								       presented->cert[i].issuer);
	}
	return AUTH_ok;
}

uint32_t trust_presented_below(const struct trust_presented *presented, uint32_t open,
			       uint32_t start)
{
	uint32_t found = start, before;

	do {
		before = found;
		for (unsigned i = 0; i < presented->count; i++) {
			if ((open & 1u << i) != 0 && (presented->issuers[i] & found) != 0)
				found |= 1u << i;
		}
	} while (found != before);
	return found;
}
