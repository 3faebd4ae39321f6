/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_store_params.h: how a trust store is loaded and what is found on the way, as plain
 * data. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Files of a store, each with one chain: at first, and the most that max_chains may allow. */
#define TRUST_STORE_CHAINS_DEFAULT 5
#define TRUST_STORE_CHAINS_MAX 100

/* How long the names of a store's CAs may be in a CertificateRequest (trust_ca_names.h), lengths included: with them the
 * first flight of a handshake still fits what TCP sends before it hears from the client (RFC 6928).  A profile that
 * shall name more is refused at start. */
#define TRUST_CA_NAMES_BYTES_MAX 10000

/* What the start-up file's checks have to know of a store beside its being usable. */
struct trust_store_facts {
	size_t ca_names_bytes; /* of the list of its CAs' names */
};

struct trust_store_options {
	/* Every CA of the store may end a path, not its roots alone; a file needs no root. */
	bool partial_chain;
	unsigned max_chains; /* files, or chains of a compiled store; more: an error */
	int64_t now_s;       /* for the dates of certificates */
	/* A CA outside of its dates is a warning, not an error: paths through it are refused anyway.
	 * A compiled store is always treated so: its dates were judged when it was compiled. */
	bool dates_only_warn;
	/* Take a compiled store with the options it was compiled with, whatever is said above. */
	bool as_compiled;
};

enum trust_severity { TRUST_SEVERITY_NOTE, TRUST_SEVERITY_WARNING, TRUST_SEVERITY_ERROR };

/* Something about a file of a store.  All texts are good during the call that brings them. */
struct trust_store_finding {
	const char *code; /* of trust_findings.def, a public contract */
	enum trust_severity severity;
	size_t file_idx;
	unsigned number;     /* of the certificate in the file, from 1; 0: the file as a whole */
	const char *subject; /* of that certificate, printed; "": not known */
	const char *what, *remedy;
};

/* Called for each finding, in the order of files, then of certificates. */
struct trust_store_sink {
	void (*found)(void *ctx, const struct trust_store_finding *finding);
	void *ctx;
};
