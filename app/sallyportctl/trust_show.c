/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sallyportctl/sallyportctl.h"
#include "app/sallyportctl/trust_store_file.h"
#include "tls/trust/dn.h"
#include "tls/trust/trust_store.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/hash.h>

#define TEXT_BYTES_MAX 2048
#define HEX_BYTES (2 * WC_SHA256_DIGEST_SIZE + 1)

enum { KEY_JSON = 256, KEY_PARTIAL_CHAIN };

struct options {
	bool as_json, partial_chain;
	struct trust_store_files files;
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->files;
		return 0;
	case KEY_JSON:
		options->as_json = true;
		return 0;
	case KEY_PARTIAL_CHAIN:
		options->partial_chain = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option argp_options[] = {
	{"json", KEY_JSON, NULL, 0, "Print JSON", 0},
	{"partial-chain", KEY_PARTIAL_CHAIN, NULL, 0,
	 "Read plain files as those of a store with partial_chain", 0},
	{0},
};

static const struct argp_child argp_children[] = {{.argp = &trust_store_files_argp}, {0}};

const struct argp ctl_trust_show_argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = argp_children,
	.args_doc = "FILE...",
	.doc = "Shows a trust store, compiled or plain: who issued whom, the issuer that each file "
	       "pins, digests, and what expires first.\v"
	       "Exit status: 0 shown, 1 no trust store, 2 could not tell.",
};

static void hex_print(struct span octets, char *ret_text)
{
	for (size_t i = 0; i < octets.len; i++)
		snprintf(ret_text + 2 * i, 3, "%02x", octets.p[i]);
}

static void fingerprint(const struct trust_ca *ca, char ret_text[HEX_BYTES])
{
	uint8_t digest[WC_SHA256_DIGEST_SIZE];

	GW_ASSERT(wc_Sha256Hash(ca->cert.der.p, (word32)ca->cert.der.len, digest) == 0);
	hex_print(SPAN(digest), ret_text);
}

static const char *time_text(int64_t time_s, char text[32])
{
	time_t t = (time_t)time_s;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL || strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(text, 32, "?");
	return text;
}

/* Octets that somebody chose, as characters that no terminal obeys. */
static void name_text(struct span name, char text[TEXT_BYTES_MAX])
{
	size_t len = name.len < TEXT_BYTES_MAX - 1 ? name.len : TEXT_BYTES_MAX - 1;

	for (size_t i = 0; i < len; i++)
		text[i] = name.p[i] >= 0x20 && name.p[i] < 0x7f ? (char)name.p[i] : '?';
	text[len] = '\0';
}

static void ca_print(const struct trust_ca *ca, unsigned depth)
{
	char subject[TEXT_BYTES_MAX], digest[HEX_BYTES], until[32];

	dn_describe(ca->cert.subject, subject, sizeof(subject));
	fingerprint(ca, digest);
	printf("%*s%s%s\n", (int)(4 * depth), "", subject, ca->is_root ? " (root)" : "");
	printf("%*suntil %s  sha256:%s\n", (int)(4 * depth + 2), "",
	       time_text(ca->cert.not_after_s, until), digest);
}

static bool is_issued_by(const struct trust_store *store, size_t ca, size_t issuer)
{
	struct trust_ca_list parents = trust_store_parents(store, &store->cas[ca]);

	for (size_t i = 0; i < parents.count; i++) {
		if (parents.idx[i] == issuer)
			return true;
	}
	return false;
}

/* Each certificate once, below the first that issued it: the depth is that of the forest. */
static void tree_print(const struct trust_store *store, size_t ca, unsigned depth, bool *is_shown)
{
	is_shown[ca] = true;
	ca_print(&store->cas[ca], depth);
	for (size_t i = 0; i < store->ca_count; i++) {
		if (!is_shown[i] && is_issued_by(store, i, ca))
			tree_print(store, i, depth + 1, is_shown);
	}
}

static enum ctl_exit text_print(const struct trust_store *store)
{
	bool *is_shown = calloc(store->ca_count + 1, sizeof(*is_shown));
	char digest[HEX_BYTES], until[32], text[TEXT_BYTES_MAX];

	if (is_shown == NULL)
		return CTL_COULD_NOT_TELL;
	hex_print(store->digest, digest);
	printf("digest sha256:%s\n%zu chains, %zu certificates%s, the first expires %s\n\n", digest,
	       store->chain_count, store->ca_count,
	       store->partial_chain ? ", any of which may end a path" : "",
	       time_text(trust_store_expires_s(store), until));
	for (size_t i = 0; i < store->chain_count; i++) {
		name_text(store->chains[i].file_name, text);
		printf("%s pins ", text);
		dn_describe(store->cas[store->chains[i].pinned].cert.subject, text, sizeof(text));
		printf("%s\n", text);
	}
	putchar('\n');
	for (size_t i = 0; i < store->ca_count; i++) {
		if (store->cas[i].parent_count == 0)
			tree_print(store, i, 0, is_shown);
	}
	for (size_t i = 0; i < store->ca_count; i++) {
		if (!is_shown[i])
			tree_print(store, i, 0, is_shown); /* they issued each other */
	}
	free(is_shown);
	return CTL_YES;
}

static json_t *ca_json(const struct trust_store *store, const struct trust_ca *ca)
{
	struct trust_ca_list parents = trust_store_parents(store, ca);
	char subject[TEXT_BYTES_MAX], issuer[TEXT_BYTES_MAX], digest[HEX_BYTES], from[32],
		until[32];
	json_t *issuers = json_array();
	bool is_whole = true;

	dn_describe(ca->cert.subject, subject, sizeof(subject));
	dn_describe(ca->cert.issuer, issuer, sizeof(issuer));
	fingerprint(ca, digest);
	for (size_t i = 0; i < parents.count; i++)
		is_whole &= json_array_append_new(issuers, json_integer(parents.idx[i])) == 0;
	if (!is_whole) {
		json_decref(issuers);
		return NULL;
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:o}", "subject", subject,
			 "issuer", issuer, "sha256", digest, "not_before",
			 time_text(ca->cert.not_before_s, from), "not_after",
			 time_text(ca->cert.not_after_s, until), "root", ca->is_root, "anchor",
			 ca->is_anchor, "chain", (int)ca->chain, "issued_by", issuers);
}

static enum ctl_exit json_print(const struct trust_store *store)
{
	json_t *chains = json_array(), *cas = json_array(), *all;
	char digest[HEX_BYTES], until[32], file[TEXT_BYTES_MAX], pinned[TEXT_BYTES_MAX];
	enum ctl_exit rc = CTL_COULD_NOT_TELL;
	bool is_whole = true;

	for (size_t i = 0; i < store->chain_count; i++) {
		const struct trust_chain_info *chain = &store->chains[i];

		name_text(chain->file_name, file);
		dn_describe(store->cas[chain->pinned].cert.subject, pinned, sizeof(pinned));
		is_whole &= json_array_append_new(chains, json_pack("{s:s, s:s}", "file", file,
								    "pinned_issuer", pinned)) == 0;
	}
	for (size_t i = 0; i < store->ca_count; i++)
		is_whole &= json_array_append_new(cas, ca_json(store, &store->cas[i])) == 0;
	hex_print(store->digest, digest);
	all = json_pack("{s:i, s:s, s:b, s:s, s:o, s:o}", "schema", 1, "digest", digest,
			"partial_chain", store->partial_chain, "expires",
			time_text(trust_store_expires_s(store), until), "chains", chains,
			"certificates", cas);
	if (all == NULL || !is_whole)
		fputs("sallyportctl: out of memory; free some\n", stderr);
	else
		rc = json_dumpf(all, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF
			     ? CTL_YES
			     : CTL_COULD_NOT_TELL;
	json_decref(all);
	return rc;
}

enum ctl_exit ctl_trust_show(int argc, char **argv)
{
	struct options options = {0};
	struct trust_store_options store_options = {
		.max_chains = TRUST_STORE_CHAINS_MAX,
		.now_s = time(NULL),
		.dates_only_warn = true,
		.as_compiled = true,
	};
	struct trust_store *store;
	enum ctl_exit rc;
	enum gw_err err;

	argp_parse(&ctl_trust_show_argp, argc, argv, 0, NULL, &options);
	store_options.partial_chain = options.partial_chain;
	err = trust_store_file_load(&options.files, &store_options, stderr, &store);
	if (err != GW_ERR_OK)
		return err == GW_ERR_CONFIG ? CTL_NO : CTL_COULD_NOT_TELL;
	rc = options.as_json ? json_print(store) : text_print(store);
	trust_store_destroy(store);
	return rc;
}
