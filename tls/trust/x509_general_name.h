/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/x509_general_name.h: GeneralName (RFC 5280 section 4.2.1.6) as it stands in a
 * subjectAltName, and as the base of a subtree of nameConstraints (section 4.2.1.10).  Syntax
 * only; all spans are views.  What a name says is compared in trust_names.h. */
#pragma once

#include "tls/trust/der.h"

/* The numbers of the CHOICE. */
enum x509_name_kind {
	X509_NAME_OTHER = 0,
	X509_NAME_EMAIL = 1, /* rfc822Name */
	X509_NAME_DNS = 2,
	X509_NAME_X400 = 3,
	X509_NAME_DIRECTORY = 4,
	X509_NAME_EDI_PARTY = 5,
	X509_NAME_URI = 6,
	X509_NAME_IP = 7,
	X509_NAME_REGISTERED_ID = 8,
};

struct x509_general_name {
	enum x509_name_kind kind;
	/* EMAIL, DNS, URI: characters; IP: octets; DIRECTORY: the whole Name element; otherwise
	 * the contents as they stand. */
	struct span value;
};

/* Takes a name of a certificate.  False: of no kind of the CHOICE, or not as its kind is
 * written.  Characters are ASCII without controls, and there is at least one; an IP address has
 * 4 or 16 octets; a directory name is well formed. */
bool x509_general_name_take(struct span *in, struct x509_general_name *ret_name);
/* The contents of a mailbox that is written as an otherName, SmtpUTF8Mailbox (RFC 9598 section 3). */
bool x509_general_name_is_mailbox(const struct x509_general_name *name, struct span *ret_mailbox);
/* All of in is names, at least one. */
bool x509_general_names_are_well_formed(struct span in);

/* Takes a GeneralSubtree; its base is a name except that characters may be absent (all names)
 * and that an IP address is followed by a mask of as many octets, ones before zeros.  False:
 * malformed, or with a minimum other than 0 or a maximum, which RFC 5280 has no use for. */
bool x509_subtree_take(struct span *in, struct x509_general_name *ret_base);
/* All of in is subtrees, at least one. */
bool x509_subtrees_are_well_formed(struct span in);
