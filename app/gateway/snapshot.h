/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gateway/snapshot.h: one configuration ready for use: start-up file, trust stores, profiles, and which listener
 * answers for which address and name.  Built by the control plane, immutable afterwards, read by every worker. */
#pragma once

#include "app/gateway/host_table.h"
#include "base/err.h"
#include "base/span.h"
#include "config/config.h"
#include "http/http_route.h"
#include "tls/tls_worker.h"

struct listener_group;

struct listener {
	const struct listener_config *config;
	const struct listener_group *group; /* of its address */
	unsigned idx; /* into snapshot.listeners and the workers' listener counters */
	const struct tls_profile *profile; /* NULL: tls: off */
	struct http_rule *rules;           /* from path to backend pool */
	size_t rule_count;
};

/* Addresses from first to last, both included, in host order. */
struct ip4_range {
	uint32_t first, last;
};

/* The listeners of one address and port: the server name of the ClientHello chooses among them; on a plain address the Host
 * of a connection's first request. */
struct listener_group {
	struct ip4_endpoint address;
	bool is_plain;                   /* all of them are tls: off; else none is */
	const struct listener *first;    /* in the order of the start-up file */
	const struct listener *fallback; /* `default: true`; NULL: unknown names are refused */
	struct host_table hosts;         /* to struct listener */
	/* Who may connect: all that some listener allows, in order and apart. */
	bool allows_all;
	struct ip4_range *allowed;
	size_t allowed_count;
	/* while it is being filled */
	size_t host_count, prefix_count;
};

struct snapshot {
	const struct gateway_config *config;
	struct trust_store **stores;
	struct tls_profile *profiles;
	struct listener *listeners;
	size_t listener_count;
	struct http_rule *rules;                /* of all listeners, each one's together */
	uint8_t (*leaves)[TRUST_SHA256_OCTETS]; /* that profiles let in, likewise */
	struct listener_group *groups;
	size_t group_count;
};

/* Joins config, which outlives it, and stores, the loaded ones of config->trust_stores in an allocated array: it takes them
 * over, on failure too.  Only memory can be short. */
MUST_CHECK enum gw_err snapshot_create(const struct gateway_config *config,
				       struct trust_store **stores, struct snapshot **ret_snap);
void snapshot_destroy(struct snapshot *snap);

/* The listener for a server name or, on a plain address, a Host (any case; empty: none was sent): the one that owns it,
 * else the default.  NULL when there is none, and the client must be refused (unrecognized_name; 421). */
const struct listener *listener_group_choose(const struct listener_group *group, struct span name);
/* May this client talk to this listener (allow_from)? */
bool listener_allows(const struct listener *l, struct ip4 client);
/* May this client talk to any listener of the group?  Asked before a connection has any state. */
bool listener_group_allows(const struct listener_group *group, struct ip4 client);
/* Does the listener answer for this Host (without port, any case)?  If not, the answer is 421 (RFC 9110 section 15.5.20):
 * a client authenticated for one listener's rules must not reach another's by naming its host, also where the host is
 * one that a wildcard, or a listener without hosts, would cover if it were not the other's. */
bool listener_owns_host(const struct listener *l, struct span host);
