/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/control/check.h"

#include <wolfssl/options.h>

#include <wolfssl/wolfcrypt/sha256.h>

static void sha256(const void *bytes, size_t len, uint8_t ret_digest[32])
{
	wc_Sha256 state;
	int rc;

	rc = wc_InitSha256(&state);
	if (rc == 0)
		rc = wc_Sha256Update(&state, bytes, (word32)len);
	if (rc == 0)
		rc = wc_Sha256Final(&state, ret_digest);
	/* Only null pointers and crypto devices can fail, and there are none. */
	GW_ASSERT(rc == 0);
	wc_Sha256Free(&state);
}

enum gw_err check_load(const char *path, FILE *messages, struct gateway_config **ret_config)
{
	return config_load(path, sha256, messages, ret_config);
}

enum gw_err check_file(const char *path, FILE *out, FILE *messages)
{
	struct gateway_config *config;
	enum gw_err err;

	err = check_load(path, messages, &config);
	if (err != GW_ERR_OK)
		return err;
	config_print_summary(config, path, out);
	config_destroy(config);
	return GW_ERR_OK;
}
