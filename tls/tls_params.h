/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_params.h: what the start-up file says about TLS, as plain data. Strings belong to the
 * configuration. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum client_auth_mode {
	CLIENT_AUTH_OFF,     /* no certificate is asked for */
	CLIENT_AUTH_REQUIRE, /* asked for and judged; without an accepted one the answer is 400 */
};

struct trust_store_params {
	const char *name;
	const char *const *files; /* PEM; roots and intermediates */
	size_t file_count;
};

struct ssl_profile_params {
	const char *name;
	enum client_auth_mode client_auth;
	unsigned trust_store_idx; /* into the trust stores; meaningful unless CLIENT_AUTH_OFF */
};

/* One server certificate with its key, PEM files, leaf first. */
struct tls_certificate_params {
	const char *certificate_file;
	const char *key_file;
};
