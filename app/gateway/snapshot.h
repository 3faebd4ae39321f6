/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/snapshot.h: one configuration ready for use: start-up file, trust stores, profiles, and which listener
 * answers for which address and name.  Built by the control plane, immutable afterwards, read by every worker. */
#pragma once

#include "base/err.h"
#include "base/span.h"
#include "config/config.h"
#include "http/http_route.h"
#include "tls/tls_worker.h"

struct listener {
	const struct listener_config *config;
	unsigned idx; /* into snapshot.listeners and the workers' listener counters */
	const struct tls_profile *profile;
	struct http_rule *rules; /* from path to backend pool */
	size_t rule_count;
};

/* The listeners of one address and port: the server name of the ClientHello chooses among them. */
struct listener_group {
	struct ip4_endpoint address;
	const struct listener **listeners;
	size_t listener_count;
	const struct listener *fallback; /* `default: true`; NULL: unknown names are refused */
};

struct snapshot {
	const struct gateway_config *config;
	struct trust_store **stores;
	struct tls_profile
		*profiles; /* the last one is CLIENT_AUTH_OFF, for listeners that name none */
	struct listener *listeners;
	size_t listener_count;
	struct listener_group *groups;
	size_t group_count;
};

/* Loads what config names.  GW_ERR_CONFIG with a note when a trust store is unusable.  config outlives it. */
MUST_CHECK enum gw_err snapshot_create(const struct gateway_config *config, struct err_note *note,
				       struct snapshot **ret_snap);
void snapshot_destroy(struct snapshot *snap);

/* The listener for a server name (lower case; NULL or "": none was sent); NULL when the handshake must be
 * refused with unrecognized_name. */
const struct listener *listener_group_choose(const struct listener_group *group, const char *sni);
/* May this client talk to this listener (allow_from)? */
bool listener_allows(const struct listener *l, struct ip4 client);
/* May this client talk to any listener of the group?  Asked before a connection has any state. */
bool listener_group_allows(const struct listener_group *group, struct ip4 client);
/* Does the listener answer for this Host (without port, any case)?  If not, the answer is 421 (RFC 9110 section 15.5.20):
 * a client authenticated for one listener's rules must not reach another's by naming its host. */
bool listener_owns_host(const struct listener *l, struct span host);
