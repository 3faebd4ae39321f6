/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/schema.h"

#include "config/text.h"
#include "tls/trust/trust_params.h"

#include <assert.h>

/* References compare the first member of an entry. */
static_assert(offsetof(struct trust_store_params, name) == 0, "a name comes first");
static_assert(offsetof(struct ssl_profile_params, name) == 0, "a name comes first");
static_assert(offsetof(struct listener_config, name) == 0, "a name comes first");
static_assert(offsetof(struct pool_config, name) == 0, "a name comes first");

static const struct schema_choice choices_idle[] = {{"poll", false}, {"backoff", true}, {NULL, 0}};
static const struct schema_choice choices_boolean[] = {{"false", false}, {"true", true}, {NULL, 0}};
static const struct schema_choice choices_client_auth_mode[] = {
	{"off", CLIENT_AUTH_OFF},
	{"request", CLIENT_AUTH_REQUEST},
	{"require", CLIENT_AUTH_REQUIRE},
	{"passthrough", CLIENT_AUTH_PASSTHROUGH},
	{NULL, 0}};
static const struct schema_choice choices_on_failure[] = {
	{"http-400", CLIENT_REFUSAL_HTTP_400}, {"alert", CLIENT_REFUSAL_ALERT}, {NULL, 0}};
static const struct schema_choice choices_tls[] = {{"on", false}, {"off", true}, {NULL, 0}};
static const struct schema_choice choices_redirect[] = {
	{"none", false}, {"https", true}, {NULL, 0}};
static const struct schema_choice choices_identity_headers[] = {
	{"azure", HTTP_IDENTITY_AZURE}, {"rfc9440", HTTP_IDENTITY_RFC9440}, {NULL, 0}};

static const struct schema_choice choices_digests[] = {{"sha256", TRUST_DIGEST_SHA256},
						       {"sha384", TRUST_DIGEST_SHA384},
						       {"sha512", TRUST_DIGEST_SHA512},
						       {NULL, 0}};

#define REQUIRED NULL
#define OPTIONAL ""
#define FIELD(record, member)                                                                      \
	.offset = offsetof(struct record, member),                                                 \
	.value_bytes = sizeof(((struct record *)0)->member)
#define ARRAY(record, member, count)                                                               \
	.offset = offsetof(struct record, member),                                                 \
	.value_bytes = sizeof(*((struct record *)0)->member),                                      \
	.count_offset = offsetof(struct record, count)

const struct schema_row schema_rows[] = {
#define MAP(in_, key_, help_)                                                                      \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_MAP,                                                                         \
	 .type = TYPE_NONE,                                                                        \
	 .help = help_,                                                                            \
	 .section = SECTION_##key_},
#define ITEMS(in_, key_, member, count, least_, most_, help_)                                      \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_ITEMS,                                                                       \
	 .type = TYPE_NONE,                                                                        \
	 ARRAY(gateway_config, member, count),                                                     \
	 .items_least = least_,                                                                    \
	 .items_most = most_,                                                                      \
	 .help = help_,                                                                            \
	 .section = SECTION_##key_},
#define INNER(in_, key_, record, member, count, least_, most_, help_)                              \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_ITEMS,                                                                       \
	 .type = TYPE_NONE,                                                                        \
	 ARRAY(record, member, count),                                                             \
	 .items_least = least_,                                                                    \
	 .items_most = most_,                                                                      \
	 .help = help_,                                                                            \
	 .section = SECTION_##key_},
#define VALUE(in_, key_, type_, record, member, least_, most_, zero_, fallback_, help_)            \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_VALUE,                                                                       \
	 .type = TYPE_##type_,                                                                     \
	 FIELD(record, member),                                                                    \
	 .least = least_,                                                                          \
	 .most = most_,                                                                            \
	 .zero_word = zero_,                                                                       \
	 .fallback = fallback_,                                                                    \
	 .help = help_},
#define CHOICE(in_, key_, words_, record, member, fallback_, help_)                                \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_VALUE,                                                                       \
	 .type = TYPE_CHOICE,                                                                      \
	 FIELD(record, member),                                                                    \
	 .choices = choices_##words_,                                                              \
	 .fallback = fallback_,                                                                    \
	 .help = help_},
#define CHECKED(in_, key_, words_, fallback_, help_)                                               \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_VALUE,                                                                       \
	 .type = TYPE_CHOICE,                                                                      \
	 .choices = choices_##words_,                                                              \
	 .fallback = fallback_,                                                                    \
	 .help = help_},
#define REF(in_, key_, target, record, member, fallback_, help_)                                   \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_VALUE,                                                                       \
	 .type = TYPE_REF,                                                                         \
	 FIELD(record, member),                                                                    \
	 .fallback = fallback_,                                                                    \
	 .help = help_,                                                                            \
	 .section = SECTION_##target},
#define LIST(in_, key_, type_, record, member, count, least_, most_, value_most, hint_, help_)     \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_LIST,                                                                        \
	 .type = TYPE_##type_,                                                                     \
	 ARRAY(record, member, count),                                                             \
	 .items_least = least_,                                                                    \
	 .items_most = most_,                                                                      \
	 .most = value_most,                                                                       \
	 .hint = hint_,                                                                            \
	 .help = help_},
#define SET(in_, key_, words_, record, member, least_, fallback_, help_)                           \
	{.in = SECTION_##in_,                                                                      \
	 .key = #key_,                                                                             \
	 .form = FORM_SET,                                                                         \
	 .type = TYPE_CHOICE,                                                                      \
	 FIELD(record, member),                                                                    \
	 .choices = choices_##words_,                                                              \
	 .fallback_bits = fallback_,                                                               \
	 .items_least = least_,                                                                    \
	 .items_most = sizeof(choices_##words_) / sizeof(choices_##words_[0]) - 1,                 \
	 .help = help_},
#include "config/schema.def"
};

const size_t schema_row_count = sizeof(schema_rows) / sizeof(schema_rows[0]);

bool schema_is_required(const struct schema_row *row)
{
	switch (row->form) {
	case FORM_VALUE:
		return row->fallback == NULL;
	case FORM_LIST:
	case FORM_ITEMS:
		return row->items_least > 0;
	case FORM_SET:
		return row->items_least > 0 && row->fallback_bits == 0;
	case FORM_MAP:
		break;
	}
	for (size_t i = 0; i < schema_row_count; i++)
		if (schema_rows[i].in == row->section && schema_is_required(&schema_rows[i]))
			return true;
	return false;
}

const struct schema_row *schema_find(enum schema_section in, const char *key)
{
	for (size_t i = 0; i < schema_row_count; i++)
		if (schema_rows[i].in == in && strcmp(schema_rows[i].key, key) == 0)
			return &schema_rows[i];
	return NULL;
}

const char *schema_closest(enum schema_section in, const char *key)
{
	for (size_t i = 0; i < schema_row_count; i++)
		if (schema_rows[i].in == in && text_is_close(key, schema_rows[i].key))
			return schema_rows[i].key;
	return NULL;
}

const struct schema_row *schema_items_of(enum schema_section section)
{
	for (size_t i = 0; i < schema_row_count; i++)
		if (schema_rows[i].form == FORM_ITEMS && schema_rows[i].section == section)
			return &schema_rows[i];
	return NULL;
}

void *schema_array(const struct schema_row *row, const void *record, size_t *ret_count)
{
	void *array;

	memcpy(&array, (const char *)record + row->offset, sizeof(array));
	memcpy(ret_count, (const char *)record + row->count_offset, sizeof(*ret_count));
	return array;
}
