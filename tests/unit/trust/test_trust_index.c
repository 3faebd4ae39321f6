/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>

#include "tests/support/trust_files.h"
#include "tls/trust/trust_store.h"
#include "tls/trust/x509_name.h"

static struct chain_file file;

static struct span subject_of(const char *name)
{
	struct x509 cert;

	chain_load(&file, name);
	cr_assert_eq(x509_parse(file.chain.cert[0], &cert), AUTH_ok);
	return cert.subject;
}

Test(trust_index, every_ca_of_a_subject_is_found_in_order)
{
	struct trust_store *store = store_load("twin-root other-root partner-root+partner-int");
	struct trust_ca_list list = trust_store_find_subject(store, subject_of("partner-root"));

	cr_assert_eq(list.count, 2);
	cr_expect_eq(list.idx[0], 0);
	cr_expect_eq(list.idx[1], 2);
	list = trust_store_find_subject(store, subject_of("partner-int"));
	cr_assert_eq(list.count, 1);
	cr_expect_eq(list.idx[0], 3);
	list = trust_store_parents(store, &store->cas[3]);
	cr_assert_eq(list.count, 1);
	cr_expect_eq(list.idx[0], 2);
	trust_store_destroy(store);
}

Test(trust_index, unknown_subject_is_not_found)
{
	struct trust_store *store = store_load("other-root partner-root");

	cr_expect_eq(trust_store_find_subject(store, subject_of("client-good")).count, 0);
	cr_expect_eq(trust_store_find_subject(store, SPAN_LIT("\x30\x00")).count, 0);
	cr_expect_eq(trust_store_find_subject(store, SPAN_LIT("")).count, 0);
	trust_store_destroy(store);
}

Test(trust_index, names_that_share_a_hash_stay_apart)
{
	/* Neither is a Name, so both have the hash of nothing. */
	struct span names[] = {SPAN_LIT("a"), SPAN_LIT("b"), SPAN_LIT("a"), SPAN_LIT("b")};
	struct trust_index index;
	struct trust_ca_list list;

	cr_assert_eq(x509_name_hash(names[0]), x509_name_hash(names[1]));
	cr_assert_eq(trust_index_init(&index, names, 4), GW_ERR_OK);
	list = trust_index_find(&index, SPAN_LIT("b"));
	cr_assert_eq(list.count, 2);
	cr_expect_eq(list.idx[0], 1);
	cr_expect_eq(list.idx[1], 3);
	cr_expect_eq(trust_index_find(&index, SPAN_LIT("c")).count, 0);
	trust_index_fini(&index);
}
