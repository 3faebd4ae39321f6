/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files hold that a start-up file names.  config reads none of them itself: it asks its caller, and says where the
 * answer belongs. */
#include "config/read.h"

#include <stdlib.h>
#include <time.h>

#define DAY_S (24 * 60 * 60)
/* A certificate that ends within this time is worth a warning. */
#define EXPIRES_SOON_S (30 * DAY_S)

/* Where a pair of files stands in the file. */
struct pair_place {
	size_t listener_idx, item_idx; /* READ_NO_ITEM: in certificate and key */
};

static struct finding_place place_of(struct reader *r, struct pair_place at, bool of_key)
{
	if (at.item_idx != READ_NO_ITEM)
		return read_place(r, SECTION_listeners, at.listener_idx, "certificates",
				  at.item_idx);
	return read_place(r, SECTION_listeners, at.listener_idx, of_key ? "key" : "certificate",
			  READ_NO_ITEM);
}

/* Files are called as the start-up file calls them: without its folder. */
static const char *without_folder(const struct reader *r, const char *text)
{
	char *copy = arena_strndup(r->scratch, text, strlen(text)), *at;
	size_t len = strlen(r->folder) + 1;
	char *folder = arena_printf(r->scratch, "%s/", r->folder);

	if (copy == NULL || folder == NULL) {
		r->findings->no_memory = true;
		return "out of memory; free some and try again";
	}
	while ((at = strstr(copy, folder)) != NULL)
		memmove(at, at + len, strlen(at + len) + 1);
	return copy;
}

static const char *day_of(const struct reader *r, int64_t time_s)
{
	time_t t = (time_t)time_s;
	struct tm tm;
	const char *text = "?";

	if (gmtime_r(&t, &tm) != NULL)
		text = arena_printf(r->scratch, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
				    tm.tm_mday);
	return text != NULL ? text : "?";
}

static void check_dates(struct reader *r, struct finding_place place,
			const struct tls_certificate_facts *facts)
{
	int64_t now_s = r->probes->now_s;

	if (now_s > facts->not_after_s)
		findings_error(r->findings, place, "expired on %s; renew it",
			       day_of(r, facts->not_after_s));
	else if (now_s < facts->not_before_s)
		findings_error(r->findings, place,
			       "is not valid before %s; use one that is, or set the clock",
			       day_of(r, facts->not_before_s));
	else if (facts->not_after_s - now_s < EXPIRES_SOON_S)
		findings_warning(r->findings, place, "expires on %s; renew it",
				 day_of(r, facts->not_after_s));
}

/* What was found out of one pair, so that listeners that share it cost nothing and repeat nothing. */
struct pair {
	bool is_known, is_usable;
	struct tls_certificate_facts facts;
};

static void check_pair(struct reader *r, struct pair_place at,
		       const struct tls_certificate_params *files, struct pair *pair)
{
	struct err_note note = {0};

	if (pair->is_known)
		return;
	pair->is_known = true;
	pair->is_usable = r->probes->certificate(r->probes->ctx, files, &pair->facts, &note) ==
			  GW_ERR_OK;
	if (pair->is_usable)
		check_dates(r, place_of(r, at, false), &pair->facts);
	else
		findings_error(r->findings,
			       place_of(r, at, strstr(note.text, files->key_file) == note.text),
			       "%s",
			       note.text[0] != '\0' ? without_folder(r, note.text)
						    : "out of memory; free some and try again");
}

static enum tls_key_kind kind_of(const struct pair *pair)
{
	return pair->facts.signer == TLS_SIGNER_RSA ? TLS_KEY_RSA : TLS_KEY_ECDSA;
}

/* The client's algorithms choose between the two, so there must be a choice. */
static void check_kinds(struct reader *r, size_t idx, const struct pair *pairs)
{
	const struct listener_config *listener = &r->config->listeners[idx];
	const struct pair *first, *second;

	if (listener->certificate_idx_count < 2)
		return;
	first = &pairs[listener->certificate_idx[0]];
	second = &pairs[listener->certificate_idx[1]];
	if (first->is_usable && second->is_usable && kind_of(first) == kind_of(second))
		findings_error(r->findings, place_of(r, (struct pair_place){idx, 1}, false),
			       "is %s like the one before, so no client would get it; keep one "
			       "ECDSA and one RSA certificate",
			       kind_of(first) == TLS_KEY_RSA ? "of RSA" : "of ECDSA");
}

static void check_certificates(struct reader *r)
{
	struct gateway_config *config = r->config;
	struct pair *pairs = arena_alloc(r->scratch, config->certificate_count + 1, sizeof(*pairs));

	if (pairs == NULL) {
		r->findings->no_memory = true;
		return;
	}
	for (size_t i = 0; i < config->listener_count; i++) {
		const struct listener_config *listener = &config->listeners[i];

		for (size_t j = 0; j < listener->certificate_idx_count; j++) {
			struct pair_place at = {i,
						listener->certificate_count > 0 ? j : READ_NO_ITEM};
			unsigned pair_idx = listener->certificate_idx[j];

			check_pair(r, at, &config->certificates[pair_idx], &pairs[pair_idx]);
		}
		check_kinds(r, i, pairs);
	}
}

/* The store that is being looked at. */
struct store_place {
	struct reader *r;
	size_t idx;
	bool has_error;
};

/* Some profile lets in whose issuer the store pins. */
static bool is_pinned(const struct gateway_config *config, size_t store_idx)
{
	for (size_t i = 0; i < config->ssl_profile_count; i++) {
		const struct ssl_profile_params *profile = &config->ssl_profiles[i];

		if (profile->trust_store_idx == store_idx && profile->policy.verify_issuer_dn)
			return true;
	}
	return false;
}

static void store_found(void *ctx, const struct trust_store_finding *found)
{
	struct store_place *at = ctx;
	const struct trust_store_params *store = &at->r->config->trust_stores[at->idx];
	struct finding_place place = read_place(at->r, SECTION_trust_stores, at->idx, "files",
						found->file_idx);
	const char *file = without_folder(at->r, store->files[found->file_idx]);
	const char *which = "";

	if (strcmp(found->code, "pinning_tie") == 0 && !is_pinned(at->r->config, at->idx))
		return;
	if (found->number > 0)
		which = arena_printf(at->r->scratch, ": certificate %u%s%s%s", found->number,
				     found->subject[0] != '\0' ? " (" : "", found->subject,
				     found->subject[0] != '\0' ? ")" : "");
	if (which == NULL)
		at->r->findings->no_memory = true;
	else if (found->severity == TRUST_SEVERITY_ERROR)
		findings_error(at->r->findings, place, "%s%s: %s: %s; %s", file, which, found->code,
			       found->what, found->remedy);
	else if (found->severity == TRUST_SEVERITY_WARNING)
		findings_warning(at->r->findings, place, "%s%s: %s: %s; %s", file, which,
				 found->code, found->what, found->remedy);
	at->has_error |= found->severity == TRUST_SEVERITY_ERROR;
}

/* A list that does not fit would break every handshake of the profile. */
static void check_ca_names(struct reader *r, size_t store_idx,
			   const struct trust_store_facts *facts)
{
	for (size_t i = 0; i < r->config->ssl_profile_count; i++) {
		const struct ssl_profile_params *profile = &r->config->ssl_profiles[i];

		if (profile->advertise_ca_names && profile->trust_store_idx == store_idx &&
		    facts->ca_names_bytes > TRUST_CA_NAMES_BYTES_MAX)
			findings_error(
				r->findings,
				read_place(r, SECTION_ssl_profiles, i,
					   "client_auth.advertise_ca_names", READ_NO_ITEM),
				"the CAs of trust store \"%s\" have names of %zu octets, and "
				"a handshake has room for %d; set it to false, or divide the "
				"store among profiles",
				r->config->trust_stores[store_idx].name, facts->ca_names_bytes,
				TRUST_CA_NAMES_BYTES_MAX);
	}
}

static void check_store(struct reader *r, size_t idx)
{
	const struct trust_store_params *store = &r->config->trust_stores[idx];
	struct store_place at = {.r = r, .idx = idx};
	const struct trust_store_sink sink = {.found = store_found, .ctx = &at};
	struct trust_store_facts facts = {0};

	for (size_t i = 0; i < store->file_count; i++)
		if (store->files[i] == NULL)
			return; /* reported */
	if (store->file_count == 0)
		return; /* reported */
	if (r->probes->trust_store(r->probes->ctx, store, &sink, &facts) == GW_ERR_OK)
		check_ca_names(r, idx, &facts);
	else if (!at.has_error)
		r->findings->no_memory = true;
}

/* Whether the machine can hold it at all is said before it is tried. */
static void check_memory(struct reader *r)
{
	const struct yaml_node *section = yaml_get(r->root, "memory");
	const struct yaml_node *sessions = yaml_get(section, "sessions");
	struct finding_place place = {{1, 1}, "memory.sessions", NULL};
	uint64_t need_bytes = r->probes->memory_need(r->config);
	uint64_t have_bytes = r->probes->memory_bytes;

	if (sessions != NULL)
		place.pos = sessions->pos;
	else if (section != NULL)
		place.pos = section->key_pos;
	if (need_bytes > have_bytes)
		findings_error(r->findings, place,
			       "%u sessions need %llu MiB, and this machine has %llu MiB; lower it",
			       r->config->sessions_max, (unsigned long long)(need_bytes >> 20),
			       (unsigned long long)(have_bytes >> 20));
}

void check_files(struct reader *r)
{
	if (r->probes == NULL)
		return;
	if (r->probes->certificate != NULL)
		check_certificates(r);
	for (size_t i = 0; r->probes->trust_store != NULL && i < r->config->trust_store_count; i++)
		check_store(r, i);
	if (r->probes->memory_need != NULL && r->findings->error_count == 0)
		check_memory(r);
}
