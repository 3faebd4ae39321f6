/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_search.h"

#include "base/assert.h"
#include "tls/trust/trust_allow.h"
#include "tls/trust/trust_look.h"
#include "tls/trust/trust_memo.h"
#include "tls/trust/trust_names.h"
#include "tls/trust/trust_policies.h"

/* Nothing to go back to. */
#define NOWHERE UINT32_MAX

/* The first failed rule of a path that is being built. */
struct finding {
	enum trust_rule rule;
	enum auth_reason reason; /* AUTH_ok: none failed */
	unsigned depth;
};

struct candidate {
	const struct x509 *cert;
	struct trust_path_entry entry;
	bool is_anchor;
};

/* What the key identifiers say of a candidate; who is tried first. */
enum hint { HINT_MATCH, HINT_NONE, HINT_DIFFERS, HINT_COUNT };

static void tell(struct trust_search *s, struct trust_step step)
{
	const struct trust_trace *trace = s->rq->trace;

	step.n = s->step_count++;
	if (trace != NULL)
		trace->step(trace->ctx, &step);
}

static void step(struct trust_search *s, unsigned depth, const struct candidate *candidate,
		 enum trust_rule rule, enum trust_result result, enum auth_reason reason)
{
	tell(s, (struct trust_step){
			.depth = depth,
			.cert = s->path.cert[depth],
			.candidate = candidate != NULL ? candidate->cert : NULL,
			.source = candidate != NULL ? candidate->entry.source : TRUST_SOURCE_CLIENT,
			.rule = rule,
			.result = result,
			.reason = reason,
		});
}

/* The presented certificates that were read, and why the next was not. */
static void presented_tell(struct trust_search *s, enum auth_reason reason)
{
	unsigned count = s->presented.count;
	bool is_malformed = reason == AUTH_parse_error || reason == AUTH_duplicate_extension;

	for (unsigned i = 0; i < count; i++)
		tell(s, (struct trust_step){.depth = i,
					    .cert = &s->presented.cert[i],
					    .rule = TRUST_RULE_parse,
					    .result = TRUST_RESULT_PASS});
	if (reason != AUTH_ok)
		tell(s, (struct trust_step){
				.depth = count,
				.part = is_malformed ? s->presented.cert[count].part : 0,
				.rule = is_malformed ? TRUST_RULE_parse : TRUST_RULE_limits,
				.result = TRUST_RESULT_FAIL,
				.reason = reason,
			});
}

/* How far a path got that failed so: by rules, and of those without an issuer the longest. */
static unsigned progress_of(const struct finding *finding)
{
	unsigned within = finding->reason == AUTH_unknown_issuer ? finding->depth : TRUST_PATH_MAX;

	return (unsigned)finding->rule * (TRUST_PATH_MAX + 1) + within;
}

/* Remembers a refusal unless an earlier path got as far. */
static bool refuse(struct trust_search *s, struct finding finding)
{
	unsigned progress = progress_of(&finding);

	if (progress > s->progress) {
		s->verdict = (struct trust_verdict){.reason = finding.reason,
						    .depth = finding.depth};
		s->progress = progress;
	}
	return false;
}

static bool accept(struct trust_search *s)
{
	int64_t expires_s = s->path.cert[0]->not_after_s;

	s->verdict = (struct trust_verdict){.reason = AUTH_ok, .path_count = s->path.count};
	for (unsigned i = 0; i < s->path.count; i++) {
		s->verdict.path[i] = s->path.entry[i];
		if (s->path.cert[i]->not_after_s < expires_s)
			expires_s = s->path.cert[i]->not_after_s;
	}
	s->verdict.expires_s = expires_s;
	return true;
}

static bool entry_eq(struct trust_path_entry a, struct trust_path_entry b)
{
	return a.source == b.source && a.idx == b.idx;
}

static const struct trust_link *link_find(const struct trust_search *s, unsigned child,
					  struct trust_path_entry issuer)
{
	for (unsigned i = 0; i < s->link_count; i++) {
		if (s->links[i].child == child && entry_eq(s->links[i].issuer, issuer))
			return &s->links[i];
	}
	return NULL;
}

static bool link_is_bad(const struct trust_search *s, unsigned child,
			struct trust_path_entry issuer)
{
	const struct trust_link *link = link_find(s, child, issuer);

	return link != NULL && !link->is_valid;
}

static bool store_ca_is_sound(const struct trust_search *s, const struct trust_ca *ca)
{
	const struct trust_place place = {
		.cert = &ca->cert, .depth = 1, .is_anchor = ca->is_anchor};

	for (enum trust_rule rule = TRUST_RULES_FIRST; rule <= TRUST_RULES_LAST; rule++) {
		if (trust_rules_apply(rule, &place, s->rq->policy, s->rq->now_s) != AUTH_ok)
			return false;
	}
	return true;
}

/* Whether a presented certificate has an issuer in the store that may be the right one. */
static void to_store_update(struct trust_search *s, unsigned child)
{
	const struct trust_store *store = s->rq->store;
	struct trust_ca_list list = s->presented.store_issuers[child];

	s->to_store &= ~(1u << child);
	for (size_t i = 0; i < list.count; i++) {
		struct trust_path_entry entry = {TRUST_SOURCE_STORE, list.idx[i]};

		if (!link_is_bad(s, child, entry) &&
		    store_ca_is_sound(s, &store->cas[list.idx[i]])) {
			s->to_store |= 1u << child;
			return;
		}
	}
}

/* The presented certificates with which a path may go on and still reach the store. */
static uint32_t leading(const struct trust_search *s)
{
	uint32_t open = s->presented.sound & ~s->on_path;

	return trust_presented_below(&s->presented, open, open & s->to_store);
}

static void link_remember(struct trust_search *s, unsigned child, struct trust_path_entry issuer,
			  bool is_valid)
{
	GW_ASSERT(s->link_count < TRUST_LINKS_MAX);
	s->links[s->link_count++] = (struct trust_link){child, issuer, is_valid};
	if (is_valid)
		return;
	if (issuer.source == TRUST_SOURCE_CLIENT)
		s->presented.issuers[child] &= ~(1u << issuer.idx);
	else
		to_store_update(s, child);
}

/* Computes with it unless the memo knows it. */
static bool signature_verify(struct trust_search *s, const struct x509 *cert,
			     const struct x509_key *key)
{
	struct trust_memo *memo = s->rq->memo;
	struct trust_digest_value digest;
	struct trust_memo_key memo_key;
	bool has_key, is_valid;

	if (!trust_sig_digest(cert, key, s->rq->heap, &digest))
		return false;
	has_key = memo != NULL &&
		  trust_memo_key_make(cert, key, span_of(digest.octets, digest.len), &memo_key);
	if (has_key && trust_memo_knows(memo, &memo_key)) {
		s->work.memo_hits++;
		return true;
	}
	if (s->work.signatures == s->rq->policy->limits.signatures) {
		s->limit_hit = true;
		return false;
	}
	s->work.signatures++;
	is_valid = trust_sig_verify_digest(cert, key, &digest, s->rq->heap);
	if (has_key && is_valid)
		trust_memo_add(memo, &memo_key);
	return is_valid;
}

/* The signature of the certificate at this depth by the one above it.  False also when no more may be
 * computed with. */
static bool signature_is_valid(struct trust_search *s, unsigned depth)
{
	const struct trust_path_entry *entry = &s->path.entry[depth];
	const struct trust_link *known;
	bool is_valid;

	if (entry[0].source == TRUST_SOURCE_STORE)
		return true; /* when the store was made */
	known = link_find(s, entry[0].idx, entry[1]);
	if (known != NULL)
		return known->is_valid;
	if (s->link_count == TRUST_LINKS_MAX) {
		s->limit_hit = true;
		return false;
	}
	is_valid = signature_verify(s, s->path.cert[depth], &s->path.cert[depth + 1]->key);
	if (!s->limit_hit)
		link_remember(s, entry[0].idx, entry[1], is_valid);
	return is_valid;
}

static bool signatures_are_valid(struct trust_search *s)
{
	for (unsigned i = s->path.count - 1; i-- > 0;) {
		struct candidate issuer = {s->path.cert[i + 1], s->path.entry[i + 1], false};
		bool is_valid = signature_is_valid(s, i);

		if (s->limit_hit)
			return false;
		step(s, i, &issuer, TRUST_RULE_signature,
		     is_valid ? TRUST_RESULT_PASS : TRUST_RESULT_FAIL,
		     is_valid ? AUTH_ok : AUTH_bad_signature);
		if (is_valid)
			continue;
		s->back_to = i;
		return refuse(s, (struct finding){TRUST_RULE_signature, AUTH_bad_signature, i});
	}
	return true;
}

/* Whether the profile lets the leaf in.  The leaf is that of every path, so it is looked at once. */
static enum auth_reason allowed_rule(struct trust_search *s)
{
	const struct trust_policy *policy = s->rq->policy;
	const struct x509 *leaf = s->path.cert[0];

	if (s->allowed_is_known)
		return s->allowed;
	s->allowed = trust_allow_check(&policy->allow, leaf, policy->limits.names, &s->work.names);
	if (s->allowed == AUTH_ok && policy->verify_issuer_dn &&
	    !trust_store_pins(s->rq->store, leaf->issuer))
		s->allowed = AUTH_issuer_not_pinned;
	s->allowed_is_known = true;
	return s->allowed;
}

/* One of the rules that only a whole path can show.  ret_depth is of the certificate that failed. */
static enum auth_reason whole_rule(struct trust_search *s, enum trust_rule rule,
				   unsigned *ret_depth)
{
	const struct trust_policy *policy = s->rq->policy;
	const struct trust_path *path = &s->path;

	switch (rule) {
	case TRUST_RULE_names:
		return trust_names_check(path->cert, path->count, policy->limits.names,
					 &s->work.names, ret_depth);
	case TRUST_RULE_policies:
		return trust_policies_check(path->cert, path->count, policy->limits.policies,
					    &s->work.policies, ret_depth);
	case TRUST_RULE_allowed:
		return allowed_rule(s);
	default:
		return AUTH_ok;
	}
}

static bool whole_rules_pass(struct trust_search *s)
{
	for (enum trust_rule rule = TRUST_RULE_names; rule <= TRUST_RULE_allowed; rule++) {
		unsigned depth = 0;
		enum auth_reason reason = whole_rule(s, rule, &depth);

		if (reason == AUTH_search_limit) {
			s->limit_hit = true;
			return false;
		}
		step(s, depth, NULL, rule,
		     reason == AUTH_ok ? TRUST_RESULT_PASS : TRUST_RESULT_FAIL, reason);
		if (reason != AUTH_ok)
			return refuse(s, (struct finding){rule, reason, depth});
	}
	return true;
}

/* The path reaches an anchor, and the rules of its certificates found what worst says. */
static bool path_judge(struct trust_search *s, const struct finding *worst)
{
	if (worst->reason != AUTH_ok)
		return refuse(s, *worst);
	return whole_rules_pass(s) && signatures_are_valid(s) && accept(s);
}

/* Intermediates of the path that are not self-issued (RFC 5280 section 4.2.1.9). */
static unsigned intermediates_on_path(const struct trust_search *s)
{
	unsigned count = 0;

	for (unsigned i = 1; i < s->path.count; i++)
		count += !s->path.cert[i]->is_self_issued;
	return count;
}

/* The rules of one certificate, which is the last of the path; below counts the intermediates under
 * it. */
static void rules_apply(struct trust_search *s, bool is_anchor, unsigned below,
			struct finding *worst)
{
	unsigned depth = s->path.count - 1;
	const struct trust_place place = {s->path.cert[depth], depth, is_anchor, below};

	for (enum trust_rule rule = TRUST_RULES_FIRST; rule <= TRUST_RULES_LAST; rule++) {
		enum auth_reason reason = trust_rules_apply(rule, &place, s->rq->policy,
							    s->rq->now_s);

		if (reason == AUTH_ok) {
			step(s, depth, NULL, rule, TRUST_RESULT_PASS, AUTH_ok);
			continue;
		}
		step(s, depth, NULL, rule, TRUST_RESULT_FAIL, reason);
		if (worst->reason == AUTH_ok || rule < worst->rule)
			*worst = (struct finding){rule, reason, depth};
		return;
	}
}

static bool key_eq(const struct x509_key *a, const struct x509_key *b)
{
	return a->kind == b->kind && a->curve == b->curve && span_eq(a->point, b->point) &&
	       span_eq(a->modulus, b->modulus) && span_eq(a->exponent, b->exponent);
}

/* The path has this issuer already.  One name with one key is one issuer, however many certificates
 * it has (RFC 4158 section 2.4.2).  The leaf is none.  True also at the limit. */
static bool is_on_path(struct trust_search *s, const struct x509 *cert)
{
	for (unsigned i = 1; i < s->path.count; i++) {
		const struct x509 *other = s->path.cert[i];

		if (!key_eq(&other->key, &cert->key))
			continue;
		if (!trust_look(s->rq->policy->limits.names, &s->work.names, cert->subject.len)) {
			s->limit_hit = true;
			return true;
		}
		if (x509_name_eq(other->subject, cert->subject))
			return true;
	}
	return false;
}

static void path_push(struct trust_search *s, const struct candidate *candidate)
{
	s->path.entry[s->path.count] = candidate->entry;
	s->path.cert[s->path.count++] = candidate->cert;
	if (candidate->entry.source == TRUST_SOURCE_CLIENT)
		s->on_path |= 1u << candidate->entry.idx;
}

static void path_pop(struct trust_search *s)
{
	struct trust_path_entry top = s->path.entry[--s->path.count];

	if (top.source == TRUST_SOURCE_CLIENT)
		s->on_path &= ~(1u << top.idx);
}

static bool path_extend(struct trust_search *s, struct finding worst);

/* Puts a candidate on the path and goes on from there. */
static bool candidate_follow(struct trust_search *s, const struct candidate *candidate,
			     struct finding worst)
{
	unsigned below = intermediates_on_path(s);
	bool accepted = false;

	step(s, s->path.count - 1, candidate, TRUST_RULE_issuer, TRUST_RESULT_PASS, AUTH_ok);
	path_push(s, candidate);
	rules_apply(s, candidate->is_anchor, below, &worst);
	if (worst.reason != AUTH_ok && progress_of(&worst) <= s->progress)
		step(s, s->path.count - 1, NULL, worst.rule, TRUST_RESULT_SKIP, AUTH_ok);
	else if (candidate->is_anchor)
		accepted = path_judge(s, &worst);
	else
		accepted = path_extend(s, worst);
	path_pop(s);
	return accepted;
}

/* Some chain of issuers, sound or not, leads on from here. */
static bool leads_to_store(const struct trust_search *s, const struct candidate *candidate)
{
	uint32_t open = ~s->on_path;

	return candidate->entry.source == TRUST_SOURCE_STORE ||
	       (trust_presented_below(&s->presented, open, open & s->to_store) &
		1u << candidate->entry.idx) != 0;
}

/* True: accepted.  The depth of recursion is bounded by the depth of a path, the calls altogether by
 * the limit of candidates. */
static bool candidate_try(struct trust_search *s, const struct candidate *candidate,
			  const struct finding *worst)
{
	const struct trust_policy *policy = s->rq->policy;
	unsigned depth = s->path.count - 1;
	const struct trust_path_entry *top = &s->path.entry[depth];

	if (is_on_path(s, candidate->cert)) {
		step(s, depth, candidate, TRUST_RULE_issuer, TRUST_RESULT_SKIP, AUTH_ok);
		return false;
	}
	if (top->source == TRUST_SOURCE_CLIENT && link_is_bad(s, top->idx, candidate->entry)) {
		step(s, depth, candidate, TRUST_RULE_signature, TRUST_RESULT_SKIP, AUTH_ok);
		return false;
	}
	if (s->work.candidates == policy->limits.candidates) {
		s->limit_hit = true;
		return false;
	}
	s->work.candidates++;
	if (!candidate->is_anchor && depth >= policy->verify_depth) {
		if (!leads_to_store(s, candidate))
			return false;
		step(s, depth, candidate, TRUST_RULE_limits, TRUST_RESULT_FAIL,
		     AUTH_chain_too_long);
		return refuse(s, (struct finding){TRUST_RULE_issuer, AUTH_chain_too_long, depth});
	}
	return candidate_follow(s, candidate, *worst);
}

static enum hint hint_of(const struct x509 *cert, const struct x509 *issuer)
{
	if (cert->authority_key_id.len == 0 || issuer->subject_key_id.len == 0)
		return HINT_NONE;
	return span_eq(cert->authority_key_id, issuer->subject_key_id) ? HINT_MATCH : HINT_DIFFERS;
}

/* The search has to go back below the certificate at this depth, or ends. */
static bool is_over_for(const struct trust_search *s, unsigned depth)
{
	return s->limit_hit || s->back_to < depth;
}

static struct trust_ca_list store_issuers_of_top(const struct trust_search *s)
{
	const struct trust_path_entry *top = &s->path.entry[s->path.count - 1];

	if (top->source == TRUST_SOURCE_CLIENT)
		return s->presented.store_issuers[top->idx];
	return trust_store_parents(s->rq->store, &s->rq->store->cas[top->idx]);
}

static bool store_candidates_try(struct trust_search *s, enum hint hint, bool anchors,
				 const struct finding *worst)
{
	const struct trust_store *store = s->rq->store;
	struct trust_ca_list list = store_issuers_of_top(s);
	unsigned depth = s->path.count - 1;

	for (size_t i = 0; i < list.count && !is_over_for(s, depth); i++) {
		const struct trust_ca *ca = &store->cas[list.idx[i]];
		struct candidate candidate = {
			&ca->cert, {TRUST_SOURCE_STORE, list.idx[i]}, ca->is_anchor};

		if (ca->is_anchor != anchors || hint_of(s->path.cert[depth], &ca->cert) != hint ||
		    (!s->is_for_reason && !store_ca_is_sound(s, ca)))
			continue;
		if (candidate_try(s, &candidate, worst))
			return true;
		if (s->back_to == depth)
			s->back_to = NOWHERE;
	}
	return false;
}

static bool presented_candidates_try(struct trust_search *s, enum hint hint,
				     const struct finding *worst)
{
	unsigned depth = s->path.count - 1;
	const struct trust_path_entry *top = &s->path.entry[depth];

	if (top->source != TRUST_SOURCE_CLIENT)
		return false;
	for (unsigned i = 1; i < s->presented.count && !is_over_for(s, depth); i++) {
		struct candidate candidate = {
			&s->presented.cert[i], {TRUST_SOURCE_CLIENT, i}, false};

		if ((s->presented.issuers[top->idx] & 1u << i) == 0 ||
		    hint_of(s->path.cert[depth], candidate.cert) != hint ||
		    (!s->is_for_reason && (leading(s) & 1u << i) == 0))
			continue;
		if (candidate_try(s, &candidate, worst))
			return true;
		if (s->back_to == depth)
			s->back_to = NOWHERE;
	}
	return false;
}

/* Looks for an issuer of the last certificate of the path.  True: accepted. */
static bool path_extend(struct trust_search *s, struct finding worst)
{
	unsigned depth = s->path.count - 1, candidates_before = s->work.candidates;

	for (enum hint hint = HINT_MATCH; hint < HINT_COUNT; hint++) {
		if (store_candidates_try(s, hint, true, &worst) ||
		    store_candidates_try(s, hint, false, &worst) ||
		    presented_candidates_try(s, hint, &worst))
			return true;
		if (is_over_for(s, depth))
			return false;
	}
	if (s->is_for_reason && s->work.candidates == candidates_before) {
		step(s, depth, NULL, TRUST_RULE_issuer, TRUST_RESULT_FAIL, AUTH_unknown_issuer);
		refuse(s, (struct finding){TRUST_RULE_issuer, AUTH_unknown_issuer, depth});
	}
	return false;
}

/* Looks for a path that is accepted, then for the reason why there is none. */
static void leaf_judge(struct trust_search *s)
{
	const struct candidate leaf = {&s->presented.cert[0], {TRUST_SOURCE_CLIENT, 0}, false};
	struct finding worst = {.reason = AUTH_ok};

	path_push(s, &leaf);
	rules_apply(s, false, 0, &worst);
	if (path_extend(s, worst))
		return;
	if (s->limit_hit) {
		s->verdict = (struct trust_verdict){.reason = AUTH_search_limit};
		return;
	}
	/* A path with an unsound issuer fails by a rule of its certificates at the latest. */
	if (s->progress > progress_of(&(struct finding){.rule = TRUST_RULES_LAST}) ||
	    (worst.reason != AUTH_ok && s->progress >= progress_of(&worst)))
		return;
	s->is_for_reason = true;
	path_extend(s, worst);
}

void trust_search_run(struct trust_search *s, const struct trust_request *rq)
{
	enum auth_reason reason;
	unsigned idx = 0;

	/* The presented certificates and the links are large and written before they are read. */
	s->rq = rq;
	s->to_store = s->on_path = 0;
	s->path.count = 0;
	s->link_count = 0;
	s->back_to = NOWHERE;
	s->limit_hit = s->is_for_reason = s->allowed_is_known = false;
	s->step_count = 0;
	s->work = (struct trust_work){0};
	s->progress = 0;

	reason = trust_presented_init(&s->presented, rq, &s->work.bytes, &idx);
	presented_tell(s, reason);
	if (reason != AUTH_ok) {
		s->verdict = (struct trust_verdict){.reason = reason, .depth = idx};
		return;
	}
	for (unsigned i = 0; i < s->presented.count; i++)
		to_store_update(s, i);
	s->verdict = (struct trust_verdict){.reason = AUTH_unknown_issuer};
	leaf_judge(s);
}
