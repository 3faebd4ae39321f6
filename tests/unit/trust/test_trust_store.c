/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/trust_files.h"
#include "tls/trust/trust_compile.h"
#include "tls/trust/trust_store.h"

static uint8_t blob[262144];

/* A copy of the store's own octets, to be changed. */
static struct span blob_of(const char *names)
{
	struct trust_store *store = store_load(names);
	size_t len = store->blob.len;

	cr_assert_leq(len, sizeof(blob));
	memcpy(blob, store->blob.p, len);
	trust_store_destroy(store);
	return span_of(blob, len);
}

static enum trust_blob_state state_of(struct span bytes)
{
	enum trust_blob_state state = TRUST_BLOB_GOOD;
	struct trust_store *store = NULL;
	enum gw_err err = trust_store_open(bytes, &state, &store);

	cr_expect_eq(err, state == TRUST_BLOB_GOOD ? GW_ERR_OK : GW_ERR_CONFIG);
	trust_store_destroy(store);
	return state;
}

Test(trust_store, roots_and_intermediates_of_several_files_are_linked)
{
	struct trust_store *store = store_load("partner-int+partner-root other-root partner-root");

	cr_assert_eq(store->ca_count, 3, "the same root twice counts once");
	cr_assert_eq(store->chain_count, 3);
	cr_expect_not(store->cas[0].is_root || store->cas[0].is_anchor);
	cr_expect(store->cas[1].is_root && store->cas[1].is_anchor);
	cr_expect(store->cas[2].is_root && store->cas[2].chain == 1);
	cr_assert_eq(store->cas[0].parent_count, 1);
	cr_expect_eq(store->parents[store->cas[0].parents_begin], 1);
	trust_store_destroy(store);
}

Test(trust_store, issuer_of_the_same_name_is_not_linked_without_its_signature)
{
	struct trust_store *store = store_load("twin-root partner-int+partner-root");

	cr_assert_eq(store->cas[1].parent_count, 1);
	cr_expect_eq(store->parents[store->cas[1].parents_begin], 2);
	trust_store_destroy(store);
}

Test(trust_store, every_ca_of_a_partial_chain_store_is_an_anchor)
{
	struct trust_store *store = store_load_partial("partner-int other-int+other-root");

	cr_assert_eq(store->ca_count, 3);
	for (size_t i = 0; i < store->ca_count; i++)
		cr_expect(store->cas[i].is_anchor);
	cr_expect_not(store->cas[0].is_root);
	trust_store_destroy(store);
}

Test(trust_store, root_signed_with_sha1_is_a_root)
{
	struct trust_store *store = store_load("sha1-root");

	cr_assert(store->cas[0].is_root);
	trust_store_destroy(store);
}

Test(trust_store, digest_is_that_of_the_files_and_their_order)
{
	struct trust_store *store = store_load("partner-root other-root");
	struct trust_store *again = store_load("partner-root other-root");
	struct trust_store *other = store_load("other-root partner-root");
	struct trust_store *partial = store_load_partial("partner-root other-root");
	size_t len = TRUST_BLOB_DIGEST_OCTETS;

	/* The files of tests have names of chance. */
	cr_expect_neq(memcmp(trust_store_digest(store), trust_store_digest(other), len), 0);
	cr_expect_neq(memcmp(trust_store_digest(store), trust_store_digest(partial), len), 0);
	cr_expect_eq(again->blob.len, store->blob.len);
	trust_store_destroy(store);
	trust_store_destroy(again);
	trust_store_destroy(other);
	trust_store_destroy(partial);
}

Test(trust_store, first_expiry_is_that_of_any_ca)
{
	struct trust_store *store = store_load("partner-root int-expired+partner-root");

	cr_expect_eq(trust_store_expires_s(store), 1609459200, "2021-01-01");
	trust_store_destroy(store);
}

Test(trust_store, memory_of_a_store_cannot_be_written)
{
	struct trust_store *store = store_load("partner-root");
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	bool found = false;

	while (fgets(line, sizeof(line), maps) != NULL) {
		unsigned long begin, end;
		char mode[5];

		cr_assert_eq(sscanf(line, "%lx-%lx %4s", &begin, &end, mode), 3);
		if ((uintptr_t)store->blob.p < begin || (uintptr_t)store->blob.p >= end)
			continue;
		found = true;
		cr_expect_str_eq(mode, "r--p");
	}
	fclose(maps);
	cr_expect(found);
	trust_store_destroy(store);
}

Test(trust_store, blob_that_was_cut_is_refused)
{
	struct span bytes = blob_of("partner-int+partner-root");

	cr_expect_eq(state_of(bytes), TRUST_BLOB_GOOD);
	for (size_t len = 8; len < bytes.len; len++)
		cr_assert_eq(state_of(span_head(bytes, len)), TRUST_BLOB_CUT, "%zu", len);
	cr_expect_eq(state_of(span_head(bytes, 7)), TRUST_BLOB_MALFORMED, "no magic");
	cr_expect_eq(state_of(span_of(blob, bytes.len + 1)), TRUST_BLOB_CUT, "longer");
}

Test(trust_store, blob_that_was_altered_is_refused)
{
	struct span bytes = blob_of("partner-root");

	for (size_t i = 0; i < bytes.len; i++) {
		enum trust_blob_state wanted = i < 8    ? TRUST_BLOB_MALFORMED
					       : i < 12 ? TRUST_BLOB_OTHER_VERSION
					       : i < 16 ? TRUST_BLOB_CUT
							: TRUST_BLOB_ALTERED;

		blob[i] ^= 1;
		cr_assert_eq(state_of(bytes), wanted, "octet %zu", i);
		blob[i] ^= 1;
	}
}

/* Whoever can compute a digest can still not make us read past an end, or contradict ourselves. */
Test(trust_store, blob_that_contradicts_itself_is_refused)
{
	static const struct {
		const char *what;
		size_t at;
		uint8_t value;
	} bad[] = {
		{"unknown flag", 19, 2},
		{"more chains than fit", 20, 0xff},
		{"pinned certificate that is not there", 27, 2},
		{"file name past the end", 28, 0xff},
	};
	struct span bytes = blob_of("partner-int+partner-root");

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t kept = blob[bad[i].at];

		blob[bad[i].at] = bad[i].value;
		blob_sign(blob, bytes.len);
		cr_expect_eq(state_of(bytes), TRUST_BLOB_MALFORMED, "%s", bad[i].what);
		blob[bad[i].at] = kept;
	}
	blob_sign(blob, bytes.len);
	cr_expect_eq(state_of(bytes), TRUST_BLOB_GOOD);
}

Test(trust_store, certificates_of_a_blob_are_what_it_says_of_them)
{
	struct span bytes = blob_of("partner-int+partner-root");
	size_t name_len = blob[28], ca = 29 + name_len + 4; /* behind the count of certificates */
	size_t second = ca + 4 + 1 + 4 + 4 + 4;
	struct span der;
	struct trust_store *store = store_load("partner-int+partner-root");

	der = store->cas[0].cert.der;
	second += der.len;
	cr_expect_eq(blob[ca + 4], 0, "the intermediate is no root");
	blob[ca + 4] = 1;
	blob_sign(blob, bytes.len);
	cr_expect_eq(state_of(bytes), TRUST_BLOB_MALFORMED, "a root that others issued");
	blob[ca + 4] = 2;
	blob_sign(blob, bytes.len);
	cr_expect_eq(state_of(bytes), TRUST_BLOB_MALFORMED, "a flag of two");
	blob[ca + 4] = 0;
	cr_expect_eq(blob[ca + 12], 1, "its issuer is the second");
	blob[ca + 12] = 0;
	blob_sign(blob, bytes.len);
	cr_expect_eq(state_of(bytes), TRUST_BLOB_MALFORMED, "issued by itself");
	blob[ca + 12] = 2;
	blob_sign(blob, bytes.len);
	cr_expect_eq(state_of(bytes), TRUST_BLOB_MALFORMED, "issued by one that is not there");
	blob[ca + 12] = 200;
	blob_sign(blob, bytes.len);
	cr_expect_eq(state_of(bytes), TRUST_BLOB_MALFORMED, "nor anywhere near");
	blob[ca + 12] = 1;
	blob[ca + 3] = 1;
	blob_sign(blob, bytes.len);
	cr_expect_eq(state_of(bytes), TRUST_BLOB_MALFORMED, "of a chain that is not there");
	blob[ca + 3] = 0;
	cr_expect_eq(blob[second + 4], 1, "the root is one");
	blob[second + 4 + 5 + 4] = 0;
	blob_sign(blob, bytes.len);
	cr_expect_eq(state_of(bytes), TRUST_BLOB_MALFORMED, "no certificate");
	trust_store_destroy(store);
}

static bool pins(const struct trust_store *store, const char *name)
{
	static struct chain_file file;
	struct x509 cert;

	chain_load(&file, name);
	cr_assert_eq(x509_parse(file.chain.cert[0], &cert), AUTH_ok);
	return trust_store_pins(store, cert.subject);
}

/* The five scenarios of Azure's Application Gateway. */

Test(trust_pinning, root_intermediate_leaf_pins_the_intermediate)
{
	struct trust_store *store = store_load("partner-int+partner-root");

	cr_expect(pins(store, "partner-int"));
	cr_expect_not(pins(store, "partner-root"));
	trust_store_destroy(store);
}

Test(trust_pinning, root_int1_int2_leaf_pins_int2)
{
	struct trust_store *store = store_load("int-deep1+partner-root+int-deep2");

	cr_expect(pins(store, "int-deep2"));
	cr_expect_not(pins(store, "int-deep1"));
	cr_expect_not(pins(store, "partner-root"));
	trust_store_destroy(store);
}

Test(trust_pinning, root_leaf_pins_the_root)
{
	struct trust_store *store = store_load("partner-root+client-direct");

	cr_expect(pins(store, "partner-root"));
	cr_expect_not(pins(store, "client-direct"));
	trust_store_destroy(store);
}

Test(trust_pinning, of_chains_of_equal_length_the_first_ones_intermediate_is_pinned)
{
	struct trust_store *store = store_load("int-client-auth+partner-int+partner-root");

	cr_expect(pins(store, "int-client-auth"));
	cr_expect_not(pins(store, "partner-int"));
	trust_store_destroy(store);
}

Test(trust_pinning, of_chains_of_different_length_the_deepest_ones_intermediate_is_pinned)
{
	struct trust_store *store = store_load("partner-int+partner-root+int-deep1+int-deep2");

	cr_expect(pins(store, "int-deep2"));
	cr_expect_not(pins(store, "partner-int"));
	cr_expect_not(pins(store, "int-deep1"));
	trust_store_destroy(store);
}

Test(trust_pinning, each_file_pins_a_name_compared_as_names_are)
{
	struct trust_store *store = store_load("partner-int+partner-root other-root");
	/* CN=OTHER  ROOT, O=other, C=se, other cases and spaces than the certificate's */
	struct span other = SPAN_LIT("\x30\x35\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02se"
				     "\x31\x0e\x30\x0c\x06\x03\x55\x04\x0a\x0c\x05oTHER"
				     "\x31\x16\x30\x14\x06\x03\x55\x04\x03\x0c\x0dOTHER   ROOT ");

	cr_expect(pins(store, "partner-int"));
	cr_expect(pins(store, "other-root"));
	cr_expect_not(pins(store, "partner-root"));
	cr_expect(trust_store_pins(store, other));
	cr_expect_not(trust_store_pins(store, SPAN_LIT("\x30\x00")));
	trust_store_destroy(store);
}

Test(trust_pinning, partial_chain_without_root_pins_the_deepest_too)
{
	struct trust_store *store = store_load_partial("int-deep2+int-deep3");

	cr_expect(pins(store, "int-deep3"));
	cr_expect_not(pins(store, "int-deep2"));
	trust_store_destroy(store);
}
