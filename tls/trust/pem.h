/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tls/trust/pem.h: reader of PEM text (RFC 7468), for files that an operator names.  Text
 * outside blocks is skipped, as openssl writes some; inside a block nothing but Base64 is
 * accepted.  No allocation, no copy but decoding. */
#pragma once

#include "base/outbuf.h"

enum pem_result {
	PEM_BLOCK,
	PEM_END,       /* nothing but text up to the end */
	PEM_MALFORMED, /* a line of dashes that is no BEGIN, or a block without its END */
};

struct pem_block {
	struct span label; /* "CERTIFICATE" */
	struct span body;  /* the lines between BEGIN and END */
};

/* Takes the next block off *in.  Lines end in LF or CRLF. */
enum pem_result pem_take(struct span *in, struct pem_block *ret_block);
/* The block holds a private key, encrypted or not. */
bool pem_is_private_key(const struct pem_block *block);
/* Appends what the body encodes.  False when it is not Base64 throughout (headers are not) with
 * its padding, is empty, or does not fit; out holds a part of it then.  Three bytes for four
 * characters: body.len of room always suffices. */
bool pem_decode(struct span body, struct outbuf *out);
