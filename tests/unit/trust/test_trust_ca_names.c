/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/support/trust_files.h"
#include "tls/trust/trust_ca_names.h"
#include "tls/trust/trust_store.h"

/* Takes the next name off; none: an empty one. */
static struct span name_take(struct span *list)
{
	struct span name = span_of(NULL, 0);
	size_t len;

	if (list->len == 0)
		return name;
	cr_assert_geq(list->len, 2);
	len = (size_t)list->p[0] << 8 | list->p[1];
	cr_assert_geq(list->len, 2 + len);
	name = span_head(span_skip(*list, 2), len);
	*list = span_skip(*list, 2 + len);
	return name;
}

static void check_names(struct trust_store *store, const size_t *wanted, size_t count)
{
	struct span list = trust_store_ca_names(store);

	cr_assert_eq(list.len, store->ca_names_bytes);
	for (size_t i = 0; i < count; i++)
		cr_expect(span_eq(name_take(&list), store->cas[wanted[i]].cert.subject), "name %zu",
			  i);
	cr_expect_eq(list.len, 0, "names that nobody wanted");
	trust_store_destroy(store);
}

Test(trust_ca_names, anchors_are_first_and_intermediates_follow)
{
	check_names(store_load("partner-int+partner-root other-root"), (size_t[]){1, 2, 0}, 3);
}

Test(trust_ca_names, every_ca_is_an_anchor_of_a_partial_chain)
{
	check_names(store_load_partial("partner-int+partner-root other-root"), (size_t[]){0, 1, 2},
		    3);
}

Test(trust_ca_names, cas_of_one_name_are_named_once)
{
	check_names(store_load("twin-root partner-int+partner-root"), (size_t[]){0, 1}, 2);
}

/* A client may compare octets with the issuer of its certificate. */
Test(trust_ca_names, name_in_other_letters_is_named_too)
{
	static const char *const upper = "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01"
					 "A",
				 *const lower =
					 "\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01"
					 "a";
	struct trust_ca cas[4] = {0};
	struct trust_store store = {.cas = cas, .ca_count = 4};
	struct span names[4], list;

	for (size_t i = 0; i < 4; i++)
		names[i] = cas[i].cert.subject = span_of((const uint8_t *)(i % 2 ? upper : lower),
							 14);
	cas[3].is_anchor = true;
	cr_assert_eq(trust_index_init(&store.subjects, names, 4), GW_ERR_OK);
	cr_assert_eq(trust_ca_names_make(&store, &store.ca_names, &store.ca_names_bytes),
		     GW_ERR_OK);
	list = trust_store_ca_names(&store);
	cr_expect(span_eq(name_take(&list), names[3]));
	cr_expect(span_eq(name_take(&list), names[0]));
	cr_expect_eq(list.len, 0);
	trust_index_fini(&store.subjects);
	free(store.ca_names);
}

/* count different names of len octets each, which are not looked into but for being DER. */
static struct span list_make(struct trust_store *store, uint32_t count, size_t len)
{
	static uint8_t bytes[2000000];
	struct span *names = calloc(count, sizeof(*names));

	store->cas = calloc(count, sizeof(*store->cas));
	store->ca_count = count;
	for (uint32_t i = 0; i < count; i++) {
		uint8_t *name = bytes + i * len;
		const uint8_t head[] = {0x30,
					0x82,
					(uint8_t)((len - 4) >> 8),
					(uint8_t)(len - 4),
					0x31,
					0x82,
					(uint8_t)((len - 8) >> 8),
					(uint8_t)(len - 8),
					0x30,
					0x82,
					(uint8_t)((len - 12) >> 8),
					(uint8_t)(len - 12),
					6,
					3,
					0x55,
					4,
					3,
					0x0c,
					0x82,
					(uint8_t)((len - 21) >> 8),
					(uint8_t)(len - 21)};

		memset(name, 'x', len);
		memcpy(name, head, sizeof(head));
		name[sizeof(head)] = (uint8_t)('a' + i % 26);
		name[sizeof(head) + 1] = (uint8_t)('a' + i / 26 % 26);
		names[i] = store->cas[i].cert.subject = span_of(name, len);
	}
	cr_assert_eq(trust_index_init(&store->subjects, names, count), GW_ERR_OK);
	cr_assert_eq(trust_ca_names_make(store, &store->ca_names, &store->ca_names_bytes),
		     GW_ERR_OK);
	free(names);
	return trust_store_ca_names(store);
}

static void list_destroy(struct trust_store *store)
{
	trust_index_fini(&store->subjects);
	free(store->ca_names);
	free(store->cas);
}

Test(trust_ca_names, list_that_just_fits_is_made)
{
	struct trust_store store = {0};
	struct span list = list_make(&store, 20, TRUST_CA_NAMES_BYTES_MAX / 20 - 2);

	cr_expect_eq(list.len, TRUST_CA_NAMES_BYTES_MAX);
	for (size_t i = 0; i < 20; i++)
		cr_expect(span_eq(name_take(&list), store.cas[i].cert.subject));
	list_destroy(&store);
}

Test(trust_ca_names, list_that_is_too_long_is_measured_and_empty)
{
	struct trust_store store = {0};
	struct span list = list_make(&store, 25, TRUST_CA_NAMES_BYTES_MAX / 25 - 1);

	cr_expect_eq(list.len, 0);
	cr_expect_null(store.ca_names);
	cr_expect_eq(store.ca_names_bytes, TRUST_CA_NAMES_BYTES_MAX + 25);
	list_destroy(&store);
}
