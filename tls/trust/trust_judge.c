/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The path of a client: what it presented, in order, then one of the store's ways up to a
 * root.  The presented part is taken as it stands; a root at its end is left out, for only the
 * store says what a root is.  Signatures are verified from the root downwards, after everything
 * else: no key is computed with before a key that we trust has vouched for it, so a stranger
 * cannot make us do more than one verification for each candidate. */
#include "tls/trust/trust_rules.h"
#include "tls/trust/trust_store.h"

enum sig_state { SIG_UNKNOWN, SIG_VALID, SIG_INVALID };

/* How far a path got: no issuer found, then the kinds of rules, then signatures. */
#define PROGRESS_NO_ISSUER 0u
#define PROGRESS_RULES 1u
#define PROGRESS_SIGNATURE (PROGRESS_RULES + TRUST_RULE_KINDS)

struct search {
	const struct trust_request *rq;
	const struct trust_store *store;
	struct x509 presented[TRUST_CHAIN_MAX];
	unsigned presented_count; /* without a root at the end */
	struct trust_path path;
	struct trust_path_entry entry[TRUST_PATH_MAX];
	struct trust_work work;
	bool limit_hit, depth_hit;
	/* Of the last presented certificate by the candidate above it. */
	enum sig_state top_sig;
	/* Of all those below it, each by the next: the same whatever the candidate. */
	enum sig_state lower_sigs;
	unsigned lower_failed_depth;
	struct trust_verdict verdict; /* acceptance, or why the furthest path failed */
	unsigned progress;
};

/* Remembers a refusal unless an earlier path got as far. */
static bool refuse(struct search *s, enum auth_reason reason, unsigned depth, unsigned progress)
{
	if (progress > s->progress) {
		s->verdict = (struct trust_verdict){.reason = reason, .depth = depth};
		s->progress = progress;
	}
	return false;
}

static bool accept(struct search *s)
{
	int64_t expires_s = s->path.cert[0]->not_after_s;

	for (unsigned i = 1; i < s->path.count; i++) {
		if (s->path.cert[i]->not_after_s < expires_s)
			expires_s = s->path.cert[i]->not_after_s;
	}
	s->verdict = (struct trust_verdict){
		.reason = AUTH_ok, .expires_s = expires_s, .path_count = s->path.count};
	for (unsigned i = 0; i < s->path.count; i++)
		s->verdict.path[i] = s->entry[i];
	return true;
}

static bool sig_is_valid(struct search *s, const struct x509 *cert, const struct x509_key *key)
{
	if (s->work.signatures == s->rq->policy->limits.signatures) {
		s->limit_hit = true;
		return false;
	}
	s->work.signatures++;
	return trust_sig_verify(cert, key, s->rq->heap);
}

static bool top_sig_is_valid(struct search *s)
{
	unsigned top = s->presented_count - 1;

	if (s->top_sig == SIG_UNKNOWN)
		s->top_sig = sig_is_valid(s, &s->presented[top], &s->path.cert[top + 1]->key)
				     ? SIG_VALID
				     : SIG_INVALID;
	return s->top_sig == SIG_VALID;
}

static bool lower_sigs_are_valid(struct search *s)
{
	if (s->lower_sigs != SIG_UNKNOWN)
		return s->lower_sigs == SIG_VALID;
	s->lower_sigs = SIG_VALID;
	for (unsigned i = s->presented_count - 1; i > 0; i--) {
		if (!sig_is_valid(s, &s->presented[i - 1], &s->presented[i].key)) {
			s->lower_sigs = SIG_INVALID;
			s->lower_failed_depth = i - 1;
			break;
		}
	}
	return s->lower_sigs == SIG_VALID;
}

/* s->path reaches a root.  True: accepted. */
static bool path_judge(struct search *s)
{
	struct trust_finding finding = trust_rules_apply(&s->path, s->rq->policy, s->rq->now_s);

	if (finding.reason != AUTH_ok)
		return refuse(s, finding.reason, finding.depth, PROGRESS_RULES + finding.progress);
	if (!top_sig_is_valid(s))
		return refuse(s, AUTH_bad_signature, s->presented_count - 1, PROGRESS_SIGNATURE);
	if (!lower_sigs_are_valid(s))
		return refuse(s, AUTH_bad_signature, s->lower_failed_depth, PROGRESS_SIGNATURE);
	return accept(s);
}

static const struct trust_ca *parent_of(const struct trust_store *store, const struct trust_ca *ca,
					size_t i)
{
	return &store->cas[store->parents[ca->parents_begin + i]];
}

/* Continues the path with a certificate of the store, and with those that issued it.  The depth
 * of recursion is bounded by TRUST_PATH_MAX, the calls altogether by the limit of candidates. */
static bool candidate_try(struct search *s, const struct trust_ca *ca)
{
	bool accepted = false;

	if (s->work.candidates == s->rq->policy->limits.candidates) {
		s->limit_hit = true;
		return false;
	}
	if (!ca->is_root && s->path.count > s->rq->policy->verify_depth) {
		s->depth_hit = true;
		return false;
	}
	s->work.candidates++;
	s->entry[s->path.count] = (struct trust_path_entry){TRUST_SOURCE_STORE,
							    (unsigned)(ca - s->store->cas)};
	s->path.cert[s->path.count++] = &ca->cert;
	if (ca->is_root)
		accepted = path_judge(s);
	for (size_t i = 0; i < ca->parent_count && !accepted; i++)
		accepted = candidate_try(s, parent_of(s->store, ca, i));
	s->path.count--;
	return accepted;
}

/* The key identifiers say that ca issued cert.  A hint: it decides who is tried first, nothing
 * else. */
static bool is_likely_issuer(const struct x509 *cert, const struct trust_ca *ca)
{
	return cert->authority_key_id.len > 0 &&
	       span_eq(cert->authority_key_id, ca->cert.subject_key_id);
}

/* True: accepted; verdict is written. */
static bool candidates_try(struct search *s)
{
	const struct x509 *top = &s->presented[s->presented_count - 1];

	for (int likely = 1; likely >= 0; likely--) {
		for (size_t i = 0; i < s->store->ca_count; i++) {
			const struct trust_ca *ca = &s->store->cas[i];

			if (is_likely_issuer(top, ca) != (likely == 1) ||
			    !x509_name_eq(top->issuer, ca->cert.subject))
				continue;
			s->top_sig = SIG_UNKNOWN;
			if (candidate_try(s, ca))
				return true;
		}
	}
	return false;
}

/* Parses within the limits; the first reason found, or AUTH_ok. */
static enum auth_reason presented_parse(struct search *s, const struct trust_chain *chain,
					unsigned *ret_depth)
{
	const struct trust_limits *limits = &s->rq->policy->limits;

	for (unsigned i = 0; i < chain->count; i++) {
		enum auth_reason reason;

		*ret_depth = i;
		if (i == limits->chain_certs)
			return AUTH_chain_too_long;
		if (chain->cert[i].len > limits->chain_bytes - s->work.bytes)
			return AUTH_too_large;
		s->work.bytes += (unsigned)chain->cert[i].len;
		reason = x509_parse(chain->cert[i], &s->presented[i]);
		if (reason != AUTH_ok)
			return reason;
	}
	s->presented_count = chain->count;
	return chain->too_long ? AUTH_chain_too_long : AUTH_ok;
}

/* The presented certificates as the lower part of a path.  False when one was not issued, by
 * name, by the next. */
static bool presented_link(struct search *s, unsigned *ret_depth)
{
	for (unsigned i = 0; i < s->presented_count; i++) {
		*ret_depth = i;
		if (i + 1 < s->presented_count &&
		    !x509_name_eq(s->presented[i].issuer, s->presented[i + 1].subject))
			return false;
		s->path.cert[i] = &s->presented[i];
		s->entry[i] = (struct trust_path_entry){TRUST_SOURCE_CLIENT, i};
	}
	if (s->presented_count > 1 && x509_is_self_issued(&s->presented[s->presented_count - 1])) {
		/* Replaced by the store's roots of that name. */
		s->presented_count--;
		*ret_depth = s->presented_count - 1;
	}
	s->path.count = s->presented_count;
	return true;
}

void trust_judge(const struct trust_request *rq, struct trust_verdict *ret_verdict)
{
	struct search s;
	enum auth_reason reason;
	unsigned depth = 0;

	/* The presented certificates are large and written before they are read. */
	s.rq = rq;
	s.store = rq->store;
	s.presented_count = 0;
	s.work = (struct trust_work){0};
	s.limit_hit = s.depth_hit = false;
	s.lower_sigs = SIG_UNKNOWN;
	s.progress = PROGRESS_NO_ISSUER;

	reason = AUTH_no_certificate;
	if (rq->chain->count > 0)
		reason = presented_parse(&s, rq->chain, &depth);
	if (reason == AUTH_ok && !presented_link(&s, &depth))
		reason = AUTH_unknown_issuer;
	if (reason == AUTH_ok && s.presented_count > rq->policy->verify_depth + 1)
		reason = AUTH_chain_too_long;
	if (reason == AUTH_ok) {
		s.verdict = (struct trust_verdict){.reason = AUTH_unknown_issuer, .depth = depth};
		if (!candidates_try(&s) && s.limit_hit)
			s.verdict = (struct trust_verdict){AUTH_search_limit, .depth = depth};
		else if (s.progress == PROGRESS_NO_ISSUER && s.depth_hit)
			s.verdict.reason = AUTH_chain_too_long;
	} else {
		s.verdict = (struct trust_verdict){.reason = reason, .depth = depth};
	}
	*ret_verdict = s.verdict;
	ret_verdict->work = s.work;
}
