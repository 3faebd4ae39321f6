/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tls/trust/trust_compile.h"

#include <stdlib.h>

#include "tls/trust/trust_blob.h"
#include "tls/trust/trust_forest.h"
#include "tls/trust/trust_rules.h"
#include "tls/trust/trust_source.h"

struct compile {
	const struct trust_store_options *options;
	const struct trust_file *files;
	struct trust_report *report;
	struct trust_forest forest;
	/* of the file being read */
	size_t file_idx;
	size_t ca_bytes;
	unsigned leaf_count;
	bool is_whole;
};

#define REPORT(c, id, number, cert, ...)                                                           \
	trust_report_add((c)->report, TRUST_FOUND_##id, (c)->file_idx, number, cert, __VA_ARGS__)

/* False: nothing can be computed with this key or signature. */
static bool algorithms_check(struct compile *c, unsigned number, const struct x509 *cert)
{
	enum auth_reason key = trust_rules_key(&cert->key);

	if (key == AUTH_weak_key && cert->key.modulus_bits < TRUST_RSA_BITS_MIN)
		REPORT(c, weak_key, number, cert,
		       "has an RSA key of %u bits; fewer than %u do not hold",
		       cert->key.modulus_bits, TRUST_RSA_BITS_MIN);
	else if (key == AUTH_weak_key)
		REPORT(c, weak_key, number, cert,
		       "has an RSA key with an exponent of 1 or an even one");
	else if (key != AUTH_ok)
		REPORT(c, unsupported_algorithm, number, cert,
		       "has a key of a kind or size that is not supported");
	else if (cert->sig_alg.kind == X509_KEY_NONE)
		REPORT(c, unsupported_algorithm, number, cert,
		       "is signed with an algorithm that is not supported");
	else if (cert->sig_alg.digest == X509_DIGEST_MD5)
		REPORT(c, weak_digest, number, cert, "is signed with MD5");
	else
		return true;
	return false;
}

void trust_compile_check_dates(struct trust_report *report, size_t file_idx, unsigned number,
			       const struct x509 *cert, int64_t now_s, bool only_warn)
{
	if (now_s > cert->not_after_s)
		trust_report_add(report, only_warn ? TRUST_FOUND_dates : TRUST_FOUND_expired,
				 file_idx, number, cert, "has expired");
	else if (now_s < cert->not_before_s)
		trust_report_add(report, only_warn ? TRUST_FOUND_dates : TRUST_FOUND_not_yet_valid,
				 file_idx, number, cert, "is not valid yet");
	else if (cert->not_after_s - now_s < TRUST_EXPIRES_SOON_S)
		trust_report_add(report, TRUST_FOUND_expires_soon, file_idx, number, cert,
				 "expires within 30 days");
}

/* No client's path can go through it. */
static void use_check(struct compile *c, unsigned number, const struct x509 *cert)
{
	if (cert->has_key_usage && (cert->key_usage & X509_USAGE_KEY_CERT_SIGN) == 0)
		REPORT(c, unused, number, cert, "may not sign certificates, by its keyUsage");
	else if (cert->has_ext_key_usage && !cert->allows_client_auth)
		REPORT(c, unused, number, cert,
		       "may not issue client certificates, by its extendedKeyUsage");
	else if (cert->has_unprocessed)
		REPORT(c, unused, number, cert,
		       "has a critical extension that the gateway does not process");
}

/* The member of the file being read that is this CA; NULL when none is. */
static const struct forest_member *member_of(const struct compile *c, uint32_t ca)
{
	const struct forest_chain *chain = &c->forest.chains[c->forest.chain_count - 1];

	for (size_t i = chain->begin; i < chain->begin + chain->count; i++) {
		if (c->forest.members[i].ca == ca)
			return &c->forest.members[i];
	}
	return NULL;
}

/* Takes der, which was allocated, over. */
static enum gw_err ca_take(struct compile *c, unsigned number, const struct x509 *cert,
			   uint8_t *der)
{
	uint32_t known = trust_forest_find(&c->forest, cert->der);
	const struct forest_member *twin = NULL;
	bool is_countable;

	if (known != TRUST_FOREST_NONE)
		twin = member_of(c, known);
	if (twin != NULL) {
		REPORT(c, duplicate, number, cert, "is certificate %u once more", twin->number);
		free(der);
		return GW_ERR_OK;
	}
	c->ca_bytes += cert->der.len;
	if (c->ca_bytes > TRUST_FILE_BYTES_MAX) {
		free(der);
		c->is_whole = false;
		return GW_ERR_OK; /* said at the end of the file, where their sum is known */
	}
	if (known != TRUST_FOREST_NONE && !c->forest.cas[known].is_root)
		REPORT(c, unused, number, cert, "stands in %s already",
		       trust_blob_file_name(c->files[c->forest.cas[known].chain].path));
	is_countable = algorithms_check(c, number, cert);
	trust_compile_check_dates(c->report, c->file_idx, number, cert, c->options->now_s,
				  c->options->dates_only_warn);
	use_check(c, number, cert);
	c->is_whole &= is_countable;
	return trust_forest_add(&c->forest, cert, der, number, is_countable);
}

static enum gw_err certificate_take(void *ctx, unsigned number, struct span bytes)
{
	struct compile *c = ctx;
	uint8_t *der = malloc(bytes.len + 1);
	enum auth_reason parsed;
	struct x509 cert;

	if (der == NULL)
		return GW_ERR_NO_MEMORY;
	memcpy(der, bytes.p, bytes.len);
	parsed = x509_parse(span_of(der, bytes.len), &cert);
	if (parsed == AUTH_ok && cert.is_ca)
		return ca_take(c, number, &cert, der);
	if (parsed == AUTH_ok) {
		c->leaf_count++;
		REPORT(c, leaf_ignored, number, &cert,
		       "is no CA, by its basicConstraints, and is left out");
	} else {
		c->is_whole = false;
		REPORT(c, invalid_data, number, NULL, "cannot be read: %s",
		       parsed == AUTH_parse_error ? x509_part_help(cert.part)
						  : auth_reason_help(parsed));
	}
	free(der);
	return GW_ERR_OK;
}

static enum gw_err file_take(struct compile *c, size_t file_idx)
{
	const struct trust_file *file = &c->files[file_idx];
	bool is_whole = false;
	enum gw_err err;

	c->file_idx = file_idx;
	c->ca_bytes = 0;
	c->leaf_count = 0;
	c->is_whole = true;
	trust_forest_begin_chain(&c->forest);
	err = trust_source_read(span_of(file->bytes, file->len), file_idx, c->report,
				certificate_take, c, &is_whole);
	is_whole &= c->is_whole;
	c->forest.chains[file_idx].is_whole = is_whole;
	if (err != GW_ERR_OK)
		return err;
	if (c->ca_bytes > TRUST_FILE_BYTES_MAX)
		REPORT(c, file_too_large, 0, NULL, "has %zu octets of CA certificates",
		       c->ca_bytes);
	else if (c->ca_bytes == 0 && c->leaf_count > 0 && is_whole)
		REPORT(c, no_ca, 0, NULL, "has no CA certificate");
	return GW_ERR_OK;
}

/* False: which of several roots the chain begins at is not known. */
static bool roots_check(struct compile *c, const struct forest_chain *chain)
{
	const struct forest_member *first = NULL;
	bool is_one = true;

	for (size_t i = chain->begin; i < chain->begin + chain->count; i++) {
		const struct forest_member *member = &c->forest.members[i];
		const struct forest_ca *ca = &c->forest.cas[member->ca];

		if (!ca->is_root)
			continue;
		if (first == NULL) {
			first = member;
			continue;
		}
		is_one = false;
		REPORT(c, one_root, member->number, &ca->cert,
		       "is another root beside certificate %u", first->number);
	}
	if (first == NULL && chain->count > 0 && chain->is_whole && !c->options->partial_chain)
		REPORT(c, one_root, 0, NULL, "has no root, which is a CA signed with its own key");
	return is_one;
}

/* Number of a CA of the chain whose name stands as the issuer of cert; 0: none has it. */
static unsigned named_issuer(const struct trust_forest *forest, const struct forest_chain *chain,
			     const struct x509 *cert)
{
	for (size_t i = chain->begin; i < chain->begin + chain->count; i++) {
		if (x509_name_eq(cert->issuer, forest->cas[forest->members[i].ca].cert.subject))
			return forest->members[i].number;
	}
	return 0;
}

/* Whether a CA that is no root belongs to this chain. */
static void link_check(struct compile *c, const struct forest_chain *chain,
		       const struct forest_member *member)
{
	const struct forest_ca *ca = &c->forest.cas[member->ca];
	unsigned issuer = named_issuer(&c->forest, chain, &ca->cert);

	/* An anchor's signature does not matter.  Where one is missing, no one can say to whom the others belong. */
	if (ca->is_root || !chain->is_whole || c->options->partial_chain)
		return;
	if (ca->parent_count == 0 && issuer != 0)
		REPORT(c, bad_signature, member->number, &ca->cert,
		       "is not signed with the key of certificate %u, which it names as its issuer",
		       issuer);
	else if (member->depth == TRUST_FOREST_NONE)
		REPORT(c, not_of_this_root, member->number, &ca->cert,
		       "is no intermediate of a root of this file");
	else if (ca->cert.sig_alg.digest == X509_DIGEST_SHA1)
		REPORT(c, weak_digest, member->number, &ca->cert, "is signed with SHA-1");
	else if (member->is_beyond)
		REPORT(c, unused, member->number, &ca->cert,
		       "may not be a CA, by the path length of one above it");
}

static void rival_check(struct compile *c, const struct forest_chain *chain)
{
	const struct forest_member *deepest, *rival;

	if (chain->rival == SIZE_MAX)
		return;
	deepest = &c->forest.members[chain->deepest];
	rival = &c->forest.members[chain->rival];
	REPORT(c, pinning_tie, rival->number, &c->forest.cas[rival->ca].cert,
	       "is as far from the root as certificate %u, whose name alone is pinned, being first",
	       deepest->number);
}

static void chains_check(struct compile *c)
{
	for (size_t i = 0; i < c->forest.chain_count; i++) {
		const struct forest_chain *chain = &c->forest.chains[i];
		bool is_one;

		c->file_idx = i;
		is_one = roots_check(c, chain);
		for (size_t k = chain->begin; k < chain->begin + chain->count; k++)
			link_check(c, chain, &c->forest.members[k]);
		if (is_one)
			rival_check(c, chain);
	}
}

static enum gw_err files_take(struct compile *c, size_t file_count)
{
	enum gw_err err = GW_ERR_OK;

	for (size_t i = 0; i < file_count && err == GW_ERR_OK; i++)
		err = file_take(c, i);
	if (err == GW_ERR_OK)
		err = trust_forest_link(&c->forest);
	if (err == GW_ERR_CONFIG) {
		c->file_idx = 0;
		REPORT(c, too_much_work, 0, NULL,
		       "and the others have too many CAs of one name to find out who issued whom");
	}
	if (err != GW_ERR_OK)
		return err;
	trust_forest_measure(&c->forest, c->options->partial_chain);
	chains_check(c);
	return c->report->error_count == 0 ? GW_ERR_OK : GW_ERR_CONFIG;
}

enum gw_err trust_compile(const struct trust_file *files, size_t file_count,
			  const struct trust_store_options *options, struct trust_report *report,
			  uint8_t **ret_blob, size_t *ret_len)
{
	struct compile c = {.options = options, .files = files, .report = report};
	enum gw_err err;

	if (file_count > options->max_chains) {
		c.file_idx = options->max_chains;
		REPORT(&c, too_many_chains, 0, NULL, "is one more than the %u chains of this store",
		       options->max_chains);
		return GW_ERR_CONFIG;
	}
	err = trust_forest_init(&c.forest, file_count);
	if (err == GW_ERR_OK)
		err = files_take(&c, file_count);
	if (err == GW_ERR_OK)
		err = trust_blob_write(&c.forest, files, options->partial_chain, ret_blob, ret_len);
	trust_forest_fini(&c.forest);
	return err;
}
