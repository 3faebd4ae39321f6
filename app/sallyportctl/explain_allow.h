/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/explain_allow.h: the leaves that `trust explain` is told to let in, from the command line. */
#pragma once

#include "tls/trust/trust_allow_params.h"

#define EXPLAIN_ALLOW_MAX 64
/* An IPv6 address and its mask. */
#define EXPLAIN_IP_OCTETS_MAX 32

/* What a struct trust_allow refers to.  Not to be moved once something was added. */
struct explain_allow {
	struct trust_allow_name names[EXPLAIN_ALLOW_MAX];
	uint8_t addresses[EXPLAIN_ALLOW_MAX][EXPLAIN_IP_OCTETS_MAX];
	uint8_t leaves[EXPLAIN_ALLOW_MAX][TRUST_SHA256_OCTETS];
};

/* Adds a name: "TYPE:MATCH:VALUE", TYPE dns, uri, email or ip, MATCH exact, prefix or suffix; the value is
 * not copied.  An address is as usual, with "/BITS" behind it for a prefix.  False: no such name, or
 * EXPLAIN_ALLOW_MAX are there. */
bool explain_allow_name(struct explain_allow *storage, const char *text, struct trust_allow *allow);
/* Adds the SHA-256 of a leaf, 64 hexadecimal digits. */
bool explain_allow_leaf(struct explain_allow *storage, const char *text, struct trust_allow *allow);
