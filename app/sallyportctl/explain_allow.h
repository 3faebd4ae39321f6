/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/explain_allow.h: the clients that `trust explain` is told to let in, from the command line. */
#pragma once

#include "config/allow.h"

#define EXPLAIN_LEAVES_MAX 64

/* What a struct trust_allow refers to.  Not to be moved once something was added. */
struct explain_allow {
	struct trust_allow_name names[TRUST_ALLOW_NAMES_MAX];
	uint8_t octets[TRUST_ALLOW_NAMES_MAX][ALLOW_OCTETS_MAX];
	uint8_t leaves[EXPLAIN_LEAVES_MAX][TRUST_SHA256_OCTETS];
};

/* Adds a name as allow_parse_name() reads it; the text is not copied.  GW_ERR_CONFIG with a note: no such name, or
 * TRUST_ALLOW_NAMES_MAX are there. */
MUST_CHECK enum gw_err explain_allow_name(struct explain_allow *storage, const char *text,
					  struct err_note *note, struct trust_allow *allow);
/* Adds a leaf as allow_parse_leaf() reads it.  GW_ERR_CONFIG with a note: no such leaf, or EXPLAIN_LEAVES_MAX are there. */
MUST_CHECK enum gw_err explain_allow_leaf(struct explain_allow *storage, const char *text,
					  struct err_note *note, struct trust_allow *allow);
