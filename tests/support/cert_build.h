/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/support/cert_build.h: writes certificates of any shape, right or wrong, for tests of
 * their readers.  The signature is bytes that nobody verified. */
#pragma once

#include "base/outbuf.h"

/* Appends an element with a minimal length; storage too small aborts. */
void der_put(struct outbuf *out, unsigned tag, struct span body);

/* Whole elements; an empty one is left out. */
struct cert_parts {
	struct span version; /* with its tag [0] */
	struct span serial, inner_alg, issuer, validity, subject, key, unique_ids;
	struct span extensions; /* Extension elements; wrapped into [3] and SEQUENCE */
	struct span outer_alg, signature;
	struct span trailer; /* bytes behind the certificate */
};

/* A well-formed version 3 certificate of an EC key without extensions. */
struct cert_parts cert_parts_plain(void);
struct span cert_build(const struct cert_parts *parts, struct outbuf *out);

/* Appends an Extension with its OID's contents octets; its place in out. */
struct span ext_put(struct outbuf *out, struct span oid, bool is_critical, struct span value);
/* Appends a Name with one RDN a type: its OID's contents octets, string tag and text; returns
 * its place in out. */
struct span name_put1(struct outbuf *out, struct span oid, unsigned tag, struct span text);
