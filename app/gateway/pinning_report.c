/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gateway/pinning_report.h"

#include "app/gateway/log.h"
#include "app/gateway/snapshot.h"
#include "tls/trust/dn.h"
#include "tls/trust/trust_store.h"

/* A longer name is cut. */
#define ISSUER_BYTES_MAX 512

static void profile_report(const char *name, const struct trust_store *store)
{
	char issuer[ISSUER_BYTES_MAX], quoted[2 * ISSUER_BYTES_MAX];

	for (size_t i = 0; i < store->chain_count; i++) {
		dn_describe(store->cas[store->chains[i].pinned].cert.subject, issuer,
			    sizeof(issuer));
		log_event(LOG_INFO, "issuer_pinned", "profile=%s issuer=%s", name,
			  log_quote(quoted, sizeof(quoted), issuer));
	}
}

void pinning_report(const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->config->ssl_profile_count; i++) {
		const struct tls_profile *profile = &snap->profiles[i];

		if (profile->store != NULL && profile->policy.verify_issuer_dn)
			profile_report(snap->config->ssl_profiles[i].name, profile->store);
	}
}
