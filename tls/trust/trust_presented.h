/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_presented.h: the certificates of a client beside each other: who may have issued
 * whom, by name, and who may be part of a path at all.  They may stand in any order, superfluous or
 * twice; the leaf alone has its place, the first.  Sets of them are bits, bit i for certificate i. */
#pragma once

#include <assert.h>

#include "tls/trust/trust_rules.h"
#include "tls/trust/trust_store.h"

static_assert(TRUST_CHAIN_MAX <= 32, "a bit for each");

struct trust_presented {
	struct x509 cert[TRUST_CHAIN_MAX];
	unsigned count;
	/* Of each certificate its possible issuers: presented ones, and those of the store.  The
	 * leaf and a second copy are nobody's presented issuers; a copy of what the store holds is
	 * one, for only it may be continued with presented certificates. */
	uint32_t issuers[TRUST_CHAIN_MAX];
	struct trust_ca_list store_issuers[TRUST_CHAIN_MAX];
	/* Those that satisfy, as an issuer, every rule that does not depend on the rest of a path. */
	uint32_t sound;
};

/* Parses and finds the issuers.  AUTH_ok, or what is wrong with certificate *ret_idx, the first that
 * is malformed or beyond the limits.  *bytes counts what was read. */
enum auth_reason trust_presented_init(struct trust_presented *presented,
				      const struct trust_request *rq, unsigned *bytes,
				      unsigned *ret_idx);

/* The certificates among open from which a chain of issuers leads to one of start.  start is part of
 * open. */
uint32_t trust_presented_below(const struct trust_presented *presented, uint32_t open,
			       uint32_t start);
