/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_subtree.h: whether a name lies within the subtree of a constraint (RFC 5280
 * section 4.2.1.10). */
#pragma once

#include "tls/trust/x509_general_name.h"

enum trust_within {
	TRUST_OUTSIDE,
	TRUST_WITHIN,
	/* Base or name is not what its kind should hold, or readers disagree, or we do not know
	 * the kind: neither may a permitted subtree admit such a name nor an excluded one let it
	 * pass. */
	TRUST_UNCLEAR,
};

/* Both of one kind, taken by x509_subtree_take() and x509_general_name_take().  Work is linear
 * in the shorter of the two.
 *
 * DNS: base and what has more labels to its left.  A base that begins with a period is unclear;
 * an empty one is all names.  A wildcard "*.P" is within when P is, and unclear when the base is
 * one label more than P.
 * Email: base is a mailbox, a host, or after a period a domain without the host of that name.
 * Local parts are compared by case; quoted ones are unclear.
 * URI: base is a host, or after a period a domain without the host of that name.  A URI without
 * a host, or whose host is not a domain name of at least two labels, is unclear.
 * IP: of the base's version and under its mask.
 * Directory: x509_name_within(). */
enum trust_within trust_subtree_holds(const struct x509_general_name *base, struct span name);
