/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A start-up file of any bytes is accepted or refused with a reason; what is accepted, printed and
 * read again is the same. */
#include "config/config.h"

#include "base/assert.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Longer inputs find nothing that shorter ones do not. */
#define INPUT_BYTES_MAX 65536

static enum gw_err parse(struct span text, char **ret_messages, struct gateway_config **ret_config)
{
	size_t len;
	FILE *messages = open_memstream(ret_messages, &len);
	enum gw_err err;

	GW_ASSERT(messages != NULL);
	err = config_parse("fuzz.yaml", text, messages, ret_config);
	fclose(messages);
	return err;
}

static char *print(const struct gateway_config *config)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	GW_ASSERT(out != NULL);
	config_print(config, out);
	fclose(out);
	return text;
}

/* Every line names the file, and all but the last, which counts, a place in it. */
static void check_messages(const char *messages, bool is_refused)
{
	size_t lines = 0, errors = 0, len;
	bool is_last;

	for (const char *line = messages; *line != '\0'; line += len) {
		len = strcspn(line, "\n") + 1;
		is_last = line[len] == '\0';
		lines++;
		GW_ASSERT(strncmp(line,
				  is_last ? "fuzz.yaml: " : "fuzz.yaml:", is_last ? 11 : 10) == 0);
		if (is_last)
			continue;
		GW_ASSERT(memmem(line, len, ": error: ", 9) != NULL ||
			  memmem(line, len, ": warning: ", 11) != NULL);
		GW_ASSERT(memmem(line, len, "; ", 2) != NULL);
		errors += memmem(line, len, ": error: ", 9) != NULL;
	}
	GW_ASSERT(lines != 1);
	GW_ASSERT(is_refused == (errors > 0));
}

static void check_config(const struct gateway_config *c)
{
	GW_ASSERT(c->core_count > 0 && c->port_count > 0 && c->listener_count > 0);
	for (size_t i = 0; i < c->ssl_profile_count; i++) {
		enum client_auth_mode mode = c->ssl_profiles[i].client_auth;
		bool is_judged = mode == CLIENT_AUTH_REQUEST || mode == CLIENT_AUTH_REQUIRE;

		GW_ASSERT(!is_judged || c->ssl_profiles[i].trust_store_idx < c->trust_store_count);
	}
	for (size_t i = 0; i < c->listener_count; i++) {
		const struct listener_config *l = &c->listeners[i];

		GW_ASSERT(l->name != NULL && l->address.port != 0);
		GW_ASSERT(l->is_plain == (l->certificate_idx_count == 0));
		GW_ASSERT(l->certificate_idx_count <= TLS_KEY_KINDS);
		for (size_t j = 0; j < l->certificate_idx_count; j++)
			GW_ASSERT(l->certificate_idx[j] < c->certificate_count);
		GW_ASSERT(l->is_plain ? l->identity_headers == 0
				      : l->ssl_profile_idx < c->ssl_profile_count);
		GW_ASSERT(l->identity_headers == 0 ||
			  c->ssl_profiles[l->ssl_profile_idx].client_auth != CLIENT_AUTH_OFF);
		GW_ASSERT(!l->redirect_https || (l->is_plain && l->host_count > 0));
		GW_ASSERT(l->health == NULL || l->is_plain ||
			  c->ssl_profiles[l->ssl_profile_idx].client_auth == CLIENT_AUTH_OFF);
		GW_ASSERT(l->host_count > 0 || l->is_default);
	}
	for (size_t i = 0; i < c->rule_count; i++)
		GW_ASSERT(c->rules[i].listener_idx < c->listener_count &&
			  c->rules[i].pool_idx < c->pool_count);
}

static void check_round_trip(const struct gateway_config *config)
{
	struct gateway_config *again = NULL;
	char *printed = print(config), *messages, *reprinted;

	GW_ASSERT(parse(span_str(printed), &messages, &again) == GW_ERR_OK);
	reprinted = print(again);
	GW_ASSERT(strcmp(printed, reprinted) == 0);
	free(reprinted);
	free(messages);
	free(printed);
	config_destroy(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gateway_config *config = NULL;
	enum gw_err err;
	char *messages;

	if (size > INPUT_BYTES_MAX)
		return 0;
	err = parse(span_of(data, size), &messages, &config);
	GW_ASSERT(err == GW_ERR_OK || err == GW_ERR_CONFIG);
	GW_ASSERT((err == GW_ERR_OK) == (config != NULL));
	check_messages(messages, err != GW_ERR_OK);
	free(messages);
	if (config != NULL) {
		check_config(config);
		check_round_trip(config);
		config_destroy(config);
	}
	return 0;
}
