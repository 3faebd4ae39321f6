/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/trust_compile.h: from the files of a trust store to a blob (trust_blob.h).  Each file is one
 * chain: one root, its intermediates in any order, and nothing that could not be part of a client's
 * path.  Says everything that is wrong, not only the first thing. */
#pragma once

#include "base/err.h"
#include "tls/trust/trust_report.h"

/* CA certificates of a file, as DER; Azure's Application Gateway draws the same line. */
#define TRUST_FILE_BYTES_MAX (25 * 1024)
/* A CA that ends within this time is worth a warning. */
#define TRUST_EXPIRES_SOON_S (30 * 24 * 60 * 60)

/* The bytes of a file and how it was named. */
struct trust_file {
	const char *path;
	uint8_t *bytes;
	size_t len;
};

/* Compiles files; all that is found goes to report.  GW_ERR_CONFIG when there was an error. The same
 * files under the same names give the same octets.  *ret_blob is to be freed. */
MUST_CHECK enum gw_err trust_compile(const struct trust_file *files, size_t file_count,
				     const struct trust_store_options *options,
				     struct trust_report *report, uint8_t **ret_blob,
				     size_t *ret_len);

/* Says that a certificate is outside of its dates (only a warning when only_warn), or soon will be. */
void trust_compile_check_dates(struct trust_report *report, size_t file_idx, unsigned number,
			       const struct x509 *cert, int64_t now_s, bool only_warn);
