/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_params.h: what the start-up file says about TLS, as plain data. Strings belong to the
 * configuration. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tls/trust/trust_params.h"

/* A listener has at most one certificate of each kind. */
enum tls_key_kind {
	TLS_KEY_ECDSA,
	TLS_KEY_RSA,
	TLS_KEY_KINDS,
};

/* What a server certificate's key signs with: TLS 1.3 binds ECDSA to its curve. */
enum tls_signer {
	TLS_SIGNER_P256,
	TLS_SIGNER_P384,
	TLS_SIGNER_P521,
	TLS_SIGNER_RSA,
};

/* What has to be known of a server certificate beside its being usable. */
struct tls_certificate_facts {
	enum tls_signer signer;
	int64_t not_before_s, not_after_s; /* UTC */
};

enum client_auth_mode {
	CLIENT_AUTH_OFF,     /* no certificate is asked for */
	CLIENT_AUTH_REQUEST, /* asked for; one that is presented is judged */
	CLIENT_AUTH_REQUIRE, /* asked for and judged; without an accepted one the client is refused */
	CLIENT_AUTH_PASSTHROUGH, /* asked for, never judged: that is the backend's part */
};

/* How that is said to it. */
enum client_refusal {
	CLIENT_REFUSAL_HTTP_400, /* the handshake completes, every request gets a page */
	CLIENT_REFUSAL_ALERT,    /* the handshake ends with the alert that fits */
};

struct trust_store_params {
	const char *name;
	const char *const *files; /* a chain each; or one compiled store */
	size_t file_count;
	bool partial_chain; /* any CA of it may end a path */
	uint32_t max_chains;
};

struct ssl_profile_params {
	const char *name;
	enum client_auth_mode client_auth;
	enum client_refusal on_failure;
	unsigned trust_store_idx; /* into the trust stores; for CLIENT_AUTH_REQUEST and _REQUIRE */
	struct trust_policy policy; /* likewise */
	bool advertise_ca_names;    /* the CertificateRequest names the CAs of the trust store */
};

/* One server certificate with its key, PEM files, leaf first. */
struct tls_certificate_params {
	const char *certificate_file;
	const char *key_file;
};
