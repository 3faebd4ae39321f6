/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths through a forest that the input grows: certificates with real signatures, presented in any order, some with
 * something wrong, to be judged by one of several stores.  Work stays within its limits; what is accepted is a path of
 * which every link holds by a second, simpler reading; and where that reading knows of a path one is found, unless a
 * limit was hit.
 *
 * First octet: the store.  Then five octets for each presented certificate, leaf first: subject, issuer, keys (its own in
 * the low half, the signer's in the high), what is wrong with it, how. */
#include <unistd.h>
#include <wolfssl/options.h>
#include <wolfssl/wolfcrypt/ed25519.h>

#include "base/assert.h"
#include "tests/support/forest_build.h"
#include "tls/trust/trust_store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define CERT_OCTETS 5
#define CERT_BYTES_MAX 1024
#define PRESENTED_MAX 8
#define STORED 4
#define NODES_MAX (PRESENTED_MAX + STORED)
#define NAMES 5
#define KEYS 6

/* The last is the first to every reader. */
static const char *const names[NAMES] = {"A", "B", "C", "D", "a"};

/* What may stand in a store: roots A and D, B by A, C by B, as subject, issuer and keys. */
static const uint8_t stored[STORED][3] = {{0, 0, 0x00}, {3, 3, 0x33}, {1, 0, 0x01}, {2, 1, 0x12}};
/* Which of them do, in two files where both roots do: bits. */
static const unsigned in_store[] = {0x1, 0x5, 0xd, 0x3};
#define STORES (sizeof(in_store) / sizeof(in_store[0]))
#define PARTIAL 0x80

enum fault {
	FAULT_NONE,
	FAULT_EXPIRED,
	FAULT_NO_CA,
	FAULT_PATH_LENGTH,
	FAULT_USAGE,
	FAULT_BIT, /* flipped after it was signed */
	FAULT_CUT,
	FAULT_KINDS
};

struct node {
	const struct x509 *cert;
	struct trust_path_entry entry;
	bool is_anchor;
};

struct forest {
	const struct trust_store *store;
	struct trust_chain chain;
	struct x509 presented[PRESENTED_MAX];
	struct node node[NODES_MAX];
	unsigned count;
};

static uint8_t bytes[PRESENTED_MAX][CERT_BYTES_MAX];

static struct span extensions_put(struct outbuf *out, enum fault fault, uint8_t how, bool is_leaf)
{
	if (!is_leaf && fault != FAULT_NO_CA)
		forest_ca_exts(out, fault == FAULT_PATH_LENGTH ? how % 3 : -1);
	if (fault == FAULT_USAGE) /* keyEncipherment alone */
		ext_put(out, SPAN_LIT("\x55\x1d\x0f"), true, SPAN_LIT("\x03\x02\x05\x20"));
	return outbuf_span(out);
}

/* Writes the certificate that five octets describe. */
static struct span grow(const uint8_t *a, bool is_leaf, struct outbuf *out)
{
	uint8_t subject_bytes[32], issuer_bytes[32], exts_bytes[128];
	struct outbuf subject = outbuf_of(subject_bytes, sizeof(subject_bytes));
	struct outbuf issuer = outbuf_of(issuer_bytes, sizeof(issuer_bytes));
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct cert_parts parts = cert_parts_plain();
	enum fault fault = a[3] % FAULT_KINDS;
	struct span der;

	parts.subject = forest_name(&subject, names[a[0] % NAMES]);
	parts.issuer = forest_name(&issuer, names[a[1] % NAMES]);
	parts.key = forest_key(a[2] % 16 % KEYS);
	if (fault == FAULT_EXPIRED)
		parts.validity = SPAN_LIT("\x30\x1e\x17\x0d"
					  "200101000000Z"
					  "\x17\x0d"
					  "250101000000Z");
	parts.extensions = extensions_put(&exts, fault, a[4], is_leaf);
	der = forest_cert(parts, a[2] / 16 % KEYS, out);
	if (fault == FAULT_BIT)
		out->p[a[4] % der.len] ^= 1;
	if (fault == FAULT_CUT)
		der.len -= 1 + a[4] % der.len;
	return der;
}

static const struct trust_store *store_of(uint8_t which)
{
	static struct trust_store *stores[2][STORES];
	bool partial = (which & PARTIAL) != 0;
	unsigned members = in_store[which % STORES];
	struct trust_store **store = &stores[partial][which % STORES];
	const char *files[2];
	char paths[2][64];
	size_t count = 0;

	for (unsigned root = 0; *store == NULL && root < 2; root++) {
		static uint8_t der_bytes[CERT_BYTES_MAX], text_bytes[16 * CERT_BYTES_MAX];
		struct outbuf text = outbuf_of(text_bytes, sizeof(text_bytes));

		for (unsigned i = 0; i < STORED; i++) {
			const uint8_t a[CERT_OCTETS] = {stored[i][0], stored[i][1], stored[i][2]};
			struct outbuf der = outbuf_of(der_bytes, sizeof(der_bytes));

			if ((members & 1u << i) != 0 && (i == 1) == (root == 1))
				pem_put(&text, grow(a, false, &der));
		}
		if (text.len == 0)
			continue;
		memcpy(paths[count], file_write(outbuf_span(&text)), sizeof(paths[count]));
		files[count] = paths[count];
		count++;
	}
	if (*store == NULL)
		*store = store_load_files(files, count, partial);
	while (count > 0)
		unlink(files[--count]);
	return *store;
}

/* False: one of them is no certificate, so none is of use. */
static bool forest_grow(struct forest *f, struct span in)
{
	bool all_parse = true;

	f->store = store_of(in.p[0]);
	in = span_skip(in, 1);
	for (; in.len >= CERT_OCTETS && f->count < PRESENTED_MAX; f->count++) {
		struct outbuf out = outbuf_of(bytes[f->count], CERT_BYTES_MAX);
		struct span der = grow(in.p, f->count == 0, &out);

		f->chain.cert[f->chain.count++] = der;
		all_parse &= x509_parse(der, &f->presented[f->count]) == AUTH_ok;
		f->node[f->count] = (struct node){
			&f->presented[f->count], {TRUST_SOURCE_CLIENT, f->count}, false};
		in = span_skip(in, CERT_OCTETS);
	}
	for (unsigned i = 0; i < f->store->ca_count; i++)
		f->node[f->count++] = (struct node){&f->store->cas[i].cert,
						    {TRUST_SOURCE_STORE, i},
						    f->store->cas[i].is_anchor};
	return all_parse;
}

static bool is_issued_by(const struct x509 *cert, const struct x509 *issuer)
{
	ed25519_key key;
	int is_valid = 0;

	if (issuer->key.kind != X509_KEY_ED25519 || cert->sig_alg.kind != X509_KEY_ED25519 ||
	    !x509_name_eq(cert->issuer, issuer->subject))
		return false;
	GW_ASSERT(wc_ed25519_init(&key) == 0);
	if (wc_ed25519_import_public(issuer->key.point.p, 32, &key) == 0)
		wc_ed25519_verify_msg(cert->signature.p, (word32)cert->signature.len, cert->tbs.p,
				      (word32)cert->tbs.len, &is_valid, &key);
	wc_ed25519_free(&key);
	return is_valid == 1;
}

/* By itself; below counts the CAs under it that are not self-issued. */
static bool is_good(const struct x509 *cert, bool is_leaf, unsigned below)
{
	unsigned usage = is_leaf ? X509_USAGE_DIGITAL_SIGNATURE : X509_USAGE_KEY_CERT_SIGN;

	return CORPUS_NOW_S >= cert->not_before_s && CORPUS_NOW_S <= cert->not_after_s &&
	       cert->key.kind == X509_KEY_ED25519 && !cert->has_unprocessed &&
	       (is_leaf ||
		(cert->is_ca && (!cert->has_path_length || below <= cert->path_length))) &&
	       (!cert->has_key_usage || (cert->key_usage & usage) != 0);
}

static bool same_issuer(const struct x509 *a, const struct x509 *b)
{
	return span_eq(a->key.point, b->key.point) && x509_name_eq(a->subject, b->subject);
}

/* Some good path begins with these nodes. */
static bool path_exists(const struct forest *f, const struct node **path, unsigned count,
			unsigned below)
{
	const struct node *top = path[count - 1];

	if (!is_good(top->cert, count == 1, below))
		return false;
	if (top->is_anchor)
		return true;
	if (count == 2 + trust_policy_default().verify_depth)
		return false;
	below += count > 1 && !top->cert->is_self_issued;
	for (unsigned i = 1; i < f->count; i++) {
		bool is_new = true;

		for (unsigned k = 1; k < count; k++)
			is_new &= !same_issuer(path[k]->cert, f->node[i].cert);
		if (!is_new || !is_issued_by(top->cert, f->node[i].cert) ||
		    (top->entry.source == TRUST_SOURCE_STORE &&
		     f->node[i].entry.source == TRUST_SOURCE_CLIENT))
			continue;
		path[count] = &f->node[i];
		if (path_exists(f, path, count + 1, below))
			return true;
	}
	return false;
}

static const struct node *node_of(const struct forest *f, struct trust_path_entry entry)
{
	for (unsigned i = 0; i < f->count; i++) {
		if (f->node[i].entry.source == entry.source && f->node[i].entry.idx == entry.idx)
			return &f->node[i];
	}
	GW_ASSERT(false);
	return NULL;
}

/* The accepted path holds, link by link. */
static void check_path(const struct forest *f, const struct trust_verdict *verdict)
{
	int64_t expires_s = INT64_MAX;
	unsigned below = 0;

	GW_ASSERT(verdict->path_count >= 2 &&
		  verdict->path_count <= 2 + trust_policy_default().verify_depth);
	GW_ASSERT(node_of(f, verdict->path[0]) == &f->node[0]);
	for (unsigned i = 0; i < verdict->path_count; i++) {
		const struct node *node = node_of(f, verdict->path[i]);
		bool is_last = i + 1 == verdict->path_count;

		GW_ASSERT(is_good(node->cert, i == 0, below));
		GW_ASSERT(node->is_anchor == is_last);
		GW_ASSERT(is_last ||
			  is_issued_by(node->cert, node_of(f, verdict->path[i + 1])->cert));
		below += i > 0 && !node->cert->is_self_issued;
		if (node->cert->not_after_s < expires_s)
			expires_s = node->cert->not_after_s;
	}
	GW_ASSERT(verdict->expires_s == expires_s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct trust_limits limits = trust_policy_default().limits;
	const struct node *path[TRUST_PATH_MAX + NODES_MAX];
	struct forest f = {.count = 0};
	struct trust_verdict verdict;
	bool all_parse;

	if (len < 1 + CERT_OCTETS)
		return 0;
	all_parse = forest_grow(&f, span_of(data, len));
	judge(f.store, &f.chain, CORPUS_NOW_S, &verdict);
	GW_ASSERT(verdict.work.candidates <= limits.candidates);
	GW_ASSERT(verdict.work.signatures <= limits.signatures);
	GW_ASSERT(verdict.work.names <= limits.names);
	GW_ASSERT(all_parse ? verdict.reason != AUTH_parse_error : verdict.reason != AUTH_ok);
	if (verdict.reason == AUTH_ok)
		check_path(&f, &verdict);
	path[0] = &f.node[0];
	if (all_parse && verdict.reason != AUTH_ok && verdict.reason != AUTH_search_limit)
		GW_ASSERT(!path_exists(&f, path, 1, 0));
	return 0;
}
