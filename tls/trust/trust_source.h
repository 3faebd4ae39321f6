/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_source.h: the certificates that stand in a file of a trust store: PEM (which is what
 * a Base64 .cer is too) or DER, one or several behind one another.  Says what else stands there:
 * private keys, other things, nothing. */
#pragma once

#include "base/err.h"
#include "tls/trust/trust_report.h"

/* Takes certificate number, from 1; der is a view that ends with the call. */
typedef enum gw_err trust_source_fn(void *ctx, unsigned number, struct span der);

/* Calls take for each certificate of bytes, in their order; what it takes may still not be a
 * certificate.  Everything else that is there goes to report, as findings of file file_idx; of what
 * cannot be read a certificate may be missing, and *ret_whole is false.  Stops only when take fails
 * or memory is short. */
MUST_CHECK enum gw_err trust_source_read(struct span bytes, size_t file_idx,
					 struct trust_report *report, trust_source_fn *take,
					 void *ctx, bool *ret_whole);
