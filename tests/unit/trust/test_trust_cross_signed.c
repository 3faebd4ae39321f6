/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CAs that certify each other, in rings and in layers, with signatures that are good: the paths among
 * them are more than anybody can try.  What is looked for is found if the limits allow, and nothing
 * costs more than they say. */
#include <criterion/criterion.h>

#include "tests/unit/trust/blocks.h"
#include "tls/trust/trust_store.h"

/* Keys by number: 0 is the root's, CAs have those from 1 on. */
#define CLIENT_KEY 60
#define STRANGER_KEY 61
#define NAMES_MAX 16

static struct chain_file file;
static struct trust_store *store;
static struct trust_policy policy;
static struct span ca_exts, names[NAMES_MAX], root_name;

static void begin(void)
{
	static uint8_t root_bytes[1024], exts_bytes[64], name_bytes[NAMES_MAX][32];
	struct outbuf out = outbuf_of(root_bytes, sizeof(root_bytes));
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct span root = make_root(&out);

	policy = trust_policy_default();
	policy.verify_depth = TRUST_DEPTH_MAX;
	store = forest_store(&root, 1, false);
	root_name = store->cas[0].cert.subject;
	ca_exts = forest_ca_exts(&exts, -1);
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		const char text[] = {(char)('A' + i), 0};
		struct outbuf name = outbuf_of(name_bytes[i], sizeof(name_bytes[i]));

		names[i] = forest_name(&name, text);
	}
	file.chain.count = 0;
}

static void end(void)
{
	trust_store_destroy(store);
}

TestSuite(trust_cross_signed, .init = begin, .fini = end);

static void present(struct shape shape)
{
	static uint8_t bytes[4096];
	struct outbuf out = outbuf_of(bytes, sizeof(bytes));

	chain_append_der(&file, make_cert(&shape, &out));
}

static void present_leaf(unsigned issuer, unsigned signer)
{
	file.chain.count = 0;
	present((struct shape){.issuer = names[issuer], .key = CLIENT_KEY, .signer = signer});
}

/* A CA of this name and key, certified by another. */
static void present_ca(struct span name, unsigned key, struct span issuer, unsigned signer)
{
	present((struct shape){name, issuer, key, signer, ca_exts});
}

static struct trust_verdict judged(void)
{
	return blocks_judge(store, &policy, &file.chain);
}

static void expect(const char *what, enum auth_reason reason)
{
	struct trust_verdict verdict = judged();

	cr_expect_eq(verdict.reason, reason, "%s: %s, not %s", what,
		     auth_reason_name(verdict.reason), auth_reason_name(reason));
}

Test(trust_cross_signed, two_cas_that_certify_each_other)
{
	present_leaf(0, 1);
	present_ca(names[0], 1, names[1], 2);
	present_ca(names[1], 2, names[0], 1);
	expect("nobody else", AUTH_unknown_issuer);
	cr_expect_leq(judged().work.candidates, 4);
	cr_expect_eq(judged().work.signatures, 0);
	present_ca(names[1], 2, root_name, 0);
	expect("and the root", AUTH_ok);
	cr_expect_eq(judged().path_count, 4);
}

/* Fifteen CAs of which each certified the next; the way to the root leaves at the last. */
static void present_ring(unsigned count, bool has_way_out)
{
	unsigned last = has_way_out ? count - 1 : count;

	present_leaf(0, 1);
	for (unsigned i = 0; i < last; i++)
		present_ca(names[i], 1 + i, names[(i + 1) % count], 1 + (i + 1) % count);
	if (has_way_out)
		present_ca(names[last], 1 + last, root_name, 0);
}

Test(trust_cross_signed, rings)
{
	for (unsigned count = 3; count < TRUST_CHAIN_MAX; count++) {
		present_ring(count, false);
		expect("closed", AUTH_unknown_issuer);
		cr_expect_leq(judged().work.candidates, 2 * count);
		cr_expect_eq(judged().work.signatures, 0);
		present_ring(count, true);
		expect("with a way out", AUTH_ok);
		cr_expect_eq(judged().work.signatures, count + 1);
	}
}

/* How the highest layer stands to the root. */
enum top { NOWHERE, CLAIMS, LAST_IS_OF_THE_ROOT };

static void present_top(unsigned width, struct span name, unsigned first_key, enum top top)
{
	for (unsigned i = 0; i < width; i++) {
		bool is_good = top == LAST_IS_OF_THE_ROOT && i == width - 1;

		present_ca(name, first_key + i, top == NOWHERE ? names[15] : root_name,
			   is_good ? 0 : STRANGER_KEY);
	}
}

/* root - B - A, of which B may not have a CA below it, and a certificate of B that says nothing of
 * that.  Takes the place of the store. */
static struct span store_of_short_path(struct outbuf *out)
{
	uint8_t exts_bytes[64];
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct trust_store *old = store;
	struct span certs[] = {
		make_root(out),
		make_cert(&(struct shape){names[1], root_name, 2, 0, forest_ca_exts(&exts, 0)},
			  out),
		make_cert(&(struct shape){names[0], names[1], 1, 2, ca_exts}, out),
	};

	store = forest_store(certs, sizeof(certs) / sizeof(certs[0]), false);
	root_name = store->cas[0].cert.subject;
	trust_store_destroy(old);
	return certs[2];
}

Test(trust_cross_signed, copy_of_what_the_store_has_leads_on_over_presented_ones)
{
	uint8_t bytes[4096];
	struct outbuf out = outbuf_of(bytes, sizeof(bytes));
	struct span copy = store_of_short_path(&out);

	present_leaf(0, 1);
	expect("the way of the store", AUTH_path_length);
	present_ca(names[1], 2, root_name, 0);
	expect("the store's certificate is continued with the store's", AUTH_path_length);
	chain_append_der(&file, copy);
	expect("the presented copy is continued with a presented one", AUTH_ok);
	cr_expect_eq(judged().path_count, 4);
}

/* Layers of CAs of one name each, as many as fit.  By their names every CA may have issued every one
 * below it; by the signatures it is the one of its column, and the leaf is of the last column. */
static void present_columns(unsigned width, unsigned layers, enum top top)
{
	present_leaf(0, width);
	for (unsigned layer = 0; layer + 1 < layers; layer++) {
		for (unsigned key = 1 + layer * width; key <= (layer + 1) * width; key++)
			present_ca(names[layer], key, names[layer + 1], key + width);
	}
	present_top(width, names[layers - 1], 1 + (layers - 1) * width, top);
}

/* The same with a good certificate by every CA of the layer above: width to the power of layers
 * paths. */
static void present_mesh(unsigned width, unsigned layers, enum top top)
{
	present_leaf(0, width);
	for (unsigned layer = 0; layer + 1 < layers; layer++) {
		for (unsigned i = 0; i < width * width; i++)
			present_ca(names[layer], 1 + layer * width + i / width, names[layer + 1],
				   1 + (layer + 1) * width + i % width);
	}
	present_top(width, names[layers - 1], 1 + (layers - 1) * width, top);
}

static const struct grid {
	void (*present)(unsigned width, unsigned layers, enum top top);
	unsigned width, layers;
} grids[] = {
	{present_columns, 15, 1}, {present_columns, 7, 2}, {present_columns, 5, 3},
	{present_columns, 3, 5},  {present_columns, 2, 7}, {present_columns, 1, 15},
	{present_mesh, 2, 4},     {present_mesh, 3, 2},
};
#define GRIDS (sizeof(grids) / sizeof(grids[0]))

Test(trust_cross_signed, layers_that_lead_nowhere_cost_no_signature)
{
	for (const struct grid *grid = grids; grid < grids + GRIDS; grid++) {
		grid->present(grid->width, grid->layers, NOWHERE);
		expect("nowhere", AUTH_unknown_issuer);
		cr_expect_eq(judged().work.signatures, 0);
	}
}

Test(trust_cross_signed, layers_that_claim_the_root_cost_a_signature_each)
{
	for (const struct grid *grid = grids; grid < grids + GRIDS; grid++) {
		grid->present(grid->width, grid->layers, CLAIMS);
		expect("claims", AUTH_bad_signature);
		cr_expect_eq(judged().work.signatures, grid->width);
	}
}

Test(trust_cross_signed, path_that_is_hidden_last_is_found)
{
	for (const struct grid *grid = grids; grid < grids + GRIDS; grid++) {
		grid->present(grid->width, grid->layers, LAST_IS_OF_THE_ROOT);
		expect("last of a layer", AUTH_ok);
		cr_expect_eq(judged().path_count, grid->layers + 2);
	}
}

/* A row of CAs, all of one name, in the order of the worst guesses: each may have issued any other.  The
 * default depth of ten is found all the same. */
Test(trust_cross_signed, one_name_for_all)
{
	for (unsigned count = 2; count < TRUST_CHAIN_MAX; count++) {
		present_leaf(0, count);
		for (unsigned key = 2; key <= count; key++)
			present_ca(names[0], key, names[0], key - 1);
		present_ca(names[0], 1, root_name, 0);
		expect("a row", count <= 10 ? AUTH_ok : AUTH_search_limit);
	}
}

/* Paths that only names can tell apart, each judged as a whole: more of them than may be tried. */
Test(trust_cross_signed, paths_that_fail_as_a_whole_end_at_the_limit)
{
	static uint8_t exts_bytes[256];
	struct outbuf exts = outbuf_of(exts_bytes, sizeof(exts_bytes));
	struct trust_verdict verdict;

	/* Permits O=y alone. */
	forest_ca_exts(&exts, -1);
	ext_put(&exts, SPAN_LIT("\x55\x1d\x1e"), true,
		SPAN_LIT("\x30\x14\xa0\x12\x30\x10\xa4\x0e\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04"
			 "\x0a\x0c\x01y"));
	present_leaf(0, 1);
	for (unsigned layer = 0; layer < 5; layer++) {
		for (unsigned i = 0; i < 3; i++)
			present((struct shape){
				names[layer], layer < 4 ? names[layer + 1] : root_name,
				1 + layer * 3 + i, STRANGER_KEY, outbuf_span(&exts)});
	}
	verdict = judged();
	cr_expect_eq(verdict.reason, AUTH_search_limit);
	cr_expect_eq(verdict.work.candidates, policy.limits.candidates);
	cr_expect_eq(verdict.work.signatures, 0);
}
