/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sallyportctl/trust_chain.h: a client's chain from a file, as the client would present it. */
#pragma once

#include "base/err.h"
#include "tls/trust/trust.h"

struct chain_file {
	struct trust_chain chain; /* views into octets */
	uint8_t *octets;
};

/* Reads a PEM file (its certificates in their order, other blocks skipped; none: an empty chain) or one
 * certificate in DER.  What the certificates are made of is not looked at.  GW_ERR_IO or GW_ERR_CONFIG
 * with a note when the file is no such file. */
MUST_CHECK enum gw_err chain_file_read(const char *path, struct err_note *note,
				       struct chain_file *ret_file);
void chain_file_release(struct chain_file *file);
