/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/dn.h: a distinguished name as text (RFC 2253), the very octets that nginx puts into
 * $ssl_client_s_dn: last attribute first, "," between, "+" inside a multi-valued one, short
 * names for the types of dn_attributes.def and dots for others, whose values are "#" and their
 * DER in hexadecimal. The text goes into HTTP headers: it holds printable ASCII characters only,
 * all others as \XX of their UTF-8. */
#pragma once

#include "base/outbuf.h"

/* Appends the text of a whole Name element.  At most DN_TEXT_FACTOR times as long.  False when
 * the name is not well formed or does not fit; then out holds a part of it and the caller drops
 * what it wrote. */
#define DN_TEXT_FACTOR 8
bool dn_print(struct span name_der, struct outbuf *out);
/* The same as a C string for a person; words that say so when the name is not well formed, empty or
 * too long for cap octets (40 at least). */
void dn_describe(struct span name_der, char *text, size_t cap);
