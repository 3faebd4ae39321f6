/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/tls_certificate.h: what has to be known of a server certificate before it is shown to anybody. */
#pragma once

#include "tls/tls_params.h"
#include "tls/tls_pem.h"

/* The first certificate of a file, which is the server's own.  False: none that can be read, or with a key that is neither RSA
 * nor ECDSA on a curve we sign with. */
bool tls_certificate_read(const struct tls_pem *pem, struct tls_certificate_facts *ret_facts);
