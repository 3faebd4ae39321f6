/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/allow.h: the clients that a profile lets in, from text and back.  On failure note says "WHAT; WHAT TO DO" and
 * the output is untouched. */
#pragma once

#include "base/err.h"
#include "tls/trust/trust_allow_params.h"

/* An IPv6 address and its mask. */
#define ALLOW_OCTETS_MAX 32
/* A SPIFFE ID is no longer (SPIFFE-ID section 2.3). */
#define ALLOW_VALUE_BYTES_MAX 2048
/* Room for what the writers below produce, with its terminator. */
#define ALLOW_NAME_TEXT_BYTES (sizeof("email:suffix:") + ALLOW_VALUE_BYTES_MAX)
#define ALLOW_LEAF_TEXT_BYTES (2 * TRUST_SHA256_OCTETS + 1)

/* "TYPE:MATCH:VALUE": TYPE dns, uri, email or ip, MATCH exact, prefix or suffix; the value is ASCII, a view into text.
 * An address is as usual, for a prefix it is that of a network, with "/BITS" behind it; it is written to octets. */
MUST_CHECK enum gw_err allow_parse_name(const char *text, struct err_note *note,
					uint8_t octets[ALLOW_OCTETS_MAX],
					struct trust_allow_name *ret_name);
/* The SHA-256 of a certificate, 64 hexadecimal digits. */
MUST_CHECK enum gw_err allow_parse_leaf(const char *text, struct err_note *note,
					uint8_t ret_sha256[TRUST_SHA256_OCTETS]);

void allow_write_name(const struct trust_allow_name *name, char ret_text[ALLOW_NAME_TEXT_BYTES]);
void allow_write_leaf(const uint8_t sha256[TRUST_SHA256_OCTETS],
		      char ret_text[ALLOW_LEAF_TEXT_BYTES]);
